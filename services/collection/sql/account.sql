-- account_lock: one
-- columns: customer_id uuid, name text?, balance bigint, credit bigint, credit_limit bigint, hold_reason hold_reason?, released_until date?
INSERT INTO customer_account (branch_id, customer_id) VALUES (:branch_id::uuid, :customer_id::uuid)
ON CONFLICT (branch_id, customer_id) DO UPDATE SET customer_id = customer_account.customer_id
RETURNING customer_id, name, balance, credit, credit_limit, hold_reason, released_until;

-- account_find: one
-- columns: branch_id uuid, hold_reason hold_reason?
SELECT branch_id, hold_reason FROM customer_account WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid
   FOR UPDATE;

-- account_move: write
UPDATE customer_account SET balance = balance + :balance::bigint, credit = credit + :credit::bigint
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- account_name: write
INSERT INTO customer_account (branch_id, customer_id, name) VALUES (:branch_id::uuid, :customer_id::uuid, :name::text)
ON CONFLICT (branch_id, customer_id) DO UPDATE SET name = EXCLUDED.name;

-- account_limit: write
INSERT INTO customer_account (branch_id, customer_id, credit_limit) VALUES (:branch_id::uuid, :customer_id::uuid, :credit_limit::bigint)
ON CONFLICT (branch_id, customer_id) DO UPDATE SET credit_limit = EXCLUDED.credit_limit;

-- account_hold: write
UPDATE customer_account SET hold_reason = :hold_reason::hold_reason WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- account_release: write
UPDATE customer_account SET hold_reason = NULL, released_until = :until::date WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- account_summary_find: one
-- columns: account_summary
SELECT a.branch_id, a.customer_id, a.name, a.balance, a.credit,
       COALESCE((SELECT sum(r.open_amount) FROM receivable r WHERE r.branch_id = a.branch_id AND r.customer_id = a.customer_id
                  AND r.open_amount > 0 AND (r.due_on IS NULL OR r.due_on <= :today::date)), 0)::bigint AS due,
       a.credit_limit, a.hold_reason IS NOT NULL AS is_held, a.hold_reason
  FROM customer_account a WHERE a.branch_id = ANY(:scope::uuid[]) AND a.customer_id = :customer_id::uuid;

-- account_list: many
-- columns: account_summary
-- pages: customer_id by account_list_sort
SELECT a.branch_id, a.customer_id, a.name, a.balance, a.credit,
       COALESCE((SELECT sum(r.open_amount) FROM receivable r WHERE r.branch_id = a.branch_id AND r.customer_id = a.customer_id
                  AND r.open_amount > 0 AND (r.due_on IS NULL OR r.due_on <= :today::date)), 0)::bigint AS due,
       a.credit_limit, a.hold_reason IS NOT NULL AS is_held, a.hold_reason
  FROM customer_account a
 WHERE a.branch_id = ANY(:scope::uuid[])
   AND (NOT :is_held::bool OR a.hold_reason IS NOT NULL)
   AND (NOT :owes::bool OR a.balance > 0);

-- account_due: one
-- columns: balance bigint, credit bigint, due bigint
SELECT a.balance, a.credit,
       COALESCE((SELECT sum(r.open_amount) FROM receivable r WHERE r.branch_id = a.branch_id AND r.customer_id = a.customer_id
                  AND r.open_amount > 0 AND (r.due_on IS NULL OR r.due_on <= :today::date)), 0)::bigint AS due
  FROM customer_account a WHERE a.branch_id = :branch_id::uuid AND a.customer_id = :customer_id::uuid;

-- account_overdue: many
-- columns: branch_id uuid, customer_id uuid, balance bigint
SELECT a.branch_id, a.customer_id, a.balance FROM customer_account a
 WHERE a.branch_id = :branch_id::uuid AND a.hold_reason IS NULL AND a.balance > 0 AND (a.released_until IS NULL OR a.released_until < :today::date)
   AND EXISTS (SELECT 1 FROM receivable r WHERE r.branch_id = a.branch_id AND r.customer_id = a.customer_id AND r.open_amount > 0
                AND r.business_date < :before::date)
 ORDER BY a.customer_id LIMIT 100
   FOR UPDATE OF a SKIP LOCKED;

-- ageing_list: many
-- columns: ageing_row
-- pages: customer_id by ageing_read_sort
SELECT a.customer_id, a.name, owed.current, owed.over_30, owed.over_60, owed.over_90, owed.total
  FROM customer_account a
 CROSS JOIN LATERAL (
       SELECT COALESCE(sum(r.open_amount) FILTER (WHERE :as_of::date - r.business_date < 30), 0)::bigint AS current,
              COALESCE(sum(r.open_amount) FILTER (WHERE :as_of::date - r.business_date BETWEEN 30 AND 59), 0)::bigint AS over_30,
              COALESCE(sum(r.open_amount) FILTER (WHERE :as_of::date - r.business_date BETWEEN 60 AND 89), 0)::bigint AS over_60,
              COALESCE(sum(r.open_amount) FILTER (WHERE :as_of::date - r.business_date >= 90), 0)::bigint AS over_90,
              sum(r.open_amount)::bigint AS total
         FROM receivable r WHERE r.branch_id = a.branch_id AND r.customer_id = a.customer_id AND r.open_amount > 0) owed
 WHERE a.branch_id = ANY(:scope::uuid[]) AND a.balance > 0 AND owed.total IS NOT NULL;

-- ageing_total: one
-- columns: current bigint, over_30 bigint, over_60 bigint, over_90 bigint, total bigint
SELECT COALESCE(sum(open_amount) FILTER (WHERE :as_of::date - business_date < 30), 0)::bigint AS current,
       COALESCE(sum(open_amount) FILTER (WHERE :as_of::date - business_date BETWEEN 30 AND 59), 0)::bigint AS over_30,
       COALESCE(sum(open_amount) FILTER (WHERE :as_of::date - business_date BETWEEN 60 AND 89), 0)::bigint AS over_60,
       COALESCE(sum(open_amount) FILTER (WHERE :as_of::date - business_date >= 90), 0)::bigint AS over_90,
       COALESCE(sum(open_amount), 0)::bigint AS total
  FROM receivable WHERE branch_id = ANY(:scope::uuid[]) AND open_amount > 0;
