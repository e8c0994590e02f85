-- Approvals are shown to those who have a part in them: found by the functions of their steps, listed in the order of their numbers.
CREATE INDEX approval_step_function ON approval_step (branch_id, function, approval_id);
CREATE INDEX approval_status ON approval (branch_id, status, approval_id);

CREATE VIEW approval_shown WITH (security_invoker) AS
SELECT a.branch_id, a.approval_id, a.kind, a.subject_id, a.amount, a.summary, a.author_id, coalesce(p.name, '') AS author, a.step,
       a.status, a.opened_at, d.due_at, a.closed_at
  FROM approval a
  LEFT JOIN person p ON p.staff_id = a.author_id
  LEFT JOIN deadline d ON d.branch_id = a.branch_id AND d.subject_id = a.approval_id AND d.kind = 'approval'
                      AND d.status <> 'stopped';
