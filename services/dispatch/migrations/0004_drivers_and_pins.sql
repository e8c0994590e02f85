-- Licences and shifts of drivers (policy B10).
CREATE TABLE driver_card (
    branch_id uuid NOT NULL,
    driver_id uuid NOT NULL,
    licence text NOT NULL,
    licence_until date NOT NULL,
    shift_from bigint, -- minutes from midnight; NULL: the branch's setting
    shift_to bigint,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, driver_id),
    CHECK ((shift_from IS NULL) = (shift_to IS NULL)),
    CHECK (shift_from >= 0 AND shift_from < shift_to AND shift_to <= 1440)
);

-- A stop that stays on its vehicle though not at its place; what was announced to the driver when the route was published (policy B11).
ALTER TABLE stop ADD COLUMN is_kept bool NOT NULL DEFAULT false;
ALTER TABLE stop ADD COLUMN planned_position bigint;
ALTER TABLE stop ADD COLUMN planned_arrive_s bigint; -- seconds from midnight
ALTER TABLE stop ADD COLUMN planned_leave_s bigint;
ALTER TABLE route ADD COLUMN planned_distance_m bigint;
ALTER TABLE route ADD COLUMN planned_duration_s bigint;
ALTER TABLE route ADD COLUMN planned_stops bigint;

-- An order the dispatcher plans by hand or not yet: no plan takes it by itself.
ALTER TABLE customer_order ADD COLUMN is_excluded bool NOT NULL DEFAULT false;

CALL protect('driver_card');
