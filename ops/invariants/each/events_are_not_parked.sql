-- No event is parked: each one is a fault to look at (design 5).
SELECT producer, branch_id, number, event, error, error_value FROM inbox_parked;
