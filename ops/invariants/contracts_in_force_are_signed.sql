-- A contract in force has all its signatures: as many granted approvals as signed versions, and no step of them still waits (C5).
SELECT v.branch_id, v.contract_id, v.version
  FROM (SELECT branch_id, contract_id, max(version) AS version, count(*) AS signed
          FROM contracts.contract_version WHERE status IN ('in_force', 'replaced') GROUP BY branch_id, contract_id) v
 WHERE v.signed <> (SELECT count(*) FROM contracts.approval a
                     WHERE a.branch_id = v.branch_id AND a.kind = 'contract' AND a.subject_id = v.contract_id AND a.status = 'granted')
    OR EXISTS (SELECT FROM contracts.approval a JOIN contracts.approval_step s USING (branch_id, approval_id)
                WHERE a.branch_id = v.branch_id AND a.kind = 'contract' AND a.subject_id = v.contract_id AND a.status = 'granted'
                  AND s.status NOT IN ('approved', 'skipped'));
