-- What is granted has every signature that was asked for; what waits, waits at its first open step (B15, C5).
SELECT a.approval_id, a.status, a.step FROM approval a
 WHERE (a.status = 'granted' AND EXISTS (SELECT FROM approval_step s WHERE s.branch_id = a.branch_id AND s.approval_id = a.approval_id
                                            AND s.status NOT IN ('approved', 'skipped')))
    OR (a.status = 'waiting' AND a.step IS DISTINCT FROM (SELECT min(s.step) FROM approval_step s WHERE s.branch_id = a.branch_id
                                                             AND s.approval_id = a.approval_id AND s.status = 'waiting'));
