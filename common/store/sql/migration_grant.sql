DO $$
DECLARE
    role text := current_setting('songda.role');
    tables text;
BEGIN
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
