-- Every document has its journal and every journal its document (R4).
WITH document AS (
    SELECT branch_id, 'delivery' AS kind, delivery_id AS document_id, true AS is_there FROM collection.receivable
    UNION ALL SELECT branch_id, 'receipt', receipt_id, true FROM collection.receipt
    UNION ALL SELECT branch_id, 'receipt_reversal', receipt_id, true FROM collection.receipt WHERE status = 'reversed'
    UNION ALL SELECT branch_id, 'credit_note', return_id, true FROM collection.credit_note
    UNION ALL SELECT branch_id, 'remittance', remittance_id, true FROM collection.remittance WHERE status = 'accepted'
    UNION ALL SELECT DISTINCT a.branch_id, 'credit_use', a.document_id, true FROM collection.allocation a
               WHERE NOT EXISTS (SELECT 1 FROM collection.receipt p WHERE p.branch_id = a.branch_id AND p.receipt_id = a.document_id)
                 AND NOT EXISTS (SELECT 1 FROM collection.credit_note n WHERE n.branch_id = a.branch_id AND n.credit_id = a.document_id))
SELECT branch_id, kind, document_id, d.is_there, j.journal_id
  FROM document d FULL JOIN collection.journal j USING (branch_id, kind, document_id)
 WHERE d.is_there IS NULL OR j.journal_id IS NULL;
