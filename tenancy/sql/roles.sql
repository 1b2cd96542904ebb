-- The four database roles, none of them a superuser. Run once per server, as its administrator;
-- running it again changes only the passwords. Then: CREATE DATABASE miaopu OWNER miaopu_owner;
--   owner   migrations; owns the tables, and row-level security binds it too (FORCE)
--   app     web and worker; owns nothing, bypasses nothing
--   poller  finds which tenants have something due; sees a few columns of a few tables
--   backup  dumps; reads past row-level security, because a dump as app would lose rows in silence
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'miaopu_owner')  THEN CREATE ROLE miaopu_owner;  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'miaopu_app')    THEN CREATE ROLE miaopu_app;    END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'miaopu_poller') THEN CREATE ROLE miaopu_poller; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'miaopu_backup') THEN CREATE ROLE miaopu_backup; END IF;
END $$;
ALTER ROLE miaopu_owner  LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner';
ALTER ROLE miaopu_app    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app';
ALTER ROLE miaopu_poller LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'poller';
ALTER ROLE miaopu_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup';
GRANT pg_read_all_data TO miaopu_backup;
-- A page asks many small questions of one school: to compile one takes longer than to answer it.
ALTER ROLE miaopu_app SET jit = off;
