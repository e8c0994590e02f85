-- No field of a version that was submitted or signed is blank (C4).
SELECT v.branch_id, v.contract_id, v.version, t.name
  FROM contracts.contract_version v
  JOIN contracts.template_field t ON t.template_id = v.template_id AND t.version = v.template_version
  LEFT JOIN contracts.contract_field f ON f.branch_id = v.branch_id AND f.contract_id = v.contract_id AND f.version = v.version
        AND f.name = t.name
 WHERE v.status IN ('submitted', 'in_force', 'replaced') AND COALESCE(f.value, '') = '';
