-- Who signs for whom.

-- deputy_lock: one
-- columns: until_date date, version bigint
SELECT until_date, version FROM deputy
 WHERE staff_id = :staff_id::uuid AND deputy_id = :deputy_id::uuid AND from_date = :from_date::date FOR UPDATE;

-- deputy_put: one
-- columns: version bigint
INSERT INTO deputy (branch_id, staff_id, deputy_id, from_date, until_date, version)
VALUES (:branch_id::uuid, :staff_id::uuid, :deputy_id::uuid, :from_date::date, :until_date::date, 1)
    ON CONFLICT (branch_id, staff_id, deputy_id, from_date) DO UPDATE
   SET until_date = EXCLUDED.until_date, version = deputy.version + 1
RETURNING version;

-- deputy_list_open: many
-- columns: deputy_item
SELECT d.staff_id, p.name, d.deputy_id, q.name AS deputy, d.from_date, d.until_date
  FROM deputy d JOIN person p ON p.staff_id = d.staff_id JOIN person q ON q.staff_id = d.deputy_id
 WHERE p.branch_id = ANY(:scope::uuid[]) AND d.until_date >= :today::date AND d.until_date >= d.from_date
   AND (:staff_id::uuid IS NULL OR d.staff_id = :staff_id::uuid)
 ORDER BY d.from_date, d.staff_id, d.deputy_id LIMIT 200;

-- deputy_of_person: many
-- columns: branch_id uuid, staff_id uuid, deputy_id uuid, from_date date, version bigint
SELECT branch_id, staff_id, deputy_id, from_date, version FROM deputy
 WHERE (staff_id = :staff_id::uuid OR deputy_id = :staff_id::uuid) AND until_date >= :today::date
 ORDER BY staff_id, deputy_id, from_date FOR UPDATE;

-- deputy_end: write
UPDATE deputy SET until_date = :until_date::date, version = :version::bigint
 WHERE staff_id = :staff_id::uuid AND deputy_id = :deputy_id::uuid AND from_date = :from_date::date;
