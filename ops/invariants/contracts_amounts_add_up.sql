-- Quotations and contracts amount to their lines.
SELECT v.branch_id, v.contract_id AS document_id, v.amount
  FROM contracts.contract_version v
 WHERE v.amount <> (SELECT COALESCE(sum(l.amount), 0) FROM contracts.contract_line l
                     WHERE l.branch_id = v.branch_id AND l.contract_id = v.contract_id AND l.version = v.version)
UNION ALL
SELECT q.branch_id, q.quotation_id, q.total
  FROM contracts.quotation q
 WHERE q.total <> (SELECT COALESCE(sum(l.amount), 0) FROM contracts.quotation_line l
                    WHERE l.branch_id = q.branch_id AND l.quotation_id = q.quotation_id);
