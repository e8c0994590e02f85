-- No open clock belongs to somebody who has left (S4).
SELECT d.kind, d.subject_id, p.name FROM deadline d JOIN person p ON p.staff_id = d.owner_id
 WHERE p.status = 'left' AND d.status <> 'stopped';
