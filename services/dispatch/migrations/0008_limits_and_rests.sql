-- What plans keep besides capacity and shift: a vehicle's most stops, longest day and way, and a driver's rest.
ALTER TABLE vehicle ADD COLUMN max_stops bigint CHECK (max_stops BETWEEN 1 AND 100);
ALTER TABLE vehicle ADD COLUMN max_minutes bigint CHECK (max_minutes BETWEEN 1 AND 1440);
ALTER TABLE vehicle ADD COLUMN max_distance_m bigint CHECK (max_distance_m > 0);
ALTER TABLE driver_card ADD COLUMN rest_from bigint; -- begun between these minutes from midnight
ALTER TABLE driver_card ADD COLUMN rest_to bigint;
ALTER TABLE driver_card ADD COLUMN rest_minutes bigint;
ALTER TABLE driver_card ADD CHECK ((rest_from IS NULL) = (rest_to IS NULL) AND (rest_from IS NULL) = (rest_minutes IS NULL));
ALTER TABLE driver_card ADD CHECK (rest_from >= 0 AND rest_from <= rest_to AND rest_to <= 1440 AND rest_minutes BETWEEN 1 AND 480);
