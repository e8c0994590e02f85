-- Nobody signed their own, and nobody signed it as the author's deputy (C5, B15).
SELECT a.approval_id, s.step, s.function FROM approval a JOIN approval_step s USING (branch_id, approval_id)
 WHERE a.author_id IN (s.signer_id, s.deputy_for_id);
