-- journal_insert: write
INSERT INTO journal (branch_id, journal_id, kind, document_id, business_date, posted_at, reverses_id)
VALUES (:branch_id::uuid, :journal_id::uuid, :kind::text, :document_id::uuid, :today::date, :now::timestamptz, :reverses_id::uuid);

-- posting_insert: write
INSERT INTO posting (branch_id, journal_id, line, account, party_id, amount, business_date)
VALUES (:branch_id::uuid, :journal_id::uuid, :line::bigint, :account::text, :party_id::uuid, :amount::bigint, :today::date);

-- journal_of: one
-- columns: journal_id uuid
SELECT journal_id FROM journal WHERE branch_id = :branch_id::uuid AND kind = :kind::text AND document_id = :document_id::uuid;

-- ledger_list: many
-- columns: ledger_entry
-- pages: posting_id by ledger_list_sort
SELECT j.journal_id, j.posted_at, j.business_date, j.kind, j.document_id, p.account, p.amount, p.posting_id
  FROM posting p JOIN journal j USING (branch_id, journal_id)
 WHERE p.branch_id = ANY(:scope::uuid[])
   AND (:party_id::uuid IS NULL OR p.party_id = :party_id::uuid)
   AND (:account::ledger_account IS NULL OR p.account = :account::ledger_account)
   AND (:business_date::date IS NULL OR p.business_date = :business_date::date);
