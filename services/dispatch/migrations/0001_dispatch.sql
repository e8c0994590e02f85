-- Depots, stock, orders, lists, routes, deliveries and installations; copies of customers, products and contracts.

-- Copies of other services' things. Parts arrive in any order: a customer whose name is NULL is not known yet.
CREATE TABLE customer (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number text,
    name text,
    owner_id uuid,
    phone text,
    contact text,
    is_locked bool NOT NULL DEFAULT false,
    is_held bool NOT NULL DEFAULT false, -- credit hold, policy R6
    hold_reason text,
    held_at timestamptz,
    due bigint NOT NULL DEFAULT 0,
    balance bigint NOT NULL DEFAULT 0,
    credit bigint NOT NULL DEFAULT 0,
    has_delivery bool NOT NULL DEFAULT false,
    PRIMARY KEY (branch_id, customer_id)
);

CREATE TABLE address (
    branch_id uuid NOT NULL,
    address_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    label text NOT NULL,
    address text NOT NULL,
    contact text,
    phone text,
    latitude_e7 bigint,
    longitude_e7 bigint,
    windows_from bigint[] NOT NULL, -- minutes from midnight
    windows_to bigint[] NOT NULL,
    service_minutes bigint NOT NULL,
    is_active bool NOT NULL,
    PRIMARY KEY (branch_id, address_id)
);

CREATE TABLE product (
    branch_id uuid NOT NULL, -- headquarters
    product_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    tax_permille bigint NOT NULL,
    is_equipment bool NOT NULL,
    is_active bool NOT NULL,
    PRIMARY KEY (branch_id, product_id)
);

CREATE TABLE contract (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    payment_term text NOT NULL CHECK (payment_term IN ('next_delivery', 'days', 'prepaid')),
    payment_days bigint NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    is_ended bool NOT NULL DEFAULT false,
    PRIMARY KEY (branch_id, contract_id)
);
CREATE INDEX contract_customer ON contract (branch_id, customer_id, valid_from DESC) WHERE NOT is_ended;

CREATE TABLE contract_price (
    branch_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    product_id uuid NOT NULL,
    price bigint NOT NULL CHECK (price >= 0),
    tax_permille bigint NOT NULL,
    PRIMARY KEY (branch_id, contract_id, product_id)
);

-- Depots, vehicles, stock
CREATE TABLE depot (
    branch_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    latitude_e7 bigint,
    longitude_e7 bigint,
    is_active bool NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, depot_id),
    UNIQUE (branch_id, code)
);

CREATE TABLE vehicle (
    branch_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    plate text NOT NULL,
    capacity bigint NOT NULL CHECK (capacity > 0),
    inspected_until date NOT NULL,
    is_active bool NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, vehicle_id),
    UNIQUE (branch_id, plate)
);

CREATE TABLE stock (
    branch_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    product_id uuid NOT NULL,
    on_hand bigint NOT NULL CHECK (on_hand >= 0), -- policy D5: never below zero
    PRIMARY KEY (branch_id, depot_id, product_id),
    FOREIGN KEY (branch_id, depot_id) REFERENCES depot
);

CREATE TABLE stock_movement (
    branch_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    product_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('received', 'adjusted', 'checked_out', 'handed_back', 'returned')),
    quantity bigint NOT NULL CHECK (quantity <> 0), -- negative: out of the depot
    source_id uuid, -- the slip, route or return
    reason text,
    staff_id uuid,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, movement_id)
);
CREATE INDEX stock_movement_product ON stock_movement (branch_id, depot_id, product_id, movement_id);

-- Orders
CREATE SEQUENCE order_serial;

-- A row stands for a list that was closed.
CREATE TABLE delivery_list (
    branch_id uuid NOT NULL,
    list_id uuid NOT NULL,
    delivery_date date NOT NULL,
    closed_by uuid,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, list_id),
    UNIQUE (branch_id, delivery_date)
);

CREATE TABLE customer_order (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    number text NOT NULL,
    customer_id uuid NOT NULL,
    address_id uuid NOT NULL,
    delivery_date date NOT NULL,
    window_from bigint,
    window_to bigint,
    status text NOT NULL CHECK (status IN ('awaiting_review', 'awaiting_approval', 'awaiting_acceptance', 'ready', 'held',
                                           'listed', 'planned', 'delivered', 'cancelled', 'rejected')),
    needs_review bool NOT NULL,
    needs_approval bool NOT NULL,
    needs_acceptance bool NOT NULL,
    is_urgent bool NOT NULL,
    contract_id uuid,
    payment_term text NOT NULL CHECK (payment_term IN ('next_delivery', 'days', 'prepaid')),
    payment_days bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    code text NOT NULL, -- what the customer may confirm the delivery with
    note text,
    list_id uuid,
    attempts bigint NOT NULL DEFAULT 0, -- deliveries that failed
    placed_by uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    decided_by uuid,
    reason text, -- of the last decision
    PRIMARY KEY (branch_id, order_id),
    CHECK (status NOT IN ('ready', 'listed', 'planned') OR NOT (needs_review OR needs_approval OR needs_acceptance)),
    CHECK (status NOT IN ('listed', 'planned', 'delivered') OR list_id IS NOT NULL)
);
CREATE INDEX customer_order_customer ON customer_order (branch_id, customer_id, delivery_date);
CREATE INDEX customer_order_date ON customer_order (branch_id, delivery_date, order_id);
CREATE INDEX customer_order_ready ON customer_order (delivery_date, branch_id) WHERE status = 'ready';
CREATE INDEX customer_order_listed ON customer_order (branch_id, delivery_date) WHERE status = 'listed';
CREATE INDEX customer_order_list ON customer_order (branch_id, list_id, order_id) WHERE list_id IS NOT NULL;

