-- Leaving and what moved.

-- departure_insert: write
INSERT INTO departure (branch_id, departure_id, staff_id, successor_id, reason, is_transfer, left_at, recorded_by)
VALUES (:branch_id::uuid, :departure_id::uuid, :staff_id::uuid, :successor_id::uuid, :reason::text, :is_transfer::bool,
        :now::timestamptz, :actor_id::uuid);

-- departure_of: one
-- columns: successor_id uuid, left_at timestamptz, reason text, is_transfer bool
SELECT successor_id, left_at, reason, is_transfer FROM departure
 WHERE branch_id = ANY(:scope::uuid[]) AND staff_id = :staff_id::uuid
 ORDER BY departure_id DESC LIMIT 1;

-- handover_put: write
INSERT INTO handover (branch_id, staff_id, successor_id, service, kind, count, moved_at)
VALUES (:branch_id::uuid, :staff_id::uuid, :successor_id::uuid, :service::text, :kind::text, :count::bigint, :now::timestamptz)
    ON CONFLICT (branch_id, staff_id, successor_id, service, kind) DO UPDATE
   SET count = handover.count + EXCLUDED.count, moved_at = EXCLUDED.moved_at;

-- handover_lines: many
-- columns: handover_line
SELECT service, kind, sum(count)::bigint, max(moved_at) FROM handover
 WHERE staff_id = :staff_id::uuid AND successor_id = :successor_id::uuid
 GROUP BY service, kind ORDER BY sum(count) DESC, service, kind;
