-- Outbound slips.

-- slip_of_route: one
-- columns: slip_id uuid, number text, status slip_status
SELECT slip_id, number, status FROM slip
 WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid AND status <> 'void'
   FOR UPDATE;

-- slip_insert: write
INSERT INTO slip (branch_id, slip_id, number, route_id, depot_id, status, made_by, made_at)
VALUES (:branch_id::uuid, :slip_id::uuid, :number::text, :route_id::uuid, :depot_id::uuid, 'made', :actor_id::uuid, :now::timestamptz);

-- slip_lines_delete: write
DELETE FROM slip_line WHERE branch_id = :branch_id::uuid AND slip_id = :slip_id::uuid;

-- slip_line_insert: write
INSERT INTO slip_line (branch_id, slip_id, product_id, quantity, extra)
VALUES (:branch_id::uuid, :slip_id::uuid, :product_id::uuid, :quantity::bigint, :extra::bigint);

-- slip_needs: many
-- columns: product_id uuid, quantity bigint
SELECT l.product_id, sum(l.quantity)::bigint FROM stop s JOIN order_line l ON l.branch_id = s.branch_id AND l.order_id = s.order_id
 WHERE s.branch_id = :branch_id::uuid AND s.route_id = :route_id::uuid AND s.status = 'planned'
 GROUP BY l.product_id ORDER BY l.product_id;

-- slip_lines_here: many
-- columns: product_id uuid, product text?, quantity bigint, extra bigint
SELECT l.product_id, p.name, l.quantity, l.extra
  FROM slip_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = :branch_id::uuid AND l.slip_id = :slip_id::uuid ORDER BY l.product_id;

-- slip_lock: one
-- columns: branch_id uuid, slip_id uuid, number text, route_id uuid, depot_id uuid, status slip_status
SELECT branch_id, slip_id, number, route_id, depot_id, status FROM slip
 WHERE branch_id = :branch_id::uuid AND slip_id = :slip_id::uuid
   FOR UPDATE;

-- slip_find: one
-- columns: branch_id uuid, route_id uuid
SELECT branch_id, route_id FROM slip WHERE branch_id = ANY(:scope::uuid[]) AND slip_id = :slip_id::uuid;

-- slip_stock: many
-- columns: product_id uuid, on_hand bigint
SELECT s.product_id, s.on_hand FROM stock s
 WHERE s.branch_id = :branch_id::uuid AND s.depot_id = :depot_id::uuid
   AND s.product_id IN (SELECT l.product_id FROM slip_line l WHERE l.branch_id = :branch_id::uuid AND l.slip_id = :slip_id::uuid)
 ORDER BY s.product_id
   FOR UPDATE OF s;

-- slip_check_out: write
UPDATE slip SET status = 'checked_out', checked_out_by = :actor_id::uuid, checked_out_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND slip_id = :slip_id::uuid;

-- slip_void: write
UPDATE slip SET status = 'void', reason = :reason::text WHERE branch_id = :branch_id::uuid AND slip_id = :slip_id::uuid;

-- route_loaded: write
UPDATE route SET status = 'loaded' WHERE branch_id = :branch_id::uuid AND route_id = :route_id::uuid;

-- route_goods_load: write
INSERT INTO route_goods (branch_id, route_id, product_id, loaded)
VALUES (:branch_id::uuid, :route_id::uuid, :product_id::uuid, :quantity::bigint);

-- slip_card: one
-- columns: slip_id uuid, branch_id uuid, number text, route_id uuid, depot_id uuid, status slip_status, made_at timestamptz, checked_out_at timestamptz?, checked_out_by uuid?, reason text?
SELECT slip_id, branch_id, number, route_id, depot_id, status, made_at, checked_out_at, checked_out_by, reason FROM slip
 WHERE branch_id = ANY(:scope::uuid[]) AND slip_id = :slip_id::uuid;

-- slip_lines: many
-- columns: slip_line_view
SELECT l.product_id, p.name, p.unit, l.quantity, l.extra, p.specification
  FROM slip_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = ANY(:scope::uuid[]) AND l.slip_id = :slip_id::uuid AND (:after_id::uuid IS NULL OR l.product_id > :after_id::uuid)
 ORDER BY l.product_id LIMIT :limit::bigint;

-- slip_list: many
-- columns: slip_summary
-- pages: slip_id desc by slip_list_sort
SELECT s.slip_id, s.branch_id, s.number, s.route_id, s.depot_id, s.status, s.made_at, s.checked_out_at
  FROM slip s JOIN route r ON r.branch_id = s.branch_id AND r.route_id = s.route_id
 WHERE s.branch_id = ANY(:scope::uuid[]) AND (:delivery_date::date IS NULL OR r.delivery_date = :delivery_date::date)
   AND (:status::slip_status IS NULL OR s.status = :status::slip_status);
