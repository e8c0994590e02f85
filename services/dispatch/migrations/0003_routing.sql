-- Planning runs: asked for by a dispatcher, carried out by a worker process, accepted as routes.
CREATE TABLE routing_run (
    branch_id uuid NOT NULL,
    run_id uuid NOT NULL,
    delivery_date date NOT NULL,
    depot_id uuid NOT NULL,
    list_id uuid, -- NULL: whatever waits
    takes_waiting bool NOT NULL, -- false: only the stops of its routes
    effort_seconds bigint NOT NULL CHECK (effort_seconds IN (1, 5, 20)),
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'accepted', 'cancelled', 'failed')),
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    attempts bigint NOT NULL DEFAULT 0, -- how often a worker took it; the number tells a worker whether the run is still its own
    worker text,
    heartbeat_at timestamptz, -- by the workers' clock
    share_permille bigint NOT NULL DEFAULT 0,
    best_cost bigint,
    iterations bigint NOT NULL DEFAULT 0,
    stops bigint NOT NULL DEFAULT 0,
    unplanned bigint NOT NULL DEFAULT 0,
    cost bigint NOT NULL DEFAULT 0,
    distance_m bigint NOT NULL DEFAULT 0,
    duration_s bigint NOT NULL DEFAULT 0,
    late_s bigint NOT NULL DEFAULT 0,
    stopped_early bool NOT NULL DEFAULT false,
    travel text, -- where distances came from
    ended_at timestamptz,
    reason text, -- why it failed
    PRIMARY KEY (branch_id, run_id),
    FOREIGN KEY (branch_id, depot_id) REFERENCES depot,
    CHECK (status <> 'running' OR heartbeat_at IS NOT NULL)
);
CREATE INDEX routing_run_open ON routing_run (asked_at) WHERE status IN ('queued', 'running');

-- Who drives, and once it is planned, how far and how long.
CREATE TABLE routing_crew (
    branch_id uuid NOT NULL,
    run_id uuid NOT NULL,
    place bigint NOT NULL CHECK (place > 0),
    vehicle_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    route_id uuid, -- the open route that is planned again; NULL: a new one
    stops bigint NOT NULL DEFAULT 0,
    load bigint NOT NULL DEFAULT 0,
    cost bigint NOT NULL DEFAULT 0,
    distance_m bigint NOT NULL DEFAULT 0,
    duration_s bigint NOT NULL DEFAULT 0,
    leaves_s bigint, -- seconds from midnight
    back_s bigint,
    PRIMARY KEY (branch_id, run_id, place),
    UNIQUE (branch_id, run_id, vehicle_id),
    FOREIGN KEY (branch_id, run_id) REFERENCES routing_run
);

-- What became of each order, and what it was when it was planned: a plan is stale once that is no longer so.
CREATE TABLE routing_visit (
    branch_id uuid NOT NULL,
    run_id uuid NOT NULL,
    order_id uuid NOT NULL,
    stop_id uuid, -- where it was on a route of the run already
    route_id uuid,
    load bigint NOT NULL,
    address_id uuid NOT NULL,
    window_from bigint,
    window_to bigint,
    place bigint, -- the crew; NULL: not planned
    position bigint,
    arrive_s bigint, -- seconds from midnight
    begin_s bigint,
    leave_s bigint,
    reason text CHECK (reason IN ('fits', 'property', 'lock', 'capacity', 'window', 'shift', 'duration', 'distance', 'stops')),
    amount bigint, -- by how much
    near_vehicle_id uuid, -- where that is so
    PRIMARY KEY (branch_id, run_id, order_id),
    FOREIGN KEY (branch_id, run_id) REFERENCES routing_run,
    CHECK ((place IS NULL) = (position IS NULL)),
    CHECK ((place IS NULL) = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX routing_visit_place ON routing_visit (branch_id, run_id, place, position) WHERE place IS NOT NULL;

CALL protect('routing_run', 'routing_crew', 'routing_visit');
