-- Who did what (policy S9).

-- audit_insert: write
INSERT INTO audit (branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace)
VALUES (coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000'), :audit_id::uuid, :now, :actor_id, :session_id::uuid,
        :operation::text, :object_id::uuid, :request::bytea, :before::text, :outcome::text, :trace::text);

-- The sealer's place, locked. Every transaction before the horizon is over for good.
-- audit_sealer_lock: one
-- columns: is_this_cluster bool, is_settled bool, settled_branch_id uuid, settled_audit_id uuid, xid bigint, horizon bigint
SELECT cluster = (SELECT system_identifier::text FROM pg_control_system()), is_settled, settled_branch_id, settled_audit_id,
       xid::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
  FROM audit_sealer FOR UPDATE;

-- The data is in a cluster the sealer has not worked in.
-- audit_sealer_arrive: write
UPDATE audit_sealer SET cluster = (SELECT system_identifier::text FROM pg_control_system()), xid = :horizon::bigint::text::xid8,
       is_settled = false, settled_branch_id = '00000000-0000-0000-0000-000000000000', settled_audit_id = '00000000-0000-0000-0000-000000000000';

-- audit_sealer_settle: write
UPDATE audit_sealer SET is_settled = :is_settled::bool, settled_branch_id = coalesce(:last_branch_id::uuid, settled_branch_id),
       settled_audit_id = coalesce(:last_audit_id::uuid, settled_audit_id);

-- audit_sealer_move: write
UPDATE audit_sealer SET xid = :xid::bigint::text::xid8;

-- How far the next look at what came with the data goes.
-- audit_settle_until: one
-- columns: branch_id uuid, audit_id uuid, rows bigint
WITH next AS (
    SELECT branch_id, audit_id FROM audit
     WHERE (branch_id, audit_id) > (coalesce(:last_branch_id::uuid, '00000000-0000-0000-0000-000000000000'), coalesce(:last_audit_id::uuid, '00000000-0000-0000-0000-000000000000'))
     ORDER BY branch_id, audit_id LIMIT :limit::bigint
)
SELECT branch_id, audit_id, (SELECT count(*) FROM next) FROM next ORDER BY branch_id DESC, audit_id DESC LIMIT 1;

-- audit_unsettled: many
-- columns: audit_unsealed
SELECT branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace, xid::text::bigint
  FROM audit a
 WHERE (branch_id, audit_id) > (coalesce(:last_branch_id::uuid, '00000000-0000-0000-0000-000000000000'), coalesce(:last_audit_id::uuid, '00000000-0000-0000-0000-000000000000'))
   AND (branch_id, audit_id) <= (coalesce(:until_branch_id::uuid, '00000000-0000-0000-0000-000000000000'), :until_audit_id::uuid)
   AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)
 ORDER BY branch_id, audit_id;

-- Rows of this cluster's transactions that are over for good, in the order in which they are sealed.
-- audit_unsealed: many
-- columns: branch_id uuid, audit_id uuid, at timestamptz, staff_id uuid?, session_id uuid?, operation text, object_id uuid?, request bytea, before text?, outcome text, trace text, xid bigint
SELECT branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace, xid::text::bigint
  FROM audit a
 WHERE xid >= :since::bigint::text::xid8 AND xid < :horizon::bigint::text::xid8
   AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)
 ORDER BY xid, audit_id
 LIMIT 500;

-- What was done by nobody yet (sign-in) is a chain of its own, under a branch of zeros.
-- audit_seal_last: one
-- columns: number bigint, hash bytea
SELECT number, hash FROM audit_seal WHERE branch_id = coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY number DESC LIMIT 1;

-- audit_seal_at: one
-- columns: hash bytea
SELECT hash FROM audit_seal WHERE branch_id = coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000') AND number = :number::bigint;

-- audit_seal_insert: write
INSERT INTO audit_seal (branch_id, number, audit_id, xid, hash, sealed_at)
VALUES (coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000'), :number::bigint, :audit_id::uuid, :xid::bigint::text::xid8, :hash::bytea, :now);

-- audit_sealed: many
-- columns: number bigint, hash bytea, audit_id uuid, xid bigint, found bool, at timestamptz?, staff_id uuid?, session_id uuid?, operation text?, object_id uuid?, request bytea?, before text?, outcome text?, trace text?
SELECT s.number, s.hash, s.audit_id, s.xid::text::bigint AS xid, a.audit_id IS NOT NULL AND a.xid = s.xid AS found, a.at, a.staff_id, a.session_id,
       a.operation, a.object_id, a.request, a.before, a.outcome, a.trace
  FROM audit_seal s
  LEFT JOIN audit a ON a.branch_id = s.branch_id AND a.audit_id = s.audit_id
 WHERE s.branch_id = coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000') AND s.number > :after::bigint
 ORDER BY s.number
 LIMIT :limit::bigint;

-- A row that has no seal although the sealer went past it, or that claims a transaction still to come: it was put there afterwards.
-- audit_stranger: one
-- columns: audit_id uuid
SELECT a.audit_id FROM audit a CROSS JOIN audit_sealer z
 WHERE a.branch_id = coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000') AND z.is_settled AND z.cluster = (SELECT system_identifier::text FROM pg_control_system())
   AND (a.xid < z.xid OR a.xid >= pg_snapshot_xmax(pg_current_snapshot()))
   AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)
 ORDER BY a.audit_id
 LIMIT 1;

-- audit_find: many
-- columns: branch_id uuid, audit_id uuid, at timestamptz, staff_id uuid?, operation text, object_id uuid?, request bytea, before text?, outcome text, trace text
-- pages: audit_id desc by audit_search_sort
SELECT branch_id, audit_id, at, staff_id, operation, object_id, request, before, outcome, trace
  FROM audit
 WHERE branch_id = ANY (:scope)
   AND (:staff_id::uuid IS NULL OR staff_id = :staff_id::uuid)
   AND (:object_id::uuid IS NULL OR object_id = :object_id::uuid)
   AND (:operation::text IS NULL OR operation = :operation::text)
   AND (:from_at::timestamptz IS NULL OR at >= :from_at::timestamptz)
   AND (:until_at::timestamptz IS NULL OR at < :until_at::timestamptz);
