-- Where the sealer is. The order of the chain is the seals' own numbers; transaction ids only find the rows that are new in this cluster. A
-- cluster that the data was brought to (restored, copied) counts them anew: there, all rows are looked through once before.
CREATE TABLE audit_sealer (
    is_only bool NOT NULL PRIMARY KEY DEFAULT true CHECK (is_only),
    cluster text NOT NULL DEFAULT '',            -- PostgreSQL's own identifier of the cluster that `xid` is counted in
    xid xid8 NOT NULL DEFAULT '0',               -- rows of earlier transactions of this cluster are sealed, once it is settled
    is_settled bool NOT NULL DEFAULT false,      -- every row that came with the data was looked at
    settled_branch_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', -- until here, while it is not
    settled_audit_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
);
INSERT INTO audit_sealer DEFAULT VALUES;

CREATE UNIQUE INDEX audit_seal_row ON audit_seal (branch_id, audit_id);
DROP INDEX audit_seal_order;
