DO $$
DECLARE
    role text := current_setting('songda.role');
    tables text;
BEGIN
    -- Nothing, where nothing is missing: a GRANT writes the catalogue all the same, and whoever is connected plans all statements anew.
    IF has_schema_privilege(role, current_schema(), 'USAGE')
       AND NOT EXISTS (
           SELECT FROM pg_class c,
                  LATERAL (SELECT c.relname = 'migration' AS is_ours,
                                  c.relname = 'migration'
                                  OR coalesce(obj_description(c.oid, 'pg_class') LIKE 'insert-only%', false) AS is_kept) t
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND (NOT has_table_privilege(role, c.oid, 'SELECT')
                   OR has_table_privilege(role, c.oid, 'INSERT') = t.is_ours
                   OR has_table_privilege(role, c.oid, 'UPDATE') = t.is_kept
                   OR has_table_privilege(role, c.oid, 'DELETE') = t.is_kept
                   OR t.is_kept AND has_table_privilege(role, c.oid, 'TRUNCATE')))
       AND NOT EXISTS (
           SELECT FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S'
              AND NOT (has_sequence_privilege(role, c.oid, 'USAGE') AND has_sequence_privilege(role, c.oid, 'SELECT')))
       AND NOT EXISTS (
           SELECT FROM pg_proc p
            WHERE p.pronamespace = current_schema()::regnamespace AND NOT has_function_privilege(role, p.oid, 'EXECUTE')) THEN
        RETURN;
    END IF;
    -- What a service's own role may do: no DDL, and nothing but INSERT where the comment of the table says so.
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', current_schema(), role);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON migration FROM %I', role);
    SELECT string_agg(format('%I.%I', current_schema(), relname), ', ') INTO tables
      FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
       AND obj_description(oid, 'pg_class') LIKE 'insert-only%';
    IF tables IS NOT NULL THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', tables, role);
    END IF;
END $$;
