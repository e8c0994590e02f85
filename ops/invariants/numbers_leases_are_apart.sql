-- Leased ranges of a series do not overlap and lie below the next number; what was used or void lies in its lease (B1).
SELECT 'staff' AS service, l.branch_id, l.kind, l.year, l.first FROM staff.number_lease l
 WHERE EXISTS (SELECT FROM staff.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM staff.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM staff.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'leads' AS service, l.branch_id, l.kind, l.year, l.first FROM leads.number_lease l
 WHERE EXISTS (SELECT FROM leads.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM leads.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM leads.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'contracts' AS service, l.branch_id, l.kind, l.year, l.first FROM contracts.number_lease l
 WHERE EXISTS (SELECT FROM contracts.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM contracts.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM contracts.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'dispatch' AS service, l.branch_id, l.kind, l.year, l.first FROM dispatch.number_lease l
 WHERE EXISTS (SELECT FROM dispatch.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM dispatch.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM dispatch.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'collection' AS service, l.branch_id, l.kind, l.year, l.first FROM collection.number_lease l
 WHERE EXISTS (SELECT FROM collection.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM collection.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM collection.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'aftersales' AS service, l.branch_id, l.kind, l.year, l.first FROM aftersales.number_lease l
 WHERE EXISTS (SELECT FROM aftersales.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM aftersales.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM aftersales.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest)
UNION ALL
SELECT 'discipline' AS service, l.branch_id, l.kind, l.year, l.first FROM discipline.number_lease l
 WHERE EXISTS (SELECT FROM discipline.number_lease o WHERE o.branch_id = l.branch_id AND o.kind = l.kind AND o.year = l.year AND o.lease_id <> l.lease_id
                  AND o.first <= l.last AND l.first <= o.last)
    OR NOT EXISTS (SELECT FROM discipline.number_series n WHERE n.branch_id = l.branch_id AND n.kind = l.kind AND n.year = l.year AND n.next > l.last)
    OR EXISTS (SELECT FROM discipline.number_entry e WHERE e.branch_id = l.branch_id AND e.lease_id = l.lease_id AND e.number NOT BETWEEN l.first AND l.highest);
