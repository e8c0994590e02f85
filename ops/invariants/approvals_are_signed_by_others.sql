-- Nobody signed their own, and nobody signed it as the author's deputy (C5, B15).
SELECT 'staff' AS service, a.approval_id, s.step, s.function FROM staff.approval a JOIN staff.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'leads' AS service, a.approval_id, s.step, s.function FROM leads.approval a JOIN leads.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'contracts' AS service, a.approval_id, s.step, s.function FROM contracts.approval a JOIN contracts.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'dispatch' AS service, a.approval_id, s.step, s.function FROM dispatch.approval a JOIN dispatch.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'collection' AS service, a.approval_id, s.step, s.function FROM collection.approval a JOIN collection.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'aftersales' AS service, a.approval_id, s.step, s.function FROM aftersales.approval a JOIN aftersales.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id)
UNION ALL
SELECT 'discipline' AS service, a.approval_id, s.step, s.function FROM discipline.approval a JOIN discipline.approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id);
