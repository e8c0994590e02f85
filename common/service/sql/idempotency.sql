-- Keys (design 6).

-- idempotency_find: one
-- columns: hash bytea, reply bytea?, error text?, error_value text?, error_field text?
SELECT hash, reply, error, error_value, error_field FROM idempotency
 WHERE branch_id = :home::uuid AND key = :key::uuid;

-- idempotency_insert: write
INSERT INTO idempotency (branch_id, key, hash, reply, error, error_value, error_field, at)
VALUES (:home::uuid, :key::uuid, :hash::bytea, :reply::bytea, :error::text, :error_value::text, :error_field::text, :now);

-- idempotency_prune: many
-- columns: key uuid
DELETE FROM idempotency
 WHERE (branch_id, key) IN (SELECT branch_id, key FROM idempotency WHERE at < :before::timestamptz LIMIT 2000)
RETURNING key;
