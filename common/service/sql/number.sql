-- Document numbers: series, leased ranges, what became of each leased number.

-- number_take: one
-- columns: first bigint, code text?
INSERT INTO number_series (branch_id, kind, year, next)
VALUES (:branch_id::uuid, :kind::text, :year::bigint, :count::bigint + 1)
    ON CONFLICT (branch_id, kind, year) DO UPDATE SET next = number_series.next + :count::bigint
RETURNING next - :count::bigint, (SELECT b.code FROM branch b WHERE b.branch_id = number_series.branch_id);

-- number_lease_insert: write
INSERT INTO number_lease (branch_id, lease_id, kind, year, code, first, last, highest, holder_id, leased_at)
VALUES (:branch_id::uuid, :lease_id::uuid, :kind::text, :year::bigint, :code::text, :first::bigint, :last::bigint, :first::bigint - 1,
        :holder_id::uuid, :now::timestamptz);

-- number_lease_of: one
-- columns: lease_id uuid, holder_id uuid
SELECT lease_id, holder_id FROM number_lease
 WHERE branch_id = :branch_id::uuid AND code = :code::text AND kind = :kind::text AND year = :year::bigint
   AND first <= :number::bigint AND last >= :number::bigint
 ORDER BY first DESC LIMIT 1 FOR UPDATE;

-- number_entry_insert: one
-- columns: number bigint
INSERT INTO number_entry (branch_id, kind, year, number, lease_id, status, document_id, reason, staff_id, at)
VALUES (:branch_id::uuid, :kind::text, :year::bigint, :number::bigint, :lease_id::uuid,
        CASE WHEN :document_id::uuid IS NULL THEN 'void' ELSE 'used' END, :document_id::uuid, :reason::text, :staff_id::uuid,
        :now::timestamptz)
    ON CONFLICT DO NOTHING
RETURNING number;

-- number_entry_of: one
-- columns: status text, document_id uuid?
SELECT status, document_id FROM number_entry
 WHERE branch_id = :branch_id::uuid AND kind = :kind::text AND year = :year::bigint AND number = :number::bigint;

-- number_lease_reach: write
UPDATE number_lease SET highest = greatest(highest, :number::bigint)
 WHERE branch_id = :branch_id::uuid AND lease_id = :lease_id::uuid;

-- number_lease_read: one
-- columns: branch_id uuid
SELECT branch_id FROM number_lease WHERE branch_id = ANY(:scope::uuid[]) AND lease_id = :lease_id::uuid FOR UPDATE;

-- number_lease_close: one
-- columns: missing bigint
UPDATE number_lease l SET closed_at = coalesce(l.closed_at, :now::timestamptz)
 WHERE l.branch_id = :branch_id::uuid AND l.lease_id = :lease_id::uuid
RETURNING l.last - l.first + 1 - (SELECT count(*) FROM number_entry e WHERE e.branch_id = l.branch_id AND e.kind = l.kind AND e.year = l.year
                                     AND e.number BETWEEN l.first AND l.last);

-- number_missing_list: many
-- columns: missing_number
SELECT concat_ws('-', l.code, l.kind, l.year, CASE WHEN n < 1000000 THEN lpad(n::text, 6, '0') ELSE n::text END),
       l.lease_id, l.holder_id, coalesce(p.name, ''), l.leased_at, g.found_at, g.explanation, g.explained_by
  FROM number_lease l
  LEFT JOIN person p ON p.staff_id = l.holder_id
 CROSS JOIN LATERAL generate_series(l.first, CASE WHEN l.closed_at IS NULL THEN l.highest ELSE l.last END) AS n
  LEFT JOIN number_gap g ON g.branch_id = l.branch_id AND g.kind = l.kind AND g.year = l.year AND g.number = n
 WHERE l.branch_id = ANY(:scope::uuid[]) AND (:kind::text IS NULL OR l.kind = :kind::text)
   AND (:holder_id::uuid IS NULL OR l.holder_id = :holder_id::uuid)
   AND (:is_explained::bool? IS NULL OR (g.explanation IS NOT NULL) = :is_explained::bool?)
   AND NOT EXISTS (SELECT FROM number_entry e WHERE e.branch_id = l.branch_id AND e.kind = l.kind AND e.year = l.year AND e.number = n)
 ORDER BY l.branch_id, l.kind, l.year, n LIMIT :limit::bigint;

