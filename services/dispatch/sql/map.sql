-- What the map of a day shows: depots, routes, stops and waiting orders. Coordinates of customers leave as their addresses do, without what
-- tells a house from the next one: to a thousandth of a degree, about a hundred metres (policy S7). Plans reckon with the exact ones.

-- map_depots: many
-- columns: map_depot
SELECT d.depot_id, d.branch_id, d.name, d.latitude_e7, d.longitude_e7
  FROM depot d
 WHERE d.branch_id = ANY(:scope::uuid[])
   AND ((d.is_active AND :route_id::uuid IS NULL)
        OR EXISTS (SELECT FROM route r WHERE r.branch_id = d.branch_id AND r.delivery_date = :delivery_date::date AND r.depot_id = d.depot_id
                                         AND r.status <> 'cancelled' AND (:route_id::uuid IS NULL OR r.route_id = :route_id::uuid)))
 ORDER BY d.depot_id LIMIT 100;

-- map_routes: many
-- columns: map_route
SELECT r.route_id, r.branch_id, r.number, r.status, r.depot_id, r.vehicle_id, v.plate, r.driver_id, p.name, r.distance_m, r.started_at,
       l.stop_id, l.reached_at
  FROM route r
  LEFT JOIN vehicle v ON v.branch_id = r.branch_id AND v.vehicle_id = r.vehicle_id
  LEFT JOIN person p ON p.staff_id = r.driver_id
  LEFT JOIN LATERAL (SELECT s.stop_id, coalesce(s.done_at, s.arrived_at) AS reached_at FROM stop s
                      WHERE s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status <> 'planned'
                      ORDER BY reached_at DESC NULLS LAST, s.position DESC LIMIT 1) l ON true
 WHERE r.branch_id = ANY(:scope::uuid[]) AND r.delivery_date = :delivery_date::date AND r.status <> 'cancelled'
   AND (:route_id::uuid IS NULL OR r.route_id = :route_id::uuid)
 ORDER BY r.number, r.route_id LIMIT 200;

-- Stops of the routes, and the orders that wait: of the day, or left over from an earlier one.
-- map_places: many
-- columns: map_place
SELECT w.place_id, o.order_id, o.number, o.delivery_date, o.customer_id, c.name, s.route_id, s.stop_id, s.position, s.status,
       coalesce(s.is_pinned, false), coalesce(s.is_kept, false),
       coalesce(c.is_held, false) OR coalesce(c.is_locked, false) OR coalesce(s.is_held, false), o.is_urgent, o.is_excluded,
       (SELECT sum(l.quantity) FROM order_line l WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id)::bigint,
       o.amount, coalesce(o.window_from, a.windows_from[1]), coalesce(o.window_to, a.windows_to[1]), s.planned_arrive_s / 60,
       s.arrived_at, s.done_at, (round(a.latitude_e7 / 10000.0) * 10000)::bigint, (round(a.longitude_e7 / 10000.0) * 10000)::bigint
  FROM (SELECT t.branch_id, t.stop_id AS place_id, t.order_id, t.stop_id
          FROM route r JOIN stop t ON t.branch_id = r.branch_id AND t.route_id = r.route_id
         WHERE r.branch_id = ANY(:scope::uuid[]) AND r.delivery_date = :delivery_date::date AND r.status <> 'cancelled'
           AND NOT :waiting_only::bool AND (:route_id::uuid IS NULL OR r.route_id = :route_id::uuid)
           AND (:after_id::uuid IS NULL OR t.stop_id > :after_id::uuid)
         UNION ALL
        SELECT n.branch_id, n.order_id, n.order_id, NULL
          FROM customer_order n
         WHERE n.branch_id = ANY(:scope::uuid[]) AND n.delivery_date <= :delivery_date::date AND n.status = 'listed'
           AND :route_id::uuid IS NULL AND (:after_id::uuid IS NULL OR n.order_id > :after_id::uuid)
         ORDER BY place_id LIMIT :limit::bigint) w
  JOIN customer_order o ON o.branch_id = w.branch_id AND o.order_id = w.order_id
  LEFT JOIN stop s ON s.branch_id = w.branch_id AND s.stop_id = w.stop_id
  LEFT JOIN customer c ON c.branch_id = o.branch_id AND c.customer_id = o.customer_id
  LEFT JOIN address a ON a.branch_id = o.branch_id AND a.address_id = o.address_id
 ORDER BY w.place_id;
