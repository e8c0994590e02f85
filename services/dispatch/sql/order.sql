-- Orders: what entry checks, writing them, steps until they join a list, reading.

-- order_customer: one
-- columns: customer text, is_locked bool, is_held bool, is_address_active bool, is_list_closed bool, serial bigint, code bigint
SELECT c.name, c.is_locked, c.is_held,
       coalesce((SELECT a.is_active FROM address a
                  WHERE a.branch_id = c.branch_id AND a.address_id = :address_id::uuid AND a.customer_id = c.customer_id), false),
       EXISTS (SELECT FROM delivery_list d WHERE d.branch_id = c.branch_id AND d.delivery_date = :delivery_date::date),
       nextval('order_serial'), floor(random() * 1000000)::bigint
  FROM customer c
 WHERE c.branch_id = :branch_id::uuid AND c.customer_id = :customer_id::uuid AND c.name IS NOT NULL
   FOR UPDATE OF c;

-- customer_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM customer
 WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid AND name IS NOT NULL;

-- order_contract: many
-- columns: contract_id uuid, payment_term payment_term, payment_days bigint, product_id uuid?, price bigint?, tax_permille bigint?
SELECT t.contract_id, t.payment_term, t.payment_days, p.product_id, p.price, p.tax_permille
  FROM (SELECT k.contract_id, k.payment_term, k.payment_days FROM contract k
         WHERE k.branch_id = :branch_id::uuid AND k.customer_id = :customer_id::uuid AND NOT k.is_ended
           AND k.valid_from <= :delivery_date::date AND k.valid_until >= :delivery_date::date
         ORDER BY k.valid_from DESC, k.contract_id DESC LIMIT 1) t
  LEFT JOIN contract_price p ON p.branch_id = :branch_id::uuid AND p.contract_id = t.contract_id
                            AND p.product_id = ANY(string_to_array(:product_ids::text, ',')::uuid[]);

-- order_duplicate: one
-- columns: number text
SELECT o.number FROM customer_order o
 WHERE o.branch_id = :branch_id::uuid AND o.customer_id = :customer_id::uuid AND o.delivery_date = :delivery_date::date
   AND o.address_id = :address_id::uuid AND o.status NOT IN ('delivered', 'cancelled', 'rejected')
   AND o.order_id IS DISTINCT FROM :order_id::uuid
   AND EXISTS (SELECT FROM order_line l WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id
                  AND l.product_id = ANY(string_to_array(:product_ids::text, ',')::uuid[]))
 LIMIT 1;

-- order_products: many
-- columns: product_id uuid, tax_permille bigint
SELECT product_id, tax_permille FROM product
 WHERE branch_id = :company_id::uuid AND product_id = ANY(:product_ids::uuid[]) AND is_active;

-- product_text: one
-- columns: name text
SELECT name FROM product WHERE branch_id = :company_id::uuid AND product_id = :product_id::uuid;

-- order_insert: write
INSERT INTO customer_order (branch_id, order_id, number, customer_id, address_id, delivery_date, window_from, window_to, status,
                            needs_review, needs_approval, needs_acceptance, is_urgent, contract_id, payment_term, payment_days, amount,
                            code, note, placed_by, placed_at)
VALUES (:branch_id::uuid, :order_id::uuid, :number::text, :customer_id::uuid, :address_id::uuid, :delivery_date::date,
        :window_from::bigint?, :window_to::bigint?, :status::order_status, :needs_review::bool, :needs_approval::bool,
        :needs_acceptance::bool, :is_urgent::bool, :contract_id::uuid, :payment_term::payment_term, :payment_days::bigint,
        :amount::bigint, :code::text, :note::text, :actor_id::uuid, :now::timestamptz);

-- order_line_insert: write
INSERT INTO order_line (branch_id, order_id, line, product_id, ordered, quantity, price, tax_permille, amount)
VALUES (:branch_id::uuid, :order_id::uuid, :line::bigint, :product_id::uuid, :quantity::bigint, :quantity::bigint, :price::bigint,
        :tax_permille::bigint, :amount::bigint);

-- order_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM customer_order WHERE branch_id = ANY(:scope::uuid[]) AND order_id = :order_id::uuid;

