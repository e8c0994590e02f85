-- Every clause of a signed version was reviewed and is in order, by somebody who did not write it (C5).
SELECT v.branch_id, v.contract_id, v.version, t.clause
  FROM contracts.contract_version v
  JOIN contracts.template_clause t ON t.template_id = v.template_id AND t.version = v.template_version
  LEFT JOIN contracts.contract_review r ON r.branch_id = v.branch_id AND r.contract_id = v.contract_id AND r.version = v.version
        AND r.clause = t.clause
 WHERE v.status IN ('in_force', 'replaced') AND (r.is_ok IS NOT TRUE OR r.reviewer_id = v.author_id);
