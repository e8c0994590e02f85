-- Prices in force come from approved versions of the price policy only, and those are all in force (C1).
SELECT f.branch_id, f.product_id, f.version
  FROM contracts.price_in_force f LEFT JOIN contracts.price_policy p USING (branch_id, policy_id)
 WHERE p.status IS DISTINCT FROM 'approved'
UNION ALL
SELECT l.branch_id, l.product_id, p.version
  FROM contracts.price_line l JOIN contracts.price_policy p USING (branch_id, policy_id)
  LEFT JOIN contracts.price_in_force f ON f.branch_id = l.branch_id AND f.product_id = l.product_id AND f.policy_id = l.policy_id
 WHERE p.status = 'approved' AND f.product_id IS NULL;
