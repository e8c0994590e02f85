-- What the keeper says of the database as a whole, each row a line as Prometheus reads it.
SELECT 'songda_database_up 1';
SELECT 'songda_database_bytes ' || pg_database_size(current_database());
SELECT 'songda_database_connections ' || count(*) FROM pg_stat_activity WHERE datname = current_database();
SELECT 'songda_database_connections_max ' || current_setting('max_connections');
SELECT 'songda_database_damaged_pages_total ' || coalesce(sum(checksum_failures), 0) FROM pg_stat_database;
SELECT 'songda_database_commits_total ' || xact_commit FROM pg_stat_database WHERE datname = current_database();
SELECT 'songda_database_rollbacks_total ' || xact_rollback FROM pg_stat_database WHERE datname = current_database();
SELECT 'songda_database_deadlocks_total ' || deadlocks FROM pg_stat_database WHERE datname = current_database();
SELECT 'songda_database_transaction_age ' || max(age(datfrozenxid)) FROM pg_database;
SELECT 'songda_backup_enabled ' || (current_setting('archive_mode') <> 'off')::int;
SELECT 'songda_archive_segments_total ' || archived_count FROM pg_stat_archiver;
SELECT 'songda_archive_failures_total ' || failed_count FROM pg_stat_archiver;
SELECT 'songda_archive_failing ' || (last_failed_time > coalesce(last_archived_time, '-infinity'))::int FROM pg_stat_archiver
 WHERE last_failed_time IS NOT NULL
 UNION ALL SELECT 'songda_archive_failing 0' FROM pg_stat_archiver WHERE last_failed_time IS NULL;
SELECT 'songda_archive_last_timestamp_seconds ' || extract(epoch FROM last_archived_time)::bigint FROM pg_stat_archiver
 WHERE last_archived_time IS NOT NULL;
SELECT 'songda_standby_following ' || count(*) FROM pg_stat_replication WHERE application_name ~ '^node-';
