-- An approval that has ended has no clock running (B15).
SELECT 'staff' AS service, d.deadline_id, d.subject_id FROM staff.deadline d JOIN staff.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'leads' AS service, d.deadline_id, d.subject_id FROM leads.deadline d JOIN leads.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'contracts' AS service, d.deadline_id, d.subject_id FROM contracts.deadline d JOIN contracts.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'dispatch' AS service, d.deadline_id, d.subject_id FROM dispatch.deadline d JOIN dispatch.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'collection' AS service, d.deadline_id, d.subject_id FROM collection.deadline d JOIN collection.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'aftersales' AS service, d.deadline_id, d.subject_id FROM aftersales.deadline d JOIN aftersales.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting'
UNION ALL
SELECT 'discipline' AS service, d.deadline_id, d.subject_id FROM discipline.deadline d JOIN discipline.approval a ON a.branch_id = d.branch_id AND a.approval_id = d.subject_id
 WHERE d.kind = 'approval' AND d.status <> 'stopped' AND a.status <> 'waiting';
