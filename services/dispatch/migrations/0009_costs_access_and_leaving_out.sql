-- What a vehicle costs where that is not the branch's figure, and what it is: bits by the order of schemas' vehicle_property.
ALTER TABLE vehicle ADD COLUMN cost_fixed bigint CHECK (cost_fixed >= 0);
ALTER TABLE vehicle ADD COLUMN cost_km bigint CHECK (cost_km >= 0);
ALTER TABLE vehicle ADD COLUMN cost_hour bigint CHECK (cost_hour >= 0);
ALTER TABLE vehicle ADD COLUMN properties bigint NOT NULL DEFAULT 0 CHECK (properties >= 0);

-- What an address demands of the vehicles that come there.
CREATE TABLE address_access (
    branch_id uuid NOT NULL,
    address_id uuid NOT NULL,
    required bigint NOT NULL CHECK (required >= 0),
    forbidden bigint NOT NULL CHECK (forbidden >= 0),
    note text,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, address_id),
    CHECK (required & forbidden = 0)
);
CALL protect('address_access');

-- How much an order matters to a plan, where the dispatcher says so.
ALTER TABLE customer_order ADD COLUMN priority bigint CHECK (priority BETWEEN 0 AND 9);
ALTER TABLE customer_order ADD COLUMN leave_out_price bigint CHECK (leave_out_price >= 0); -- 0: a plan never leaves it out by itself
ALTER TABLE routing_run ADD COLUMN leave_out_price bigint NOT NULL DEFAULT 0 CHECK (leave_out_price >= 0);
ALTER TABLE routing_visit ADD COLUMN leave_out_price bigint;
ALTER TABLE routing_visit ADD COLUMN serve_cost bigint; -- what serving it would have cost, where it fitted
ALTER TABLE routing_visit ADD COLUMN missing bigint NOT NULL DEFAULT 0; -- properties that the nearest vehicle lacks
ALTER TABLE routing_visit ADD COLUMN unwanted bigint NOT NULL DEFAULT 0; -- and those it has, and should not

-- Bottles of 15 kg and of 50 kg may have one name.
ALTER TABLE product ADD COLUMN specification text;
