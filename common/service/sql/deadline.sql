-- Working-time clocks and who held the ball.

-- deadline_put: write
INSERT INTO deadline (branch_id, deadline_id, kind, subject_id, owner_id, status, started_at, counted_from, counted_minutes, counted_days,
                      due_at, next_at, is_reminded, level, is_stale)
VALUES (:branch_id::uuid, :deadline_id::uuid, :kind::text, :subject_id::uuid, :owner_id::uuid, 'running', :now::timestamptz,
        :now::timestamptz, :minutes::bigint?, :days::bigint?, :due_at::timestamptz, :next_at::timestamptz, false, 0, false)
    ON CONFLICT (branch_id, deadline_id) DO UPDATE
   SET owner_id = EXCLUDED.owner_id, status = 'running', started_at = EXCLUDED.started_at, counted_from = EXCLUDED.counted_from,
       counted_minutes = EXCLUDED.counted_minutes, counted_days = EXCLUDED.counted_days, due_at = EXCLUDED.due_at,
       next_at = EXCLUDED.next_at, is_reminded = false, level = 0, is_stale = false, paused_at = NULL, paused_left = NULL,
       pause_reason = NULL;

-- deadline_turn_insert: write
INSERT INTO deadline_turn (branch_id, deadline_id, turn_id, at, what, owner_id, due_at, reason)
VALUES (:branch_id::uuid, :deadline_id::uuid, :turn_id::uuid, :now::timestamptz, :what::text, :owner_id::uuid, :due_at::timestamptz,
        :reason::text);

-- deadline_end: write
WITH ended AS (
    UPDATE deadline SET status = 'stopped', next_at = NULL, is_stale = false, paused_at = NULL, paused_left = NULL, pause_reason = NULL
     WHERE branch_id = :branch_id::uuid AND deadline_id = :deadline_id::uuid AND status <> 'stopped'
    RETURNING owner_id, due_at
)
INSERT INTO deadline_turn (branch_id, deadline_id, turn_id, at, what, owner_id, due_at)
SELECT :branch_id::uuid, :deadline_id::uuid, :turn_id::uuid, :now::timestamptz, 'stopped', owner_id, due_at FROM ended;

-- deadline_lock: one
-- columns: owner_id uuid?, status text, due_at timestamptz, level bigint, paused_left bigint?
SELECT owner_id, status, due_at, level, paused_left FROM deadline
 WHERE branch_id = :branch_id::uuid AND deadline_id = :deadline_id::uuid FOR UPDATE;

-- deadline_halt: write
UPDATE deadline SET status = 'paused', next_at = NULL, is_stale = false, paused_at = :now::timestamptz, paused_left = :left::bigint,
       pause_reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND deadline_id = :deadline_id::uuid;

-- deadline_continue: write
UPDATE deadline SET status = 'running', counted_from = :now::timestamptz, counted_minutes = :left::bigint, counted_days = NULL,
       due_at = :due_at::timestamptz, next_at = :next_at::timestamptz, paused_at = NULL, paused_left = NULL, pause_reason = NULL
 WHERE branch_id = :branch_id::uuid AND deadline_id = :deadline_id::uuid;

-- deadline_give: write
WITH given AS (
    UPDATE deadline SET owner_id = :to_id::uuid WHERE owner_id = :from_id::uuid AND status <> 'stopped'
    RETURNING branch_id, deadline_id, due_at
)
INSERT INTO deadline_turn (branch_id, deadline_id, turn_id, at, what, owner_id, due_at)
SELECT branch_id, deadline_id, gen_random_uuid(), :now::timestamptz, 'handed_over', :to_id::uuid, due_at FROM given;

-- deadline_outdate: write
UPDATE deadline d SET is_stale = true, next_at = :now::timestamptz
 WHERE d.status = 'running' AND d.level = 0 AND (d.counted_minutes IS NOT NULL OR d.counted_days IS NOT NULL)
   AND (d.branch_id = :of_branch_id::uuid
        OR d.branch_id IN (SELECT b.branch_id FROM branch b WHERE b.company_id = :of_branch_id::uuid));

-- deadline_due: many
-- columns: branch_id uuid, deadline_id uuid, kind text, subject_id uuid, owner_id uuid?, started_at timestamptz, counted_from timestamptz, counted_minutes bigint?, counted_days bigint?, due_at timestamptz, is_reminded bool, level bigint, is_stale bool
SELECT branch_id, deadline_id, kind, subject_id, owner_id, started_at, counted_from, counted_minutes, counted_days, due_at, is_reminded,
       level, is_stale
  FROM deadline WHERE next_at <= :now::timestamptz
 ORDER BY next_at LIMIT :limit::bigint FOR UPDATE SKIP LOCKED;

-- deadline_move: write
UPDATE deadline SET due_at = :due_at::timestamptz, next_at = :next_at::timestamptz, is_reminded = :is_reminded::bool, level = :level::bigint,
       is_stale = false
 WHERE branch_id = :branch_id::uuid AND deadline_id = :deadline_id::uuid;

-- deadline_list_of: many
-- columns: deadline_item
-- pages: deadline_id by deadline_list_sort
SELECT d.branch_id, d.deadline_id, d.kind, d.subject_id, d.owner_id, coalesce(p.name, ''), d.status, d.started_at, d.due_at, d.level,
       d.pause_reason, coalesce(d.paused_left, 0)
  FROM deadline d LEFT JOIN person p ON p.staff_id = d.owner_id
 WHERE d.branch_id = ANY(:scope::uuid[]) AND d.status <> 'stopped'
   AND (:kind::text IS NULL OR d.kind = :kind::text)
   AND (:owner_id::uuid IS NULL OR d.owner_id = :owner_id::uuid)
   AND (:superior_id::uuid IS NULL OR p.superior_id = :superior_id::uuid)
   AND (:due_before::timestamptz IS NULL OR d.due_at < :due_before::timestamptz);
