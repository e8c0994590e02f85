-- Routes, their stops, the board.

-- route_insert: write
INSERT INTO route (branch_id, route_id, number, delivery_date, depot_id, vehicle_id, driver_id, status, distance_m, end_depot_id, trip,
                   after_route_id, created_at)
VALUES (:branch_id::uuid, :route_id::uuid, :number::text, :delivery_date::date, :depot_id::uuid, :vehicle_id::uuid, :driver_id::uuid,
        'draft', :distance_m::bigint, :end_depot_id::uuid, :trip::bigint, :after_route_id::uuid, :now::timestamptz);

-- route_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM route WHERE branch_id = ANY(:scope::uuid[]) AND route_id = :route_id::uuid;

-- route_lock: one
-- columns: branch_id uuid, route_id uuid, number text, delivery_date date, depot_id uuid, vehicle_id uuid, driver_id uuid, status route_status, started_at timestamptz?, capacity bigint, inspected_until date, end_depot_id uuid?, after_route_id uuid?
SELECT r.branch_id, r.route_id, r.number, r.delivery_date, r.depot_id, r.vehicle_id, r.driver_id, r.status, r.started_at, v.capacity,
       v.inspected_until, r.end_depot_id, r.after_route_id
  FROM route r JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
 WHERE r.branch_id = :branch_id::uuid AND r.route_id = :route_id::uuid
   FOR UPDATE OF r;

-- route_publish: write
UPDATE route SET status = 'published', published_at = coalesce(published_at, :now::timestamptz)
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_cancel: write
UPDATE route SET status = 'cancelled', reason = :reason::text, closed_at = :now::timestamptz, closed_by = :actor_id::uuid
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_set_crew: write
UPDATE route SET vehicle_id = :vehicle_id::uuid, driver_id = :driver_id::uuid WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_set_distance: write
UPDATE route SET distance_m = :distance_m::bigint WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_held: one
-- columns: customer text, is_locked bool
SELECT c.name, c.is_locked FROM stop s JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
 WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND (c.is_held OR c.is_locked)
 ORDER BY s.position LIMIT 1;

-- route_free_orders: write
UPDATE customer_order o SET status = 'listed'
  FROM stop s
 WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND s.status = 'planned'
   AND o.branch_id = s.branch_id AND o.order_id = s.order_id AND o.status = 'planned';

-- route_drop_stops: write
DELETE FROM stop WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid AND status = 'planned';

-- route_waiting: many
-- columns: order_id uuid, customer_id uuid, address_id uuid
SELECT o.order_id, o.customer_id, o.address_id
  FROM customer_order o
  JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id AND NOT c.is_held AND NOT c.is_locked
 WHERE o.branch_id = :branch_id::uuid AND o.delivery_date <= :delivery_date::date AND o.status = 'listed' AND NOT o.is_excluded
   AND (:list_id::uuid IS NULL OR o.list_id = :list_id::uuid)
 ORDER BY o.delivery_date, o.order_id LIMIT :limit::bigint
   FOR UPDATE OF o;

-- route_candidate: one
-- columns: number text, customer_id uuid, address_id uuid, customer text, is_locked bool, is_held bool, status order_status
SELECT o.number, o.customer_id, o.address_id, c.name, c.is_locked, c.is_held, o.status
  FROM customer_order o
  JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = :branch_id::uuid AND o.order_id = :order_id::uuid
   FOR UPDATE OF o;

