-- Passwords and failed sign-ins.

-- sign_in_account: one
-- columns: staff_id uuid?, home_branch_id uuid?, name text?, functions bigint?, status person_status?, hash text?, set_at timestamptz?, is_temporary bool?, locked_until timestamptz?, company_id uuid?
SELECT p.staff_id, p.branch_id, p.name, p.functions, p.status, c.hash, c.set_at, c.is_temporary, f.locked_until, h.branch_id
  FROM (SELECT :name_hash::bytea AS name_hash) k
  LEFT JOIN sign_in_failure f ON f.branch_id = '00000000-0000-0000-0000-000000000000' AND f.name_hash = k.name_hash
  LEFT JOIN person p ON lower(p.sign_in_name) = lower(:sign_in_name::text)
  LEFT JOIN credential c ON c.staff_id = p.staff_id
  LEFT JOIN company h ON true;

-- sign_in_failed: write
INSERT INTO sign_in_failure (branch_id, name_hash, failures, failed_at)
VALUES ('00000000-0000-0000-0000-000000000000', :name_hash::bytea, 1, :at::timestamptz)
    ON CONFLICT (branch_id, name_hash) DO UPDATE
   SET failures = CASE WHEN sign_in_failure.failed_at < :forget_before::timestamptz THEN 1 ELSE sign_in_failure.failures + 1 END,
       failed_at = EXCLUDED.failed_at,
       locked_until = CASE
           WHEN sign_in_failure.failed_at >= :forget_before::timestamptz AND sign_in_failure.failures + 1 >= :allowed::bigint
           THEN EXCLUDED.failed_at + interval '1 minute' * least(power(2, sign_in_failure.failures + 1 - :allowed::bigint), :most_minutes::bigint)
       END;

-- sign_in_forget: write
DELETE FROM sign_in_failure WHERE branch_id = '00000000-0000-0000-0000-000000000000' AND name_hash = :name_hash::bytea;

-- sign_in_prune: one
-- columns: pruned bigint
WITH old AS (
    SELECT branch_id, name_hash FROM sign_in_failure WHERE failed_at < :before::timestamptz LIMIT 500 FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM sign_in_failure f USING old WHERE f.branch_id = old.branch_id AND f.name_hash = old.name_hash RETURNING 1
)
SELECT count(*) FROM gone;

-- credential_of: one
-- columns: hash text, set_at timestamptz, is_temporary bool
SELECT hash, set_at, is_temporary FROM credential WHERE staff_id = :staff_id::uuid FOR UPDATE;

-- credential_put: write
INSERT INTO credential (branch_id, staff_id, hash, set_at, is_temporary)
VALUES (:home_branch_id::uuid, :staff_id::uuid, :hash::text, :at::timestamptz, :is_temporary::bool)
    ON CONFLICT (staff_id) DO UPDATE SET hash = EXCLUDED.hash, set_at = EXCLUDED.set_at, is_temporary = EXCLUDED.is_temporary;

-- credential_keep: write
INSERT INTO credential_past (branch_id, staff_id, set_at, hash)
SELECT branch_id, staff_id, set_at, hash FROM credential WHERE staff_id = :staff_id::uuid AND NOT is_temporary
    ON CONFLICT DO NOTHING;

-- credential_trim: write
DELETE FROM credential_past
 WHERE staff_id = :staff_id::uuid
   AND set_at < (SELECT min(set_at) FROM (SELECT set_at FROM credential_past WHERE staff_id = :staff_id::uuid
                                           ORDER BY set_at DESC LIMIT :keep::bigint) kept);

-- credential_past_list: many
-- columns: hash text
SELECT hash FROM credential_past WHERE staff_id = :staff_id::uuid ORDER BY set_at DESC LIMIT :keep::bigint;