-- order_lock: one
-- columns: branch_id uuid, order_id uuid, number text, customer_id uuid, address_id uuid, delivery_date date, status order_status, needs_review bool, needs_approval bool, needs_acceptance bool, is_urgent bool, contract_id uuid?, payment_term payment_term, payment_days bigint, amount bigint, list_id uuid?, note text?, placed_by uuid
SELECT branch_id, order_id, number, customer_id, address_id, delivery_date, status, needs_review, needs_approval, needs_acceptance,
       is_urgent, contract_id, payment_term, payment_days, amount, list_id, note, placed_by
  FROM customer_order
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid
   FOR UPDATE;

-- order_standing: one
-- columns: customer text, is_locked bool, is_held bool, list_id uuid?
SELECT c.name, c.is_locked, c.is_held,
       (SELECT d.list_id FROM delivery_list d WHERE d.branch_id = c.branch_id AND d.delivery_date = :delivery_date::date)
  FROM customer c
 WHERE c.branch_id = :branch_id::uuid AND c.customer_id = :customer_id::uuid AND c.name IS NOT NULL;

-- order_lines: many
-- columns: order_line
SELECT l.product_id, p.name, p.unit, l.ordered, l.quantity, l.price, l.tax_permille, l.amount
  FROM order_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = ANY(:scope::uuid[]) AND l.order_id = :order_id::uuid
 ORDER BY l.line;

-- order_lines_here: many
-- columns: product_id uuid, quantity bigint, price bigint, tax_permille bigint
SELECT product_id, quantity, price, tax_permille FROM order_line
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid
 ORDER BY line;

-- order_rewrite: write
UPDATE customer_order
   SET address_id = :address_id::uuid, delivery_date = :delivery_date::date, window_from = :window_from::bigint?,
       window_to = :window_to::bigint?, status = :status::order_status, needs_review = :needs_review::bool,
       needs_approval = :needs_approval::bool, needs_acceptance = :needs_acceptance::bool, is_urgent = :is_urgent::bool,
       contract_id = :contract_id::uuid, payment_term = :payment_term::payment_term, payment_days = :payment_days::bigint,
       amount = :amount::bigint, note = :note::text
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- order_lines_delete: write
DELETE FROM order_line WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- order_step: write
UPDATE customer_order
   SET status = :status::order_status, needs_review = :needs_review::bool, needs_approval = :needs_approval::bool,
       needs_acceptance = :needs_acceptance::bool, is_urgent = :is_urgent::bool, delivery_date = :delivery_date::date,
       list_id = :list_id::uuid, decided_by = :actor_id::uuid, reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- order_end: write
UPDATE customer_order SET status = :status::order_status, decided_by = :actor_id::uuid, reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- order_line_reduce: write one order_not_reduced
UPDATE order_line SET quantity = :quantity::bigint, amount = :amount::bigint
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid AND product_id = :product_id::uuid AND quantity > :quantity::bigint;

-- order_set_amount: write
UPDATE customer_order SET amount = :amount::bigint, decided_by = :actor_id::uuid, reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- order_route: one
-- columns: route_id uuid, status route_status
SELECT r.route_id, r.status FROM stop s JOIN route r ON r.branch_id = s.branch_id AND r.route_id = s.route_id
 WHERE s.branch_id = :branch_id::uuid AND s.order_id = :order_id::uuid AND s.status <> 'failed'
   FOR UPDATE OF r;

-- order_release_held: many
-- columns: order_id uuid, amount bigint, status order_status
UPDATE customer_order o
   SET status = CASE WHEN o.delivery_date < :today::date OR EXISTS (
                              SELECT FROM delivery_list d WHERE d.branch_id = o.branch_id AND d.delivery_date = o.delivery_date)
                     THEN 'awaiting_acceptance' ELSE 'ready' END,
       is_urgent = o.is_urgent OR o.delivery_date < :today::date OR EXISTS (
                              SELECT FROM delivery_list d WHERE d.branch_id = o.branch_id AND d.delivery_date = o.delivery_date),
       needs_acceptance = o.delivery_date < :today::date OR EXISTS (
                              SELECT FROM delivery_list d WHERE d.branch_id = o.branch_id AND d.delivery_date = o.delivery_date)
 WHERE o.branch_id = :branch_id::uuid AND o.customer_id = :customer_id::uuid AND o.status = 'held'
   AND EXISTS (SELECT FROM customer c WHERE c.branch_id = o.branch_id AND c.customer_id = o.customer_id AND NOT c.is_held AND NOT c.is_locked)
RETURNING o.order_id, o.amount, o.status;

