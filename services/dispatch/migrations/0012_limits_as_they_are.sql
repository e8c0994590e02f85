-- What a route breaks, and when a vehicle is back from a trip, is reckoned when it is asked for: what stood here was of the last change.
DROP TABLE route_break;
ALTER TABLE route DROP COLUMN planned_back_s;
