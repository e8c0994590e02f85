-- Planning runs.

-- routing_insert: write
INSERT INTO routing_run (branch_id, run_id, delivery_date, depot_id, list_id, takes_waiting, effort_seconds, balance_price,
                         change_price, leave_out_price, status, asked_by, asked_at)
VALUES (:branch_id::uuid, :run_id::uuid, :delivery_date::date, :depot_id::uuid, :list_id::uuid, :takes_waiting::bool,
        :effort_seconds::bigint, :balance_price::bigint, :change_price::bigint, :leave_out_price::bigint, 'queued', :actor_id::uuid, :now::timestamptz);

-- routing_crew_insert: write
INSERT INTO routing_crew (branch_id, run_id, place, vehicle_id, driver_id, route_id, depot_id, end_depot_id)
VALUES (:branch_id::uuid, :run_id::uuid, :place::bigint, :vehicle_id::uuid, :driver_id::uuid, :route_id::uuid, :depot_id::uuid,
        :end_depot_id::uuid);

-- routing_waiting_any: one
-- columns: order_id uuid
SELECT o.order_id FROM customer_order o
  JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id AND NOT c.is_held AND NOT c.is_locked
 WHERE o.branch_id = :branch_id::uuid AND o.delivery_date <= :delivery_date::date AND o.status = 'listed' AND NOT o.is_excluded
   AND (:list_id::uuid IS NULL OR o.list_id = :list_id::uuid)
 LIMIT 1;

-- routing_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM routing_run WHERE branch_id = ANY(:scope::uuid[]) AND run_id = :run_id::uuid;

-- routing_lock: one
-- columns: run_id uuid, delivery_date date, depot_id uuid, status routing_status, stops bigint
SELECT run_id, delivery_date, depot_id, status, stops FROM routing_run
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid
   FOR UPDATE;

-- routing_end: write
UPDATE routing_run SET status = :status::routing_status, ended_at = coalesce(ended_at, :now::timestamptz), reason = :reason::text
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid;

-- routing_card: one
-- columns: routing_summary
SELECT r.run_id, r.branch_id, r.delivery_date, r.depot_id, r.list_id, r.status, r.effort_seconds, r.share_permille, r.best_cost,
       r.iterations, r.stops, r.unplanned, r.cost, r.distance_m, r.duration_s, r.late_s, r.stopped_early, r.travel, r.asked_by,
       r.asked_at, r.ended_at, r.reason, r.travel_note, r.balance_price, r.change_price, r.moved, r.leave_out_price
  FROM routing_run r WHERE r.branch_id = ANY(:scope::uuid[]) AND r.run_id = :run_id::uuid;

-- routing_recent: many
-- columns: routing_summary
-- pages: run_id desc by routing_list_sort
SELECT r.run_id, r.branch_id, r.delivery_date, r.depot_id, r.list_id, r.status, r.effort_seconds, r.share_permille, r.best_cost,
       r.iterations, r.stops, r.unplanned, r.cost, r.distance_m, r.duration_s, r.late_s, r.stopped_early, r.travel, r.asked_by,
       r.asked_at, r.ended_at, r.reason, r.travel_note, r.balance_price, r.change_price, r.moved, r.leave_out_price
  FROM routing_run r
 WHERE r.branch_id = ANY(:scope::uuid[]) AND (:delivery_date::date IS NULL OR r.delivery_date = :delivery_date::date)
   AND (:status::routing_status IS NULL OR r.status = :status::routing_status);

-- routing_crews: many
-- columns: routed_crew
SELECT c.place, c.vehicle_id, v.plate, c.driver_id, c.route_id, c.stops, c.load, c.cost, c.distance_m, c.duration_s,
       c.leaves_s / 60, (c.back_s + 59) / 60, c.depot_id, c.end_depot_id, c.trips
  FROM routing_crew c LEFT JOIN vehicle v ON v.branch_id = c.branch_id AND v.vehicle_id = c.vehicle_id
 WHERE c.branch_id = ANY(:scope::uuid[]) AND c.run_id = :run_id::uuid
 ORDER BY c.place;

