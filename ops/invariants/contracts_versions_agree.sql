-- A contract agrees with its versions: the one in force is the one it names, signed, and the newest is its last (C5, C8).
SELECT k.branch_id, k.contract_id
  FROM contracts.contract k
  LEFT JOIN contracts.contract_version n ON n.branch_id = k.branch_id AND n.contract_id = k.contract_id AND n.version = k.version
  LEFT JOIN contracts.contract_version f ON f.branch_id = k.branch_id AND f.contract_id = k.contract_id AND f.status = 'in_force'
 WHERE n.version IS NULL OR k.version_in_force <> COALESCE(f.version, 0)
    OR (k.version_in_force = 0 AND k.status::text <> n.status::text)
    OR EXISTS (SELECT FROM contracts.contract_version v
                WHERE v.branch_id = k.branch_id AND v.contract_id = k.contract_id AND v.version > k.version);
