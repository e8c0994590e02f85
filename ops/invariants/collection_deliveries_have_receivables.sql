-- A confirmed delivery has exactly one receivable of the same amount, once collection has heard of everything (R1, R5).
SELECT d.branch_id, d.delivery_id, d.amount, r.amount
  FROM dispatch.delivery d
  JOIN dispatch.outbox_counter o ON o.branch_id = d.branch_id
  JOIN collection.inbox_position i ON i.producer = 'dispatch' AND i.branch_id = d.branch_id AND i.number = o.number
  FULL JOIN collection.receivable r ON r.branch_id = d.branch_id AND r.delivery_id = d.delivery_id
 WHERE r.amount IS DISTINCT FROM d.amount AND (d.delivery_id IS NOT NULL OR NOT EXISTS (
       SELECT 1 FROM dispatch.delivery x WHERE x.branch_id = r.branch_id AND x.delivery_id = r.delivery_id));
