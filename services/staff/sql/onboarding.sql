-- Joining: agreement, induction, groups.

-- onboarding_insert: write
INSERT INTO onboarding (branch_id, staff_id, step, done_at, recorded_by)
VALUES (:branch_id::uuid, :staff_id::uuid, :step::onboarding_step, :now::timestamptz, :actor_id::uuid)
    ON CONFLICT DO NOTHING;

-- onboarding_done: one
-- columns: steps bigint
SELECT count(*) FROM onboarding WHERE staff_id = :staff_id::uuid;

-- onboarding_view: one
-- columns: onboarding_item
SELECT p.staff_id, p.name,
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'agreement'),
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'induction'),
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'groups'),
       p.is_ready,
       (SELECT d.due_at FROM deadline d WHERE d.subject_id = p.staff_id AND d.kind = 'onboarding' AND d.status <> 'stopped' LIMIT 1)
  FROM person p WHERE p.branch_id = ANY(:scope::uuid[]) AND p.staff_id = :staff_id::uuid;

-- onboarding_open: many
-- columns: onboarding_item
SELECT p.staff_id, p.name,
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'agreement'),
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'induction'),
       (SELECT (o.done_at AT TIME ZONE 'Asia/Shanghai')::date FROM onboarding o WHERE o.staff_id = p.staff_id AND o.step = 'groups'),
       p.is_ready,
       (SELECT d.due_at FROM deadline d WHERE d.branch_id = p.branch_id AND d.subject_id = p.staff_id AND d.kind = 'onboarding'
           AND d.status <> 'stopped')
  FROM person p WHERE p.branch_id = ANY(:scope::uuid[]) AND NOT p.is_ready AND p.status IN ('joining', 'active')
 ORDER BY p.staff_id LIMIT :limit::bigint;
