-- People, branches, deputies and calendar days, as staff tells them.

-- people_person: one
-- columns: staff_id uuid, branch_id uuid, department_id uuid?, superior_id uuid?, number text, name text, department text?, functions bigint, is_active bool, is_ready bool
SELECT staff_id, branch_id, department_id, superior_id, number, name, department, functions,
       status IN ('joining', 'active'), is_ready
  FROM person WHERE staff_id = :staff_id::uuid;

-- people_superior: one
-- columns: superior_id uuid?, name text
SELECT superior_id, name FROM person WHERE staff_id = :staff_id::uuid;

-- people_superior_at: one
-- columns: staff_id uuid
WITH RECURSIVE up (staff_id, level) AS (
    SELECT superior_id, 1::bigint FROM person WHERE staff_id = :staff_id::uuid
     UNION ALL
    SELECT p.superior_id, up.level + 1 FROM up JOIN person p ON p.staff_id = up.staff_id WHERE up.level < :level::bigint
)
SELECT staff_id FROM up WHERE level = :level::bigint AND staff_id IS NOT NULL;

-- The actor, if they stand above somebody in the line of superiors.
-- people_leads: one
-- columns: staff_id uuid
WITH RECURSIVE up (staff_id) AS (
    SELECT superior_id FROM person WHERE staff_id = :staff_id::uuid
     UNION
    SELECT p.superior_id FROM up JOIN person p ON p.staff_id = up.staff_id
)
SELECT staff_id FROM up WHERE staff_id = :actor_id::uuid;

-- people_branch: one
-- columns: branch_id uuid, parent_id uuid?, company_id uuid, code text, name text
SELECT branch_id, parent_id, company_id, code, name FROM branch WHERE branch_id = :in_branch_id::uuid;

-- people_holder: one
-- columns: staff_id uuid, name text
WITH RECURSIVE up (branch_id, parent_id, distance) AS (
    SELECT branch_id, parent_id, 0 FROM branch WHERE branch_id = :in_branch_id::uuid
     UNION ALL
    SELECT b.branch_id, b.parent_id, up.distance + 1 FROM up JOIN branch b ON b.branch_id = up.parent_id WHERE up.distance < 16
)
SELECT p.staff_id, p.name FROM up JOIN person p ON p.branch_id = up.branch_id
 WHERE p.functions & :bit::bigint <> 0 AND p.status IN ('joining', 'active')
 ORDER BY up.distance, p.joined_on, p.staff_id LIMIT 1;

-- people_deputised: many
-- columns: staff_id uuid, branch_id uuid, functions bigint
SELECT DISTINCT p.staff_id, p.branch_id, p.functions
  FROM deputy d JOIN person p ON p.staff_id = d.staff_id
 WHERE d.deputy_id = :deputy_id::uuid AND :today::date BETWEEN d.from_date AND d.until_date
   AND p.status IN ('joining', 'active')
 ORDER BY p.staff_id;

-- people_branch_put: write
INSERT INTO branch (branch_id, parent_id, company_id, kind, code, name, is_active, version)
VALUES (:office_id::uuid, :parent_id::uuid, :head_id::uuid, :kind::text, :code::text, :name::text, :is_active::bool, :version::bigint)
    ON CONFLICT (branch_id) DO UPDATE
   SET parent_id = EXCLUDED.parent_id, company_id = EXCLUDED.company_id, kind = EXCLUDED.kind, code = EXCLUDED.code,
       name = EXCLUDED.name, is_active = EXCLUDED.is_active, version = EXCLUDED.version
 WHERE branch.version <= EXCLUDED.version;

-- people_person_put: write
INSERT INTO person (branch_id, staff_id, number, name, position, department_id, department, superior_id, functions, status,
                    is_ready, joined_on, version)
VALUES (:home_branch_id::uuid, :staff_id::uuid, :number::text, :name::text, :position::text, :department_id::uuid, :department::text,
        :superior_id::uuid, :functions::bigint, :status::text, :is_ready::bool, :joined_on::date, :version::bigint)
    ON CONFLICT (staff_id) DO UPDATE
   SET branch_id = EXCLUDED.branch_id, number = EXCLUDED.number, name = EXCLUDED.name, position = EXCLUDED.position,
       department_id = EXCLUDED.department_id, department = EXCLUDED.department, superior_id = EXCLUDED.superior_id,
       functions = EXCLUDED.functions, status = EXCLUDED.status, is_ready = EXCLUDED.is_ready, joined_on = EXCLUDED.joined_on,
       version = EXCLUDED.version
 WHERE person.version <= EXCLUDED.version;

-- people_deputy_put: write
INSERT INTO deputy (branch_id, staff_id, deputy_id, from_date, until_date, version)
VALUES (:branch_id::uuid, :staff_id::uuid, :deputy_id::uuid, :from_date::date, :until_date::date, :version::bigint)
    ON CONFLICT (branch_id, staff_id, deputy_id, from_date) DO UPDATE
   SET until_date = EXCLUDED.until_date, version = EXCLUDED.version
 WHERE deputy.version <= EXCLUDED.version;

-- calendar_put: write
INSERT INTO calendar_day (branch_id, date, kind, name, version)
VALUES (:of_branch_id::uuid, :date::date, :kind::text, :name::text, :version::bigint)
    ON CONFLICT (branch_id, date) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name, version = EXCLUDED.version
 WHERE calendar_day.version <= EXCLUDED.version;

-- calendar_days: many
-- columns: date date, kind text, name text
SELECT DISTINCT ON (d.date) d.date, d.kind, d.name FROM calendar_day d
 WHERE d.branch_id IN (:in_branch_id::uuid, (SELECT b.company_id FROM branch b WHERE b.branch_id = :in_branch_id::uuid))
 ORDER BY d.date, (d.branch_id = :in_branch_id::uuid) DESC;

-- people_offices: many
-- columns: branch_id uuid
SELECT branch_id FROM branch WHERE kind IN ('headquarters', 'branch') ORDER BY branch_id;