CREATE TABLE order_line (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    line bigint NOT NULL,
    product_id uuid NOT NULL,
    ordered bigint NOT NULL CHECK (ordered > 0),
    quantity bigint NOT NULL CHECK (quantity > 0 AND quantity <= ordered), -- less: reduced by the dispatcher
    price bigint NOT NULL CHECK (price >= 0),
    tax_permille bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (branch_id, order_id, line),
    UNIQUE (branch_id, order_id, product_id)
);

-- Routes
CREATE TABLE route (
    branch_id uuid NOT NULL,
    route_id uuid NOT NULL,
    number text NOT NULL,
    delivery_date date NOT NULL,
    depot_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'published', 'loaded', 'started', 'closed', 'cancelled')),
    distance_m bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    started_at timestamptz,
    start_happened_at timestamptz, -- by the driver's clock
    closed_at timestamptz,
    closed_by uuid,
    delivered_amount bigint NOT NULL DEFAULT 0,
    reason text,
    PRIMARY KEY (branch_id, route_id),
    FOREIGN KEY (branch_id, depot_id) REFERENCES depot,
    FOREIGN KEY (branch_id, vehicle_id) REFERENCES vehicle
);
CREATE INDEX route_date ON route (branch_id, delivery_date, route_id);
CREATE INDEX route_driver ON route (driver_id, delivery_date) WHERE status IN ('draft', 'published', 'loaded', 'started');

CREATE TABLE stop (
    branch_id uuid NOT NULL,
    stop_id uuid NOT NULL,
    route_id uuid NOT NULL,
    order_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    address_id uuid NOT NULL,
    position bigint NOT NULL,
    is_pinned bool NOT NULL DEFAULT false,
    status text NOT NULL CHECK (status IN ('planned', 'arrived', 'delivered', 'failed')),
    is_held bool NOT NULL DEFAULT false, -- the customer was on hold at departure
    arrived_at timestamptz,
    arrive_happened_at timestamptz,
    done_at timestamptz,
    failure text,
    note text,
    PRIMARY KEY (branch_id, stop_id),
    FOREIGN KEY (branch_id, route_id) REFERENCES route
);
-- Policy B10: an order is on one open route, and once it is delivered on none any more.
CREATE UNIQUE INDEX stop_order ON stop (branch_id, order_id) WHERE status <> 'failed';
CREATE INDEX stop_route ON stop (branch_id, route_id, position);

CREATE TABLE route_goods (
    branch_id uuid NOT NULL,
    route_id uuid NOT NULL,
    product_id uuid NOT NULL,
    loaded bigint NOT NULL DEFAULT 0 CHECK (loaded >= 0),
    delivered bigint NOT NULL DEFAULT 0 CHECK (delivered >= 0),
    taken_back bigint NOT NULL DEFAULT 0 CHECK (taken_back >= 0),
    handed_back bigint NOT NULL DEFAULT 0 CHECK (handed_back >= 0),
    difference bigint, -- booked when the route closed
    PRIMARY KEY (branch_id, route_id, product_id),
    FOREIGN KEY (branch_id, route_id) REFERENCES route,
    CHECK (difference IS NULL OR difference = loaded - delivered + taken_back - handed_back)
);

CREATE TABLE slip (
    branch_id uuid NOT NULL,
    slip_id uuid NOT NULL,
    number text NOT NULL,
    route_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('made', 'checked_out', 'void')),
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    checked_out_by uuid,
    checked_out_at timestamptz,
    reason text, -- why it is void
    PRIMARY KEY (branch_id, slip_id),
    UNIQUE (branch_id, number),
    FOREIGN KEY (branch_id, route_id) REFERENCES route
);
CREATE UNIQUE INDEX slip_route ON slip (branch_id, route_id) WHERE status <> 'void';

