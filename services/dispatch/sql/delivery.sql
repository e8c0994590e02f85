-- The driver's work: departure, arrival, delivery, failure, returns, the end of the route.

-- route_start: write
UPDATE route SET status = 'started', started_at = :now::timestamptz, start_happened_at = :happened_at::timestamptz
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_mark_held: write
UPDATE stop s SET is_held = true
  FROM customer c
 WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND c.branch_id = s.branch_id AND c.customer_id = s.customer_id
   AND (c.is_held OR c.is_locked);

-- stop_customer: one
-- columns: customer text, is_held bool, due bigint, balance bigint, credit bigint
SELECT name, is_held OR is_locked, due, balance, credit FROM customer
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- stop_arrive: write
UPDATE stop SET status = CASE WHEN status = 'planned' THEN 'arrived' ELSE status END, arrived_at = :now::timestamptz,
       arrive_happened_at = :happened_at::timestamptz
 WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid AND arrived_at IS NULL;

-- delivery_order: one
-- columns: contract_id uuid?, payment_term payment_term, payment_days bigint, code text
SELECT contract_id, payment_term, payment_days, code FROM customer_order
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid
   FOR UPDATE;

-- In order of product: deliveries of one route touch its goods in one order, however they arrive.
-- delivery_wanted: many
-- columns: product_id uuid, product text?, quantity bigint, price bigint, tax_permille bigint, on_truck bigint
SELECT l.product_id, p.name, l.quantity, l.price, l.tax_permille, coalesce(g.loaded - g.delivered, 0)
  FROM order_line l
  LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
  LEFT JOIN route_goods g ON g.branch_id = l.branch_id AND g.route_id = :route_id::uuid AND g.product_id = l.product_id
 WHERE l.branch_id = :branch_id::uuid AND l.order_id = :order_id::uuid
 ORDER BY l.product_id;

-- delivery_of_stop: one
-- columns: delivery_id uuid, amount bigint, is_first bool
SELECT delivery_id, amount, is_first FROM delivery WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- delivery_lines_here: many
-- columns: priced_line
SELECT product_id, quantity, price, tax_permille, amount FROM delivery_line
 WHERE branch_id = :branch_id::uuid AND delivery_id = :delivery_id::uuid ORDER BY line;

-- customer_first_delivery: one
-- columns: customer_id uuid
UPDATE customer SET has_delivery = true
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid AND NOT has_delivery
RETURNING customer_id;

-- delivery_insert: write
INSERT INTO delivery (branch_id, delivery_id, stop_id, order_id, route_id, driver_id, customer_id, contract_id, delivered_on, payment_term,
                      payment_days, amount, is_first, is_outlier, proof_kind, proof_data, proof_code, signer, note, confirmed_at, happened_at)
VALUES (:branch_id::uuid, :delivery_id::uuid, :stop_id::uuid, :order_id::uuid, :route_id::uuid, :driver_id::uuid, :customer_id::uuid,
        :contract_id::uuid, :today::date, :payment_term::payment_term, :payment_days::bigint, :amount::bigint, :is_first::bool,
        :is_outlier::bool, :proof_kind::proof_kind, :proof_data::bytea, :proof_code::text, :signer::text, :note::text, :now::timestamptz,
        :happened_at::timestamptz);

-- delivery_line_insert: write
INSERT INTO delivery_line (branch_id, delivery_id, line, product_id, ordered, quantity, price, tax_permille, amount, reason)
VALUES (:branch_id::uuid, :delivery_id::uuid, :line::bigint, :product_id::uuid, :ordered::bigint, :quantity::bigint, :price::bigint,
        :tax_permille::bigint, :amount::bigint, :reason::text);

-- route_goods_deliver: write
INSERT INTO route_goods (branch_id, route_id, product_id, delivered)
VALUES (:branch_id::uuid, :route_id::uuid, :product_id::uuid, :quantity::bigint)
    ON CONFLICT (branch_id, route_id, product_id) DO UPDATE SET delivered = route_goods.delivered + EXCLUDED.delivered;

