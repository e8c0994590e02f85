-- The seals of a branch are numbered without a gap, and each stands for a row of the audit log (S9).
SELECT branch_id, number, audit_id FROM (
    SELECT s.branch_id, s.number, s.audit_id, row_number() OVER (PARTITION BY s.branch_id ORDER BY s.number) AS place FROM audit_seal s) AS s
 WHERE number <> place OR NOT EXISTS (SELECT FROM audit a WHERE a.branch_id = s.branch_id AND a.audit_id = s.audit_id);
