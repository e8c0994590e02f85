-- Depots, vehicles and the stock of depots.

-- depot_insert: one
-- columns: depot_id uuid
INSERT INTO depot (branch_id, depot_id, code, name, address, latitude_e7, longitude_e7, created_at)
VALUES (:branch_id::uuid, :depot_id::uuid, :code::text, :name::text, :address::text, :latitude_e7::bigint?, :longitude_e7::bigint?,
        :now::timestamptz)
    ON CONFLICT (branch_id, code) DO NOTHING
RETURNING depot_id;

-- depot_find: one
-- columns: branch_id uuid, latitude_e7 bigint?, longitude_e7 bigint?, is_active bool
SELECT branch_id, latitude_e7, longitude_e7, is_active FROM depot
 WHERE branch_id = ANY(:scope::uuid[]) AND depot_id = :depot_id::uuid;

-- depot_update: write one depot_unknown
UPDATE depot SET name = :name::text, address = :address::text, latitude_e7 = :latitude_e7::bigint?, longitude_e7 = :longitude_e7::bigint?,
       is_active = :is_active::bool
 WHERE branch_id = :branch_id::uuid AND depot_id = :depot_id::uuid;

-- depot_list: many
-- columns: depot_view
-- pages: depot_id desc by depot_list_sort
SELECT depot_id, branch_id, code, name, address, latitude_e7, longitude_e7, is_active FROM depot
 WHERE branch_id = ANY(:scope::uuid[]);

-- vehicle_insert: one
-- columns: vehicle_id uuid
INSERT INTO vehicle (branch_id, vehicle_id, plate, capacity, inspected_until, max_stops, max_minutes, max_distance_m, cost_fixed, cost_km,
                     cost_hour, properties, depot_id, end_depot_id, reload_minutes, created_at)
VALUES (:branch_id::uuid, :vehicle_id::uuid, :plate::text, :capacity::bigint, :inspected_until::date, :max_stops::bigint?, :max_minutes::bigint?,
        :max_distance_m::bigint?, :cost_fixed::bigint?, :cost_km::bigint?, :cost_hour::bigint?, :properties::bigint,
        :depot_id::uuid, :end_depot_id::uuid, :reload_minutes::bigint?, :now::timestamptz)
    ON CONFLICT (branch_id, plate) DO NOTHING
RETURNING vehicle_id;

-- vehicle_find: one
-- columns: vehicle_id uuid, branch_id uuid, plate text, capacity bigint, inspected_until date, is_active bool, max_stops bigint?, max_minutes bigint?, max_distance_m bigint?, cost_fixed bigint?, cost_km bigint?, cost_hour bigint?, properties bigint, depot_id uuid?, end_depot_id uuid?, reload_minutes bigint?
SELECT vehicle_id, branch_id, plate, capacity, inspected_until, is_active, max_stops, max_minutes, max_distance_m, cost_fixed, cost_km,
       cost_hour, properties, depot_id, end_depot_id, reload_minutes
  FROM vehicle
 WHERE branch_id = ANY(:scope::uuid[]) AND vehicle_id = :vehicle_id::uuid;

-- vehicle_update: write one vehicle_unknown
UPDATE vehicle SET capacity = :capacity::bigint, inspected_until = :inspected_until::date, is_active = :is_active::bool,
       max_stops = :max_stops::bigint?, max_minutes = :max_minutes::bigint?, max_distance_m = :max_distance_m::bigint?,
       cost_fixed = :cost_fixed::bigint?, cost_km = :cost_km::bigint?, cost_hour = :cost_hour::bigint?, properties = :properties::bigint,
       depot_id = :depot_id::uuid, end_depot_id = :end_depot_id::uuid, reload_minutes = :reload_minutes::bigint?
 WHERE branch_id = :branch_id::uuid AND vehicle_id = :vehicle_id::uuid;

-- vehicle_rows: many
-- columns: vehicle_id uuid, branch_id uuid, plate text, capacity bigint, inspected_until date, is_active bool, max_stops bigint?, max_minutes bigint?, max_distance_m bigint?, cost_fixed bigint?, cost_km bigint?, cost_hour bigint?, properties bigint, depot_id uuid?, end_depot_id uuid?, reload_minutes bigint?
-- pages: vehicle_id desc by vehicle_list_sort
SELECT vehicle_id, branch_id, plate, capacity, inspected_until, is_active, max_stops, max_minutes, max_distance_m, cost_fixed, cost_km,
       cost_hour, properties, depot_id, end_depot_id, reload_minutes
  FROM vehicle
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:vehicle_id::uuid IS NULL OR vehicle_id = :vehicle_id::uuid);

-- compartments_of: many
-- columns: vehicle_id uuid, name text, capacity bigint, product_ids uuid[]
SELECT vehicle_id, name, capacity, product_ids FROM vehicle_compartment
 WHERE branch_id = ANY(:scope::uuid[]) AND vehicle_id = ANY(:vehicle_ids::uuid[])
 ORDER BY vehicle_id, place;

