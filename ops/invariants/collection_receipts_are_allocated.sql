-- A valid receipt's allocations and its over-payment add up to it; a reversed one pays nothing (R2, R4).
SELECT p.branch_id, p.receipt_id, p.amount, p.credited, a.paid
  FROM collection.receipt p
  LEFT JOIN (SELECT branch_id, document_id, sum(amount) AS paid FROM collection.allocation GROUP BY branch_id, document_id) a
    ON a.branch_id = p.branch_id AND a.document_id = p.receipt_id
 WHERE CASE WHEN p.status = 'valid' THEN p.amount <> p.credited + COALESCE(a.paid, 0) ELSE COALESCE(a.paid, 0) <> 0 END;
