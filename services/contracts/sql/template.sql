-- template_insert: one
-- columns: template_id uuid
INSERT INTO template (branch_id, template_id, code, name, version, author_id, changed_at)
VALUES (:branch_id::uuid, :template_id::uuid, :code::text, :name::text, 1, :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, code) DO NOTHING
RETURNING template_id;

-- template_next: one
-- columns: version bigint
UPDATE template SET version = version + 1, name = :name::text, is_active = :is_active::bool, author_id = :actor_id::uuid, changed_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND template_id = :template_id::uuid
RETURNING version;

-- template_find: one
-- columns: template_summary
SELECT template_id, code, name, version, is_active, author_id, changed_at
  FROM template WHERE branch_id = :company_id::uuid AND template_id = :template_id::uuid;

-- template_list: many
-- columns: template_summary
-- pages: template_id by template_list_sort
SELECT template_id, code, name, version, is_active, author_id, changed_at
  FROM template WHERE branch_id = :company_id::uuid;

-- template_clause_insert: write
INSERT INTO template_clause (branch_id, template_id, version, clause, title, text)
VALUES (:branch_id::uuid, :template_id::uuid, :version::bigint, :clause::bigint, :title::text, :text::text);

-- template_field_insert: write
INSERT INTO template_field (branch_id, template_id, version, field, name, label)
VALUES (:branch_id::uuid, :template_id::uuid, :version::bigint, :field::bigint, :name::text, :label::text);

-- template_clause_list: many
-- columns: template_clause
SELECT title, text FROM template_clause
 WHERE branch_id = :company_id::uuid AND template_id = :template_id::uuid AND version = :version::bigint
 ORDER BY clause;

-- template_field_list: many
-- columns: template_field
SELECT name, label FROM template_field
 WHERE branch_id = :company_id::uuid AND template_id = :template_id::uuid AND version = :version::bigint
 ORDER BY field;

-- template_field_unfilled: one
-- columns: name text, label text
SELECT f.name, f.label FROM template_field f
 WHERE f.branch_id = :company_id::uuid AND f.template_id = :template_id::uuid AND f.version = :version::bigint
   AND NOT EXISTS (SELECT FROM contract_field v
                    WHERE v.branch_id = :branch_id::uuid AND v.contract_id = :contract_id::uuid AND v.version = :contract_version::bigint
                      AND v.name = f.name AND v.value <> '')
 ORDER BY f.field LIMIT 1;
