-- product_insert: one
-- columns: product_id uuid
INSERT INTO product (branch_id, product_id, code, name, name_folded, specification, unit, tax_permille, is_equipment, created_at)
VALUES (:branch_id::uuid, :product_id::uuid, :code::text, :name::text, :name_folded::text, :specification::text, :unit::text,
        :tax_permille::bigint, :is_equipment::bool, :now::timestamptz)
    ON CONFLICT (branch_id, code) DO NOTHING
RETURNING product_id;

-- product_update: one
-- columns: code text
UPDATE product SET name = :name::text, name_folded = :name_folded::text, specification = :specification::text, unit = :unit::text,
       tax_permille = :tax_permille::bigint, is_equipment = :is_equipment::bool, is_active = :is_active::bool
 WHERE branch_id = :branch_id::uuid AND product_id = :product_id::uuid
RETURNING code;

-- product_find: one
-- columns: product_summary
SELECT product_id, code, name, specification, unit, tax_permille, is_equipment, is_active
  FROM product WHERE branch_id = :company_id::uuid AND product_id = :product_id::uuid;

-- product_list: many
-- columns: product_summary
-- pages: product_id by product_list_sort
SELECT product_id, code, name, specification, unit, tax_permille, is_equipment, is_active
  FROM product
 WHERE branch_id = :company_id::uuid
   AND (:search::text IS NULL OR name_folded LIKE :search::text OR lower(code) LIKE :search::text)
   AND (:is_equipment::bool? IS NULL OR is_equipment = :is_equipment::bool?)
   AND (:is_active::bool? IS NULL OR is_active = :is_active::bool?);

-- product_basis: many
-- columns: position bigint, product_id uuid?, code text?, tax_permille bigint?, is_equipment bool?, is_active bool?
SELECT wanted.position, p.product_id, p.code, p.tax_permille, p.is_equipment, p.is_active
  FROM unnest(:product_ids::uuid[]) WITH ORDINALITY AS wanted (product_id, position)
  LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = wanted.product_id
 ORDER BY wanted.position;
