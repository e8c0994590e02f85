-- Figures the company sets.

-- setting_find: one
-- columns: number bigint?, text text?
SELECT number, text FROM setting
 WHERE name = :name::text AND branch_id IN (:branch_id, :company_id) AND valid_from <= :now
 ORDER BY (branch_id = :branch_id) DESC, valid_from DESC, setting_id DESC
 LIMIT 1;

-- setting_valid: many
-- columns: branch_id uuid, name text, number bigint?, text text?, valid_from timestamptz, changed_by uuid?
SELECT DISTINCT ON (name) branch_id, name, number, text, valid_from, changed_by FROM setting
 WHERE branch_id IN (:branch_id, :company_id) AND valid_from <= :now
 ORDER BY name, (branch_id = :branch_id) DESC, valid_from DESC, setting_id DESC;

-- setting_history: many
-- columns: setting_version
SELECT setting_id, branch_id, number, text, valid_from, changed_by, changed_at FROM setting
 WHERE name = :name::text AND branch_id IN (:branch_id, :company_id)
 ORDER BY valid_from DESC, setting_id DESC
 LIMIT 200;

-- setting_insert: write
INSERT INTO setting (branch_id, setting_id, name, number, text, valid_from, changed_by, changed_at)
VALUES (:where::uuid, :setting_id::uuid, :name::text, :number::bigint?, :text::text, :valid_from::timestamptz, :actor_id, :now);
