-- D5: what lies in a depot is the sum of what moved, and never below zero.
SELECT branch_id, depot_id, product_id, s.on_hand, m.moved
  FROM dispatch.stock s
  FULL JOIN (SELECT branch_id, depot_id, product_id, sum(quantity) AS moved FROM dispatch.stock_movement GROUP BY 1, 2, 3) m
       USING (branch_id, depot_id, product_id)
 WHERE coalesce(s.on_hand, 0) <> coalesce(m.moved, 0) OR s.on_hand < 0;
