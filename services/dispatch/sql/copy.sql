-- Copies of customers, addresses, products and contracts, as their events tell.

-- copy_customer_put: write
INSERT INTO customer (branch_id, customer_id, number, name, owner_id, phone, contact, is_locked)
VALUES (:branch_id::uuid, :customer_id::uuid, :number::text, :name::text, :owner_id::uuid, :phone::text, :contact::text, :is_locked::bool)
    ON CONFLICT (branch_id, customer_id) DO UPDATE
   SET number = EXCLUDED.number, name = EXCLUDED.name, owner_id = EXCLUDED.owner_id, phone = EXCLUDED.phone,
       contact = EXCLUDED.contact, is_locked = EXCLUDED.is_locked;

-- copy_address_put: write
INSERT INTO address (branch_id, address_id, customer_id, label, address, contact, phone, latitude_e7, longitude_e7, windows_from, windows_to,
                     service_minutes, is_active)
VALUES (:branch_id::uuid, :address_id::uuid, :customer_id::uuid, :label::text, :address::text, :contact::text, :phone::text,
        :latitude_e7::bigint?, :longitude_e7::bigint?, :windows_from::bigint[], :windows_to::bigint[], :service_minutes::bigint,
        :is_active::bool)
    ON CONFLICT (branch_id, address_id) DO UPDATE
   SET customer_id = EXCLUDED.customer_id, label = EXCLUDED.label, address = EXCLUDED.address, contact = EXCLUDED.contact,
       phone = EXCLUDED.phone, latitude_e7 = EXCLUDED.latitude_e7, longitude_e7 = EXCLUDED.longitude_e7,
       windows_from = EXCLUDED.windows_from, windows_to = EXCLUDED.windows_to, service_minutes = EXCLUDED.service_minutes,
       is_active = EXCLUDED.is_active;

-- Who and where, as people see it: the address' own contact and telephone, or else the customer's.
-- customer_place: one
-- columns: customer text?, address text?, contact text?, phone text?
SELECT c.name, a.address, coalesce(a.contact, c.contact), coalesce(a.phone, c.phone)
  FROM (SELECT :of_branch_id::uuid AS branch_id, :customer_id::uuid AS customer_id, :address_id::uuid AS address_id) i
  LEFT JOIN customer c ON c.branch_id = i.branch_id AND c.customer_id = i.customer_id
  LEFT JOIN address a ON a.branch_id = i.branch_id AND a.address_id = i.address_id;

-- copy_product_put: write
INSERT INTO product (branch_id, product_id, code, name, specification, unit, tax_permille, is_equipment, is_active)
VALUES (:branch_id::uuid, :product_id::uuid, :code::text, :name::text, :specification::text, :unit::text, :tax_permille::bigint, :is_equipment::bool,
        :is_active::bool)
    ON CONFLICT (branch_id, product_id) DO UPDATE
   SET code = EXCLUDED.code, name = EXCLUDED.name, specification = EXCLUDED.specification, unit = EXCLUDED.unit, tax_permille = EXCLUDED.tax_permille,
       is_equipment = EXCLUDED.is_equipment, is_active = EXCLUDED.is_active;

-- copy_contract_put: write
INSERT INTO contract (branch_id, contract_id, customer_id, number, payment_term, payment_days, valid_from, valid_until)
VALUES (:branch_id::uuid, :contract_id::uuid, :customer_id::uuid, :number::text, :payment_term::payment_term, :payment_days::bigint,
        :valid_from::date, :valid_until::date)
    ON CONFLICT (branch_id, contract_id) DO UPDATE
   SET customer_id = EXCLUDED.customer_id, number = EXCLUDED.number, payment_term = EXCLUDED.payment_term,
       payment_days = EXCLUDED.payment_days, valid_from = EXCLUDED.valid_from, valid_until = EXCLUDED.valid_until;

-- copy_price_put: write
INSERT INTO contract_price (branch_id, contract_id, product_id, price, tax_permille)
VALUES (:branch_id::uuid, :contract_id::uuid, :product_id::uuid, :price::bigint, :tax_permille::bigint)
    ON CONFLICT (branch_id, contract_id, product_id) DO UPDATE SET price = EXCLUDED.price, tax_permille = EXCLUDED.tax_permille;

-- copy_contract_end: write
UPDATE contract SET is_ended = true WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid;

-- copy_hold_put: write
INSERT INTO customer (branch_id, customer_id, is_held, hold_reason, held_at)
VALUES (:branch_id::uuid, :customer_id::uuid, true, :hold_reason::text, :now::timestamptz)
    ON CONFLICT (branch_id, customer_id) DO UPDATE
   SET is_held = true, hold_reason = EXCLUDED.hold_reason, held_at = EXCLUDED.held_at;

-- copy_hold_end: write
UPDATE customer SET is_held = false, hold_reason = NULL, held_at = NULL
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- copy_balance_put: write
INSERT INTO customer (branch_id, customer_id, due, balance, credit)
VALUES (:branch_id::uuid, :customer_id::uuid, :due::bigint, :balance::bigint, :credit::bigint)
    ON CONFLICT (branch_id, customer_id) DO UPDATE
   SET due = EXCLUDED.due, balance = EXCLUDED.balance, credit = EXCLUDED.credit;

-- A published route whose date the successor's licence does not reach is a draft again: somebody must look for another driver.
-- leaver_routes: one
-- columns: moved bigint
WITH moved AS (
    UPDATE route r SET driver_id = :successor_id::uuid,
           status = CASE WHEN r.status = 'published'
                          AND EXISTS (SELECT FROM driver_card d WHERE d.branch_id = r.branch_id AND d.driver_id = :successor_id::uuid
                                         AND d.licence_until < r.delivery_date) THEN 'draft' ELSE r.status END
     WHERE r.driver_id = :staff_id::uuid AND r.status IN ('draft', 'published', 'loaded', 'started')
    RETURNING r.route_id
)
SELECT count(*) FROM moved;

-- leaver_installations: one
-- columns: moved bigint
WITH moved AS (
    UPDATE installation SET installer_id = :successor_id::uuid
     WHERE installer_id = :staff_id::uuid AND status = 'scheduled'
    RETURNING installation_id
)
SELECT count(*) FROM moved;
