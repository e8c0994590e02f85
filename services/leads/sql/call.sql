-- call_insert: write
INSERT INTO call (branch_id, call_id, customer_id, staff_id, direction, started_at, duration_seconds, outcome, intention, said, next_action, next_on, recorded_at)
VALUES (:branch_id::uuid, :call_id::uuid, :customer_id::uuid, :staff_id::uuid, :direction::call_direction, :started_at::timestamptz,
        :duration_seconds::bigint, :outcome::call_outcome, :intention::intention, :said::text, :next_action::text, :next_on::date, :now::timestamptz);

-- call_list: many
-- columns: call_summary
-- pages: call_id desc by call_list_sort
SELECT call_id, customer_id, staff_id, direction, started_at, duration_seconds, outcome, intention, said, next_action, next_on
  FROM call
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid)
   AND (:staff_id::uuid IS NULL OR staff_id = :staff_id::uuid)
   AND (:since::timestamptz IS NULL OR started_at >= :since::timestamptz);
