-- Vehicles with a depot of their own, and plans over several; a vehicle that loads again is another route, after the one before.
ALTER TABLE vehicle ADD COLUMN depot_id uuid;
ALTER TABLE vehicle ADD COLUMN end_depot_id uuid;
ALTER TABLE vehicle ADD COLUMN reload_minutes bigint CHECK (reload_minutes BETWEEN 0 AND 480); -- NULL: one trip a day
ALTER TABLE vehicle ADD FOREIGN KEY (branch_id, depot_id) REFERENCES depot;
ALTER TABLE vehicle ADD FOREIGN KEY (branch_id, end_depot_id) REFERENCES depot;
ALTER TABLE route ADD COLUMN end_depot_id uuid; -- NULL: where it started
ALTER TABLE route ADD COLUMN trip bigint NOT NULL DEFAULT 1 CHECK (trip > 0);
ALTER TABLE route ADD COLUMN after_route_id uuid; -- the vehicle's trip before
ALTER TABLE route ADD COLUMN planned_back_s bigint; -- seconds from midnight
ALTER TABLE route ADD FOREIGN KEY (branch_id, end_depot_id) REFERENCES depot;
ALTER TABLE route ADD CHECK ((trip > 1) = (after_route_id IS NOT NULL));
ALTER TABLE routing_crew ADD COLUMN depot_id uuid; -- NULL: the run's
ALTER TABLE routing_crew ADD COLUMN end_depot_id uuid; -- NULL: where it starts
ALTER TABLE routing_crew ADD COLUMN trips bigint NOT NULL DEFAULT 1;
ALTER TABLE routing_visit ADD COLUMN trip bigint;
ALTER TABLE routing_visit ADD COLUMN in_trip bigint; -- its place in the trip
