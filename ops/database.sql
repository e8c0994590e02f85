-- Nobody may do anything in the database unless roles.sql says so; songda_reader sees all and changes nothing.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
REVOKE ALL ON DATABASE songda, postgres, template1 FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT 'CREATE ROLE songda_reader' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'songda_reader') \gexec
ALTER ROLE songda_reader LOGIN NOSUPERUSER BYPASSRLS PASSWORD :'reader_password';
ALTER ROLE songda_reader SET default_transaction_read_only = on;
GRANT pg_read_all_data TO songda_reader;
GRANT CONNECT ON DATABASE songda TO songda_reader;
