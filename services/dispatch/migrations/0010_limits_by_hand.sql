-- The limits a route breaks, as of its last change: the dispatcher's own hand may go beyond a soft one, and says why.
CREATE TABLE route_break (
    branch_id uuid NOT NULL,
    route_id uuid NOT NULL,
    number bigint NOT NULL,
    reason text NOT NULL CHECK (reason IN ('fits', 'property', 'lock', 'capacity', 'window', 'shift', 'duration', 'distance', 'stops', 'products')),
    amount bigint NOT NULL,
    stop_id uuid, -- NULL: the route as a whole
    is_hard bool NOT NULL,
    PRIMARY KEY (branch_id, route_id, number),
    FOREIGN KEY (branch_id, route_id) REFERENCES route
);
CALL protect('route_break');
ALTER TABLE route ADD COLUMN limits_reason text;
ALTER TABLE route ADD COLUMN limits_by uuid;
ALTER TABLE route ADD COLUMN limits_at timestamptz;
