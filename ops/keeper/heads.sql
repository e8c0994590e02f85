-- The last seal of each chain of one service's audit log: day, service, branch, number, hash.
SELECT DISTINCT ON (branch_id) format('%s %s %s %s %s', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), current_schema(), branch_id, number, encode(hash, 'hex'))
  FROM audit_seal ORDER BY branch_id, number DESC;
