-- seal_insert: one
-- columns: at timestamptz
INSERT INTO contract_seal (branch_id, contract_id, version, seal, staff_id, at)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :seal::seal_kind, :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, contract_id, version, seal) DO NOTHING
RETURNING at;

-- seal_list: many
-- columns: contract_seal_entry
SELECT seal, staff_id, at FROM contract_seal
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint
 ORDER BY at, seal;

-- original_insert: one
-- columns: at timestamptz
INSERT INTO contract_original (branch_id, contract_id, version, original, staff_id, receiver, at)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :original::original_copy, :actor_id::uuid, :receiver::text, :now::timestamptz)
    ON CONFLICT (branch_id, contract_id, version, original) DO NOTHING
RETURNING at;

-- original_list: many
-- columns: contract_original_entry
SELECT original, staff_id, receiver, at FROM contract_original
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint
 ORDER BY at, original;

-- filing_insert: one
-- columns: at timestamptz
INSERT INTO contract_filing (branch_id, archive_number, contract_id, version, staff_id, at)
VALUES (:branch_id::uuid, :archive_number::text, :contract_id::uuid, :version::bigint, :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, archive_number) DO NOTHING
RETURNING at;

-- filing_find: one
-- columns: archive_number text, staff_id uuid, at timestamptz
SELECT archive_number, staff_id, at FROM contract_filing
 WHERE branch_id = ANY(:scope::uuid[]) AND contract_id = :contract_id::uuid AND version = :version::bigint;
