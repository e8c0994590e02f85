-- Sessions. Their life is measured in real time (:at), whatever clock a test company runs on.

-- session_insert: write
INSERT INTO session (branch_id, session_id, staff_id, token_hash, opened_at, seen_at, expires_at, must_change_password)
VALUES (:home_branch_id::uuid, :session_id::uuid, :staff_id::uuid, :token_hash::bytea, :at::timestamptz, :at::timestamptz,
        :expires_at::timestamptz, :must_change_password::bool);

-- session_of: one
-- columns: session_id uuid, staff_id uuid, home_branch_id uuid, seen_at timestamptz, expires_at timestamptz, must_change_password bool, functions bigint, version bigint, company_id uuid, scope uuid[]
SELECT s.session_id, s.staff_id, p.branch_id, s.seen_at, s.expires_at, s.must_change_password, p.functions, p.version, h.branch_id,
       ARRAY(SELECT b.branch_id FROM branch b
              WHERE (p.branch_id = h.branch_id AND b.kind IN ('headquarters', 'branch')) OR b.branch_id = p.branch_id
              ORDER BY b.code LIMIT 1024)
  FROM session s JOIN person p ON p.staff_id = s.staff_id CROSS JOIN company h
 WHERE s.token_hash = :token_hash::bytea AND s.closed_at IS NULL AND s.expires_at > :at::timestamptz AND s.seen_at > :idle_since::timestamptz
   AND p.status IN ('joining', 'active');

-- session_touch_row: write
UPDATE session SET seen_at = :at::timestamptz
 WHERE token_hash = :token_hash::bytea AND closed_at IS NULL AND seen_at > :idle_since::timestamptz AND seen_at < :at::timestamptz;

-- session_list_open: many
-- columns: session_item
SELECT s.session_id, s.staff_id, p.name, s.opened_at, s.seen_at, s.expires_at, s.session_id = :current_id::uuid
  FROM session s JOIN person p ON p.staff_id = s.staff_id
 WHERE (p.branch_id = ANY(:scope::uuid[])) AND s.staff_id = :staff_id::uuid AND s.closed_at IS NULL
   AND s.expires_at > :at::timestamptz AND s.seen_at > :idle_since::timestamptz
 ORDER BY s.session_id DESC LIMIT 200;

-- session_find: one
-- columns: session_id uuid, staff_id uuid
SELECT s.session_id, s.staff_id FROM session s JOIN person p ON p.staff_id = s.staff_id
 WHERE p.branch_id = ANY(:scope::uuid[]) AND s.session_id = :session_id::uuid AND s.closed_at IS NULL FOR UPDATE OF s;

-- session_end_one: write
UPDATE session SET closed_at = :at::timestamptz, closed_by = :actor_id::uuid WHERE session_id = :session_id::uuid AND closed_at IS NULL;

-- session_end_all: many
-- columns: session_id uuid
UPDATE session SET closed_at = :at::timestamptz, closed_by = :actor_id::uuid
 WHERE staff_id = :staff_id::uuid AND closed_at IS NULL AND session_id IS DISTINCT FROM :except_id::uuid
RETURNING session_id;

-- session_prune: one
-- columns: pruned bigint
WITH old AS (
    SELECT branch_id, session_id FROM session WHERE least(closed_at, expires_at) < :before::timestamptz LIMIT 1000 FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM session s USING old WHERE s.branch_id = old.branch_id AND s.session_id = old.session_id RETURNING 1
)
SELECT count(*) FROM gone;

-- session_password_changed: write
UPDATE session SET must_change_password = false WHERE session_id = :session_id::uuid;
