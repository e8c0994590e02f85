-- receipt_insert: write
INSERT INTO receipt (branch_id, receipt_id, number, customer_id, collector_id, method, amount, credited, business_date, recorded_at, happened_at, route_id,
                     reference, note, must_be_remitted)
VALUES (:branch_id::uuid, :receipt_id::uuid, :number::text, :customer_id::uuid, :actor_id::uuid, :method::payment_method, :amount::bigint, :credited::bigint,
        :today::date, :now::timestamptz, :happened_at::timestamptz, :route_id::uuid, :reference::text, :note::text, :must_be_remitted::bool);

-- receipt_lock: one
-- columns: branch_id uuid, receipt_id uuid, customer_id uuid, collector_id uuid, method payment_method, amount bigint, credited bigint, must_be_remitted bool, remittance_id uuid?, status receipt_status
SELECT branch_id, receipt_id, customer_id, collector_id, method, amount, credited, must_be_remitted, remittance_id, status
  FROM receipt WHERE branch_id = ANY(:scope::uuid[]) AND receipt_id = :receipt_id::uuid
   FOR UPDATE;

-- receipt_set_reversed: write
UPDATE receipt SET status = 'reversed' WHERE branch_id = :branch_id::uuid AND receipt_id = :receipt_id::uuid;

-- receipt_find: one
-- columns: receipt_id uuid, number text, customer_id uuid, collector_id uuid, method payment_method, amount bigint, business_date date, recorded_at timestamptz, route_id uuid?, remittance_id uuid?, status receipt_status, reference text?, note text?, credited bigint
SELECT receipt_id, number, customer_id, collector_id, method, amount, business_date, recorded_at, route_id, remittance_id, status, reference, note, credited
  FROM receipt WHERE branch_id = ANY(:scope::uuid[]) AND receipt_id = :receipt_id::uuid;

-- receipt_list: many
-- columns: receipt_summary
-- pages: receipt_id desc by receipt_list_sort
SELECT receipt_id, number, customer_id, collector_id, method, amount, business_date, route_id, remittance_id, status
  FROM receipt
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid)
   AND (:collector_id::uuid IS NULL OR collector_id = :collector_id::uuid)
   AND (:business_date::date IS NULL OR business_date = :business_date::date)
   AND (:remittance_id::uuid IS NULL OR remittance_id = :remittance_id::uuid)
   AND (NOT :is_unremitted::bool OR (must_be_remitted AND remittance_id IS NULL AND status = 'valid'));

-- receipt_in_hand: one
-- columns: cash bigint, cheques bigint, receipts bigint, oldest date?
SELECT COALESCE(sum(amount) FILTER (WHERE method = 'cash'), 0)::bigint AS cash, COALESCE(sum(amount) FILTER (WHERE method = 'cheque'), 0)::bigint AS cheques, count(*) AS receipts,
       min(business_date) AS oldest
  FROM receipt
 WHERE branch_id = :branch_id::uuid AND collector_id = :actor_id::uuid AND must_be_remitted AND remittance_id IS NULL AND status = 'valid';
