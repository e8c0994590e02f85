-- What the keeper says of the backups; :info is what pgBackRest says of them.
SELECT format('songda_backup_last_timestamp_seconds{type="%s"} %s', b->>'type', max((b->'timestamp'->>'stop')::bigint))
  FROM jsonb_array_elements(:'info'::jsonb) s, jsonb_array_elements(s->'backup') b GROUP BY b->>'type';
SELECT format('songda_backup_age_seconds{type="%s"} %s', b->>'type',
              extract(epoch FROM now())::bigint - max((b->'timestamp'->>'stop')::bigint))
  FROM jsonb_array_elements(:'info'::jsonb) s, jsonb_array_elements(s->'backup') b GROUP BY b->>'type';
SELECT 'songda_backups ' || coalesce(sum(jsonb_array_length(s->'backup')), 0) FROM jsonb_array_elements(:'info'::jsonb) s;
SELECT 'songda_backup_bytes ' || coalesce(sum((b->'info'->'repository'->>'delta')::bigint), 0)
  FROM jsonb_array_elements(:'info'::jsonb) s, jsonb_array_elements(s->'backup') b;
SELECT 'songda_backup_damaged ' || coalesce((array_agg((b->>'error')::bool::int ORDER BY b->'timestamp'->'stop' DESC))[1], 0)
  FROM jsonb_array_elements(:'info'::jsonb) s, jsonb_array_elements(s->'backup') b;
SELECT 'songda_backup_repository_ok ' || coalesce(min(((s->'status'->>'code') IN ('0', '2'))::int), 0) -- 2: nothing in it yet
  FROM jsonb_array_elements(:'info'::jsonb) s;
