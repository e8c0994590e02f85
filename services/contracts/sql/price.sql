-- price_policy_number: one
-- columns: version bigint
WITH taken AS (
    INSERT INTO price_policy_counter (branch_id, version) VALUES (:branch_id::uuid, 1)
    ON CONFLICT (branch_id) DO UPDATE SET version = price_policy_counter.version + 1
    RETURNING version)
SELECT version FROM taken;

-- price_policy_insert: write
INSERT INTO price_policy (branch_id, policy_id, version, name, valid_from, valid_until, status, author_id, created_at)
VALUES (:branch_id::uuid, :policy_id::uuid, :version::bigint, :name::text, :valid_from::date, :valid_until::date, 'draft', :actor_id::uuid,
        :now::timestamptz);

-- price_policy_lock: one
-- columns: branch_id uuid, policy_id uuid, version bigint, name text, valid_from date, valid_until date?, status price_policy_status, author_id uuid
SELECT branch_id, policy_id, version, name, valid_from, valid_until, status, author_id
  FROM price_policy WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid
   FOR UPDATE;

-- price_policy_update: write
UPDATE price_policy SET name = :name::text, valid_from = :valid_from::date, valid_until = :valid_until::date, author_id = :actor_id::uuid
 WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid;

-- price_policy_set_submitted: write one conflict
UPDATE price_policy SET status = 'submitted', rejection = NULL
 WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid AND status = 'draft';

-- price_policy_set_draft: write one conflict
UPDATE price_policy SET status = 'draft', rejection = :rejection::text
 WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid AND status = 'submitted';

-- price_policy_set_approved: write one conflict
UPDATE price_policy SET status = 'approved', valid_from = :valid_from::date, approved_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid AND status = 'submitted';

-- price_in_force_insert: write
INSERT INTO price_in_force (branch_id, product_id, version, policy_id, valid_from, valid_until)
SELECT DISTINCT l.branch_id, l.product_id, p.version, p.policy_id, p.valid_from, p.valid_until
  FROM price_policy p JOIN price_line l ON l.branch_id = p.branch_id AND l.policy_id = p.policy_id
 WHERE p.branch_id = :branch_id::uuid AND p.policy_id = :policy_id::uuid;

-- price_policy_list: many
-- columns: price_policy_summary
-- pages: policy_id desc by price_policy_list_sort
SELECT policy_id, version, name, valid_from, valid_until, status, author_id, rejection, created_at
  FROM price_policy
 WHERE branch_id = :company_id::uuid
   AND (:status::price_policy_status IS NULL OR status = :status::price_policy_status);

-- price_policy_find: one
-- columns: price_policy_summary
SELECT policy_id, version, name, valid_from, valid_until, status, author_id, rejection, created_at
  FROM price_policy WHERE branch_id = :company_id::uuid AND policy_id = :policy_id::uuid;

-- price_policy_picture: one
-- columns: picture text
SELECT json_build_object('version', p.version, 'name', p.name, 'valid_from', p.valid_from, 'valid_until', p.valid_until,
       'lines', (SELECT json_agg(json_build_object('product', g.code, 'name', g.name, 'class', l.class, 'months', l.months,
                        'min_quantity', l.min_quantity, 'list_price', l.list_price, 'floor_price', l.floor_price)
                        ORDER BY g.code, l.class, l.months, l.min_quantity)
                   FROM (SELECT * FROM price_line x WHERE x.branch_id = p.branch_id AND x.policy_id = p.policy_id
                          ORDER BY x.line_id LIMIT 300) l
                   JOIN product g ON g.branch_id = l.branch_id AND g.product_id = l.product_id))::text AS picture
  FROM price_policy p WHERE p.branch_id = :branch_id::uuid AND p.policy_id = :policy_id::uuid;

-- price_line_put: write
INSERT INTO price_line (branch_id, policy_id, line_id, product_id, class, months, min_quantity, list_price, floor_price)
VALUES (:branch_id::uuid, :policy_id::uuid, :line_id::uuid, :product_id::uuid, :class::customer_class, :months::bigint, :min_quantity::bigint,
        :list_price::bigint, :floor_price::bigint)
    ON CONFLICT (branch_id, policy_id, product_id, class, months, min_quantity) DO UPDATE
   SET list_price = EXCLUDED.list_price, floor_price = EXCLUDED.floor_price;

-- price_line_clear: write
DELETE FROM price_line WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid;

-- price_line_any: one
-- columns: line_id uuid
SELECT line_id FROM price_line WHERE branch_id = :branch_id::uuid AND policy_id = :policy_id::uuid LIMIT 1;

-- price_line_list: many
-- columns: price_line_view
-- pages: line_id by price_policy_read_sort
SELECT l.line_id, l.product_id, l.class,
       ARRAY(SELECT m FROM generate_series(1::bigint, 12::bigint) AS m WHERE (l.months >> m::int) & 1 = 1) AS months,
       l.min_quantity, l.list_price, l.floor_price
  FROM price_line l
 WHERE l.branch_id = :company_id::uuid AND l.policy_id = :policy_id::uuid;

-- price_rule: many
-- columns: position bigint, version bigint, class customer_class?, months bigint, min_quantity bigint, list_price bigint, floor_price bigint
SELECT wanted.position, newest.version, l.class, l.months, l.min_quantity, l.list_price, l.floor_price
  FROM unnest(:product_ids::uuid[]) WITH ORDINALITY AS wanted (product_id, position)
  JOIN LATERAL (SELECT f.policy_id, f.version FROM price_in_force f
                 WHERE f.branch_id = :company_id::uuid AND f.product_id = wanted.product_id AND f.valid_from <= :on_date::date
                   AND (f.valid_until IS NULL OR f.valid_until >= :on_date::date)
                 ORDER BY f.version DESC LIMIT 1) AS newest ON true
  JOIN price_line l ON l.branch_id = :company_id::uuid AND l.policy_id = newest.policy_id AND l.product_id = wanted.product_id
 ORDER BY wanted.position;