-- order_picture: one
-- columns: picture text
SELECT json_build_object(
           'number', o.number, 'customer', c.name, 'delivery_date', o.delivery_date, 'amount', o.amount, 'is_urgent', o.is_urgent,
           'note', o.note, 'lines', (SELECT json_agg(json_build_object('product_id', l.product_id, 'product', p.name, 'quantity', l.quantity,
                                                                      'price', l.price, 'amount', l.amount) ORDER BY l.line)
                                       FROM order_line l
                                       LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
                                      WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id))::text
  FROM customer_order o LEFT JOIN customer c USING (branch_id, customer_id)
 WHERE o.branch_id = :branch_id::uuid AND o.order_id = :order_id::uuid;

-- order_total: many
-- columns: order_day
SELECT o.branch_id, o.day AS delivery_date, count(*) AS orders, sum(o.amount)::bigint AS amount, max(o.placed_at) AS as_of
  FROM customer_order o
 WHERE o.branch_id = ANY(:scope::uuid[]) AND o.day BETWEEN :from_date::date AND :to_date::date
   AND o.status NOT IN ('cancelled', 'rejected')
 GROUP BY o.branch_id, o.day
 ORDER BY o.day, o.branch_id
 LIMIT 4096;

-- order_card: one
-- columns: branch_id uuid, number text, status order_status, customer_id uuid, address_id uuid, delivery_date date, window_from bigint?, window_to bigint?, is_urgent bool, contract_id uuid?, payment_term payment_term, payment_days bigint, amount bigint, code text, note text?, attempts bigint, list_id uuid?, route_id uuid?, stop_id uuid?, delivery_id uuid?, placed_by uuid, placed_at timestamptz, decided_by uuid?, reason text?, priority bigint?, leave_out_price bigint?
SELECT o.branch_id, o.number, o.status, o.customer_id, o.address_id, o.delivery_date, o.window_from, o.window_to, o.is_urgent, o.contract_id,
       o.payment_term, o.payment_days, o.amount, o.code, o.note, o.attempts, o.list_id, s.route_id, s.stop_id, d.delivery_id, o.placed_by,
       o.placed_at, o.decided_by, o.reason, o.priority, o.leave_out_price
  FROM customer_order o
  LEFT JOIN stop s ON s.branch_id = o.branch_id AND s.order_id = o.order_id AND s.status <> 'failed'
  LEFT JOIN delivery d ON d.branch_id = o.branch_id AND d.order_id = o.order_id
 WHERE o.branch_id = ANY(:scope::uuid[]) AND o.order_id = :order_id::uuid;

-- order_list_recent: many
-- columns: order_summary
-- pages: order_id desc by order_list_sort
SELECT o.order_id, o.branch_id, o.number, o.customer_id, c.name, o.address_id, o.delivery_date, o.status, o.is_urgent, o.amount, o.contract_id,
       o.list_id, o.attempts, o.placed_by, o.placed_at
  FROM customer_order o
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = ANY(:scope::uuid[])
   AND (:status::order_status IS NULL OR o.status = :status::order_status);

-- order_list_date: many
-- columns: order_summary
-- pages: order_id desc by order_list_sort
SELECT o.order_id, o.branch_id, o.number, o.customer_id, c.name, o.address_id, o.delivery_date, o.status, o.is_urgent, o.amount, o.contract_id,
       o.list_id, o.attempts, o.placed_by, o.placed_at
  FROM customer_order o
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = ANY(:scope::uuid[]) AND o.day = :delivery_date::date
   AND (:status::order_status IS NULL OR o.status = :status::order_status);

-- order_list_customer: many
-- columns: order_summary
-- pages: order_id desc by order_list_sort
SELECT o.order_id, o.branch_id, o.number, o.customer_id, c.name, o.address_id, o.delivery_date, o.status, o.is_urgent, o.amount, o.contract_id,
       o.list_id, o.attempts, o.placed_by, o.placed_at
  FROM customer_order o
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = ANY(:scope::uuid[]) AND o.customer_id = :customer_id::uuid
   AND (:delivery_date::date IS NULL OR o.delivery_date = :delivery_date::date)
   AND (:status::order_status IS NULL OR o.status = :status::order_status);

-- order_list_listed: many
-- columns: order_summary
-- pages: order_id desc by list_read_sort
SELECT o.order_id, o.branch_id, o.number, o.customer_id, c.name, o.address_id, o.delivery_date, o.status, o.is_urgent, o.amount, o.contract_id,
       o.list_id, o.attempts, o.placed_by, o.placed_at
  FROM customer_order o
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = ANY(:scope::uuid[]) AND o.list_id = :list_id::uuid;
