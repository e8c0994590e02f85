-- Who did what (policy S9).

-- audit_insert: write
INSERT INTO audit (branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace)
VALUES (coalesce(:branch::uuid, '00000000-0000-0000-0000-000000000000'), :audit_id::uuid, :now, :actor_id, :session_id::uuid,
        :operation::text, :object_id::uuid, :request::bytea, :before::text, :outcome::text, :trace::text);

-- Rows whose transactions are over for good, in the order in which they are sealed.
-- audit_unsealed: many
-- columns: branch_id uuid, audit_id uuid, at timestamptz, staff_id uuid?, session_id uuid?, operation text, object_id uuid?, request bytea, before text?, outcome text, trace text, xid bigint
SELECT branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace,
       xid::text::bigint AS xid
  FROM audit
 WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
   AND (xid, audit_id) > (coalesce((SELECT xid FROM audit_seal ORDER BY xid DESC, audit_id DESC LIMIT 1), '0'::xid8),
                          coalesce((SELECT audit_id FROM audit_seal ORDER BY xid DESC, audit_id DESC LIMIT 1),
                                   '00000000-0000-0000-0000-000000000000'))
 ORDER BY xid, audit_id
 LIMIT 500;

-- audit_seal_last: one
-- columns: number bigint, hash bytea
SELECT number, hash FROM audit_seal WHERE branch_id = :branch::uuid ORDER BY number DESC LIMIT 1;

-- audit_seal_at: one
-- columns: hash bytea
SELECT hash FROM audit_seal WHERE branch_id = :branch::uuid AND number = :number::bigint;

-- audit_seal_insert: write
INSERT INTO audit_seal (branch_id, number, audit_id, xid, hash, sealed_at)
VALUES (:branch::uuid, :number::bigint, :audit_id::uuid, :xid::bigint::text::xid8, :hash::bytea, :now);

-- audit_sealed: many
-- columns: number bigint, hash bytea, audit_id uuid, xid bigint, found bool, at timestamptz?, staff_id uuid?, session_id uuid?, operation text?, object_id uuid?, request bytea?, before text?, outcome text?, trace text?
SELECT s.number, s.hash, s.audit_id, s.xid::text::bigint AS xid, a.audit_id IS NOT NULL AND a.xid = s.xid AS found, a.at, a.staff_id, a.session_id,
       a.operation, a.object_id, a.request, a.before, a.outcome, a.trace
  FROM audit_seal s
  LEFT JOIN audit a ON a.branch_id = s.branch_id AND a.audit_id = s.audit_id
 WHERE s.branch_id = :branch::uuid AND s.number > :after::bigint
 ORDER BY s.number
 LIMIT :limit::bigint;

-- A row that stands before what was sealed last and has no seal: it was put there afterwards.
-- audit_stranger: one
-- columns: audit_id uuid
SELECT a.audit_id FROM audit a
 WHERE a.branch_id = :branch::uuid
   AND (a.xid, a.audit_id) <= (SELECT s.xid, s.audit_id FROM audit_seal s ORDER BY s.xid DESC, s.audit_id DESC LIMIT 1)
   AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.xid = a.xid AND s.audit_id = a.audit_id AND s.branch_id = a.branch_id)
 ORDER BY a.xid, a.audit_id
 LIMIT 1;

-- audit_find: many
-- columns: branch_id uuid, audit_id uuid, at timestamptz, staff_id uuid?, operation text, object_id uuid?, request bytea, before text?, outcome text, trace text
SELECT branch_id, audit_id, at, staff_id, operation, object_id, request, before, outcome, trace
  FROM audit
 WHERE branch_id = ANY (:scope)
   AND (:staff_id::uuid IS NULL OR staff_id = :staff_id::uuid)
   AND (:object_id::uuid IS NULL OR object_id = :object_id::uuid)
   AND (:operation::text IS NULL OR operation = :operation::text)
   AND (:from_at::timestamptz IS NULL OR at >= :from_at::timestamptz)
   AND (:until_at::timestamptz IS NULL OR at < :until_at::timestamptz)
   AND (:before_id::uuid IS NULL OR audit_id < :before_id::uuid)
 ORDER BY audit_id DESC
 LIMIT :limit::bigint;
