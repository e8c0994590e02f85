-- D2, D6: an order, a delivery and a return amount to their lines; no more is returned than was delivered.
SELECT 'order' AS what, o.branch_id, o.order_id AS id FROM dispatch.customer_order o
 WHERE o.amount <> (SELECT coalesce(sum(l.amount), 0) FROM dispatch.order_line l WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id)
UNION ALL
SELECT 'delivery', d.branch_id, d.delivery_id FROM dispatch.delivery d
 WHERE d.amount <> (SELECT coalesce(sum(l.amount), 0) FROM dispatch.delivery_line l
                     WHERE l.branch_id = d.branch_id AND l.delivery_id = d.delivery_id)
UNION ALL
SELECT 'return', r.branch_id, r.return_id FROM dispatch.goods_return r
 WHERE r.amount <> (SELECT coalesce(sum(l.amount), 0) FROM dispatch.goods_return_line l
                     WHERE l.branch_id = r.branch_id AND l.return_id = r.return_id)
UNION ALL
SELECT 'returned', l.branch_id, l.delivery_id FROM dispatch.delivery_line l
 WHERE l.returned <> (SELECT coalesce(sum(x.quantity), 0) FROM dispatch.goods_return_line x
                       WHERE x.branch_id = l.branch_id AND x.delivery_id = l.delivery_id AND x.product_id = l.product_id);
