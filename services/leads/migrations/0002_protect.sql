-- Row-level security, the second net under the branches (design 6), on every table of this service that has them.
CALL protect('customer', 'customer_key', 'owner_load', 'taking_attempt', 'address', 'call', 'visit', 'visit_report', 'timeline');

-- The one look across: whose customer it is that somebody enters a second time, wherever in the company that is (B8).
CREATE FUNCTION customer_owner(of_branch_id uuid, of_customer_id uuid) RETURNS TABLE (owner_id uuid, branch_id uuid) LANGUAGE plpgsql AS $$
DECLARE
    own text := current_setting('songda.branches', true);
BEGIN
    PERFORM set_config('songda.branches', '*', true);
    RETURN QUERY SELECT c.owner_id, c.branch_id FROM customer c WHERE c.branch_id = of_branch_id AND c.customer_id = of_customer_id;
    PERFORM set_config('songda.branches', own, true);
END $$;
