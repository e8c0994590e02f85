-- No event is parked: each one is a fault to look at (design 5).
SELECT 'staff' AS consumer, producer, branch_id, number, event, error, error_value FROM staff.inbox_parked
 UNION ALL SELECT 'leads' AS consumer, producer, branch_id, number, event, error, error_value FROM leads.inbox_parked
 UNION ALL SELECT 'contracts' AS consumer, producer, branch_id, number, event, error, error_value FROM contracts.inbox_parked
 UNION ALL SELECT 'dispatch' AS consumer, producer, branch_id, number, event, error, error_value FROM dispatch.inbox_parked
 UNION ALL SELECT 'collection' AS consumer, producer, branch_id, number, event, error, error_value FROM collection.inbox_parked
 UNION ALL SELECT 'aftersales' AS consumer, producer, branch_id, number, event, error, error_value FROM aftersales.inbox_parked
 UNION ALL SELECT 'discipline' AS consumer, producer, branch_id, number, event, error, error_value FROM discipline.inbox_parked;
