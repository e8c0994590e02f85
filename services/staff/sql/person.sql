-- People: posts, superiors, functions.

-- person_row: one
-- columns: staff_id uuid, home_branch_id uuid, number text, sign_in_name text, name text, position text?, department_id uuid?, department text?, rank rank?, region text?, level bigint?, superior_id uuid?, phone text?, functions bigint, status person_status, is_ready bool, joined_on date, version bigint
SELECT staff_id, branch_id, number, sign_in_name, name, position, department_id, department, rank, region, level, superior_id, phone,
       functions, status, is_ready, joined_on, version
  FROM person WHERE (branch_id = ANY(:scope::uuid[]) OR :is_everywhere::bool) AND staff_id = :staff_id::uuid FOR UPDATE;

-- person_insert: one
-- columns: staff_id uuid
INSERT INTO person (branch_id, staff_id, number, sign_in_name, name, position, department_id, department, rank, region, level,
                    superior_id, phone, functions, status, is_ready, joined_on, version, created_at, created_by)
VALUES (:home_branch_id::uuid, :staff_id::uuid, :number::text, :sign_in_name::text, :name::text, :position::text,
        :department_id::uuid, :department::text, :rank::rank, :region::text, :level::bigint?, :superior_id::uuid, :phone::text,
        :functions::bigint, :status::person_status, :is_ready::bool, :joined_on::date, 1, :now::timestamptz, :actor_id::uuid)
    ON CONFLICT DO NOTHING RETURNING staff_id;

-- person_clash: one
-- columns: same_name bool, same_number bool
SELECT EXISTS (SELECT FROM person WHERE lower(sign_in_name) = lower(:sign_in_name::text)),
       EXISTS (SELECT FROM person WHERE number = :number::text);

-- person_update: write
UPDATE person SET branch_id = :home_branch_id::uuid, name = :name::text, position = :position::text,
       department_id = :department_id::uuid, department = :department::text, rank = :rank::rank, region = :region::text,
       level = :level::bigint?, superior_id = :superior_id::uuid, phone = :phone::text, functions = :functions::bigint,
       status = :status::person_status, is_ready = :is_ready::bool, version = :version::bigint
 WHERE staff_id = :staff_id::uuid;

-- person_brief: one
-- columns: staff_id uuid, home_branch_id uuid, name text, superior_id uuid?, status person_status
SELECT staff_id, branch_id, name, superior_id, status FROM person WHERE staff_id = :staff_id::uuid;

-- person_set_superior: one
-- columns: staff_id uuid
UPDATE person p SET superior_id = :superior_id::uuid
 WHERE p.staff_id = :staff_id::uuid
   AND NOT EXISTS (WITH RECURSIVE up (staff_id, distance) AS (
                       SELECT :superior_id::uuid, 0
                        UNION ALL
                       SELECT a.superior_id, up.distance + 1 FROM up JOIN person a ON a.staff_id = up.staff_id
                        WHERE a.superior_id IS NOT NULL AND up.distance < 64)
                   SELECT FROM up WHERE up.staff_id = p.staff_id)
RETURNING p.staff_id;

-- person_chain: one
-- columns: is_below bool
WITH RECURSIVE up (staff_id, distance) AS (
    SELECT superior_id, 1 FROM person WHERE staff_id = :staff_id::uuid
     UNION ALL
    SELECT p.superior_id, up.distance + 1 FROM up JOIN person p ON p.staff_id = up.staff_id WHERE up.distance < 64
)
SELECT EXISTS (SELECT FROM up WHERE staff_id = :above_id::uuid);

-- person_release: one
-- columns: staff_id uuid
UPDATE person p SET status = :status::person_status
 WHERE p.staff_id = :staff_id::uuid AND p.status <> 'left'
   AND EXISTS (SELECT FROM person s WHERE s.staff_id = :successor_id::uuid AND s.staff_id <> p.staff_id AND s.status IN ('joining', 'active'))
RETURNING p.staff_id;

-- person_tree_lock: one
-- columns: branch_id uuid
SELECT branch_id FROM company FOR UPDATE;

-- person_subordinates: many
-- columns: staff_id uuid
SELECT staff_id FROM person WHERE superior_id = :superior_id::uuid AND staff_id <> :except_id::uuid AND status <> 'left' ORDER BY staff_id LIMIT 1000;

-- person_view: one
-- columns: staff_id uuid, number text, name text, home_branch_id uuid, department text?, position text?, rank rank?, superior_id uuid?, status person_status, is_ready bool, joined_on date, functions bigint, sign_in_name text, department_id uuid?, region text?, level bigint?, phone text?, superior text?
SELECT p.staff_id, p.number, p.name, p.branch_id, p.department, p.position, p.rank, p.superior_id, p.status, p.is_ready, p.joined_on,
       p.functions, p.sign_in_name, p.department_id, p.region, p.level, p.phone, s.name AS superior
  FROM person p LEFT JOIN person s ON s.staff_id = p.superior_id
 WHERE (p.branch_id = ANY(:scope::uuid[]) OR p.branch_id = :company_id::uuid) AND p.staff_id = :staff_id::uuid;

-- person_list_rows: many
-- columns: staff_id uuid, number text, name text, home_branch_id uuid, department text?, position text?, rank rank?, superior_id uuid?, status person_status, is_ready bool, joined_on date, functions bigint
-- pages: staff_id by person_list_sort
SELECT staff_id, number, name, branch_id, department, position, rank, superior_id, status, is_ready, joined_on, functions FROM person
 WHERE (branch_id = ANY(:scope::uuid[]) OR branch_id = :company_id::uuid)
   AND (:home_branch_id::uuid IS NULL OR branch_id = :home_branch_id::uuid)
   AND (:bit::bigint? IS NULL OR functions & :bit::bigint? <> 0)
   AND (:status::person_status IS NULL OR status = :status::person_status)
   AND (:superior_id::uuid IS NULL OR superior_id = :superior_id::uuid)
   AND (:search::text IS NULL OR strpos(name, :search::text) > 0 OR number = :search::text OR lower(sign_in_name) = lower(:search::text));