-- routing_unplanned: many
-- columns: order_id uuid, order_number text, customer text?, reason routing_reason, amount bigint, vehicle_id uuid?, leave_out_price bigint?, serve_cost bigint?, missing bigint, unwanted bigint
SELECT v.order_id, o.number, c.name, v.reason, coalesce(v.amount, 0), v.near_vehicle_id, v.leave_out_price, v.serve_cost, v.missing,
       v.unwanted
  FROM routing_visit v
  JOIN customer_order o ON o.branch_id = v.branch_id AND o.order_id = v.order_id
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE v.branch_id = ANY(:scope::uuid[]) AND v.run_id = :run_id::uuid AND v.place IS NULL
 ORDER BY v.order_id LIMIT 200;

-- routing_stops: many
-- columns: routed_stop
SELECT v.order_id, o.number, c.name, v.position, v.load, v.arrive_s / 60, (v.begin_s - v.arrive_s) / 60, v.leave_s / 60,
       v.slack_s / 60, v.trip
  FROM routing_visit v
  JOIN customer_order o ON o.branch_id = v.branch_id AND o.order_id = v.order_id
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE v.branch_id = ANY(:scope::uuid[]) AND v.run_id = :run_id::uuid AND v.place = :place::bigint
 ORDER BY v.position LIMIT 200;

-- routing_broken: many
-- columns: broken_lock
SELECT b.vehicle_id, v.plate, b.order_id, o.number, b.reason, b.amount
  FROM routing_broken b
  LEFT JOIN vehicle v ON v.branch_id = b.branch_id AND v.vehicle_id = b.vehicle_id
  LEFT JOIN customer_order o ON o.branch_id = b.branch_id AND o.order_id = b.order_id
 WHERE b.branch_id = ANY(:scope::uuid[]) AND b.run_id = :run_id::uuid
 ORDER BY b.number LIMIT 200;

-- routing_broken_insert: write
INSERT INTO routing_broken (branch_id, run_id, number, vehicle_id, order_id, reason, amount)
VALUES (:branch_id::uuid, :run_id::uuid, :number::bigint, :vehicle_id::uuid, :order_id::uuid, :reason::routing_reason, :amount::bigint);

-- routing_shortage_insert: write
INSERT INTO routing_shortage (branch_id, run_id, depot_id, product_id, quantity)
VALUES (:branch_id::uuid, :run_id::uuid, :depot_id::uuid, :product_id::uuid, :quantity::bigint);

-- routing_shortages: many
-- columns: depot_shortage
SELECT s.depot_id, d.name, s.product_id, p.name, p.unit, s.quantity
  FROM routing_shortage s
  JOIN depot d ON d.branch_id = s.branch_id AND d.depot_id = s.depot_id
  LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = s.product_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND s.run_id = :run_id::uuid
 ORDER BY d.name, s.depot_id, s.product_id LIMIT 200;

-- routing_moved: one
-- columns: moved bigint
SELECT count(*)
  FROM (SELECT v.order_id, w.vehicle_id FROM routing_visit v
          LEFT JOIN routing_crew w ON w.branch_id = v.branch_id AND w.run_id = v.run_id AND w.place = v.place
         WHERE v.branch_id = ANY(:scope::uuid[]) AND v.run_id = :run_id::uuid) a
  FULL JOIN (SELECT v.order_id, w.vehicle_id FROM routing_visit v
               LEFT JOIN routing_crew w ON w.branch_id = v.branch_id AND w.run_id = v.run_id AND w.place = v.place
              WHERE v.branch_id = ANY(:scope::uuid[]) AND v.run_id = :other_run_id::uuid) b ON b.order_id = a.order_id
 WHERE a.vehicle_id IS DISTINCT FROM b.vehicle_id;