-- Orders as a plan sees them: where, when, how much of what; in the order in which they are named.
-- order_places: many
-- columns: order_id uuid, address_id uuid, is_urgent bool, attempts bigint, latitude_e7 bigint?, longitude_e7 bigint?, service_minutes bigint, window_from bigint?, window_to bigint?, windows_from bigint[]?, windows_to bigint[]?, load bigint, product_ids uuid[], quantities bigint[], priority bigint?, required bigint, forbidden bigint
SELECT o.order_id, o.address_id, o.is_urgent, o.attempts, a.latitude_e7, a.longitude_e7, coalesce(a.service_minutes, 0), o.window_from, o.window_to,
       a.windows_from, a.windows_to, g.load, g.product_ids, g.quantities, o.priority, coalesce(x.required, 0), coalesce(x.forbidden, 0)
  FROM unnest(:order_ids::uuid[]) WITH ORDINALITY n (order_id, place)
  JOIN customer_order o ON o.branch_id = :branch_id::uuid AND o.order_id = n.order_id
  LEFT JOIN address a ON a.branch_id = o.branch_id AND a.address_id = o.address_id
  LEFT JOIN address_access x ON x.branch_id = o.branch_id AND x.address_id = o.address_id
 CROSS JOIN LATERAL (SELECT sum(l.quantity)::bigint AS load, array_agg(l.product_id ORDER BY l.product_id) AS product_ids,
                            array_agg(l.quantity ORDER BY l.product_id) AS quantities
                       FROM order_line l WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id) g
 ORDER BY n.place;

-- stop_add: write
INSERT INTO stop (branch_id, stop_id, route_id, order_id, customer_id, address_id, position, status)
VALUES (:branch_id::uuid, :stop_id::uuid, :route_id::uuid, :order_id::uuid, :customer_id::uuid, :address_id::uuid, :position::bigint, 'planned');

-- order_plan: write one order_not_listed
UPDATE customer_order SET status = 'planned' WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid AND status = 'listed';

-- order_unplan: write
UPDATE customer_order SET status = 'listed' WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid AND status = 'planned';

-- stop_places: many
-- columns: stop_id uuid, order_id uuid, is_pinned bool, is_kept bool, position bigint, is_driven bool, left_at timestamptz?
SELECT s.stop_id, s.order_id, s.is_pinned, s.is_kept, s.position, s.status <> 'planned', coalesce(s.done_at, s.arrived_at)
  FROM stop s
 WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND s.status <> 'failed'
 ORDER BY s.position, s.stop_id;

-- What a vehicle would carry: the goods of a route's stops and of orders that are to join it.
-- load_of: many
-- columns: product_id uuid, quantity bigint
SELECT l.product_id, sum(l.quantity)::bigint
  FROM (SELECT s.order_id FROM stop s
         WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND s.status <> 'failed'
        UNION
        SELECT unnest(:order_ids::uuid[])) o
  JOIN order_line l ON l.branch_id = :branch_id::uuid AND l.order_id = o.order_id
 GROUP BY l.product_id ORDER BY l.product_id;

-- stop_place_at: write
UPDATE stop SET route_id = :route_id::uuid, position = :position::bigint WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- stop_find: one
-- columns: branch_id uuid, route_id uuid
SELECT branch_id, route_id FROM stop WHERE branch_id = ANY(:scope::uuid[]) AND stop_id = :stop_id::uuid;

-- stop_lock: one
-- columns: branch_id uuid, stop_id uuid, route_id uuid, order_id uuid, customer_id uuid, position bigint, is_pinned bool, status stop_status, is_held bool, arrived_at timestamptz?, done_at timestamptz?, failure failure_reason?, driver_id uuid, route_status route_status, depot_id uuid, load bigint
SELECT s.branch_id, s.stop_id, s.route_id, s.order_id, s.customer_id, s.position, s.is_pinned, s.status, s.is_held, s.arrived_at, s.done_at,
       s.failure, r.driver_id, r.status AS route_status, r.depot_id,
       (SELECT sum(l.quantity) FROM order_line l WHERE l.branch_id = s.branch_id AND l.order_id = s.order_id)::bigint
  FROM stop s JOIN route r ON r.branch_id = s.branch_id AND r.route_id = s.route_id
 WHERE s.branch_id = :branch_id::uuid AND s.stop_id = :stop_id::uuid
   FOR UPDATE OF s;

-- stop_pin: write
UPDATE stop SET is_pinned = :is_pinned::bool, is_kept = :is_kept::bool WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- stop_delete: write
DELETE FROM stop WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid AND status = 'planned';

