-- Events out (design 5).

-- The events of a batch, numbered without gaps: the counters' rows are locked in the order of :branches and held to the commit. The
-- last event of a branch is 0 back from the counter. Bodies lie side by side in :bodies.
-- outbox_append: write
WITH counter AS (
    INSERT INTO outbox_counter (branch_id, number)
    SELECT b.branch_id, b.events FROM unnest(:branches::uuid[], :counts::bigint[]) AS b (branch_id, events)
    ON CONFLICT (branch_id) DO UPDATE SET number = outbox_counter.number + excluded.number
    RETURNING branch_id, number
)
INSERT INTO outbox (branch_id, number, event, event_id, occurred_at, actor_id, aggregate_id, trace, body)
SELECT e.branch_id, counter.number - e.back, e.event, e.event_id,
       timestamptz 'epoch' + e.occurred_at * interval '1 microsecond',
       nullif(e.actor_id, '00000000-0000-0000-0000-000000000000'),
       nullif(e.aggregate_id, '00000000-0000-0000-0000-000000000000'),
       e.trace, substring(:bodies::bytea FROM e.start::int FOR e.length::int)
  FROM unnest(:event_branches::uuid[], :backs::bigint[], :events::text[], :event_ids::uuid[], :occurred::bigint[],
              :actors::uuid[], :aggregates::uuid[], :traces::text[], :starts::bigint[], :lengths::bigint[])
       AS e (branch_id, back, event, event_id, occurred_at, actor_id, aggregate_id, trace, start, length)
  JOIN counter ON counter.branch_id = e.branch_id;

-- outbox_read: many
-- columns: event_record
SELECT number, event, event_id, branch_id, occurred_at, actor_id, aggregate_id, trace, body
  FROM outbox
 WHERE branch_id = :branch::uuid AND number > :after::bigint
 ORDER BY number
 LIMIT :limit::bigint;

-- outbox_heads: many
-- columns: event_head
SELECT branch_id, number FROM outbox_counter
 WHERE branch_id > coalesce(:after::uuid, '00000000-0000-0000-0000-000000000000')
 ORDER BY branch_id
 LIMIT :limit::bigint;

-- outbox_consumer_seen: write
INSERT INTO outbox_consumer (branch_id, consumer, number, seen_at)
VALUES (:branch::uuid, :consumer::text, :number::bigint, :now)
ON CONFLICT (branch_id, consumer) DO UPDATE
   SET number = greatest(outbox_consumer.number, excluded.number), seen_at = excluded.seen_at;

-- Nothing above the slowest known consumer goes, and nothing of a branch that nobody consumes.
-- outbox_prune: many
-- columns: branch_id uuid
DELETE FROM outbox
 WHERE (branch_id, number) IN (
       SELECT o.branch_id, o.number
         FROM outbox o
         JOIN (SELECT branch_id, min(number) AS number FROM outbox_consumer GROUP BY branch_id) slowest
           ON slowest.branch_id = o.branch_id AND o.number <= slowest.number
        WHERE o.occurred_at < :before::timestamptz
        LIMIT 1000)
RETURNING branch_id;
