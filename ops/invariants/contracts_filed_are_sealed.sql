-- What is filed has its three seals and both originals, and its contract knows it is filed (C6, C7).
SELECT f.branch_id, f.contract_id, f.version
  FROM contracts.contract_filing f JOIN contracts.contract k USING (branch_id, contract_id)
 WHERE (SELECT count(*) FROM contracts.contract_seal s
         WHERE s.branch_id = f.branch_id AND s.contract_id = f.contract_id AND s.version = f.version) <> 3
    OR (SELECT count(*) FROM contracts.contract_original o
         WHERE o.branch_id = f.branch_id AND o.contract_id = f.contract_id AND o.version = f.version) <> 2
    OR (k.version_in_force = f.version AND k.filed_at IS DISTINCT FROM f.at);
