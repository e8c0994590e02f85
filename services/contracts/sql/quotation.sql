-- quotation_insert: write
INSERT INTO quotation (branch_id, quotation_id, number, customer_id, author_id, status, leave, total, valid_until, created_at)
VALUES (:branch_id::uuid, :quotation_id::uuid, :number::text, :customer_id::uuid, :actor_id::uuid, 'draft', :leave::price_leave, :total::bigint,
        :valid_until::date, :now::timestamptz);

-- quotation_lock: one
-- columns: branch_id uuid, quotation_id uuid, number text, customer_id uuid, author_id uuid, status quotation_status, leave price_leave, granted price_leave, total bigint, valid_until date
SELECT branch_id, quotation_id, number, customer_id, author_id, status, leave, granted, total, valid_until
  FROM quotation WHERE branch_id = ANY(:scope::uuid[]) AND quotation_id = :quotation_id::uuid
   FOR UPDATE;

-- quotation_granted: one
-- columns: granted price_leave
SELECT granted FROM quotation
 WHERE branch_id = :branch_id::uuid AND quotation_id = :quotation_id::uuid AND customer_id = :customer_id::uuid
   AND status IN ('approved', 'presented') AND valid_until >= :today::date;

-- quotation_update: write one conflict
UPDATE quotation SET leave = :leave::price_leave, total = :total::bigint, valid_until = :valid_until::date
 WHERE branch_id = :branch_id::uuid AND quotation_id = :quotation_id::uuid AND status = 'draft';

-- quotation_set_status: write one conflict
UPDATE quotation SET status = :status::quotation_status, granted = :granted::price_leave, rejection = :rejection::text
 WHERE branch_id = :branch_id::uuid AND quotation_id = :quotation_id::uuid AND status = :was::quotation_status;

-- quotation_set_presented: write one conflict
UPDATE quotation SET status = 'presented', presented_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND quotation_id = :quotation_id::uuid AND status = :was::quotation_status;

-- quotation_picture: one
-- columns: picture text
SELECT json_build_object('number', q.number, 'customer', c.name, 'total', q.total, 'leave', q.leave, 'valid_until', q.valid_until,
       'lines', (SELECT json_agg(json_build_object('product', p.code, 'name', p.name, 'quantity', l.quantity, 'price', l.price,
                        'list_price', l.list_price, 'floor_price', l.floor_price) ORDER BY l.line)
                   FROM quotation_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
                  WHERE l.branch_id = q.branch_id AND l.quotation_id = q.quotation_id))::text AS picture
  FROM quotation q LEFT JOIN customer c ON c.branch_id = q.branch_id AND c.customer_id = q.customer_id
 WHERE q.branch_id = :branch_id::uuid AND q.quotation_id = :quotation_id::uuid;

-- quotation_find: one
-- columns: quotation_summary
SELECT q.quotation_id, q.number, q.customer_id, c.name AS customer_name, q.author_id, q.status, q.leave, q.total, q.valid_until, q.rejection, q.presented_at,
       q.created_at
  FROM quotation q LEFT JOIN customer c ON c.branch_id = q.branch_id AND c.customer_id = q.customer_id
 WHERE q.branch_id = ANY(:scope::uuid[]) AND q.quotation_id = :quotation_id::uuid;

-- quotation_list: many
-- columns: quotation_summary
-- pages: quotation_id desc by quotation_list_sort
SELECT q.quotation_id, q.number, q.customer_id, c.name AS customer_name, q.author_id, q.status, q.leave, q.total, q.valid_until, q.rejection, q.presented_at,
       q.created_at
  FROM quotation q LEFT JOIN customer c ON c.branch_id = q.branch_id AND c.customer_id = q.customer_id
 WHERE q.branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR q.customer_id = :customer_id::uuid)
   AND (:author_id::uuid IS NULL OR q.author_id = :author_id::uuid)
   AND (:status::quotation_status IS NULL OR q.status = :status::quotation_status);

-- quotation_line_insert: write
INSERT INTO quotation_line (branch_id, quotation_id, product_id, line, quantity, price, list_price, floor_price, tax_permille, amount, leave)
VALUES (:branch_id::uuid, :quotation_id::uuid, :product_id::uuid, :line::bigint, :quantity::bigint, :price::bigint, :list_price::bigint,
        :floor_price::bigint, :tax_permille::bigint, :amount::bigint, :leave::price_leave);

-- quotation_line_clear: write
DELETE FROM quotation_line WHERE branch_id = :branch_id::uuid AND quotation_id = :quotation_id::uuid;

-- quotation_line_list: many
-- columns: quotation_line
SELECT product_id, quantity, price, list_price, floor_price, tax_permille, amount, leave
  FROM quotation_line WHERE branch_id = ANY(:scope::uuid[]) AND quotation_id = :quotation_id::uuid
 ORDER BY line;

-- quotation_hand_over: many
-- columns: quotation_id uuid
UPDATE quotation SET author_id = :successor_id::uuid
 WHERE branch_id = :branch_id::uuid AND author_id = :staff_id::uuid AND status IN ('draft', 'submitted', 'approved')
RETURNING quotation_id;
