-- D5: of a branch and year, the numbers taken are those of slips (made, checked out or void) and of leased books; none twice; a route that left
-- the depot has its slip.
SELECT n.branch_id, n.year::text AS year, n.next - 1 AS taken, count(s.slip_id) AS slips
  FROM dispatch.number_series n
  LEFT JOIN dispatch.slip s ON s.branch_id = n.branch_id AND split_part(s.number, '-', 3) = n.year::text
 WHERE n.kind = 'CK'
 GROUP BY n.branch_id, n.year, n.next
HAVING n.next - 1 <> count(s.slip_id) + (SELECT coalesce(sum(l.last - l.first + 1), 0) FROM dispatch.number_lease l
                                          WHERE l.branch_id = n.branch_id AND l.kind = 'CK' AND l.year = n.year)
UNION ALL
SELECT r.branch_id, r.number, 0, 0 FROM dispatch.route r
  LEFT JOIN dispatch.slip s ON s.branch_id = r.branch_id AND s.route_id = r.route_id AND s.status = 'checked_out'
 WHERE (r.status IN ('loaded', 'started', 'closed')) <> (s.slip_id IS NOT NULL);
