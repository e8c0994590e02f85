-- receivable_insert: one
-- columns: receivable_id uuid
INSERT INTO receivable (branch_id, receivable_id, customer_id, delivery_id, route_id, driver_id, contract_id, amount, open_amount, business_date, due_on, created_at)
VALUES (:branch_id::uuid, :receivable_id::uuid, :customer_id::uuid, :delivery_id::uuid, :route_id::uuid, :driver_id::uuid, :contract_id::uuid,
        :amount::bigint, :amount::bigint, :business_date::date, :due_on::date, :now::timestamptz)
ON CONFLICT (branch_id, delivery_id) DO NOTHING
RETURNING receivable_id;

-- receivable_open: many
-- columns: receivable_id uuid, delivery_id uuid, open_amount bigint
SELECT receivable_id, delivery_id, open_amount FROM receivable
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid AND open_amount > 0
 ORDER BY business_date, receivable_id
   FOR UPDATE;

-- receivable_reduce: write one allocation_too_large
UPDATE receivable SET open_amount = open_amount - :amount::bigint
 WHERE branch_id = :branch_id::uuid AND receivable_id = :receivable_id::uuid AND open_amount - :amount::bigint BETWEEN 0 AND amount;

-- receivable_list: many
-- columns: receivable_summary
-- pages: receivable_id by receivable_list_sort
SELECT receivable_id, customer_id, delivery_id, amount, open_amount, business_date, due_on,
       CASE WHEN open_amount > 0 THEN 'open' ELSE 'settled' END AS status
  FROM receivable
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid)
   AND (:business_date::date IS NULL OR business_date = :business_date::date)
   AND (NOT :is_open::bool OR open_amount > 0);

-- allocation_insert: write
INSERT INTO allocation (branch_id, document_id, receivable_id, allocation_id, amount)
VALUES (:branch_id::uuid, :document_id::uuid, :receivable_id::uuid, :allocation_id::uuid, :amount::bigint);

-- allocation_list: many
-- columns: allocation
SELECT receivable_id, amount FROM allocation
 WHERE branch_id = ANY(:scope::uuid[]) AND document_id = :document_id::uuid AND amount > 0 ORDER BY allocation_id LIMIT 200;

-- credit_note_insert: one
-- columns: credit_id uuid
INSERT INTO credit_note (branch_id, credit_id, customer_id, return_id, delivery_id, amount, credited, business_date)
VALUES (:branch_id::uuid, :credit_id::uuid, :customer_id::uuid, :return_id::uuid, :delivery_id::uuid, :amount::bigint, :credited::bigint, :business_date::date)
ON CONFLICT (branch_id, return_id) DO NOTHING
RETURNING credit_id;
