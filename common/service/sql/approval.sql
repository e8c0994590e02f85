-- Approvals, their steps, and the chains they follow.

-- approval_chain_of: many
-- columns: step bigint, function text
WITH own AS (
    SELECT :branch_id::uuid AS branch_id FROM approval_chain WHERE branch_id = :branch_id::uuid AND kind = :kind::text LIMIT 1
), chosen AS (
    SELECT coalesce((SELECT branch_id FROM own), '00000000-0000-0000-0000-000000000000') AS branch_id
)
SELECT c.step, c.function FROM approval_chain c JOIN chosen USING (branch_id)
 WHERE c.kind = :kind::text
   AND c.from_amount = (SELECT max(m.from_amount) FROM approval_chain m
                         WHERE m.branch_id = c.branch_id AND m.kind = :kind::text AND m.from_amount <= :amount::bigint)
 ORDER BY c.step, c.function;

-- approval_insert: one
-- columns: approval_id uuid
INSERT INTO approval (branch_id, approval_id, kind, subject_id, amount, summary, author_id, step, status, opened_at, picture)
VALUES (:branch_id::uuid, :approval_id::uuid, :kind::text, :subject_id::uuid, :amount::bigint, :summary::text, :actor_id::uuid,
        :step::bigint, 'waiting', :now::timestamptz, :picture::text)
    ON CONFLICT (branch_id, kind, subject_id) WHERE status = 'waiting' DO NOTHING
RETURNING approval_id;

-- approval_step_insert: write
INSERT INTO approval_step (branch_id, approval_id, step, function, status)
VALUES (:branch_id::uuid, :approval_id::uuid, :step::bigint, :function::text, :status::text);

-- approval_find: one
-- columns: branch_id uuid, author_id uuid
SELECT branch_id, author_id FROM approval WHERE branch_id = ANY(:scope::uuid[]) AND approval_id = :approval_id::uuid;

-- approval_lock: one
-- columns: kind text, subject_id uuid, amount bigint, author_id uuid, step bigint, status text
SELECT kind, subject_id, amount, author_id, step, status FROM approval
 WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid FOR UPDATE;

-- approval_open_of: one
-- columns: approval_id uuid, amount bigint, author_id uuid, step bigint, status text
SELECT approval_id, amount, author_id, step, status FROM approval
 WHERE branch_id = :branch_id::uuid AND kind = :kind::text AND subject_id = :subject_id::uuid AND status = 'waiting';

-- approval_steps_waiting: many
-- columns: step bigint, function text
SELECT step, function FROM approval_step
 WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid AND status = 'waiting'
 ORDER BY step, function;

-- approval_step_sign: write one approval_closed
UPDATE approval_step SET status = :status::text, signer_id = :actor_id::uuid, deputy_for_id = :deputy_for_id::uuid,
       signed_at = :now::timestamptz, reason = :reason::text, picture = :picture::text
 WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid AND step = :step::bigint AND function = :function::text
   AND status = 'waiting';

-- approval_move: write
UPDATE approval SET step = :step::bigint WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid;

-- approval_close: write one approval_closed
UPDATE approval SET status = :status::text, reason = :reason::text, closed_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid AND status = 'waiting';

-- approval_summary_of: one
-- columns: approval_summary
SELECT branch_id, approval_id, kind, subject_id, amount, summary, author_id, author, step, status, opened_at, due_at, closed_at
  FROM approval_shown WHERE branch_id = :branch_id::uuid AND approval_id = :approval_id::uuid;

-- approval_last_picture: one
-- columns: picture text
SELECT coalesce((SELECT s.picture FROM approval_step s
                  WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id AND s.picture IS NOT NULL
                  ORDER BY s.signed_at DESC, s.step DESC LIMIT 1), a.picture)
  FROM approval a WHERE a.branch_id = :branch_id::uuid AND a.approval_id = :approval_id::uuid;

-- approval_signatures: many
-- columns: signature
SELECT s.step, s.function, s.status, s.signer_id, p.name AS signer, s.deputy_for_id, f.name AS deputy_for, s.signed_at, s.reason
  FROM approval_step s
  LEFT JOIN person p ON p.staff_id = s.signer_id
  LEFT JOIN person f ON f.staff_id = s.deputy_for_id
 WHERE s.branch_id = :branch_id::uuid AND s.approval_id = :approval_id::uuid
 ORDER BY s.step, s.function;

