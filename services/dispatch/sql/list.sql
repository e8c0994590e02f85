-- The day's delivery lists.

-- list_insert: one
-- columns: list_id uuid
INSERT INTO delivery_list (branch_id, list_id, delivery_date, closed_by, closed_at)
VALUES (:branch_id::uuid, :list_id::uuid, :delivery_date::date, :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, delivery_date) DO NOTHING
RETURNING list_id;

-- list_of: one
-- columns: list_id uuid
SELECT list_id FROM delivery_list WHERE branch_id = :branch_id::uuid AND delivery_date = :delivery_date::date FOR UPDATE;

-- list_hold: many
-- columns: order_id uuid, customer_id uuid, amount bigint
UPDATE customer_order o SET status = 'held', reason = c.hold_reason
  FROM customer c
 WHERE o.branch_id = :branch_id::uuid AND o.delivery_date = :delivery_date::date AND o.status = 'ready'
   AND c.branch_id = o.branch_id AND c.customer_id = o.customer_id AND (c.is_held OR c.is_locked)
RETURNING o.order_id, o.customer_id, o.amount;

-- list_take: one
-- columns: orders bigint
WITH taken AS (
    UPDATE customer_order SET status = 'listed', list_id = :list_id::uuid
     WHERE branch_id = :branch_id::uuid AND delivery_date = :delivery_date::date AND status = 'ready'
    RETURNING order_id
)
SELECT count(*) FROM taken;

-- list_waiting: many
-- columns: of_branch_id uuid, delivery_date date
SELECT branch_id, delivery_date FROM customer_order
 WHERE status = 'ready' AND delivery_date <= :today::date + 1
 GROUP BY delivery_date, branch_id ORDER BY delivery_date, branch_id LIMIT :limit::bigint;

-- list_card: one
-- columns: list_id uuid, branch_id uuid, delivery_date date, closed_at timestamptz
SELECT list_id, branch_id, delivery_date, closed_at FROM delivery_list
 WHERE branch_id = ANY(:scope::uuid[]) AND list_id = :list_id::uuid;

-- list_counts: many
-- columns: order_count
SELECT status, count(*), coalesce(sum(amount), 0)::bigint FROM customer_order
 WHERE branch_id = ANY(:scope::uuid[]) AND list_id = :list_id::uuid
 GROUP BY status ORDER BY status;

-- list_list: many
-- columns: list_summary
-- pages: list_id desc by list_list_sort
SELECT d.list_id, d.branch_id, d.delivery_date,
       (SELECT count(*) FROM customer_order o WHERE o.branch_id = d.branch_id AND o.list_id = d.list_id),
       (SELECT count(*) FROM customer_order o WHERE o.branch_id = d.branch_id AND o.delivery_date = d.delivery_date AND o.status = 'held'),
       d.closed_at
  FROM delivery_list d
 WHERE d.branch_id = ANY(:scope::uuid[]) AND (:from_date::date IS NULL OR d.delivery_date >= :from_date::date)
   AND (:to_date::date IS NULL OR d.delivery_date <= :to_date::date);
