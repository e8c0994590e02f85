-- address_insert: write
INSERT INTO address (branch_id, customer_id, address_id, label, address, contact, phone, latitude_e7, longitude_e7, windows_from, windows_to, service_minutes)
VALUES (:branch_id::uuid, :customer_id::uuid, :address_id::uuid, :label::text, :address::text, :contact::text, :phone::text, :latitude_e7::bigint?,
        :longitude_e7::bigint?, :windows_from::bigint[], :windows_to::bigint[], :service_minutes::bigint);

-- address_update: one
-- columns: address_id uuid
UPDATE address SET label = :label::text, address = :address::text, contact = :contact::text, phone = :phone::text,
       latitude_e7 = :latitude_e7::bigint?, longitude_e7 = :longitude_e7::bigint?, windows_from = :windows_from::bigint[],
       windows_to = :windows_to::bigint[], service_minutes = :service_minutes::bigint, is_active = :is_active::bool
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid AND address_id = :address_id::uuid
RETURNING address_id;

-- address_list: many
-- columns: address_id uuid, label text, address text, contact text?, phone text?, latitude_e7 bigint?, longitude_e7 bigint?, windows_from bigint[], windows_to bigint[], service_minutes bigint, is_active bool
SELECT address_id, label, address, contact, phone, latitude_e7, longitude_e7, windows_from, windows_to, service_minutes, is_active
  FROM address WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid
 ORDER BY address_id LIMIT 50;
