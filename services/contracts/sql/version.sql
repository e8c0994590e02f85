-- contract_version_insert: write
INSERT INTO contract_version (branch_id, contract_id, version, status, author_id, template_id, template_version, quotation_id, address_ids,
                              payment_term, payment_days, credit_limit, amount, valid_from, valid_until, reason, created_at)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, 'draft', :actor_id::uuid, :template_id::uuid, :template_version::bigint,
        :quotation_id::uuid, :address_ids::uuid[], :payment_term::payment_term, :payment_days::bigint, :credit_limit::bigint?, :amount::bigint,
        :valid_from::date, :valid_until::date, :reason::text, :now::timestamptz);

-- contract_version_update: write one conflict
UPDATE contract_version SET template_id = :template_id::uuid, template_version = :template_version::bigint, quotation_id = :quotation_id::uuid,
       address_ids = :address_ids::uuid[], payment_term = :payment_term::payment_term, payment_days = :payment_days::bigint,
       credit_limit = :credit_limit::bigint?, amount = :amount::bigint, valid_from = :valid_from::date, valid_until = :valid_until::date
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status = 'draft';

-- contract_version_find: one
-- columns: version bigint, status version_status, author_id uuid, template_id uuid, template_version bigint, quotation_id uuid?, address_ids uuid[], payment_term payment_term, payment_days bigint, credit_limit bigint?, amount bigint, consent_amount bigint?, valid_from date, valid_until date, reason text?, rejection text?, signed_at timestamptz?
SELECT version, status, author_id, template_id, template_version, quotation_id, address_ids, payment_term, payment_days, credit_limit, amount,
       consent_amount, valid_from, valid_until, reason, rejection, signed_at
  FROM contract_version
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- contract_version_read: one
-- columns: contract_version_find
SELECT version, status, author_id, template_id, template_version, quotation_id, address_ids, payment_term, payment_days, credit_limit, amount,
       consent_amount, valid_from, valid_until, reason, rejection, signed_at
  FROM contract_version
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- contract_version_set_submitted: write one conflict
UPDATE contract_version SET status = 'submitted', credit_limit = :credit_limit::bigint, rejection = NULL
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status = 'draft';

-- contract_version_set_draft: write one conflict
UPDATE contract_version SET status = 'draft', rejection = :rejection::text
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status = 'submitted';

-- contract_version_set_replaced: write
UPDATE contract_version SET status = 'replaced'
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND status = 'in_force';

-- contract_version_set_in_force: write one conflict
UPDATE contract_version SET status = 'in_force', signed_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status = 'submitted';

-- contract_version_set_discarded: write one conflict
UPDATE contract_version SET status = 'discarded', rejection = :reason::text
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status IN ('draft', 'submitted');

-- contract_version_set_consent: write one conflict
UPDATE contract_version SET consent_amount = :amount::bigint
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND status = 'draft';

-- contract_version_list: many
-- columns: contract_version_entry
SELECT version, status, author_id, amount, valid_from, valid_until, reason, signed_at, created_at
  FROM contract_version WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid
 ORDER BY version DESC LIMIT 200;

-- contract_line_insert: write
INSERT INTO contract_line (branch_id, contract_id, version, product_id, quantity, price, tax_permille, amount)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :product_id::uuid, :quantity::bigint, :price::bigint, :tax_permille::bigint,
        :amount::bigint);

-- contract_line_clear: write
DELETE FROM contract_line WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- contract_line_of: many
-- columns: product_id uuid, quantity bigint, price bigint, tax_permille bigint
SELECT product_id, quantity, price, tax_permille FROM contract_line
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint
 ORDER BY product_id;

-- contract_line_list: many
-- columns: contract_line_view
SELECT l.product_id, p.code, p.name, p.unit, l.quantity, l.price, l.tax_permille, l.amount
  FROM contract_line l LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = l.product_id
 WHERE l.branch_id = ANY(:scope::uuid[]) AND l.contract_id = :contract_id::uuid AND l.version = :version::bigint
   AND (:after::uuid IS NULL OR l.product_id > :after::uuid)
 ORDER BY l.product_id LIMIT :limit::bigint;

-- contract_equipment_insert: write
INSERT INTO contract_equipment (branch_id, contract_id, version, product_id, quantity, deposit)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :product_id::uuid, :quantity::bigint, :deposit::bigint);

-- contract_equipment_clear: write
DELETE FROM contract_equipment WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- contract_equipment_list: many
-- columns: contract_equipment
SELECT product_id, quantity, deposit FROM contract_equipment
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint
 ORDER BY product_id;

-- contract_field_insert: write
INSERT INTO contract_field (branch_id, contract_id, version, name, value)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :name::text, :value::text);

-- contract_field_clear: write
DELETE FROM contract_field WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- contract_field_list: many
-- columns: contract_field
SELECT name, value FROM contract_field
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint
 ORDER BY name;
