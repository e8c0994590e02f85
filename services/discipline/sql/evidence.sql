-- Acts that events told of, and the evidence of cases.

-- act_insert: one
-- columns: event_id uuid
INSERT INTO act (branch_id, event_id, staff_id, producer, number, event, occurred_at, received_at, body, outcome)
VALUES (:branch_id::uuid, :event_id::uuid, :staff_id::uuid, :producer::text, :number::bigint, :event::text, :occurred_at::timestamptz,
        now(), :body::text, 'waiting')
    ON CONFLICT DO NOTHING
RETURNING event_id;

-- What nobody becomes known for within a month stays unjudged and visible.
-- act_waiting: many
-- columns: branch_id uuid, event_id uuid, staff_id uuid, producer text, number bigint, event text, occurred_at timestamptz, body text
SELECT branch_id, event_id, staff_id, producer, number, event, occurred_at, body FROM act
 WHERE outcome = 'waiting' AND received_at > now() - interval '30 days'
 ORDER BY received_at, event_id LIMIT 100 FOR UPDATE SKIP LOCKED;

-- act_set_outcome: write
UPDATE act SET outcome = :outcome::text
 WHERE branch_id = :in_branch_id::uuid AND event_id = :event_id::uuid AND staff_id = :staff_id::uuid;

-- act_find: one
-- columns: branch_id uuid, producer text, number bigint, event text, occurred_at timestamptz, body text
SELECT branch_id, producer, number, event, occurred_at, body FROM act
 WHERE branch_id = ANY(:scope::uuid[]) AND event_id = :event_id::uuid AND staff_id = :staff_id::uuid LIMIT 1;

-- evidence_insert: write
INSERT INTO evidence (branch_id, case_id, evidence_id, kind, producer, event, event_id, event_branch_id, event_number, audit_id, occurred_at, body,
                      note, added_by, added_at)
VALUES (:branch_id::uuid, :case_id::uuid, :evidence_id::uuid, :kind::evidence_kind, :producer::text, :event::text, :event_id::uuid,
        :event_branch_id::uuid, :event_number::bigint?, :audit_id::uuid, :occurred_at::timestamptz, :body::text, :note::text, :added_by::uuid, :now::timestamptz);

-- evidence_list: many
-- columns: evidence_item
SELECT evidence_id, kind, producer, event, event_id, event_branch_id, event_number, audit_id, occurred_at, body, note, added_by, added_at
  FROM evidence WHERE branch_id = :in_branch_id::uuid AND case_id = :case_id::uuid ORDER BY evidence_id LIMIT 200;
