-- Every service knows people as staff does, once the events have arrived (S2).
SELECT 'leads' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN leads.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id)
UNION ALL
SELECT 'contracts' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN contracts.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id)
UNION ALL
SELECT 'dispatch' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN dispatch.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id)
UNION ALL
SELECT 'collection' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN collection.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id)
UNION ALL
SELECT 'aftersales' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN aftersales.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id)
UNION ALL
SELECT 'discipline' AS service, p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN discipline.person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id);
