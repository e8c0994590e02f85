-- Leased ranges of a series do not overlap and lie below the next number; what was used or void lies in its lease (B1).
SELECT l.branch_id, l.kind, l.year, l.first FROM number_lease l
 WHERE EXISTS (SELECT FROM number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest);