CREATE TABLE slip_line (
    branch_id uuid NOT NULL,
    slip_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    extra bigint NOT NULL CHECK (extra >= 0 AND extra <= quantity), -- of the quantity: beyond what the stops need
    PRIMARY KEY (branch_id, slip_id, product_id),
    FOREIGN KEY (branch_id, slip_id) REFERENCES slip
);

-- Deliveries and returns
CREATE TABLE delivery (
    branch_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    stop_id uuid NOT NULL,
    order_id uuid NOT NULL,
    route_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    contract_id uuid,
    delivered_on date NOT NULL,
    payment_term text NOT NULL,
    payment_days bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    is_first bool NOT NULL,
    is_outlier bool NOT NULL, -- confirmed a second time, policy B8
    proof_kind text NOT NULL CHECK (proof_kind IN ('signature', 'photo', 'code')),
    proof_data bytea,
    proof_code text,
    signer text,
    note text,
    confirmed_at timestamptz NOT NULL,
    happened_at timestamptz, -- by the driver's clock
    PRIMARY KEY (branch_id, delivery_id),
    UNIQUE (branch_id, stop_id),
    UNIQUE (branch_id, order_id),
    FOREIGN KEY (branch_id, route_id) REFERENCES route,
    FOREIGN KEY (branch_id, stop_id) REFERENCES stop
);
CREATE INDEX delivery_date ON delivery (branch_id, delivered_on, delivery_id);
CREATE INDEX delivery_customer ON delivery (branch_id, customer_id, delivery_id);
CREATE INDEX delivery_route ON delivery (branch_id, route_id, delivery_id);

CREATE TABLE delivery_line (
    branch_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    line bigint NOT NULL,
    product_id uuid NOT NULL,
    ordered bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0 AND returned <= quantity),
    price bigint NOT NULL,
    tax_permille bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    reason text,
    PRIMARY KEY (branch_id, delivery_id, line),
    UNIQUE (branch_id, delivery_id, product_id),
    FOREIGN KEY (branch_id, delivery_id) REFERENCES delivery
);

CREATE TABLE goods_return (
    branch_id uuid NOT NULL,
    return_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    delivery_id uuid,
    route_id uuid,
    depot_id uuid,
    staff_id uuid NOT NULL,
    returned_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    reason text NOT NULL,
    returned_at timestamptz NOT NULL,
    happened_at timestamptz,
    PRIMARY KEY (branch_id, return_id),
    CHECK ((route_id IS NULL) <> (depot_id IS NULL))
);
CREATE INDEX goods_return_date ON goods_return (branch_id, returned_on, return_id);

CREATE TABLE goods_return_line (
    branch_id uuid NOT NULL,
    return_id uuid NOT NULL,
    line bigint NOT NULL,
    product_id uuid NOT NULL,
    delivery_id uuid, -- the delivery it was taken off
    quantity bigint NOT NULL CHECK (quantity > 0),
    price bigint NOT NULL,
    tax_permille bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (branch_id, return_id, line),
    FOREIGN KEY (branch_id, return_id) REFERENCES goods_return
);

-- Installations
CREATE TABLE installation (
    branch_id uuid NOT NULL,
    installation_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    address_id uuid,
    status text NOT NULL CHECK (status IN ('awaiting_approval', 'opened', 'scheduled', 'completed', 'cancelled')),
    is_early bool NOT NULL, -- asked for before the contract was in force
    is_in_force bool NOT NULL,
    requested_by uuid,
    installer_id uuid,
    scheduled_on date,
    completed_at timestamptz,
    happened_at timestamptz,
    proof_kind text,
    proof_data bytea,
    proof_code text,
    signer text,
    reason text,
    note text,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, installation_id),
    CHECK (status NOT IN ('scheduled', 'completed') OR installer_id IS NOT NULL)
);
CREATE UNIQUE INDEX installation_contract ON installation (branch_id, contract_id) WHERE status <> 'cancelled';
CREATE INDEX installation_installer ON installation (installer_id) WHERE status = 'scheduled';

CREATE TABLE installation_item (
    branch_id uuid NOT NULL,
    installation_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (branch_id, installation_id, product_id),
    FOREIGN KEY (branch_id, installation_id) REFERENCES installation
);

-- A serial number is at one customer.
CREATE TABLE installed_serial (
    branch_id uuid NOT NULL,
    serial text NOT NULL,
    installation_id uuid NOT NULL,
    installed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, serial),
    FOREIGN KEY (branch_id, installation_id) REFERENCES installation
);

-- Who signs. An order without contract is weighed by what it is above the setting no_contract_amount: nothing above it, the sales manager
-- alone; anything above it, a leader too (policy C9).
INSERT INTO approval_chain (kind, from_amount, step, function) VALUES
    ('no_contract_order', 0, 1, 'sales_manager'),
    ('no_contract_order', 1, 1, 'sales_manager'),
    ('no_contract_order', 1, 2, 'department_head'),
    ('early_installation', 0, 1, 'department_head');