-- compartments_drop: write
DELETE FROM vehicle_compartment WHERE branch_id = :branch_id::uuid AND vehicle_id = :vehicle_id::uuid;

-- compartment_insert: write
INSERT INTO vehicle_compartment (branch_id, vehicle_id, place, name, capacity, product_ids)
VALUES (:branch_id::uuid, :vehicle_id::uuid, :place::bigint, :name::text, :capacity::bigint, :product_ids::uuid[]);

-- product_known: many
-- columns: product_id uuid
SELECT product_id FROM product WHERE branch_id = :company_id::uuid AND product_id = ANY(:product_ids::uuid[]);

-- stock_add: one
-- columns: stock_level
INSERT INTO stock (branch_id, depot_id, product_id, on_hand)
VALUES (:branch_id::uuid, :depot_id::uuid, :product_id::uuid, :quantity::bigint)
    ON CONFLICT (branch_id, depot_id, product_id) DO UPDATE SET on_hand = stock.on_hand + EXCLUDED.on_hand
RETURNING branch_id, depot_id, product_id,
          (SELECT p.name FROM product p WHERE p.branch_id = :company_id::uuid AND p.product_id = stock.product_id),
          (SELECT p.unit FROM product p WHERE p.branch_id = :company_id::uuid AND p.product_id = stock.product_id), on_hand, stock_id;

-- stock_take: write one stock_short
UPDATE stock SET on_hand = on_hand - :quantity::bigint
 WHERE branch_id = :branch_id::uuid AND depot_id = :depot_id::uuid AND product_id = :product_id::uuid AND on_hand >= :quantity::bigint;

-- stock_lock: one
-- columns: on_hand bigint
SELECT on_hand FROM stock
 WHERE branch_id = :branch_id::uuid AND depot_id = :depot_id::uuid AND product_id = :product_id::uuid
   FOR UPDATE;

-- stock_move: write
INSERT INTO stock_movement (branch_id, movement_id, depot_id, product_id, kind, quantity, source_id, reason, staff_id, moved_at)
VALUES (:branch_id::uuid, :movement_id::uuid, :depot_id::uuid, :product_id::uuid, :kind::movement_kind, :quantity::bigint,
        :source_id::uuid, :reason::text, :actor_id::uuid, :now::timestamptz);

-- stock_list: many
-- columns: stock_level
-- pages: stock_id by stock_list_sort
SELECT s.branch_id, s.depot_id, s.product_id, p.name, p.unit, s.on_hand, s.stock_id
  FROM stock s LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = s.product_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND (:depot_id::uuid IS NULL OR s.depot_id = :depot_id::uuid)
   AND (:product_id::uuid IS NULL OR s.product_id = :product_id::uuid);

-- stock_history: many
-- columns: stock_movement_view
-- pages: movement_id desc by stock_history_sort
SELECT m.movement_id, m.depot_id, m.product_id, m.kind, m.quantity, m.source_id, m.reason, m.staff_id, m.moved_at
  FROM stock_movement m
 WHERE m.branch_id = :branch_id::uuid AND m.depot_id = :depot_id::uuid AND m.product_id = :product_id::uuid;

-- driver_card_set: write
INSERT INTO driver_card (branch_id, driver_id, licence, licence_until, shift_from, shift_to, rest_from, rest_to, rest_minutes, changed_by,
                         changed_at)
VALUES (:branch_id::uuid, :driver_id::uuid, :licence::text, :licence_until::date, :shift_from::bigint?, :shift_to::bigint?,
        :rest_from::bigint?, :rest_to::bigint?, :rest_minutes::bigint?,
        :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, driver_id) DO UPDATE
   SET licence = EXCLUDED.licence, licence_until = EXCLUDED.licence_until, shift_from = EXCLUDED.shift_from, shift_to = EXCLUDED.shift_to,
       rest_from = EXCLUDED.rest_from, rest_to = EXCLUDED.rest_to, rest_minutes = EXCLUDED.rest_minutes,
       changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at;

-- driver_card: one
-- columns: licence_until date, shift_from bigint?, shift_to bigint?, rest_from bigint?, rest_to bigint?, rest_minutes bigint?
SELECT licence_until, shift_from, shift_to, rest_from, rest_to, rest_minutes FROM driver_card WHERE branch_id = :branch_id::uuid AND driver_id = :driver_id::uuid;

-- driver_cards: many
-- columns: driver_view
-- pages: driver_id desc by driver_list_sort
SELECT d.driver_id, d.branch_id, p.name, d.licence, d.licence_until, d.shift_from, d.shift_to, d.rest_from, d.rest_to, d.rest_minutes
  FROM driver_card d LEFT JOIN person p ON p.staff_id = d.driver_id
 WHERE d.branch_id = ANY(:scope::uuid[]);