-- stop_deliver: write
UPDATE stop SET status = 'delivered', done_at = :now::timestamptz, arrived_at = coalesce(arrived_at, :now::timestamptz)
 WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- order_deliver: write
UPDATE customer_order SET status = 'delivered' WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- stop_fail: write
UPDATE stop SET status = 'failed', done_at = :now::timestamptz, failure = :failure::failure_reason, note = :note::text
 WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- order_fail: write
UPDATE customer_order SET status = 'listed', attempts = attempts + 1
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid;

-- return_source: one
-- columns: delivery_id uuid, line bigint, price bigint, tax_permille bigint
SELECT l.delivery_id, l.line, l.price, l.tax_permille
  FROM delivery_line l JOIN delivery d ON d.branch_id = l.branch_id AND d.delivery_id = l.delivery_id
 WHERE d.branch_id = :branch_id::uuid AND d.customer_id = :customer_id::uuid AND l.product_id = :product_id::uuid
   AND (:delivery_id::uuid IS NULL OR d.delivery_id = :delivery_id::uuid) AND l.quantity - l.returned >= :quantity::bigint
 ORDER BY d.delivery_id DESC LIMIT 1
   FOR UPDATE OF l;

-- return_delivery: one
-- columns: delivery_id uuid
SELECT delivery_id FROM delivery
 WHERE branch_id = :branch_id::uuid AND delivery_id = :delivery_id::uuid AND customer_id = :customer_id::uuid;

-- delivery_line_return: write one return_exceeds
UPDATE delivery_line SET returned = returned + :quantity::bigint
 WHERE branch_id = :branch_id::uuid AND delivery_id = :delivery_id::uuid AND line = :line::bigint AND returned + :quantity::bigint <= quantity;

-- goods_return_insert: write
INSERT INTO goods_return (branch_id, return_id, customer_id, delivery_id, route_id, depot_id, staff_id, returned_on, amount, reason,
                          returned_at, happened_at)
VALUES (:branch_id::uuid, :return_id::uuid, :customer_id::uuid, :delivery_id::uuid, :route_id::uuid, :depot_id::uuid, :actor_id::uuid,
        :today::date, :amount::bigint, :reason::text, :now::timestamptz, :happened_at::timestamptz);

-- goods_return_line: write
INSERT INTO goods_return_line (branch_id, return_id, line, product_id, delivery_id, quantity, price, tax_permille, amount)
VALUES (:branch_id::uuid, :return_id::uuid, :line::bigint, :product_id::uuid, :delivery_id::uuid, :quantity::bigint, :price::bigint,
        :tax_permille::bigint, :amount::bigint);

-- route_goods_take_back: write
INSERT INTO route_goods (branch_id, route_id, product_id, taken_back)
VALUES (:branch_id::uuid, :route_id::uuid, :product_id::uuid, :quantity::bigint)
    ON CONFLICT (branch_id, route_id, product_id) DO UPDATE SET taken_back = route_goods.taken_back + EXCLUDED.taken_back;

-- route_goods_count: one
-- columns: product_id uuid
UPDATE route_goods SET counted = :quantity::bigint, counted_at = :now::timestamptz, count_happened_at = :happened_at::timestamptz
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid AND product_id = :product_id::uuid
RETURNING product_id;

-- route_stops_open: one
-- columns: stops bigint, amount bigint
SELECT (SELECT count(*) FROM stop s WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid
           AND s.status IN ('planned', 'arrived')),
       (SELECT coalesce(sum(d.amount), 0) FROM delivery d WHERE d.branch_id = :branch_id::uuid AND d.route_id = :route_id::uuid)::bigint;

