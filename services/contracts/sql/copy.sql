-- customer_put: write
INSERT INTO customer (branch_id, customer_id, number, name, class, owner_id, is_locked)
VALUES (:branch_id::uuid, :customer_id::uuid, :number::text, :name::text, :class::customer_class, :owner_id::uuid, :is_locked::bool)
    ON CONFLICT (branch_id, customer_id) DO UPDATE
   SET number = EXCLUDED.number, name = EXCLUDED.name, class = EXCLUDED.class, owner_id = EXCLUDED.owner_id, is_locked = EXCLUDED.is_locked;

-- customer_find: one
-- columns: branch_id uuid, customer_id uuid, number text, name text, class customer_class?, owner_id uuid?, is_locked bool
SELECT branch_id, customer_id, number, name, class, owner_id, is_locked
  FROM customer WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid;

-- address_put: write
INSERT INTO address (branch_id, customer_id, address_id, is_active)
VALUES (:branch_id::uuid, :customer_id::uuid, :address_id::uuid, :is_active::bool)
    ON CONFLICT (branch_id, customer_id, address_id) DO UPDATE SET is_active = EXCLUDED.is_active;

-- address_missing: one
-- columns: position bigint
SELECT wanted.position FROM unnest(:address_ids::uuid[]) WITH ORDINALITY AS wanted (address_id, position)
 WHERE NOT EXISTS (SELECT FROM address a
                    WHERE a.branch_id = :branch_id::uuid AND a.customer_id = :customer_id::uuid AND a.address_id = wanted.address_id
                      AND a.is_active)
 ORDER BY wanted.position LIMIT 1;
