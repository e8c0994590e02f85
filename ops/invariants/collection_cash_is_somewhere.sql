-- Cash in a person's hand is exactly the receipts that are not remitted and the remittances not yet accepted; never negative (R3, B2).
WITH hand AS (SELECT branch_id, party_id, sum(amount) AS held FROM collection.posting WHERE account = 'cash_in_hand' GROUP BY branch_id, party_id),
     paper AS (SELECT p.branch_id, p.collector_id AS party_id, sum(p.amount) AS held
                 FROM collection.receipt p LEFT JOIN collection.remittance m ON m.branch_id = p.branch_id AND m.remittance_id = p.remittance_id
                WHERE p.must_be_remitted AND p.status = 'valid' AND m.status IS DISTINCT FROM 'accepted' GROUP BY p.branch_id, p.collector_id)
SELECT branch_id, party_id, hand.held, paper.held FROM hand FULL JOIN paper USING (branch_id, party_id)
 WHERE COALESCE(hand.held, 0) <> COALESCE(paper.held, 0) OR hand.held < 0;
