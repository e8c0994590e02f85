-- No consumer is further than its producer (design 5).
WITH position AS (
    SELECT 'staff' AS consumer, producer, branch_id, number FROM staff.inbox_position
    UNION ALL SELECT 'leads' AS consumer, producer, branch_id, number FROM leads.inbox_position
    UNION ALL SELECT 'contracts' AS consumer, producer, branch_id, number FROM contracts.inbox_position
    UNION ALL SELECT 'dispatch' AS consumer, producer, branch_id, number FROM dispatch.inbox_position
    UNION ALL SELECT 'collection' AS consumer, producer, branch_id, number FROM collection.inbox_position
    UNION ALL SELECT 'aftersales' AS consumer, producer, branch_id, number FROM aftersales.inbox_position
    UNION ALL SELECT 'discipline' AS consumer, producer, branch_id, number FROM discipline.inbox_position),
     counter AS (
    SELECT 'staff' AS producer, branch_id, number FROM staff.outbox_counter
    UNION ALL SELECT 'leads' AS producer, branch_id, number FROM leads.outbox_counter
    UNION ALL SELECT 'contracts' AS producer, branch_id, number FROM contracts.outbox_counter
    UNION ALL SELECT 'dispatch' AS producer, branch_id, number FROM dispatch.outbox_counter
    UNION ALL SELECT 'collection' AS producer, branch_id, number FROM collection.outbox_counter
    UNION ALL SELECT 'aftersales' AS producer, branch_id, number FROM aftersales.outbox_counter
    UNION ALL SELECT 'discipline' AS producer, branch_id, number FROM discipline.outbox_counter)
SELECT p.consumer, p.producer, p.branch_id, p.number, c.number
  FROM position p LEFT JOIN counter c USING (producer, branch_id)
 WHERE p.number > COALESCE(c.number, 0);
