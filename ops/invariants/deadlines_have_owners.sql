-- No open clock belongs to somebody who has left (S4).
SELECT 'leads' AS service, d.kind, d.subject_id, p.name FROM leads.deadline d JOIN leads.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped'
UNION ALL
SELECT 'contracts' AS service, d.kind, d.subject_id, p.name FROM contracts.deadline d JOIN contracts.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped'
UNION ALL
SELECT 'dispatch' AS service, d.kind, d.subject_id, p.name FROM dispatch.deadline d JOIN dispatch.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped'
UNION ALL
SELECT 'collection' AS service, d.kind, d.subject_id, p.name FROM collection.deadline d JOIN collection.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped'
UNION ALL
SELECT 'aftersales' AS service, d.kind, d.subject_id, p.name FROM aftersales.deadline d JOIN aftersales.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped'
UNION ALL
SELECT 'discipline' AS service, d.kind, d.subject_id, p.name FROM discipline.deadline d JOIN discipline.person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped';
