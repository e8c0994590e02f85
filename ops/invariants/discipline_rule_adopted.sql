-- Every rule that binds, bound, or will bind was adopted, by somebody else than who drafted it (P1).
SELECT branch_id, code, version, status FROM discipline.rule
 WHERE status IN ('adopted', 'announced', 'in_force', 'retired') AND reason IS DISTINCT FROM '未经总经理通过'
   AND (adopted_by IS NULL OR adopted_by = drafted_by)
