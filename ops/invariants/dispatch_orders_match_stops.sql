-- B10: what is planned has its stop, what has a waiting stop is planned, what is delivered has its delivery, and the other way round.
SELECT o.branch_id, o.order_id, o.status, s.status
  FROM dispatch.customer_order o
  FULL JOIN (SELECT * FROM dispatch.stop WHERE status <> 'failed') s USING (branch_id, order_id)
 WHERE (coalesce(o.status, '') = 'planned') <> (coalesce(s.status, '') IN ('planned', 'arrived'))
    OR (coalesce(o.status, '') = 'delivered') <> (coalesce(s.status, '') = 'delivered')
UNION ALL
SELECT s.branch_id, s.order_id, s.status, 'without delivery' FROM dispatch.stop s LEFT JOIN dispatch.delivery d USING (branch_id, stop_id)
 WHERE (s.status = 'delivered') <> (d.delivery_id IS NOT NULL);
