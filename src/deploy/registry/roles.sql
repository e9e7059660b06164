-- Roles. May be run again and again, by who may make them or was given them. Ends as kf_owner.

-- Roles belong to the whole server, so another database may be making them at this moment.
DO $kf$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES ('kf_owner', 'NOLOGIN'), ('kf_reader', 'NOLOGIN'), ('kf_engine', 'LOGIN'),
                                      ('kf_public', 'NOLOGIN'), ('kf_oracle', 'NOLOGIN')) AS r (name, login) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = wanted.name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT',
                       wanted.name, wanted.login);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $kf$;

-- Views belong to kf_reader, which may read tables and call views, and nothing else. Whoever owns the rest owns them too.
DO $kf$
BEGIN
  IF NOT (SELECT r.rolinherit FROM pg_roles AS r WHERE r.rolname = 'kf_owner') THEN
    ALTER ROLE kf_owner INHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
                 JOIN pg_roles AS u ON u.oid = m.member
                 WHERE g.rolname = 'kf_reader' AND u.rolname = 'kf_owner') THEN
    GRANT kf_reader TO kf_owner;
  END IF;
EXCEPTION WHEN unique_violation THEN NULL;
END $kf$;

-- The engine comes in as itself and becomes one of these for a call.
DO $kf$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['kf_public', 'kf_oracle'] LOOP
    IF NOT EXISTS (SELECT FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
                   JOIN pg_roles AS u ON u.oid = m.member
                   WHERE g.rolname = wanted AND u.rolname = 'kf_engine') THEN
      BEGIN
        EXECUTE format('GRANT %I TO kf_engine', wanted);
      EXCEPTION WHEN unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $kf$;

-- A deployer that is not a superuser must be able to become the owner and to call. From 16 on, having made a role gives
-- the right to hand it out, not yet the right to become it.
DO $kf$
DECLARE
  wanted text;
  privilege text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['kf_owner', 'kf_public', 'kf_oracle'] LOOP
    IF NOT pg_has_role(current_user, wanted, privilege) THEN
      EXECUTE format('GRANT %I TO %I', wanted, current_user);
    END IF;
  END LOOP;
END $kf$;

DO $kf$
BEGIN
  EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO kf_owner', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO kf_engine', current_database());
END $kf$;

SET LOCAL ROLE kf_owner;

-- A new function may be called by its owner and nobody else, until a grant says so.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
