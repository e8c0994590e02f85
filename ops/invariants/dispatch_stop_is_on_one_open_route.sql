-- B10: an order stands on one stop that did not fail, and while that waits, on one open route.
SELECT s.branch_id, s.order_id, count(*) FROM dispatch.stop s WHERE s.status <> 'failed' GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT s.branch_id, s.order_id, 0 FROM dispatch.stop s JOIN dispatch.route r USING (branch_id, route_id)
 WHERE s.status IN ('planned', 'arrived') AND r.status IN ('closed', 'cancelled');
