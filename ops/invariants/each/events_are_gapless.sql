-- Event numbers of a branch run without a gap up to the counter (design 5).
WITH event AS (SELECT branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM outbox)
SELECT branch_id, number, 'follows ' || before AS what FROM event WHERE number <> before + 1
 UNION ALL
SELECT c.branch_id, c.number, 'counter, but the last event is ' || coalesce(max(e.number), 0)
  FROM outbox_counter c LEFT JOIN event e USING (branch_id)
 GROUP BY c.branch_id, c.number HAVING c.number <> coalesce(max(e.number), 0);