-- route_list_recent: many
-- columns: route_summary
-- pages: route_id desc by route_list_sort
SELECT r.route_id, r.branch_id, r.number, r.delivery_date, r.status, r.depot_id, r.vehicle_id, v.plate, r.driver_id,
       (SELECT count(*) FROM stop s WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id),
       (SELECT count(*) FROM stop s WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status = 'delivered'),
       (SELECT count(*) FROM stop s WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status = 'failed'),
       r.distance_m, r.started_at, r.closed_at
  FROM route r LEFT JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
 WHERE r.branch_id = ANY(:scope::uuid[]) AND (:delivery_date::date IS NULL OR r.delivery_date = :delivery_date::date)
   AND (:driver_id::uuid IS NULL OR r.driver_id = :driver_id::uuid)
   AND (:status::route_status IS NULL OR r.status = :status::route_status);

-- route_card: one
-- columns: branch_id uuid, number text, delivery_date date, status route_status, depot_id uuid, vehicle_id uuid, plate text?, driver_id uuid, driver text?, distance_m bigint, published_at timestamptz?, started_at timestamptz?, closed_at timestamptz?, slip_id uuid?, slip_number text?, limits_reason text?, limits_by uuid?, end_depot_id uuid?, trip bigint, after_route_id uuid?
SELECT r.branch_id, r.number, r.delivery_date, r.status, r.depot_id, r.vehicle_id, v.plate, r.driver_id, p.name, r.distance_m,
       r.published_at, r.started_at, r.closed_at, s.slip_id, s.number AS slip_number, r.limits_reason,
       r.limits_by, r.end_depot_id, r.trip, r.after_route_id
  FROM route r
  LEFT JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
  LEFT JOIN person p ON p.staff_id = r.driver_id
  LEFT JOIN slip s ON s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status <> 'void'
 WHERE r.branch_id = ANY(:scope::uuid[]) AND r.route_id = :route_id::uuid;

-- route_stops: many
-- columns: route_stop
SELECT s.stop_id, s.order_id, o.number, s.customer_id, c.name, a.address, coalesce(a.contact, c.contact), coalesce(a.phone, c.phone),
       s.position, s.is_pinned, s.status, s.is_held,
       (SELECT sum(l.quantity) FROM order_line l WHERE l.branch_id = s.branch_id AND l.order_id = s.order_id)::bigint,
       o.amount, s.arrived_at, s.done_at, s.failure, coalesce(s.note, o.note), s.planned_arrive_s / 60, s.planned_wait_s / 60,
       (s.planned_leave_s + 59) / 60, s.planned_slack_s / 60, s.is_kept
  FROM stop s
  JOIN customer_order o ON o.branch_id = s.branch_id AND o.order_id = s.order_id
  LEFT JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
  LEFT JOIN address a ON a.branch_id = s.branch_id AND a.address_id = s.address_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND s.route_id = :route_id::uuid
 ORDER BY s.position, s.stop_id LIMIT 200;

-- route_goods_list: many
-- columns: route_goods
SELECT g.product_id, p.name, p.unit, g.loaded, g.delivered, g.taken_back, g.handed_back,
       g.loaded - g.delivered + g.taken_back - g.handed_back, g.counted, p.specification
  FROM route_goods g LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = g.product_id
 WHERE g.branch_id = ANY(:scope::uuid[]) AND g.route_id = :route_id::uuid
   AND (:after_id::uuid IS NULL OR g.product_id > :after_id::uuid)
 ORDER BY g.product_id LIMIT :limit::bigint;

-- board_orders: many
-- columns: order_count
SELECT status, count(*), coalesce(sum(amount), 0)::bigint FROM customer_order
 WHERE branch_id = ANY(:scope::uuid[]) AND day = :delivery_date::date
 GROUP BY status ORDER BY status;

