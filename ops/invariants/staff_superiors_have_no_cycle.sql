-- Superiors form a tree (S2).
WITH RECURSIVE up (start_id, staff_id, distance) AS (
    SELECT staff_id, superior_id, 1 FROM staff.person WHERE superior_id IS NOT NULL
     UNION ALL
    SELECT up.start_id, p.superior_id, up.distance + 1 FROM up JOIN staff.person p ON p.staff_id = up.staff_id
     WHERE p.superior_id IS NOT NULL AND up.staff_id <> up.start_id AND up.distance < 100
)
SELECT start_id, distance FROM up WHERE staff_id = start_id OR distance >= 100;
