-- Lists of a day go over a column of their own, so that the check for doubles (branch, customer, date), which every order makes, can never be
-- planned over all orders of a day, whatever the statistics say.
ALTER TABLE customer_order ADD COLUMN day date GENERATED ALWAYS AS (delivery_date) STORED;
DROP INDEX customer_order_date;
CREATE INDEX customer_order_day ON customer_order (branch_id, day, order_id);

-- A product is in an order once: that is the key; one index less to write for each line.
ALTER TABLE order_line DROP CONSTRAINT order_line_pkey;
ALTER TABLE order_line DROP CONSTRAINT order_line_branch_id_order_id_product_id_key;
ALTER TABLE order_line ADD PRIMARY KEY (branch_id, order_id, product_id);

CALL protect('customer', 'address', 'product', 'contract', 'contract_price', 'depot', 'vehicle', 'stock', 'stock_movement', 'delivery_list',
             'customer_order', 'order_line', 'route', 'stop', 'route_goods', 'slip', 'slip_line', 'delivery', 'delivery_line', 'goods_return',
             'goods_return_line', 'installation', 'installation_item', 'installed_serial');
