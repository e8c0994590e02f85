-- Events in (design 5): effect and position in one transaction.

-- inbox_positions: many
-- columns: branch_id uuid, producer text, number bigint
SELECT branch_id, producer, number FROM inbox_position
 WHERE (producer, branch_id) > (:after_producer::text, coalesce(:after_branch::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY producer, branch_id
 LIMIT 1000;

-- inbox_open: write
INSERT INTO inbox_position (branch_id, producer, number)
VALUES (:branch::uuid, :producer::text, 0)
ON CONFLICT DO NOTHING;

-- inbox_read: one
-- columns: number bigint
SELECT number FROM inbox_position WHERE branch_id = :branch::uuid AND producer = :producer::text;

-- Exactly one of the instances that read the same events gets a row.
-- inbox_advance: one
-- columns: number bigint
UPDATE inbox_position SET number = :number::bigint
 WHERE branch_id = :branch::uuid AND producer = :producer::text AND number = :expected::bigint
RETURNING number;

-- inbox_parked_aggregates: many
-- columns: aggregate_id uuid
SELECT DISTINCT aggregate_id FROM inbox_parked
 WHERE branch_id = :branch::uuid AND producer = :producer::text AND aggregate_id IS NOT NULL;

-- inbox_park: write
INSERT INTO inbox_parked (branch_id, producer, number, event, event_id, occurred_at, actor_id, aggregate_id, trace, body,
                          error, error_value, parked_at)
VALUES (:branch::uuid, :producer::text, :number::bigint, :event::text, :event_id::uuid, :occurred_at::timestamptz,
        :actor::uuid, :aggregate_id::uuid, :trace::text, :body::bytea, :error::text, :error_value::text,
        now());

-- inbox_parked_list: many
-- columns: parked_event
SELECT branch_id, producer, number, event, event_id, occurred_at, aggregate_id, error, error_value, parked_at
  FROM inbox_parked
 WHERE branch_id = ANY (:scope)
   AND (branch_id, producer, number) > (coalesce(:after_branch::uuid, '00000000-0000-0000-0000-000000000000'),
                                        coalesce(:after_producer::text, ''), :after_number::bigint)
 ORDER BY branch_id, producer, number
 LIMIT :limit::bigint;

-- inbox_parked_lock: one
-- columns: number bigint, event text, event_id uuid, occurred_at timestamptz, actor_id uuid?, aggregate_id uuid?, trace text, body bytea
SELECT number, event, event_id, occurred_at, actor_id, aggregate_id, trace, body
  FROM inbox_parked
 WHERE branch_id = :branch_id AND producer = :producer::text AND number = :number::bigint
   FOR UPDATE;

-- inbox_parked_next: one
-- columns: number bigint
SELECT number FROM inbox_parked
 WHERE branch_id = :branch_id AND producer = :producer::text AND aggregate_id = :aggregate_id::uuid AND number > :after::bigint
 ORDER BY number
 LIMIT 1;

-- inbox_parked_delete: write one not_found
DELETE FROM inbox_parked WHERE branch_id = :branch_id AND producer = :producer::text AND number = :number::bigint;

-- inbox_parked_count: one
-- columns: count bigint
SELECT count(*) AS count FROM inbox_parked WHERE branch_id = ANY (:scope);
