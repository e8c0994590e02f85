-- Collection (policy R): receivables, receipts, remittances, and the ledger they all stand in.

-- A customer's account: the row that every movement locks first. balance = what is open, credit = what was paid too much.
CREATE TABLE customer_account (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    name text,
    balance bigint NOT NULL DEFAULT 0 CHECK (balance >= 0),
    credit bigint NOT NULL DEFAULT 0 CHECK (credit >= 0),
    credit_limit bigint NOT NULL DEFAULT 0 CHECK (credit_limit >= 0), -- 0: none agreed
    hold_reason text CHECK (hold_reason IN ('over_limit', 'overdue', 'manual')),
    released_until date,
    PRIMARY KEY (branch_id, customer_id)
);
CREATE INDEX customer_account_held ON customer_account (branch_id, customer_id) WHERE hold_reason IS NOT NULL;
CREATE INDEX customer_account_owing ON customer_account (branch_id, customer_id) WHERE balance > 0;

CREATE TABLE receivable (
    branch_id uuid NOT NULL,
    receivable_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    route_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    contract_id uuid,
    amount bigint NOT NULL CHECK (amount >= 0),
    open_amount bigint NOT NULL CHECK (open_amount >= 0 AND open_amount <= amount),
    business_date date NOT NULL,
    due_on date, -- none: at the next delivery
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, receivable_id),
    UNIQUE (branch_id, delivery_id)
);
CREATE INDEX receivable_open ON receivable (branch_id, customer_id, business_date, receivable_id) WHERE open_amount > 0;
CREATE INDEX receivable_by_customer ON receivable (branch_id, customer_id, receivable_id);
CREATE INDEX receivable_by_date ON receivable (branch_id, business_date);
CREATE INDEX receivable_by_route ON receivable (branch_id, route_id);

CREATE TABLE receipt (
    branch_id uuid NOT NULL,
    receipt_id uuid NOT NULL,
    number text NOT NULL,
    customer_id uuid NOT NULL,
    collector_id uuid NOT NULL,
    method text NOT NULL CHECK (method IN ('cash', 'transfer', 'wechat', 'alipay', 'cheque')),
    amount bigint NOT NULL CHECK (amount > 0),
    credited bigint NOT NULL CHECK (credited >= 0 AND credited <= amount), -- the part that paid no receivable
    business_date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    happened_at timestamptz,
    route_id uuid,
    reference text,
    note text,
    must_be_remitted boolean NOT NULL,
    remittance_id uuid,
    status text NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'reversed')),
    PRIMARY KEY (branch_id, receipt_id),
    UNIQUE (branch_id, number)
);
CREATE INDEX receipt_by_customer ON receipt (branch_id, customer_id, receipt_id);
CREATE INDEX receipt_by_date ON receipt (branch_id, business_date, receipt_id);
CREATE INDEX receipt_unremitted ON receipt (branch_id, collector_id) WHERE must_be_remitted AND remittance_id IS NULL AND status = 'valid';

-- Which part of a receipt, a credit note or an earlier over-payment paid which receivable. Reversals are negative.
CREATE TABLE allocation (
    branch_id uuid NOT NULL,
    document_id uuid NOT NULL,
    receivable_id uuid NOT NULL,
    allocation_id uuid NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (branch_id, document_id, allocation_id),
    FOREIGN KEY (branch_id, receivable_id) REFERENCES receivable
);
CREATE INDEX allocation_by_receivable ON allocation (branch_id, receivable_id);

CREATE TABLE credit_note (
    branch_id uuid NOT NULL,
    credit_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    return_id uuid NOT NULL,
    delivery_id uuid,
    amount bigint NOT NULL CHECK (amount >= 0),
    credited bigint NOT NULL CHECK (credited >= 0),
    business_date date NOT NULL,
    PRIMARY KEY (branch_id, credit_id),
    UNIQUE (branch_id, return_id)
);
CREATE INDEX credit_note_by_date ON credit_note (branch_id, business_date);

