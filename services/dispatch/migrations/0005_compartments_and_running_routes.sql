-- Compartments (policy D4): what a vehicle may carry where. A vehicle without any has one capacity for everything.
CREATE TABLE vehicle_compartment (
    branch_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    place bigint NOT NULL CHECK (place BETWEEN 1 AND 8),
    name text NOT NULL,
    capacity bigint NOT NULL CHECK (capacity > 0),
    product_ids uuid[] NOT NULL, -- none: everything
    PRIMARY KEY (branch_id, vehicle_id, place),
    UNIQUE (branch_id, vehicle_id, name),
    FOREIGN KEY (branch_id, vehicle_id) REFERENCES vehicle
);
CALL protect('vehicle_compartment');

-- Runs over routes that are published or on the road: what is driven stays, and what changes has a price.
ALTER TABLE routing_run DROP CONSTRAINT routing_run_effort_seconds_check;
ALTER TABLE routing_run ADD CHECK (effort_seconds IN (0, 1, 5, 20));
ALTER TABLE routing_run ADD COLUMN balance_price bigint NOT NULL DEFAULT 0 CHECK (balance_price >= 0);
ALTER TABLE routing_run ADD COLUMN change_price bigint NOT NULL DEFAULT 0 CHECK (change_price >= 0);
ALTER TABLE routing_run ADD COLUMN moved bigint NOT NULL DEFAULT 0;
ALTER TABLE routing_run ADD COLUMN travel_note text;
ALTER TABLE routing_visit ADD COLUMN slack_s bigint;
ALTER TABLE routing_visit ADD COLUMN is_driven bool NOT NULL DEFAULT false;
ALTER TABLE routing_visit DROP CONSTRAINT routing_visit_reason_check;
ALTER TABLE routing_visit ADD CHECK (reason IN ('fits', 'property', 'lock', 'capacity', 'window', 'shift', 'duration', 'distance', 'stops',
                                                'products'));

-- Pins that were kept although they break a limit.
CREATE TABLE routing_broken (
    branch_id uuid NOT NULL,
    run_id uuid NOT NULL,
    number bigint NOT NULL,
    vehicle_id uuid NOT NULL,
    order_id uuid, -- NULL: the route as a whole
    reason text NOT NULL CHECK (reason IN ('fits', 'property', 'lock', 'capacity', 'window', 'shift', 'duration', 'distance', 'stops',
                                           'products')),
    amount bigint NOT NULL,
    PRIMARY KEY (branch_id, run_id, number),
    FOREIGN KEY (branch_id, run_id) REFERENCES routing_run
);
CALL protect('routing_broken');

-- What is announced besides arrival and departure.
ALTER TABLE stop ADD COLUMN planned_wait_s bigint;
ALTER TABLE stop ADD COLUMN planned_slack_s bigint;
