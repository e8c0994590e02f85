-- A confirmed delivery has exactly one receivable of the same amount, once collection has heard of it (R1, R5).
SELECT d.branch_id, d.delivery_id, d.amount, r.amount
  FROM dispatch.delivery d
  JOIN dispatch.outbox o ON o.branch_id = d.branch_id AND o.event = 'dispatch.delivery.confirmed' AND o.event_id = d.event_id
  JOIN collection.inbox_position i ON i.producer = 'dispatch' AND i.branch_id = d.branch_id AND i.number >= o.number
  LEFT JOIN collection.receivable r ON r.branch_id = d.branch_id AND r.delivery_id = d.delivery_id
 WHERE r.amount IS DISTINCT FROM d.amount;
