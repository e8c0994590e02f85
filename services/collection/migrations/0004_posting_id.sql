-- Postings are listed in pages: each has an id of its own, its journal's with the line in place of the last byte.
ALTER TABLE posting ADD COLUMN posting_id uuid NOT NULL
    GENERATED ALWAYS AS ((left(journal_id::text, 34) || lpad(to_hex(line), 2, '0'))::uuid) STORED;
CREATE INDEX posting_by_id ON posting (branch_id, posting_id);