CREATE TABLE remittance (
    branch_id uuid NOT NULL,
    remittance_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    route_id uuid,
    business_date date NOT NULL,
    expected bigint NOT NULL CHECK (expected >= 0),
    handed bigint NOT NULL CHECK (handed >= 0),
    counted bigint CHECK (counted >= 0),
    cashier_id uuid CHECK (cashier_id <> driver_id),
    status text NOT NULL CHECK (status IN ('handed', 'accepted')),
    note text,
    handed_at timestamptz NOT NULL,
    accepted_at timestamptz,
    PRIMARY KEY (branch_id, remittance_id),
    CHECK ((status = 'accepted') = (counted IS NOT NULL AND cashier_id IS NOT NULL AND accepted_at IS NOT NULL))
);
CREATE INDEX remittance_by_date ON remittance (branch_id, business_date, remittance_id);

CREATE TABLE remittance_count (
    branch_id uuid NOT NULL,
    remittance_id uuid NOT NULL,
    counted_by uuid NOT NULL,
    denomination bigint NOT NULL CHECK (denomination > 0),
    pieces bigint NOT NULL CHECK (pieces >= 0),
    PRIMARY KEY (branch_id, remittance_id, counted_by, denomination),
    FOREIGN KEY (branch_id, remittance_id) REFERENCES remittance
);

-- Cash found to have stayed with a driver over night, once per driver and day (R3).
CREATE TABLE cash_overnight (
    branch_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    business_date date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (branch_id, driver_id, business_date)
);

CREATE TABLE bank_entry (
    branch_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    business_date date NOT NULL,
    method text NOT NULL CHECK (method IN ('transfer', 'wechat', 'alipay')),
    amount bigint NOT NULL CHECK (amount > 0),
    reference text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, entry_id)
);
CREATE INDEX bank_entry_by_date ON bank_entry (branch_id, business_date);

-- The ledger (R4): balanced journals in integer fen, never changed, only reversed. Debit is positive, credit negative.
CREATE TABLE journal (
    branch_id uuid NOT NULL,
    journal_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('delivery', 'receipt', 'receipt_reversal', 'credit_note', 'credit_use', 'remittance')),
    document_id uuid NOT NULL,
    business_date date NOT NULL,
    posted_at timestamptz NOT NULL,
    reverses_id uuid,
    PRIMARY KEY (branch_id, journal_id),
    UNIQUE (branch_id, kind, document_id)
);

CREATE INDEX journal_by_time ON journal (branch_id, posted_at);

CREATE TABLE posting (
    branch_id uuid NOT NULL,
    journal_id uuid NOT NULL,
    line bigint NOT NULL,
    account text NOT NULL CHECK (account IN ('receivable', 'customer_credit', 'sales', 'sales_returns', 'cash_in_hand', 'cash_at_branch',
                                             'bank_transfer', 'bank_wechat', 'bank_alipay', 'cash_difference')),
    party_id uuid, -- the customer, or the person who holds the cash
    amount bigint NOT NULL,
    business_date date NOT NULL,
    PRIMARY KEY (branch_id, journal_id, line),
    FOREIGN KEY (branch_id, journal_id) REFERENCES journal
);
CREATE INDEX posting_by_party ON posting (branch_id, party_id, journal_id);
CREATE INDEX posting_by_account ON posting (branch_id, account, business_date);

-- What dispatch says of a route's end: the other side of the three-way reconciliation (R5).
CREATE TABLE route_total (
    branch_id uuid NOT NULL,
    route_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    business_date date NOT NULL,
    delivered_amount bigint NOT NULL,
    PRIMARY KEY (branch_id, route_id)
);
CREATE INDEX route_total_by_date ON route_total (branch_id, business_date);

CREATE TABLE reconciliation (
    branch_id uuid NOT NULL,
    business_date date NOT NULL,
    reconciliation_id uuid NOT NULL,
    delivered bigint NOT NULL,
    receivable bigint NOT NULL,
    returned bigint NOT NULL,
    received bigint NOT NULL,
    remitted bigint NOT NULL,
    banked bigint NOT NULL,
    outstanding bigint NOT NULL,
    differences bigint NOT NULL,
    reconciled_by uuid,
    reconciled_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, business_date)
);

CREATE TABLE difference (
    branch_id uuid NOT NULL,
    business_date date NOT NULL,
    line_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('route_receivable', 'cash_not_remitted', 'remittance_short', 'remittance_over', 'bank_missing', 'bank_surplus')),
    amount bigint NOT NULL,
    reference_id uuid,
    person_id uuid,
    owner_id uuid,
    explanation text,
    PRIMARY KEY (branch_id, business_date, line_id)
);
