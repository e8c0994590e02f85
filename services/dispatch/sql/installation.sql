-- Installations.

-- installation_insert: one
-- columns: installation_id uuid
INSERT INTO installation (branch_id, installation_id, contract_id, customer_id, address_id, status, is_early, is_in_force, requested_by,
                          reason, opened_at)
VALUES (:branch_id::uuid, :installation_id::uuid, :contract_id::uuid, :customer_id::uuid, :address_id::uuid, :status::installation_status,
        :is_early::bool, :is_in_force::bool, :requested_by::uuid, :reason::text, :now::timestamptz)
    ON CONFLICT (branch_id, contract_id) WHERE status <> 'cancelled' DO NOTHING
RETURNING installation_id;

-- installation_item_add: write
INSERT INTO installation_item (branch_id, installation_id, product_id, quantity)
VALUES (:branch_id::uuid, :installation_id::uuid, :product_id::uuid, :quantity::bigint);

-- installation_of_contract: one
-- columns: installation_id uuid, status installation_status
SELECT installation_id, status FROM installation
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND status <> 'cancelled'
   FOR UPDATE;

-- installation_in_force: write
UPDATE installation SET is_in_force = true WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid;

-- contract_is_known: one
-- columns: contract_id uuid
SELECT contract_id FROM contract WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid;

-- installation_address: one
-- columns: customer text, is_locked bool, is_address_active bool
SELECT c.name, c.is_locked, EXISTS (SELECT FROM address a WHERE a.branch_id = c.branch_id AND a.address_id = :address_id::uuid
                               AND a.customer_id = c.customer_id AND a.is_active)
  FROM customer c WHERE c.branch_id = :branch_id::uuid AND c.customer_id = :customer_id::uuid AND c.name IS NOT NULL;

-- installation_branch: one
-- columns: branch_id uuid
SELECT branch_id FROM installation WHERE branch_id = ANY(:scope::uuid[]) AND installation_id = :installation_id::uuid;

-- installation_lock: one
-- columns: branch_id uuid, installation_id uuid, contract_id uuid, customer_id uuid, address_id uuid?, status installation_status, installer_id uuid?
SELECT branch_id, installation_id, contract_id, customer_id, address_id, status, installer_id FROM installation
 WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid
   FOR UPDATE;

-- installation_set_schedule: write
UPDATE installation SET status = 'scheduled', installer_id = :installer_id::uuid, scheduled_on = :scheduled_on::date,
       address_id = :address_id::uuid, note = coalesce(:note::text, note)
 WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid;

-- installation_set_status: write
UPDATE installation SET status = :status::installation_status, reason = coalesce(:reason::text, reason)
 WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid;

-- installation_set_complete: write
UPDATE installation SET status = 'completed', completed_at = :now::timestamptz, happened_at = :happened_at::timestamptz,
       proof_kind = :proof_kind::proof_kind, proof_data = :proof_data::bytea, proof_code = :proof_code::text, signer = :signer::text,
       note = coalesce(:note::text, note)
 WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid;

-- installation_pieces: one
-- columns: pieces bigint
SELECT coalesce(sum(quantity), 0)::bigint / 1000 FROM installation_item
 WHERE branch_id = :branch_id::uuid AND installation_id = :installation_id::uuid;

-- installed_serial_insert: one
-- columns: serial text
INSERT INTO installed_serial (branch_id, serial, installation_id, installed_at)
VALUES (:branch_id::uuid, :serial::text, :installation_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, serial) DO NOTHING
RETURNING serial;

-- installation_picture: one
-- columns: picture text
SELECT json_build_object('customer', c.name, 'contract_id', i.contract_id, 'reason', i.reason,
           'equipment', (SELECT json_agg(json_build_object('product_id', e.product_id, 'product', p.name, 'quantity', e.quantity)
                                         ORDER BY e.product_id)
                           FROM installation_item e
                           LEFT JOIN product p ON p.branch_id = :company_id::uuid AND p.product_id = e.product_id
                          WHERE e.branch_id = i.branch_id AND e.installation_id = i.installation_id))::text
  FROM installation i LEFT JOIN customer c USING (branch_id, customer_id)
 WHERE i.branch_id = :branch_id::uuid AND i.installation_id = :installation_id::uuid;

-- installation_list: many
-- columns: installation_summary
-- pages: installation_id desc by installation_list_sort
SELECT i.installation_id, i.branch_id, i.contract_id, i.customer_id, c.name, i.address_id, i.status, i.is_early, i.installer_id,
       i.scheduled_on, i.completed_at
  FROM installation i LEFT JOIN customer c ON c.branch_id = i.branch_id AND c.customer_id = i.customer_id
 WHERE i.branch_id = ANY(:scope::uuid[]) AND (:status::installation_status IS NULL OR i.status = :status::installation_status)
   AND (:installer_id::uuid IS NULL OR i.installer_id = :installer_id::uuid)
   AND (:customer_id::uuid IS NULL OR i.customer_id = :customer_id::uuid);

-- installation_card: one
-- columns: branch_id uuid, contract_id uuid, customer_id uuid, address_id uuid?, status installation_status, is_early bool, is_in_force bool, installer_id uuid?, scheduled_on date?, completed_at timestamptz?, reason text?, note text?, serial_numbers text[]
SELECT i.branch_id, i.contract_id, i.customer_id, i.address_id, i.status, i.is_early, i.is_in_force, i.installer_id, i.scheduled_on, i.completed_at, i.reason, i.note,
       ARRAY(SELECT s.serial FROM installed_serial s WHERE s.branch_id = i.branch_id AND s.installation_id = i.installation_id ORDER BY s.serial)
  FROM installation i
 WHERE i.branch_id = ANY(:scope::uuid[]) AND i.installation_id = :installation_id::uuid;

-- installation_items: many
-- columns: product_quantity
SELECT product_id, quantity FROM installation_item
 WHERE branch_id = ANY(:scope::uuid[]) AND installation_id = :installation_id::uuid ORDER BY product_id;