-- route_goods_lock: many
-- columns: product_id uuid, product text?, loaded bigint, delivered bigint, taken_back bigint
SELECT g.product_id, p.name, g.loaded, g.delivered, g.taken_back
  FROM route_goods g LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = g.product_id
 WHERE g.branch_id = :branch_id::uuid AND g.route_id = :route_id::uuid
 ORDER BY g.product_id
   FOR UPDATE OF g;

-- route_goods_book: write
INSERT INTO route_goods (branch_id, route_id, product_id, loaded, delivered, taken_back, handed_back, difference)
VALUES (:branch_id::uuid, :route_id::uuid, :product_id::uuid, :loaded::bigint, :delivered::bigint, :taken_back::bigint,
        :handed_back::bigint, :difference::bigint)
    ON CONFLICT (branch_id, route_id, product_id) DO UPDATE
   SET handed_back = EXCLUDED.handed_back, difference = EXCLUDED.difference;

-- route_close: write
UPDATE route SET status = 'closed', closed_at = :now::timestamptz, closed_by = :actor_id::uuid, delivered_amount = :amount::bigint,
       reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- day_routes: many
-- columns: branch_id uuid, route_id uuid, number text, delivery_date date, status route_status, depot_id uuid, plate text?, distance_m bigint
SELECT r.branch_id, r.route_id, r.number, r.delivery_date, r.status, r.depot_id, v.plate, r.distance_m
  FROM route r LEFT JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
 WHERE r.driver_id = :driver_id::uuid AND r.status IN ('published', 'loaded', 'started')
 ORDER BY r.delivery_date, r.trip, r.route_id LIMIT 10;

-- day_stops: many
-- columns: day_stop
SELECT s.stop_id, s.order_id, o.number, s.customer_id, coalesce(c.name, ''), a.address, coalesce(a.contact, c.contact),
       coalesce(a.phone, c.phone), a.latitude_e7, a.longitude_e7, s.position, s.status, s.is_held OR coalesce(c.is_held OR c.is_locked, false),
       coalesce(o.window_from, a.windows_from[1]), coalesce(o.window_to, a.windows_to[cardinality(a.windows_to)]),
       coalesce(a.service_minutes, 0), o.note, coalesce(c.due, 0), coalesce(c.balance, 0), coalesce(c.credit, 0), o.amount, o.payment_term,
       left(coalesce((SELECT string_agg(concat_ws(' ', coalesce(p.name, '?'), p.specification) || '×' || trim_scale(l.quantity / 1000.0), '；' ORDER BY l.line)
                        FROM order_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
                       WHERE l.branch_id = s.branch_id AND l.order_id = s.order_id), ''), 2000)
  FROM stop s
  JOIN customer_order o ON o.branch_id = s.branch_id AND o.order_id = s.order_id
  LEFT JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
  LEFT JOIN address a ON a.branch_id = s.branch_id AND a.address_id = s.address_id
 WHERE s.branch_id = :of_branch_id::uuid AND s.route_id = :route_id::uuid
 ORDER BY s.position, s.stop_id LIMIT 200;

-- stop_card: one
-- columns: of_branch_id uuid, route_id uuid, order_id uuid, order_number text, customer_id uuid, customer text?, address text?, contact text?, phone text?, status stop_status, is_held bool, note text?, due bigint, balance bigint, credit bigint, amount bigint
SELECT s.branch_id, s.route_id, s.order_id, o.number, s.customer_id, c.name, a.address, coalesce(a.contact, c.contact),
       coalesce(a.phone, c.phone), s.status, s.is_held OR coalesce(c.is_held OR c.is_locked, false), o.note, coalesce(c.due, 0),
       coalesce(c.balance, 0), coalesce(c.credit, 0), o.amount
  FROM stop s
  JOIN route r ON r.branch_id = s.branch_id AND r.route_id = s.route_id AND r.driver_id = :actor_id::uuid
              AND r.status IN ('published', 'loaded', 'started')
  JOIN customer_order o ON o.branch_id = s.branch_id AND o.order_id = s.order_id
  LEFT JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
  LEFT JOIN address a ON a.branch_id = s.branch_id AND a.address_id = s.address_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND s.stop_id = :stop_id::uuid;

