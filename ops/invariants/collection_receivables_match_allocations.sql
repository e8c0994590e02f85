-- What is open on a receivable is its amount less what was allocated to it (R2).
SELECT r.branch_id, r.receivable_id, r.amount, r.open_amount, a.paid
  FROM collection.receivable r
  LEFT JOIN (SELECT branch_id, receivable_id, sum(amount) AS paid FROM collection.allocation GROUP BY branch_id, receivable_id) a USING (branch_id, receivable_id)
 WHERE r.amount - r.open_amount <> COALESCE(a.paid, 0);