-- Numbers that a book passed over, or that were still unused when it was handed in, before an instant; each is found once.
-- number_gap_find: many
-- columns: kind text, year bigint, number bigint, code text, lease_id uuid, holder_id uuid
WITH passed AS (
    SELECT l.branch_id, l.lease_id, l.kind, l.year, l.code, l.holder_id, l.first,
           CASE WHEN l.closed_at < :before::timestamptz THEN l.last
                ELSE (SELECT max(e.number) FROM number_entry e
                       WHERE e.branch_id = l.branch_id AND e.kind = l.kind AND e.year = l.year AND e.number BETWEEN l.first AND l.last
                         AND e.at < :before::timestamptz) END AS until
      FROM number_lease l WHERE l.branch_id = :branch_id::uuid AND l.checked_at IS NULL
), made AS (
    INSERT INTO number_gap (branch_id, kind, year, number, lease_id, found_at)
    SELECT p.branch_id, p.kind, p.year, n, p.lease_id, :now::timestamptz
      FROM passed p CROSS JOIN LATERAL generate_series(p.first, p.until) AS n
     WHERE NOT EXISTS (SELECT FROM number_entry e
                        WHERE e.branch_id = p.branch_id AND e.kind = p.kind AND e.year = p.year AND e.number = n)
       AND NOT EXISTS (SELECT FROM number_gap g
                        WHERE g.branch_id = p.branch_id AND g.kind = p.kind AND g.year = p.year AND g.number = n)
     ORDER BY p.kind, p.year, n LIMIT 200
        ON CONFLICT DO NOTHING
    RETURNING kind, year, number, lease_id
)
SELECT m.kind, m.year, m.number, p.code, m.lease_id, p.holder_id FROM made m JOIN passed p USING (lease_id) ORDER BY m.kind, m.year, m.number;

-- number_lease_check: write
UPDATE number_lease l SET checked_at = :now::timestamptz
 WHERE l.branch_id = :branch_id::uuid AND l.checked_at IS NULL
   AND (l.closed_at < :before::timestamptz
        OR EXISTS (SELECT FROM number_entry e
                    WHERE e.branch_id = l.branch_id AND e.kind = l.kind AND e.year = l.year AND e.number = l.last
                      AND e.at < :before::timestamptz));

-- number_gap_lock: one
-- columns: lease_id uuid, holder_id uuid, is_explained bool
SELECT g.lease_id, l.holder_id, g.explanation IS NOT NULL
  FROM number_gap g JOIN number_lease l USING (branch_id, lease_id)
 WHERE g.branch_id = :branch_id::uuid AND l.code = :code::text AND g.kind = :kind::text AND g.year = :year::bigint
   AND g.number = :number::bigint
   FOR UPDATE OF g;

-- number_gap_explain: write
UPDATE number_gap SET explanation = :explanation::text, explained_by = :actor_id::uuid, explained_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND kind = :kind::text AND year = :year::bigint AND number = :number::bigint;

-- The branch of the actor's scope whose number it is.
-- number_gap_branch: one
-- columns: branch_id uuid
SELECT l.branch_id FROM number_lease l
 WHERE l.branch_id = ANY(:scope::uuid[]) AND l.code = :code::text AND l.kind = :kind::text AND l.year = :year::bigint
   AND l.first <= :number::bigint AND l.last >= :number::bigint
 ORDER BY l.first DESC LIMIT 1;
