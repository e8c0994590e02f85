-- An approval that has ended has no clock running (B15).
SELECT d.deadline_id, d.subject_id FROM deadline d JOIN approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting';
