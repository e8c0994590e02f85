-- What the keeper says of one service's schema, which is the search path's.
SELECT format('songda_schema_bytes{service="%s"} %s', current_schema(), coalesce(sum(pg_total_relation_size(oid)), 0))
  FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r';
SELECT format('songda_approvals_waiting{service="%s"} %s', current_schema(), count(*)) FROM approval WHERE status = 'waiting';
SELECT format('songda_approvals_oldest_seconds{service="%s"} %s', current_schema(),
              greatest(coalesce(extract(epoch FROM now() - min(opened_at))::bigint, 0), 0)) FROM approval WHERE status = 'waiting';
SELECT format('songda_deadlines_passed{service="%s"} %s', current_schema(), count(*)) FROM deadline WHERE status = 'running' AND due_at < now();
SELECT format('songda_events_parked{service="%s"} %s', current_schema(), count(*)) FROM inbox_parked;
SELECT format('songda_events_published_total{service="%s"} %s', current_schema(), coalesce(sum(number), 0)) FROM outbox_counter;
