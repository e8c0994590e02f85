DO $$
BEGIN
    IF to_regnamespace(quote_ident(current_setting('songda.schema'))) IS NULL THEN
        EXECUTE format('CREATE SCHEMA %I', current_setting('songda.schema'));
    END IF;
END $$;
