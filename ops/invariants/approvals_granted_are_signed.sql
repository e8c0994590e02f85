-- What is granted has every signature that was asked for; what waits, waits at its first open step (B15, C5).
SELECT 'staff' AS service, a.approval_id, a.status, a.step FROM staff.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM staff.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM staff.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'leads' AS service, a.approval_id, a.status, a.step FROM leads.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM leads.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM leads.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'contracts' AS service, a.approval_id, a.status, a.step FROM contracts.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM contracts.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM contracts.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'dispatch' AS service, a.approval_id, a.status, a.step FROM dispatch.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM dispatch.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM dispatch.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'collection' AS service, a.approval_id, a.status, a.step FROM collection.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM collection.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM collection.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'aftersales' AS service, a.approval_id, a.status, a.step FROM aftersales.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM aftersales.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM aftersales.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'))
UNION ALL
SELECT 'discipline' AS service, a.approval_id, a.status, a.step FROM discipline.approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM discipline.approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM discipline.approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'));
