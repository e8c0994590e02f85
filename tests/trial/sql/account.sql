-- account_lock: one
-- columns: balance bigint
SELECT balance FROM account WHERE branch_id = :branch_id AND account_id = :account_id::uuid FOR UPDATE;

-- account_see: one
-- columns: balance bigint, phone text?, payments bigint, effects bigint
SELECT balance, phone,
       (SELECT count(*) FROM payment p WHERE p.branch_id = a.branch_id AND p.account_id = a.account_id) AS payments,
       (SELECT count(*) FROM effect e WHERE e.branch_id = a.branch_id AND e.account_id = a.account_id) AS effects
  FROM account a
 WHERE branch_id = ANY (:scope) AND account_id = :account_id::uuid;

-- account_insert: write
INSERT INTO account (branch_id, account_id, balance, phone)
VALUES (:branch_id, :account_id::uuid, :balance::bigint, :phone::text);

-- account_reduce: write one balance_too_low
UPDATE account SET balance = balance - :amount::bigint
 WHERE branch_id = :branch_id AND account_id = :account_id::uuid AND balance >= :amount::bigint;

-- account_add: write
UPDATE account SET balance = balance + :amount::bigint
 WHERE branch_id = :branch_id AND account_id = :account_id::uuid;

-- account_take: one
-- columns: balance bigint
UPDATE account SET balance = balance - :amount::bigint
 WHERE branch_id = :branch_id AND account_id = :account_id::uuid
RETURNING balance;

-- payment_insert: write
INSERT INTO payment (branch_id, payment_id, account_id, amount)
VALUES (:branch_id, :payment_id::uuid, :account_id::uuid, :amount::bigint);

-- effect_insert: write
INSERT INTO effect (branch_id, effect_id, account_id, amount)
VALUES (:branch_id, :effect_id::uuid, :account_id::uuid, :amount::bigint);

-- trace_insert: write
INSERT INTO trace (branch_id, word) VALUES (:branch_id, :word::text);

-- trace_add: write
INSERT INTO trace (branch_id, word) VALUES (:branch_id, 'other ' || :word::text);

-- trace_find: one
-- columns: place bigint
SELECT place FROM trace WHERE branch_id = :branch_id AND word = :word::text;

-- trace_list: many
-- columns: place bigint, word text
SELECT place, word FROM trace WHERE branch_id = :branch_id AND word LIKE :pattern::text ORDER BY place DESC;

-- number_echo: one
-- columns: number bigint
SELECT 2 * :number::bigint AS number;
