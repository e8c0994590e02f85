-- A customer's balance is the sum of what is open (R1, R2).
SELECT a.branch_id, a.customer_id, a.balance, r.open
  FROM collection.customer_account a
  LEFT JOIN (SELECT branch_id, customer_id, sum(open_amount) AS open FROM collection.receivable GROUP BY branch_id, customer_id) r USING (branch_id, customer_id)
 WHERE a.balance <> COALESCE(r.open, 0);
