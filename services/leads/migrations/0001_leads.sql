-- Leads and customers (policy L): one record from the first call to the last payment.

CREATE TABLE customer (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    name_folded text NOT NULL,
    name_bigrams text[] NOT NULL,
    phone text,
    licence_number text,
    contact text,
    address_folded text NOT NULL DEFAULT '',
    source text NOT NULL,
    class text CHECK (class IN ('a', 'b', 'c')),
    stage text NOT NULL CHECK (stage IN ('lead', 'visit', 'needs', 'proposal', 'contract', 'payment', 'excluded')),
    exclusion text CHECK (exclusion IN ('out_of_scope', 'no_intention', 'unreachable', 'duplicate')),
    owner_id uuid,
    last_activity_at timestamptz NOT NULL,
    warned_at timestamptz,
    competitor text,
    consumption text,
    equipment text,
    has_consent boolean NOT NULL,
    tags text[] NOT NULL,
    is_locked boolean NOT NULL DEFAULT false,
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, customer_id),
    UNIQUE (branch_id, number),
    CHECK ((stage = 'excluded') = (exclusion IS NOT NULL)),
    CHECK (stage <> 'excluded' OR owner_id IS NULL)
);
CREATE INDEX customer_by_owner ON customer (branch_id, owner_id, customer_id);
CREATE INDEX customer_by_stage ON customer (branch_id, stage, customer_id);
CREATE INDEX customer_by_activity ON customer (branch_id, last_activity_at) WHERE owner_id IS NOT NULL AND stage IN ('lead', 'visit', 'needs', 'proposal');
CREATE INDEX customer_by_bigrams ON customer USING gin (name_bigrams);
CREATE INDEX customer_by_phone ON customer (branch_id, phone text_pattern_ops);

-- What makes a customer the same one (L4), for the whole company: branch_id is headquarters'.
CREATE TABLE customer_key (
    branch_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('phone', 'licence')),
    value text NOT NULL,
    customer_branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    PRIMARY KEY (branch_id, kind, value)
);
CREATE INDEX customer_key_by_customer ON customer_key (branch_id, customer_id);

-- How many open leads a person has: the limit of L3 is kept here, under concurrency too.
CREATE TABLE owner_load (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    open_leads bigint NOT NULL CHECK (open_leads >= 0),
    PRIMARY KEY (branch_id, staff_id)
);

CREATE TABLE taking_attempt (
    branch_id uuid NOT NULL,
    attempt_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, attempt_id)
);
CREATE INDEX taking_attempt_by_person ON taking_attempt (branch_id, staff_id, customer_id, at);

CREATE TABLE address (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    address_id uuid NOT NULL,
    label text NOT NULL,
    address text NOT NULL,
    contact text,
    phone text,
    latitude_e7 bigint CHECK (latitude_e7 BETWEEN -900000000 AND 900000000),
    longitude_e7 bigint CHECK (longitude_e7 BETWEEN -1800000000 AND 1800000000),
    windows_from bigint[] NOT NULL,
    windows_to bigint[] NOT NULL,
    service_minutes bigint NOT NULL CHECK (service_minutes BETWEEN 1 AND 240),
    is_active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (branch_id, customer_id, address_id),
    FOREIGN KEY (branch_id, customer_id) REFERENCES customer
);

CREATE TABLE call (
    branch_id uuid NOT NULL,
    call_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    started_at timestamptz NOT NULL,
    duration_seconds bigint NOT NULL CHECK (duration_seconds >= 0),
    outcome text NOT NULL CHECK (outcome IN ('answered', 'no_answer', 'busy', 'refused', 'wrong_number')),
    intention text NOT NULL CHECK (intention IN ('none', 'low', 'medium', 'high')),
    said text,
    next_action text,
    next_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, call_id),
    FOREIGN KEY (branch_id, customer_id) REFERENCES customer
);
CREATE INDEX call_by_customer ON call (branch_id, customer_id, call_id);
CREATE INDEX call_by_person ON call (branch_id, staff_id, call_id);

CREATE TABLE visit (
    branch_id uuid NOT NULL,
    visit_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    planned_at timestamptz NOT NULL,
    purpose text NOT NULL,
    is_key boolean NOT NULL,
    is_first boolean NOT NULL DEFAULT false,
    status text NOT NULL CHECK (status IN ('planned', 'submitted', 'confirmed', 'started', 'completed', 'cancelled')),
    confirmed_by uuid,
    checked_in_at timestamptz,
    latitude_e7 bigint,
    longitude_e7 bigint,
    place text,
    checked_out_at timestamptz,
    result text,
    has_report boolean NOT NULL DEFAULT false,
    PRIMARY KEY (branch_id, visit_id),
    FOREIGN KEY (branch_id, customer_id) REFERENCES customer,
    CHECK ((status = 'completed') = (checked_out_at IS NOT NULL))
);
CREATE INDEX visit_by_person ON visit (branch_id, staff_id, planned_at);
CREATE INDEX visit_by_customer ON visit (branch_id, customer_id, planned_at);
CREATE UNIQUE INDEX visit_first ON visit (branch_id, customer_id) WHERE is_first;

CREATE TABLE visit_report (
    branch_id uuid NOT NULL,
    visit_id uuid NOT NULL,
    report_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    filed_at timestamptz NOT NULL,
    business text NOT NULL,
    seats bigint,
    burners bigint,
    monthly_quantity bigint,
    present_fuel text,
    present_price bigint,
    competitor text,
    decision_maker text,
    needs text NOT NULL,
    concerns text,
    PRIMARY KEY (branch_id, visit_id),
    FOREIGN KEY (branch_id, visit_id) REFERENCES visit
);

-- A customer's whole course over all services (L9), fed by their events.
CREATE TABLE timeline (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    at timestamptz NOT NULL,
    event text NOT NULL,
    staff_id uuid,
    reference_id uuid,
    amount bigint,
    text text,
    PRIMARY KEY (branch_id, customer_id, at, entry_id)
);