-- What a worker does. A run whose heart has stopped is taken again; whoever had it finds another number of attempts.
-- routing_take: one
-- columns: branch_id uuid, run_id uuid, delivery_date date, depot_id uuid, list_id uuid?, takes_waiting bool, effort_seconds bigint, attempts bigint, asked_at timestamptz, balance_price bigint, change_price bigint, leave_out_price bigint
UPDATE routing_run SET status = 'running', worker = :worker::text, heartbeat_at = :now::timestamptz, attempts = attempts + 1
 WHERE (branch_id, run_id) = (
       SELECT branch_id, run_id FROM routing_run
        WHERE status = 'queued' OR (status = 'running' AND heartbeat_at < :silent_since::timestamptz)
        ORDER BY asked_at LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING branch_id, run_id, delivery_date, depot_id, list_id, takes_waiting, effort_seconds, attempts, asked_at, balance_price, change_price,
          leave_out_price;

-- routing_beat: one
-- columns: run_id uuid
UPDATE routing_run SET heartbeat_at = :now::timestamptz, share_permille = :share_permille::bigint, best_cost = :best_cost::bigint?,
       iterations = :iterations::bigint
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid AND status = 'running' AND attempts = :attempts::bigint
RETURNING run_id;

-- routing_load_crews: many
-- columns: place bigint, vehicle_id uuid, driver_id uuid, route_id uuid?, status route_status?, started_at timestamptz?, depot_id uuid?, end_depot_id uuid?
SELECT c.place, c.vehicle_id, c.driver_id, c.route_id, r.status, r.started_at, c.depot_id, c.end_depot_id
  FROM routing_crew c
  LEFT JOIN route r ON r.branch_id = c.branch_id AND r.route_id = c.route_id
 WHERE c.branch_id = :branch_id::uuid AND c.run_id = :run_id::uuid
 ORDER BY c.place;

-- The stops of the run's routes first: those that were reached in the order in which they were, the others in the order of their places;
-- then what waits. A stop that failed is where its vehicle has been; its order is not the route's any more.
-- routing_load_stops: many
-- columns: order_id uuid, stop_id uuid?, route_id uuid?, route_status route_status?, status stop_status?, place bigint, position bigint, is_pinned bool, is_kept bool, left_at timestamptz?, address_id uuid, window_from bigint?, window_to bigint?, leave_out_price bigint?, is_urgent bool, attempts bigint
SELECT o.order_id, s.stop_id, s.route_id, s.route_status, s.status, coalesce(s.place, 0), coalesce(s.position, 0), coalesce(s.is_pinned, false),
       coalesce(s.is_kept, false), s.left_at, o.address_id, o.window_from, o.window_to,
       o.leave_out_price, o.is_urgent, o.attempts
  FROM (SELECT s.order_id, s.stop_id, s.route_id, r.status AS route_status, s.status, c.place, s.position, s.is_pinned, s.is_kept,
               coalesce(s.arrived_at, s.done_at) AS reached_at, coalesce(s.done_at, s.arrived_at) AS left_at
          FROM routing_crew c
          JOIN route r ON r.branch_id = c.branch_id AND r.route_id = c.route_id
          JOIN stop s ON s.branch_id = c.branch_id AND s.route_id = c.route_id
         WHERE c.branch_id = :branch_id::uuid AND c.run_id = :run_id::uuid
        UNION ALL
        SELECT w.order_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM customer_order w
          JOIN customer k ON k.branch_id = w.branch_id AND k.customer_id = w.customer_id AND NOT k.is_held AND NOT k.is_locked
         WHERE w.branch_id = :branch_id::uuid AND w.delivery_date <= :delivery_date::date AND w.status = 'listed'
           AND NOT w.is_excluded AND :takes_waiting::bool AND (:list_id::uuid IS NULL OR w.list_id = :list_id::uuid)) s
  JOIN customer_order o ON o.branch_id = :branch_id::uuid AND o.order_id = s.order_id
 ORDER BY s.place NULLS LAST, s.reached_at NULLS LAST, s.position, o.delivery_date, o.order_id LIMIT :limit::bigint;

-- routing_finish: one
-- columns: run_id uuid
UPDATE routing_run SET status = 'done', share_permille = 1000, best_cost = :cost::bigint, iterations = :iterations::bigint,
       stops = :stops::bigint, unplanned = :unplanned::bigint, cost = :cost::bigint, distance_m = :distance_m::bigint,
       duration_s = :duration_s::bigint, late_s = :late_s::bigint, stopped_early = :stopped_early::bool, travel = :travel::text,
       travel_note = :travel_note::text, moved = :moved::bigint,
       ended_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid AND status = 'running' AND attempts = :attempts::bigint
RETURNING run_id;

-- routing_give_up: one
-- columns: run_id uuid
UPDATE routing_run SET status = 'failed', reason = :reason::text, ended_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid AND status = 'running' AND attempts = :attempts::bigint
RETURNING run_id;

-- routing_crew_set: write
UPDATE routing_crew SET stops = :stops::bigint, load = :load::bigint, cost = :cost::bigint, distance_m = :distance_m::bigint,
       duration_s = :duration_s::bigint, leaves_s = :leaves_s::bigint, back_s = :back_s::bigint, trips = :trips::bigint
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid AND place = :place::bigint;

-- routing_visit_insert: write
INSERT INTO routing_visit (branch_id, run_id, order_id, stop_id, route_id, load, address_id, window_from, window_to, place, position,
                           arrive_s, begin_s, leave_s, slack_s, is_driven, reason, amount, near_vehicle_id, leave_out_price, serve_cost, missing, unwanted,
                           trip, in_trip)
VALUES (:branch_id::uuid, :run_id::uuid, :order_id::uuid, :stop_id::uuid, :route_id::uuid, :load::bigint, :address_id::uuid,
        :window_from::bigint?, :window_to::bigint?, :place::bigint?, :position::bigint?, :arrive_s::bigint?, :begin_s::bigint?,
        :leave_s::bigint?, :slack_s::bigint?, :is_driven::bool, :reason::routing_reason, :amount::bigint?, :near_vehicle_id::uuid,
        :leave_out_price::bigint?, :serve_cost::bigint?, :missing::bigint, :unwanted::bigint, :trip::bigint?,
        :in_trip::bigint?);

-- What a plan becomes. The orders of the plan are locked in the order of their ids, as they are now beside what they were.
-- routing_accept_orders: many
-- columns: order_id uuid, number text, customer_id uuid, address_id uuid, place bigint, position bigint, stop_id uuid?, route_id uuid?, was_position bigint, is_same bool, is_held bool, trip bigint, in_trip bigint
SELECT v.order_id, o.number, o.customer_id, o.address_id, coalesce(v.place, 0), coalesce(v.position, 0), v.stop_id, v.route_id,
       coalesce(t.position, 0),
       o.address_id = v.address_id AND o.window_from IS NOT DISTINCT FROM v.window_from
       AND o.window_to IS NOT DISTINCT FROM v.window_to
       AND v.load = (SELECT sum(l.quantity) FROM order_line l WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id)
       AND CASE WHEN v.stop_id IS NULL THEN o.status = 'listed'
                ELSE coalesce(t.route_id = v.route_id AND t.order_id = v.order_id AND (t.status = 'planned') <> v.is_driven
                              AND (v.is_driven OR o.status = 'planned'), false) END,
       (c.is_held OR c.is_locked) AND (r.status IS NULL OR r.status IN ('draft', 'published')), coalesce(v.trip, 1),
       coalesce(v.in_trip, v.position, 0)
  FROM routing_visit v
  JOIN customer_order o ON o.branch_id = v.branch_id AND o.order_id = v.order_id
  LEFT JOIN stop t ON t.branch_id = v.branch_id AND t.stop_id = v.stop_id
  LEFT JOIN route r ON r.branch_id = v.branch_id AND r.route_id = v.route_id
  JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
 WHERE v.branch_id = :branch_id::uuid AND v.run_id = :run_id::uuid
 ORDER BY v.order_id
   FOR UPDATE OF o;

-- routing_crew_route: write
UPDATE routing_crew SET route_id = :route_id::uuid
 WHERE branch_id = :branch_id::uuid AND run_id = :run_id::uuid AND place = :place::bigint;

-- routing_route_stops: one
-- columns: stops bigint
SELECT count(*) FROM routing_crew c JOIN stop s ON s.branch_id = c.branch_id AND s.route_id = c.route_id AND s.status <> 'failed'
 WHERE c.branch_id = :branch_id::uuid AND c.run_id = :run_id::uuid;
