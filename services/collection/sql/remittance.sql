-- remittance_take_receipts: many
-- columns: amount bigint, method payment_method, business_date date
UPDATE receipt SET remittance_id = :remittance_id::uuid
 WHERE branch_id = :branch_id::uuid AND collector_id = :actor_id::uuid AND must_be_remitted AND remittance_id IS NULL AND status = 'valid'
RETURNING amount, method, business_date;

-- remittance_insert: write
INSERT INTO remittance (branch_id, remittance_id, driver_id, route_id, business_date, expected, handed, status, note, handed_at)
VALUES (:branch_id::uuid, :remittance_id::uuid, :actor_id::uuid, :route_id::uuid, :today::date, :expected::bigint, :handed::bigint, 'handed', :note::text,
        :now::timestamptz);

-- remittance_count_insert: write
INSERT INTO remittance_count (branch_id, remittance_id, counted_by, denomination, pieces)
VALUES (:branch_id::uuid, :remittance_id::uuid, :actor_id::uuid, :denomination::bigint, :pieces::bigint);

-- remittance_lock: one
-- columns: branch_id uuid, remittance_id uuid, driver_id uuid, route_id uuid?, business_date date, expected bigint, status remittance_status
SELECT branch_id, remittance_id, driver_id, route_id, business_date, expected, status
  FROM remittance WHERE branch_id = ANY(:scope::uuid[]) AND remittance_id = :remittance_id::uuid
   FOR UPDATE;

-- remittance_set_accepted: write
UPDATE remittance SET status = 'accepted', counted = :counted::bigint, cashier_id = :actor_id::uuid, accepted_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND remittance_id = :remittance_id::uuid;

-- remittance_list: many
-- columns: remittance_summary
-- pages: remittance_id desc by remittance_list_sort
SELECT remittance_id, driver_id, business_date, expected, handed, counted, counted - expected AS difference, status, cashier_id
  FROM remittance
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:business_date::date IS NULL OR business_date = :business_date::date)
   AND (:driver_id::uuid IS NULL OR driver_id = :driver_id::uuid)
   AND (:status::remittance_status IS NULL OR status = :status::remittance_status);

-- cash_overnight_find: many
-- columns: branch_id uuid, driver_id uuid, business_date date, amount bigint
INSERT INTO cash_overnight (branch_id, driver_id, business_date, amount)
SELECT branch_id, collector_id, business_date, sum(amount) FROM receipt
 WHERE branch_id = :branch_id::uuid AND must_be_remitted AND remittance_id IS NULL AND status = 'valid' AND business_date < :today::date
 GROUP BY branch_id, collector_id, business_date
ON CONFLICT DO NOTHING
RETURNING branch_id, driver_id, business_date, amount;

-- bank_entry_insert: write
INSERT INTO bank_entry (branch_id, entry_id, business_date, method, amount, reference, recorded_by, recorded_at)
VALUES (:branch_id::uuid, :entry_id::uuid, :business_date::date, :method::bank_method, :amount::bigint, :reference::text, :actor_id::uuid, :now::timestamptz);
