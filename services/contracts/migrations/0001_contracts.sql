-- Products, prices, quotations, credit reports, templates and contracts (policy C1–C8, C10, C12).

-- Copies of leads' customers and of where they take deliveries.
CREATE TABLE customer (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    class text CHECK (class IN ('a', 'b', 'c')),
    owner_id uuid,
    is_locked boolean NOT NULL,
    PRIMARY KEY (branch_id, customer_id)
);

CREATE TABLE address (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    address_id uuid NOT NULL,
    is_active boolean NOT NULL,
    PRIMARY KEY (branch_id, customer_id, address_id)
);

-- Products, the price policy and the templates are the company's: branch_id is headquarters'.
CREATE TABLE product (
    branch_id uuid NOT NULL,
    product_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_folded text NOT NULL,
    specification text,
    unit text NOT NULL,
    tax_permille bigint NOT NULL CHECK (tax_permille BETWEEN 0 AND 1000),
    is_equipment boolean NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, product_id),
    UNIQUE (branch_id, code)
);

-- A version of the price policy speaks for the products it names; for all others the earlier versions go on.
CREATE TABLE price_policy (
    branch_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved')),
    author_id uuid NOT NULL,
    rejection text,
    approved_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, policy_id),
    UNIQUE (branch_id, version),
    CHECK (valid_until >= valid_from),
    CHECK ((status = 'approved') = (approved_at IS NOT NULL))
);

CREATE TABLE price_policy_counter (
    branch_id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL
);

CREATE TABLE price_line (
    branch_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    line_id uuid NOT NULL,
    product_id uuid NOT NULL,
    class text CHECK (class IN ('a', 'b', 'c')), -- NULL: every class
    months bigint NOT NULL CHECK (months BETWEEN 0 AND 8190), -- bits 1 to 12; 0: the whole year
    min_quantity bigint NOT NULL CHECK (min_quantity >= 0),
    list_price bigint NOT NULL CHECK (list_price >= 0),
    floor_price bigint NOT NULL CHECK (floor_price BETWEEN 0 AND list_price),
    PRIMARY KEY (branch_id, policy_id, line_id),
    UNIQUE NULLS NOT DISTINCT (branch_id, policy_id, product_id, class, months, min_quantity),
    FOREIGN KEY (branch_id, policy_id) REFERENCES price_policy,
    FOREIGN KEY (branch_id, product_id) REFERENCES product
);

-- Which approved versions speak for a product, and when.
CREATE TABLE price_in_force (
    branch_id uuid NOT NULL,
    product_id uuid NOT NULL,
    version bigint NOT NULL,
    policy_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    PRIMARY KEY (branch_id, product_id, version),
    FOREIGN KEY (branch_id, policy_id) REFERENCES price_policy
);

CREATE TABLE credit_report (
    branch_id uuid NOT NULL,
    report_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    score bigint NOT NULL CHECK (score BETWEEN 0 AND 1000),
    credit_limit bigint NOT NULL CHECK (credit_limit >= 0),
    valid_until date NOT NULL,
    note text,
    staff_id uuid NOT NULL,
    filed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, report_id)
);
CREATE INDEX credit_report_by_customer ON credit_report (branch_id, customer_id, report_id);
COMMENT ON TABLE credit_report IS 'insert-only: a newer report replaces an older one';

CREATE TABLE quotation (
    branch_id uuid NOT NULL,
    quotation_id uuid NOT NULL,
    number text NOT NULL,
    customer_id uuid NOT NULL,
    author_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'presented')),
    leave text NOT NULL CHECK (leave IN ('none', 'discount', 'floor')), -- what its prices need
    granted text NOT NULL DEFAULT 'none' CHECK (granted IN ('none', 'discount', 'floor')),
    total bigint NOT NULL CHECK (total >= 0),
    valid_until date NOT NULL,
    rejection text,
    presented_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, quotation_id),
    UNIQUE (branch_id, number),
    CHECK ((status = 'presented') = (presented_at IS NOT NULL)),
    CHECK (status IN ('approved', 'presented') OR granted = 'none')
);
CREATE INDEX quotation_by_customer ON quotation (branch_id, customer_id, quotation_id);
CREATE INDEX quotation_by_author ON quotation (branch_id, author_id, quotation_id);
CREATE INDEX quotation_by_status ON quotation (branch_id, status, quotation_id);

CREATE TABLE quotation_line (
    branch_id uuid NOT NULL,
    quotation_id uuid NOT NULL,
    product_id uuid NOT NULL,
    line bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    price bigint NOT NULL CHECK (price >= 0),
    list_price bigint NOT NULL,
    floor_price bigint NOT NULL,
    tax_permille bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    leave text NOT NULL CHECK (leave IN ('none', 'discount', 'floor')),
    PRIMARY KEY (branch_id, quotation_id, product_id),
    FOREIGN KEY (branch_id, quotation_id) REFERENCES quotation
);

CREATE TABLE template (
    branch_id uuid NOT NULL,
    template_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    is_active boolean NOT NULL DEFAULT true,
    author_id uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, template_id),
    UNIQUE (branch_id, code)
);

CREATE TABLE template_clause (
    branch_id uuid NOT NULL,
    template_id uuid NOT NULL,
    version bigint NOT NULL,
    clause bigint NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (branch_id, template_id, version, clause),
    FOREIGN KEY (branch_id, template_id) REFERENCES template
);
COMMENT ON TABLE template_clause IS 'insert-only: contracts refer to old versions';