-- board_routes: many
-- columns: board_route
SELECT r.route_id, r.branch_id, r.number, r.status, v.plate, r.driver_id, t.stops, t.delivered, t.failed,
       (SELECT c.name FROM stop s JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
         WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status IN ('planned', 'arrived')
         ORDER BY s.position, s.stop_id LIMIT 1),
       t.last_at, r.started_at,
       r.status IN ('published', 'loaded', 'started') AND t.delivered + t.failed < t.stops AND r.delivery_date < :today::date,
       (SELECT coalesce(sum(d.amount), 0) FROM delivery d WHERE d.branch_id = r.branch_id AND d.route_id = r.route_id)::bigint
  FROM route r
  LEFT JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
 CROSS JOIN LATERAL (SELECT count(*) AS stops, count(*) FILTER (WHERE s.status = 'delivered') AS delivered,
                            count(*) FILTER (WHERE s.status = 'failed') AS failed, max(coalesce(s.done_at, s.arrived_at)) AS last_at
                       FROM stop s WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id) t
 WHERE r.branch_id = ANY(:scope::uuid[]) AND r.delivery_date = :delivery_date::date AND r.status <> 'cancelled'
   AND (:before::uuid IS NULL OR r.route_id < :before::uuid)
 ORDER BY r.route_id DESC LIMIT :limit::bigint;

-- route_set_planned: write
UPDATE route SET planned_stops = :stops::bigint, planned_distance_m = :distance_m::bigint, planned_duration_s = :duration_s::bigint
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- stop_set_planned: write
UPDATE stop SET planned_position = :position::bigint, planned_arrive_s = :arrive_s::bigint, planned_wait_s = :wait_s::bigint,
       planned_leave_s = :leave_s::bigint, planned_slack_s = :slack_s::bigint
 WHERE branch_id = :branch_id::uuid AND stop_id = :stop_id::uuid;

-- What the truck has beyond what its open stops need, short of what an order needs.
-- route_short: one
-- columns: product text?, product_id uuid, spare bigint, needed bigint
SELECT p.name, l.product_id, coalesce(g.loaded - g.delivered + g.taken_back, 0) - coalesce(n.quantity, 0), l.quantity
  FROM order_line l
  LEFT JOIN route_goods g ON g.branch_id = l.branch_id AND g.route_id = :route_id::uuid AND g.product_id = l.product_id
  LEFT JOIN (SELECT m.product_id, sum(m.quantity)::bigint AS quantity
               FROM stop s JOIN order_line m ON m.branch_id = s.branch_id AND m.order_id = s.order_id
              WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND s.status IN ('planned', 'arrived')
              GROUP BY m.product_id) n ON n.product_id = l.product_id
  LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = :branch_id::uuid AND l.order_id = :order_id::uuid
   AND coalesce(g.loaded - g.delivered + g.taken_back, 0) - coalesce(n.quantity, 0) < l.quantity
 ORDER BY l.product_id LIMIT 1;

-- offer_order: one
-- columns: branch_id uuid, delivery_date date
SELECT branch_id, delivery_date FROM customer_order WHERE branch_id = ANY(:scope::uuid[]) AND order_id = :order_id::uuid;

-- offer_routes: many
-- columns: route_id uuid, branch_id uuid, number text, status route_status, plate text, capacity bigint, depot_id uuid, vehicle_id uuid, driver_id uuid, delivery_date date, started_at timestamptz?, end_depot_id uuid?, after_route_id uuid?
SELECT r.route_id, r.branch_id, r.number, r.status, v.plate, v.capacity, r.depot_id, r.vehicle_id, r.driver_id, r.delivery_date,
       r.started_at, r.end_depot_id, r.after_route_id
  FROM route r
  JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
 WHERE r.branch_id = :of_branch_id::uuid AND r.delivery_date = :delivery_date::date
   AND r.status IN ('draft', 'published', 'loaded', 'started')
 ORDER BY r.route_id LIMIT 50;

-- order_exclude: write one order_excluded
UPDATE customer_order SET is_excluded = :is_excluded::bool
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid AND status = 'listed';

