-- D8: what a route loaded is its slip's, what it delivered its deliveries', what it took back its returns'; a closed route booked the difference.
WITH loaded AS (
    SELECT s.branch_id, s.route_id, l.product_id, sum(l.quantity) AS n
      FROM dispatch.slip s JOIN dispatch.slip_line l USING (branch_id, slip_id) WHERE s.status = 'checked_out' GROUP BY 1, 2, 3
), delivered AS (
    SELECT d.branch_id, d.route_id, l.product_id, sum(l.quantity) AS n
      FROM dispatch.delivery d JOIN dispatch.delivery_line l USING (branch_id, delivery_id) GROUP BY 1, 2, 3
), taken AS (
    SELECT r.branch_id, r.route_id, l.product_id, sum(l.quantity) AS n
      FROM dispatch.goods_return r JOIN dispatch.goods_return_line l USING (branch_id, return_id)
     WHERE r.route_id IS NOT NULL GROUP BY 1, 2, 3
)
SELECT branch_id, route_id, product_id, g.loaded, g.delivered, g.taken_back, g.handed_back, g.difference
  FROM dispatch.route_goods g
  JOIN dispatch.route r USING (branch_id, route_id)
  FULL JOIN loaded USING (branch_id, route_id, product_id)
  FULL JOIN delivered USING (branch_id, route_id, product_id)
  FULL JOIN taken USING (branch_id, route_id, product_id)
 WHERE coalesce(g.loaded, 0) <> coalesce(loaded.n, 0) OR coalesce(g.delivered, 0) <> coalesce(delivered.n, 0)
    OR coalesce(g.taken_back, 0) <> coalesce(taken.n, 0)
    OR (r.status = 'closed') <> (g.difference IS NOT NULL)
    OR g.difference <> g.loaded - g.delivered + g.taken_back - g.handed_back;