-- access_set: one
-- columns: address_id uuid
INSERT INTO address_access (branch_id, address_id, required, forbidden, note, changed_by, changed_at)
SELECT a.branch_id, a.address_id, :required::bigint, :forbidden::bigint, :note::text, :actor_id::uuid, :now::timestamptz
  FROM address a WHERE a.branch_id = :branch_id::uuid AND a.address_id = :address_id::uuid
    ON CONFLICT (branch_id, address_id) DO UPDATE
   SET required = EXCLUDED.required, forbidden = EXCLUDED.forbidden, note = EXCLUDED.note, changed_by = EXCLUDED.changed_by,
       changed_at = EXCLUDED.changed_at
RETURNING address_id;

-- address_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM address WHERE branch_id = ANY(:scope::uuid[]) AND address_id = :address_id::uuid;

-- access_rows: many
-- columns: address_id uuid, branch_id uuid, customer_id uuid?, customer text?, address text?, required bigint, forbidden bigint, note text?, changed_by uuid, changed_at timestamptz
-- pages: address_id desc by access_list_sort
SELECT x.address_id, x.branch_id, a.customer_id, c.name, a.address, x.required, x.forbidden, x.note, x.changed_by, x.changed_at
  FROM address_access x
  LEFT JOIN address a ON a.branch_id = x.branch_id AND a.address_id = x.address_id
  LEFT JOIN customer c ON c.branch_id = a.branch_id AND c.customer_id = a.customer_id
 WHERE x.branch_id = ANY(:scope::uuid[]) AND (:customer_id::uuid IS NULL OR a.customer_id = :customer_id::uuid);

-- What depots have beyond what routes that are not loaded yet will take, those of the run itself left out.
-- stock_free: many
-- columns: depot_id uuid, product_id uuid, quantity bigint
SELECT s.depot_id, s.product_id, s.on_hand - coalesce(n.quantity, 0)
  FROM stock s
  LEFT JOIN (SELECT r.depot_id, l.product_id, sum(l.quantity)::bigint AS quantity
               FROM route r
               JOIN stop t ON t.branch_id = r.branch_id AND t.route_id = r.route_id AND t.status = 'planned'
               JOIN order_line l ON l.branch_id = t.branch_id AND l.order_id = t.order_id
              WHERE r.branch_id = :branch_id::uuid AND r.status IN ('draft', 'published')
                AND r.delivery_date BETWEEN :today::date AND :delivery_date::date AND r.depot_id = ANY(:depot_ids::uuid[])
                AND NOT EXISTS (SELECT FROM routing_crew c WHERE c.branch_id = r.branch_id AND c.run_id = :run_id::uuid
                                                           AND c.route_id = r.route_id)
              GROUP BY r.depot_id, l.product_id) n ON n.depot_id = s.depot_id AND n.product_id = s.product_id
 WHERE s.branch_id = :branch_id::uuid AND s.depot_id = ANY(:depot_ids::uuid[]) AND s.on_hand > 0;

-- What a route that is not loaded yet needs out of its depot beyond what that has left for it, after what those before it will take.
-- route_shortages: many
-- columns: depot_shortage
SELECT r.depot_id, d.name, n.product_id, p.name, p.unit, (n.quantity - greatest(coalesce(s.on_hand, 0) - coalesce(o.quantity, 0), 0))::bigint
  FROM route r
  JOIN depot d ON d.branch_id = r.branch_id AND d.depot_id = r.depot_id
 CROSS JOIN LATERAL (SELECT l.product_id, sum(l.quantity)::bigint AS quantity
                       FROM stop t JOIN order_line l ON l.branch_id = t.branch_id AND l.order_id = t.order_id
                      WHERE t.branch_id = r.branch_id AND t.route_id = r.route_id AND t.status = 'planned'
                      GROUP BY l.product_id) n
  LEFT JOIN LATERAL (SELECT l.product_id, sum(l.quantity)::bigint AS quantity
                       FROM route e
                       JOIN stop t ON t.branch_id = e.branch_id AND t.route_id = e.route_id AND t.status = 'planned'
                       JOIN order_line l ON l.branch_id = t.branch_id AND l.order_id = t.order_id
                      WHERE e.branch_id = r.branch_id AND e.depot_id = r.depot_id
                        AND (e.delivery_date, e.route_id) < (r.delivery_date, r.route_id)
                        AND e.status IN ('draft', 'published') AND e.delivery_date >= :today::date
                      GROUP BY l.product_id) o ON o.product_id = n.product_id
  LEFT JOIN stock s ON s.branch_id = r.branch_id AND s.depot_id = r.depot_id AND s.product_id = n.product_id
  LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = n.product_id
 WHERE r.branch_id = ANY(:scope::uuid[]) AND r.route_id = :route_id::uuid AND r.status IN ('draft', 'published')
   AND n.quantity > greatest(coalesce(s.on_hand, 0) - coalesce(o.quantity, 0), 0)
 ORDER BY n.product_id LIMIT 200;
