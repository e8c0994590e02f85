-- The tree: headquarters, branches, departments, teams.

-- company_insert: one
-- columns: branch_id uuid
INSERT INTO company (branch_id, is_founded, name, administrator_id, key, founded_at)
VALUES (:head_id::uuid, true, :name::text, :administrator_id::uuid, :key::uuid, :now::timestamptz)
    ON CONFLICT DO NOTHING RETURNING branch_id;

-- company_by_key: one
-- columns: branch_id uuid, administrator_id uuid
SELECT branch_id, administrator_id FROM company WHERE key = :key::uuid;

-- branch_insert: one
-- columns: branch_id uuid
INSERT INTO branch (branch_id, parent_id, company_id, kind, code, name, is_active, version)
VALUES (:new_id::uuid, :parent_id::uuid, :head_id::uuid, :kind::branch_kind, :code::text, :name::text, true, 1)
    ON CONFLICT (code) DO NOTHING RETURNING branch_id;

-- branch_lock: one
-- columns: branch_id uuid, parent_id uuid?, company_id uuid, kind branch_kind, code text, name text, is_active bool, version bigint
SELECT branch_id, parent_id, company_id, kind, code, name, is_active, version FROM branch
 WHERE branch_id = :node_id::uuid FOR UPDATE;

-- branch_node: one
-- columns: branch_id uuid, parent_id uuid?, company_id uuid, kind branch_kind, code text, name text, is_active bool
SELECT branch_id, parent_id, company_id, kind, code, name, is_active FROM branch WHERE branch_id = :node_id::uuid;

-- branch_office: one
-- columns: branch_id uuid, kind branch_kind, is_active bool
WITH RECURSIVE up (branch_id, parent_id, kind, is_active, distance) AS (
    SELECT branch_id, parent_id, kind, is_active, 0 FROM branch WHERE branch_id = :node_id::uuid
     UNION ALL
    SELECT b.branch_id, b.parent_id, b.kind, b.is_active, up.distance + 1
      FROM up JOIN branch b ON b.branch_id = up.parent_id WHERE up.kind IN ('department', 'team') AND up.distance < 16
)
SELECT branch_id, kind, is_active FROM up WHERE kind IN ('headquarters', 'branch') ORDER BY distance LIMIT 1;

-- branch_update: write
UPDATE branch SET name = :name::text, is_active = :is_active::bool, version = :version::bigint WHERE branch_id = :node_id::uuid;

-- branch_people: one
-- columns: people bigint
SELECT count(*) FROM person
 WHERE (branch_id = :node_id::uuid OR department_id = :node_id::uuid) AND status <> 'left';

-- branch_read_one: one
-- columns: branch_item
SELECT branch_id, parent_id, company_id, kind, code, name, is_active FROM branch WHERE branch_id = :node_id::uuid;

-- branch_list_all: many
-- columns: branch_item
SELECT branch_id, parent_id, company_id, kind, code, name, is_active FROM branch
 WHERE (:kind::branch_kind IS NULL OR kind = :kind::branch_kind)
 ORDER BY code LIMIT 200;