-- stop_lines: many
-- columns: stop_line
SELECT l.product_id, p.name, p.unit, l.quantity, l.price, p.specification
  FROM order_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = :of_branch_id::uuid AND l.order_id = :order_id::uuid ORDER BY l.line;

-- delivery_list: many
-- columns: delivery_summary
-- pages: delivery_id desc by delivery_list_sort
SELECT d.delivery_id, d.branch_id, d.order_id, o.number, d.route_id, d.stop_id, d.driver_id, d.customer_id, c.name, d.delivered_on,
       d.confirmed_at, d.amount
  FROM delivery d
  JOIN customer_order o ON o.branch_id = d.branch_id AND o.order_id = d.order_id
  LEFT JOIN customer c ON c.branch_id = d.branch_id AND c.customer_id = d.customer_id
 WHERE d.branch_id = ANY(:scope::uuid[]) AND (:from_date::date IS NULL OR d.delivered_on >= :from_date::date)
   AND (:to_date::date IS NULL OR d.delivered_on <= :to_date::date)
   AND (:customer_id::uuid IS NULL OR d.customer_id = :customer_id::uuid)
   AND (:route_id::uuid IS NULL OR d.route_id = :route_id::uuid);

-- delivery_total_of: one
-- columns: deliveries bigint, amount bigint, returns bigint, returned_amount bigint
SELECT d.n, d.amount, r.n, r.amount AS returned_amount
  FROM (SELECT count(*) AS n, coalesce(sum(x.amount), 0)::bigint AS amount FROM delivery x
         WHERE x.branch_id = ANY(:scope::uuid[]) AND x.delivered_on = :delivered_on::date) d,
       (SELECT count(*) AS n, coalesce(sum(x.amount), 0)::bigint AS amount FROM goods_return x
         WHERE x.branch_id = ANY(:scope::uuid[]) AND x.returned_on = :delivered_on::date) r;

-- delivery_card: one
-- columns: branch_id uuid, order_id uuid, order_number text, route_id uuid, stop_id uuid, driver_id uuid, customer_id uuid, customer text?, contract_id uuid?, delivered_on date, confirmed_at timestamptz, happened_at timestamptz?, payment_term payment_term, payment_days bigint, amount bigint, is_first bool, is_outlier bool, note text?, proof_kind proof_kind, proof_data bytea?, proof_code text?, signer text?
SELECT d.branch_id, d.order_id, o.number, d.route_id, d.stop_id, d.driver_id, d.customer_id, c.name, d.contract_id, d.delivered_on,
       d.confirmed_at, d.happened_at, d.payment_term, d.payment_days, d.amount, d.is_first, d.is_outlier, d.note, d.proof_kind, d.proof_data,
       d.proof_code, d.signer
  FROM delivery d
  JOIN customer_order o ON o.branch_id = d.branch_id AND o.order_id = d.order_id
  LEFT JOIN customer c ON c.branch_id = d.branch_id AND c.customer_id = d.customer_id
 WHERE d.branch_id = ANY(:scope::uuid[]) AND d.delivery_id = :delivery_id::uuid;

-- delivery_lines: many
-- columns: delivery_line
SELECT l.product_id, p.name, l.ordered, l.quantity, l.returned, l.price, l.amount, l.reason
  FROM delivery_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = ANY(:scope::uuid[]) AND l.delivery_id = :delivery_id::uuid ORDER BY l.line;

-- return_list: many
-- columns: return_summary
-- pages: return_id desc by return_list_sort
SELECT return_id, branch_id, customer_id, delivery_id, route_id, returned_on, amount, reason FROM goods_return
 WHERE branch_id = ANY(:scope::uuid[]) AND (:from_date::date IS NULL OR returned_on >= :from_date::date)
   AND (:to_date::date IS NULL OR returned_on <= :to_date::date)
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid);
