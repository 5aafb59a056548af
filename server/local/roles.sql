-- The database and its three roles, for psql as a superuser; running it again changes nothing but the passwords.
-- Variables: owner_password, app_password, public_password.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['jiedui_owner', 'jiedui_app', 'jiedui_public']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- owner migrates, loads and backs up; app serves web and workers; public reads the projection tables of the public site.
ALTER ROLE jiedui_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE jiedui_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE jiedui_public LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'public_password';

SELECT 'CREATE DATABASE jiedui OWNER jiedui_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'jiedui')
\gexec

REVOKE ALL ON DATABASE jiedui FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE jiedui TO jiedui_app;
GRANT CONNECT ON DATABASE jiedui TO jiedui_public;

\connect jiedui
ALTER SCHEMA public OWNER TO jiedui_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO jiedui_app, jiedui_public;
