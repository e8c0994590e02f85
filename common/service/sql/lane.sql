-- What the lane itself asks.

-- lane_branches: one
-- columns: branches text
SELECT set_config('songda.branches', :branches::text, true) AS branches;
