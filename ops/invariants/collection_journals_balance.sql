-- Every journal sums to 0 (R4).
SELECT branch_id, journal_id, sum(amount) FROM collection.posting GROUP BY branch_id, journal_id HAVING sum(amount) <> 0;
