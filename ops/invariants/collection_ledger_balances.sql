-- The sum over all postings of a branch is 0 (R4).
SELECT branch_id, sum(amount) FROM collection.posting GROUP BY branch_id HAVING sum(amount) <> 0;
