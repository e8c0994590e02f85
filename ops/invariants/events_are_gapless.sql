-- Event numbers of a branch run without a gap up to the counter (design 5).
WITH event AS (
    SELECT 'staff' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM staff.outbox
    UNION ALL SELECT 'leads' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM leads.outbox
    UNION ALL SELECT 'contracts' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM contracts.outbox
    UNION ALL SELECT 'dispatch' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM dispatch.outbox
    UNION ALL SELECT 'collection' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM collection.outbox
    UNION ALL SELECT 'aftersales' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM aftersales.outbox
    UNION ALL SELECT 'discipline' AS service, branch_id, number, lag(number) OVER (PARTITION BY branch_id ORDER BY number) AS before FROM discipline.outbox),
     counter AS (
    SELECT 'staff' AS service, branch_id, number FROM staff.outbox_counter
    UNION ALL SELECT 'leads' AS service, branch_id, number FROM leads.outbox_counter
    UNION ALL SELECT 'contracts' AS service, branch_id, number FROM contracts.outbox_counter
    UNION ALL SELECT 'dispatch' AS service, branch_id, number FROM dispatch.outbox_counter
    UNION ALL SELECT 'collection' AS service, branch_id, number FROM collection.outbox_counter
    UNION ALL SELECT 'aftersales' AS service, branch_id, number FROM aftersales.outbox_counter
    UNION ALL SELECT 'discipline' AS service, branch_id, number FROM discipline.outbox_counter)
SELECT service, branch_id, number, 'follows ' || before AS what FROM event WHERE number <> before + 1
 UNION ALL
SELECT c.service, c.branch_id, c.number, 'counter, but the last event is ' || COALESCE(max(e.number), 0)
  FROM counter c LEFT JOIN event e USING (service, branch_id)
 GROUP BY c.service, c.branch_id, c.number HAVING c.number <> COALESCE(max(e.number), 0);
