-- What the driver counted on the truck before the warehouse did; the warehouse's count decides (D8).
ALTER TABLE route_goods ADD COLUMN counted bigint CHECK (counted >= 0);
ALTER TABLE route_goods ADD COLUMN counted_at timestamptz;
ALTER TABLE route_goods ADD COLUMN count_happened_at timestamptz; -- the phone's clock: evidence only
