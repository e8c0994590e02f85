-- What a plan takes out of a depot beyond what that has, and has not promised to other routes.
CREATE TABLE routing_shortage (
    branch_id uuid NOT NULL,
    run_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0), -- lacking
    PRIMARY KEY (branch_id, run_id, depot_id, product_id),
    FOREIGN KEY (branch_id, run_id) REFERENCES routing_run
);
CALL protect('routing_shortage');
