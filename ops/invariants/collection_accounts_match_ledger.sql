-- A customer's balance and credit equal the history in the ledger (R4).
SELECT a.branch_id, a.customer_id, a.balance, a.credit, p.owed, p.credit
  FROM collection.customer_account a
  LEFT JOIN (SELECT branch_id, party_id, COALESCE(sum(amount) FILTER (WHERE account = 'receivable'), 0) AS owed,
                    -COALESCE(sum(amount) FILTER (WHERE account = 'customer_credit'), 0) AS credit
               FROM collection.posting GROUP BY branch_id, party_id) p ON p.branch_id = a.branch_id AND p.party_id = a.customer_id
 WHERE a.balance <> COALESCE(p.owed, 0) OR a.credit <> COALESCE(p.credit, 0);