-- order_rank: write one order_excluded
UPDATE customer_order SET priority = :priority::bigint?, leave_out_price = :leave_out_price::bigint?
 WHERE branch_id = :branch_id::uuid AND order_id = :order_id::uuid AND status IN ('awaiting_review', 'awaiting_approval', 'awaiting_acceptance',
                                                                                'ready', 'held', 'listed', 'planned');

-- route_planned: one
-- columns: route_id uuid, branch_id uuid, number text, driver_id uuid, depot_id uuid, end_depot_id uuid?, delivery_date date, planned_stops bigint?, planned_distance_m bigint?, planned_duration_s bigint?, started_at timestamptz?
SELECT route_id, branch_id, number, driver_id, depot_id, end_depot_id, delivery_date, planned_stops, planned_distance_m, planned_duration_s,
       coalesce(start_happened_at, started_at)
  FROM route WHERE branch_id = ANY(:scope::uuid[]) AND route_id = :route_id::uuid;

-- In the order in which they were really reached, then those that were not.
-- actual_stops: many
-- columns: stop_id uuid, order_id uuid, address_id uuid, customer text?, status stop_status, planned_position bigint?, planned_arrive_s bigint?, arrived_at timestamptz?, done_at timestamptz?, latitude_e7 bigint?, longitude_e7 bigint?, ordered bigint, delivered bigint
SELECT s.stop_id, s.order_id, s.address_id, c.name, s.status, s.planned_position, s.planned_arrive_s, coalesce(s.arrive_happened_at, s.arrived_at),
       s.done_at, a.latitude_e7, a.longitude_e7,
       (SELECT coalesce(sum(l.quantity), 0) FROM order_line l WHERE l.branch_id = s.branch_id AND l.order_id = s.order_id)::bigint,
       (SELECT coalesce(sum(l.quantity), 0) FROM delivery d
          JOIN delivery_line l ON l.branch_id = d.branch_id AND l.delivery_id = d.delivery_id
         WHERE d.branch_id = s.branch_id AND d.stop_id = s.stop_id)::bigint
  FROM stop s
  LEFT JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
  LEFT JOIN address a ON a.branch_id = s.branch_id AND a.address_id = s.address_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND s.route_id = :route_id::uuid
 ORDER BY coalesce(s.arrived_at, s.done_at) NULLS LAST, s.position, s.stop_id LIMIT 200;

-- Limits that are broken.
-- break_order: one
-- columns: number text, customer text?
SELECT o.number, c.name
  FROM customer_order o LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE o.branch_id = :branch_id::uuid AND o.order_id = :order_id::uuid;

-- route_set_limits_reason: write
UPDATE route SET limits_reason = :reason::text, limits_by = :actor_id::uuid, limits_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- How long a vehicle's inspection and its driver's licence are good.
-- route_papers: one
-- columns: inspected_until date, licence_until date?
SELECT v.inspected_until, d.licence_until
  FROM vehicle v LEFT JOIN driver_card d ON d.branch_id = v.branch_id AND d.driver_id = :driver_id::uuid
 WHERE v.branch_id = :branch_id::uuid AND v.vehicle_id = :vehicle_id::uuid;

-- What a route's times and limits come from.
-- route_frames: many
-- columns: route_id uuid, branch_id uuid, status route_status, depot_id uuid, vehicle_id uuid, driver_id uuid, delivery_date date, started_at timestamptz?, closed_at timestamptz?, end_depot_id uuid?, after_route_id uuid?
SELECT route_id, branch_id, status, depot_id, vehicle_id, driver_id, delivery_date, started_at, closed_at, end_depot_id, after_route_id
  FROM route WHERE branch_id = ANY(:scope::uuid[]) AND route_id = ANY(:route_ids::uuid[])
 ORDER BY branch_id, route_id;

-- The trip before.
-- route_before: one
-- columns: number text, status route_status
SELECT number, status FROM route WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;