-- What waits for the actor: `branches`, `functions` and `deputies` name each step they can sign today, and whose deputy they are in it.
-- approval_list_waiting: many
-- columns: approval_summary
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM approval_shown a
 WHERE a.branch_id = ANY(:scope::uuid[]) AND a.status = 'waiting' AND a.author_id <> :actor_id::uuid
   AND EXISTS (SELECT FROM approval_step s
                 JOIN unnest(:branches::uuid[], :functions::text[], :deputies::uuid[]) AS m(branch_id, function, deputy_for_id)
                   ON m.branch_id = s.branch_id AND m.function = s.function AND m.deputy_for_id IS DISTINCT FROM a.author_id
                WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id AND s.step = a.step AND s.status = 'waiting')
   AND (:kind::text IS NULL OR a.kind = :kind::text)
   AND (:before_id::uuid IS NULL OR a.approval_id < :before_id::uuid)
 ORDER BY a.approval_id DESC LIMIT :limit::bigint;

-- approval_list_authored: many
-- columns: approval_summary
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM approval_shown a
 WHERE a.branch_id = ANY(:scope::uuid[]) AND a.author_id = :actor_id::uuid
   AND (:status::approval_status IS NULL OR a.status = :status::approval_status)
   AND (:kind::text IS NULL OR a.kind = :kind::text)
   AND (:before_id::uuid IS NULL OR a.approval_id < :before_id::uuid)
 ORDER BY a.approval_id DESC LIMIT :limit::bigint;

-- approval_list_signed: many
-- columns: approval_summary
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM (SELECT DISTINCT i.branch_id, i.approval_id FROM approval_step s JOIN approval i USING (branch_id, approval_id)
         WHERE s.signer_id = :actor_id::uuid AND i.branch_id = ANY(:scope::uuid[])
           AND (:status::approval_status IS NULL OR i.status = :status::approval_status)
           AND (:kind::text IS NULL OR i.kind = :kind::text)
           AND (:before_id::uuid IS NULL OR i.approval_id < :before_id::uuid)
         ORDER BY i.approval_id DESC LIMIT :limit::bigint) AS found
  JOIN approval_shown a USING (branch_id, approval_id)
 ORDER BY a.approval_id DESC LIMIT :limit::bigint;

-- For those who oversee approvals: branch by branch from the youngest on, never more of one than the page takes.
-- approval_list_all: many
-- columns: approval_summary
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM unnest(:scope::uuid[]) AS b(branch_id)
 CROSS JOIN LATERAL (SELECT i.branch_id, i.approval_id FROM approval i
                      WHERE i.branch_id = b.branch_id
                        AND (:status::approval_status IS NULL OR i.status = :status::approval_status)
                        AND (:kind::text IS NULL OR i.kind = :kind::text)
                        AND (:before_id::uuid IS NULL OR i.approval_id < :before_id::uuid)
                      ORDER BY i.approval_id DESC LIMIT :limit::bigint) AS found
  JOIN approval_shown a ON a.branch_id = found.branch_id AND a.approval_id = found.approval_id
 ORDER BY a.approval_id DESC LIMIT :limit::bigint;

-- Any of the views below and above, sorted by a column: all that the view has is looked at.
-- approval_list_sorted: many
-- columns: approval_summary
-- pages: approval_id desc by approval_list_sort
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM approval_shown a
 WHERE a.branch_id = ANY(:scope::uuid[])
   AND (:status::approval_status IS NULL OR a.status = :status::approval_status)
   AND (:kind::text IS NULL OR a.kind = :kind::text)
   AND (NOT :is_mine::bool
        OR (a.status = 'waiting' AND a.author_id <> :actor_id::uuid
            AND EXISTS (SELECT FROM approval_step s
                          JOIN unnest(:branches::uuid[], :functions::text[], :deputies::uuid[]) AS m(branch_id, function, deputy_for_id)
                            ON m.branch_id = s.branch_id AND m.function = s.function AND m.deputy_for_id IS DISTINCT FROM a.author_id
                         WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id AND s.step = a.step AND s.status = 'waiting')))
   AND (NOT :is_authored::bool OR a.author_id = :actor_id::uuid)
   AND (NOT :is_signed::bool OR EXISTS (SELECT FROM approval_step s
                                         WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id AND s.signer_id = :actor_id::uuid))
   AND (NOT :is_part::bool
        OR a.author_id IN (WITH RECURSIVE author (staff_id) AS (
                               SELECT :actor_id::uuid
                                UNION
                               SELECT p.staff_id FROM author JOIN person p ON p.superior_id = author.staff_id)
                           SELECT staff_id FROM author)
        OR EXISTS (SELECT FROM approval_step s
                    WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                      AND (s.signer_id = :actor_id::uuid
                           OR (s.branch_id, s.function) IN (SELECT m.branch_id, m.function
                                                              FROM unnest(:branches::uuid[], :functions::text[]) AS m(branch_id, function)))));

