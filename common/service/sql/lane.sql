-- What the lane itself asks.

-- lane_branches: one
-- columns: branches text
SELECT set_config('songda.branches', :branches::text, true) AS branches;

-- A company has one headquarters; events and jobs work for it.
-- company_find: one
-- columns: company_id uuid
SELECT company_id FROM branch WHERE parent_id IS NULL LIMIT 1;
