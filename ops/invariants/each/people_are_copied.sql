-- Every service knows people as staff does, once the events have arrived (S2).
SELECT p.staff_id, p.version, c.version AS copied FROM staff.person p LEFT JOIN person c USING (staff_id)
 WHERE (c.version, c.branch_id, c.functions, c.status, c.is_ready, c.superior_id) IS DISTINCT FROM
       (p.version, p.branch_id, p.functions, p.status, p.is_ready, p.superior_id);
