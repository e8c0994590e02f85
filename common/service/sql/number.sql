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
       l.lease_id, l.holder_id, coalesce(p.name, ''), l.leased_at
  FROM number_lease l
  LEFT JOIN person p ON p.staff_id = l.holder_id
 CROSS JOIN LATERAL generate_series(l.first, CASE WHEN l.closed_at IS NULL THEN l.highest ELSE l.last END) AS n
 WHERE l.branch_id = ANY(:scope::uuid[]) AND (:kind::text IS NULL OR l.kind = :kind::text)
   AND (:holder_id::uuid IS NULL OR l.holder_id = :holder_id::uuid)
   AND NOT EXISTS (SELECT FROM number_entry e WHERE e.branch_id = l.branch_id AND e.kind = l.kind AND e.year = l.year AND e.number = n)
 ORDER BY l.branch_id, l.kind, l.year, n LIMIT :limit::bigint;
