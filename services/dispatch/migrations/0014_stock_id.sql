-- Stock is listed in pages: what lies of a product in a depot has an id of its own, which both of theirs give.
ALTER TABLE stock ADD COLUMN stock_id uuid NOT NULL
    GENERATED ALWAYS AS (md5(depot_id::text || product_id::text)::uuid) STORED;
CREATE INDEX stock_by_id ON stock (branch_id, stock_id);