-- For everybody else: what they or those below them submitted, what they signed, what has a step of theirs; of each the youngest.
-- approval_list_part: many
-- columns: approval_summary
WITH RECURSIVE author (staff_id) AS (
    SELECT :actor_id::uuid
     UNION
    SELECT p.staff_id FROM author JOIN person p ON p.superior_id = author.staff_id
), submitted AS (
    SELECT found.branch_id, found.approval_id FROM author
     CROSS JOIN LATERAL (SELECT i.branch_id, i.approval_id FROM approval i
                          WHERE i.author_id = author.staff_id AND i.branch_id = ANY(:scope::uuid[])
                            AND (:status::approval_status IS NULL OR i.status = :status::approval_status)
                            AND (:kind::text IS NULL OR i.kind = :kind::text)
                            AND (:before_id::uuid IS NULL OR i.approval_id < :before_id::uuid)
                          ORDER BY i.approval_id DESC LIMIT :limit::bigint) AS found
), signed AS (
    SELECT DISTINCT i.branch_id, i.approval_id FROM approval_step s JOIN approval i USING (branch_id, approval_id)
     WHERE s.signer_id = :actor_id::uuid AND i.branch_id = ANY(:scope::uuid[])
       AND (:status::approval_status IS NULL OR i.status = :status::approval_status)
       AND (:kind::text IS NULL OR i.kind = :kind::text)
       AND (:before_id::uuid IS NULL OR i.approval_id < :before_id::uuid)
     ORDER BY i.approval_id DESC LIMIT :limit::bigint
), held AS (
    SELECT found.branch_id, found.approval_id FROM unnest(:branches::uuid[], :functions::text[]) AS m(branch_id, function)
     CROSS JOIN LATERAL (SELECT DISTINCT i.branch_id, i.approval_id
                           FROM approval_step s JOIN approval i USING (branch_id, approval_id)
                          WHERE s.branch_id = m.branch_id AND s.function = m.function
                            AND (:status::approval_status IS NULL OR i.status = :status::approval_status)
                            AND (:kind::text IS NULL OR i.kind = :kind::text)
                            AND (:before_id::uuid IS NULL OR i.approval_id < :before_id::uuid)
                          ORDER BY i.approval_id DESC LIMIT :limit::bigint) AS found
)
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, a.author, a.step,
       a.status, a.opened_at, a.due_at, a.closed_at
  FROM (SELECT branch_id, approval_id FROM submitted UNION SELECT branch_id, approval_id FROM signed
         UNION SELECT branch_id, approval_id FROM held) AS found
  JOIN approval_shown a USING (branch_id, approval_id)
 ORDER BY a.approval_id DESC LIMIT :limit::bigint;

-- approval_chain_list: many
-- columns: chain_step
SELECT nullif(branch_id, '00000000-0000-0000-0000-000000000000'), kind, from_amount, step, function FROM approval_chain
 WHERE (branch_id = '00000000-0000-0000-0000-000000000000' OR branch_id = ANY(:scope::uuid[]))
   AND (:kind::text IS NULL OR kind = :kind::text)
 ORDER BY kind, branch_id, from_amount, step, function LIMIT 1000;

-- approval_chain_clear: write
DELETE FROM approval_chain
 WHERE branch_id = coalesce(:of_branch_id::uuid, '00000000-0000-0000-0000-000000000000') AND kind = :kind::text AND from_amount = :from_amount::bigint;

-- approval_chain_insert: write
INSERT INTO approval_chain (branch_id, kind, from_amount, step, function)
VALUES (coalesce(:of_branch_id::uuid, '00000000-0000-0000-0000-000000000000'), :kind::text, :from_amount::bigint, :step::bigint, :function::function)
    ON CONFLICT DO NOTHING;

-- approval_chain_left: one
-- columns: steps bigint
SELECT count(*) FROM approval_chain WHERE branch_id = '00000000-0000-0000-0000-000000000000' AND kind = :kind::text;
