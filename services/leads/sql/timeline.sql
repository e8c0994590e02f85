-- timeline_insert: write
INSERT INTO timeline (branch_id, customer_id, entry_id, at, event, staff_id, reference_id, amount, text)
VALUES (:branch_id::uuid, :customer_id::uuid, :entry_id::uuid, :now::timestamptz, :event::text, :staff_id::uuid, :reference_id::uuid, :amount::bigint?, :text::text);

-- timeline_list: many
-- columns: timeline_entry
SELECT entry_id, at, event, staff_id, reference_id, amount, text
  FROM timeline
 WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid
   AND (:before::timestamptz IS NULL OR (at, entry_id) < (:before::timestamptz, :before_id::uuid))
 ORDER BY at DESC, entry_id DESC LIMIT :limit::bigint;
