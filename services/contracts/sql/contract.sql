-- contract_insert: write
INSERT INTO contract (branch_id, contract_id, customer_id, owner_id, status, version, amount, valid_from, valid_until, created_at)
VALUES (:branch_id::uuid, :contract_id::uuid, :customer_id::uuid, :owner_id::uuid, 'draft', 1, :amount::bigint, :valid_from::date,
        :valid_until::date, :now::timestamptz);

-- contract_lock: one
-- columns: branch_id uuid, contract_id uuid, number text?, customer_id uuid, owner_id uuid, status contract_status, version bigint, version_in_force bigint, amount bigint, valid_from date, valid_until date, filed_at timestamptz?
SELECT branch_id, contract_id, number, customer_id, owner_id, status, version, version_in_force, amount, valid_from, valid_until, filed_at
  FROM contract WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid
   FOR UPDATE;

-- contract_set_draft_terms: write
UPDATE contract SET amount = :amount::bigint, valid_from = :valid_from::date, valid_until = :valid_until::date
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version_in_force = 0;

-- contract_set_status: write one conflict
UPDATE contract SET status = :status::contract_status
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND status = :was::contract_status;

-- contract_set_number: write one conflict
UPDATE contract SET number = :number::text WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND number IS NULL;

-- contract_set_version: write one conflict
UPDATE contract SET version = :version::bigint
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint - 1;

-- contract_set_in_force: write one conflict
UPDATE contract SET status = 'in_force', version_in_force = :version::bigint, amount = :amount::bigint, valid_from = :valid_from::date,
       valid_until = :valid_until::date, remind_on = :remind_on::date, filed_at = NULL
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND version_in_force < :version::bigint
   AND status IN ('submitted', 'in_force');

-- contract_set_filed: write one conflict
UPDATE contract SET filed_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version_in_force > 0 AND filed_at IS NULL;

-- contract_set_ended: write one conflict
UPDATE contract SET status = 'ended', ended_at = :now::timestamptz, end_reason = :reason::text, remind_on = NULL
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND status = 'in_force';

-- contract_set_reminder: write
UPDATE contract SET remind_on = :remind_on::date WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid;

-- contract_to_remind: many
-- columns: branch_id uuid, contract_id uuid, number text, customer_id uuid, owner_id uuid, valid_until date
SELECT branch_id, contract_id, number, customer_id, owner_id, valid_until
  FROM contract WHERE status = 'in_force' AND remind_on <= :today::date
 ORDER BY remind_on LIMIT :limit::bigint
   FOR UPDATE SKIP LOCKED;

-- contract_to_end: many
-- columns: branch_id uuid, contract_id uuid
SELECT branch_id, contract_id
  FROM contract WHERE status = 'in_force' AND valid_until < :today::date
 ORDER BY valid_until LIMIT :limit::bigint
   FOR UPDATE SKIP LOCKED;

-- contract_head: one
-- columns: branch_id uuid, contract_id uuid, number text?, status contract_status, customer_id uuid, customer_name text?, owner_id uuid, owner_name text?, version bigint, version_in_force bigint, end_reason text?
SELECT k.branch_id, k.contract_id, k.number, k.status, k.customer_id, c.name AS customer_name, k.owner_id,
       p.name AS owner_name, k.version, k.version_in_force, k.end_reason
  FROM contract k LEFT JOIN customer c ON c.branch_id = k.branch_id AND c.customer_id = k.customer_id
  LEFT JOIN person p ON p.staff_id = k.owner_id
 WHERE k.branch_id = ANY(:scope::uuid[]) AND k.contract_id = :contract_id::uuid;

-- contract_list: many
-- columns: contract_summary
-- pages: contract_id desc by contract_list_sort
SELECT k.contract_id, k.number, k.customer_id, c.name AS customer_name, k.owner_id, k.status, k.version, k.amount, k.valid_from, k.valid_until, k.filed_at, k.created_at
  FROM contract k LEFT JOIN customer c ON c.branch_id = k.branch_id AND c.customer_id = k.customer_id
 WHERE k.branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR k.customer_id = :customer_id::uuid)
   AND (:owner_id::uuid IS NULL OR k.owner_id = :owner_id::uuid)
   AND (:status::contract_status IS NULL OR k.status = :status::contract_status)
   AND (NOT :is_unfiled::bool OR (k.version_in_force > 0 AND k.filed_at IS NULL));

-- contract_picture: one
-- columns: picture text
SELECT json_build_object('number', k.number, 'customer', c.name, 'version', v.version, 'reason', v.reason, 'amount', v.amount,
       'payment_term', v.payment_term, 'payment_days', v.payment_days, 'credit_limit', v.credit_limit, 'valid_from', v.valid_from,
       'valid_until', v.valid_until, 'addresses', cardinality(v.address_ids),
       'fields', (SELECT json_object_agg(f.name, f.value ORDER BY f.name) FROM contract_field f
                   WHERE f.branch_id = v.branch_id AND f.contract_id = v.contract_id AND f.version = v.version),
       'lines', (SELECT json_agg(json_build_object('product', p.code, 'name', p.name, 'quantity', l.quantity, 'price', l.price)
                        ORDER BY p.code)
                   FROM (SELECT * FROM contract_line x
                          WHERE x.branch_id = v.branch_id AND x.contract_id = v.contract_id AND x.version = v.version
                          ORDER BY x.product_id LIMIT 300) l
                   LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id),
       'equipment', (SELECT json_agg(json_build_object('product', p.code, 'quantity', e.quantity, 'deposit', e.deposit) ORDER BY p.code)
                       FROM contract_equipment e LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = e.product_id
                      WHERE e.branch_id = v.branch_id AND e.contract_id = v.contract_id AND e.version = v.version))::text AS picture
  FROM contract k JOIN contract_version v ON v.branch_id = k.branch_id AND v.contract_id = k.contract_id AND v.version = k.version
  LEFT JOIN customer c ON c.branch_id = k.branch_id AND c.customer_id = k.customer_id
 WHERE k.branch_id = :branch_id::uuid AND k.contract_id = :contract_id::uuid;

-- contract_hand_over: many
-- columns: contract_id uuid
UPDATE contract SET owner_id = :successor_id::uuid
 WHERE branch_id = :branch_id::uuid AND owner_id = :staff_id::uuid AND status IN ('draft', 'submitted', 'in_force')
RETURNING contract_id;

-- contract_version_hand_over: write
UPDATE contract_version SET author_id = :successor_id::uuid
 WHERE branch_id = :branch_id::uuid AND author_id = :staff_id::uuid AND status = 'draft';