CREATE TABLE template_field (
    branch_id uuid NOT NULL,
    template_id uuid NOT NULL,
    version bigint NOT NULL,
    field bigint NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (branch_id, template_id, version, field),
    UNIQUE (branch_id, template_id, version, name),
    FOREIGN KEY (branch_id, template_id) REFERENCES template
);
COMMENT ON TABLE template_field IS 'insert-only: contracts refer to old versions';

-- A contract is its versions: the main text is the first, each supplement one more (C8). `version` is the newest, `version_in_force` the one
-- that was signed last, 0 while none was.
CREATE TABLE contract (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    number text,
    customer_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'in_force', 'ended', 'discarded')),
    version bigint NOT NULL CHECK (version >= 1),
    version_in_force bigint NOT NULL DEFAULT 0 CHECK (version_in_force BETWEEN 0 AND version),
    amount bigint NOT NULL CHECK (amount >= 0),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    remind_on date, -- when the next reminder of its end is due
    filed_at timestamptz, -- of the version in force
    end_reason text,
    ended_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, contract_id),
    UNIQUE (branch_id, number),
    CHECK (valid_until >= valid_from),
    CHECK ((status IN ('in_force', 'ended')) = (version_in_force > 0)),
    CHECK (version_in_force = 0 OR number IS NOT NULL),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX contract_by_customer ON contract (branch_id, customer_id, contract_id);
CREATE INDEX contract_by_owner ON contract (branch_id, owner_id, contract_id);
CREATE INDEX contract_by_status ON contract (branch_id, status, contract_id);
CREATE INDEX contract_unfiled ON contract (branch_id, contract_id) WHERE version_in_force > 0 AND filed_at IS NULL;
CREATE INDEX contract_to_remind ON contract (remind_on) WHERE status = 'in_force' AND remind_on IS NOT NULL;
CREATE INDEX contract_to_end ON contract (valid_until) WHERE status = 'in_force';

CREATE TABLE contract_version (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'in_force', 'replaced', 'discarded')),
    author_id uuid NOT NULL,
    template_id uuid NOT NULL,
    template_version bigint NOT NULL,
    quotation_id uuid,
    address_ids uuid[] NOT NULL,
    payment_term text NOT NULL CHECK (payment_term IN ('next_delivery', 'days', 'prepaid')),
    payment_days bigint NOT NULL CHECK (payment_days BETWEEN 0 AND 365),
    credit_limit bigint CHECK (credit_limit >= 0), -- NULL in a draft: that of the credit report
    amount bigint NOT NULL CHECK (amount >= 0),
    consent_amount bigint, -- up to which the leaders consented (C5)
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    reason text, -- of a supplement; why it was discarded
    rejection text,
    signed_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, contract_id, version),
    FOREIGN KEY (branch_id, contract_id) REFERENCES contract,
    CHECK (valid_until >= valid_from),
    CHECK ((status IN ('in_force', 'replaced')) = (signed_at IS NOT NULL)),
    CHECK (signed_at IS NULL OR credit_limit IS NOT NULL)
);
CREATE UNIQUE INDEX contract_version_open ON contract_version (branch_id, contract_id) WHERE status IN ('draft', 'submitted');
CREATE UNIQUE INDEX contract_version_signed ON contract_version (branch_id, contract_id) WHERE status = 'in_force';
CREATE INDEX contract_version_by_author ON contract_version (branch_id, author_id) WHERE status = 'draft';

CREATE TABLE contract_line (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    price bigint NOT NULL CHECK (price >= 0),
    tax_permille bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (branch_id, contract_id, version, product_id),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);

CREATE TABLE contract_equipment (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    deposit bigint NOT NULL CHECK (deposit >= 0),
    PRIMARY KEY (branch_id, contract_id, version, product_id),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);

CREATE TABLE contract_field (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (branch_id, contract_id, version, name),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);

CREATE TABLE contract_review (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    clause bigint NOT NULL,
    is_ok boolean NOT NULL,
    remark text,
    reviewer_id uuid NOT NULL,
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, contract_id, version, clause),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version,
    CHECK (is_ok OR remark IS NOT NULL)
);

CREATE TABLE contract_seal (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    seal text NOT NULL CHECK (seal IN ('key_clauses', 'signature', 'seam')),
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, contract_id, version, seal),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);
COMMENT ON TABLE contract_seal IS 'insert-only: evidence';

CREATE TABLE contract_original (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    original text NOT NULL CHECK (original IN ('customer', 'archive')),
    staff_id uuid NOT NULL,
    receiver text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, contract_id, version, original),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);
COMMENT ON TABLE contract_original IS 'insert-only: evidence';

CREATE TABLE contract_filing (
    branch_id uuid NOT NULL,
    archive_number text NOT NULL,
    contract_id uuid NOT NULL,
    version bigint NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, archive_number),
    UNIQUE (branch_id, contract_id, version),
    FOREIGN KEY (branch_id, contract_id, version) REFERENCES contract_version
);
COMMENT ON TABLE contract_filing IS 'insert-only: evidence';

-- Who signs what, in order (policy C1, C2, C5 and the ruling on who signs a contract).
INSERT INTO approval_chain (kind, step, function) VALUES
    ('price_policy', 1, 'general_manager'),
    ('quotation_discount', 1, 'sales_manager'),
    ('quotation_floor', 1, 'general_manager'),
    ('contract_major', 1, 'deputy_general_manager'),
    ('contract_major', 2, 'general_manager'),
    ('contract', 1, 'sales_manager'),
    ('contract', 2, 'department_head'),
    ('contract', 3, 'deputy_general_manager'),
    ('contract', 4, 'general_manager');
