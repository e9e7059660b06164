-- What functions for gateways need. Run as the owner of datasets; may be run again and again.

-- Who has the name of a function for gateways is asked at every deploy that exposes.
CREATE INDEX IF NOT EXISTS statement_api ON kf.statement (name) WHERE kind = 'api_function';

-- Who calls through a gateway, and the rest of a call's context. The claims count only where the session is a gateway's
-- own login, which nothing that runs in it can change: a login of somebody else may write settings of any name.
-- "owned" is a dataset's DBID where only its owner may call.
CREATE OR REPLACE FUNCTION kf.gateway(claims text, path text[], logins text[], anonymous text, owned text, writes boolean)
RETURNS kf.ctx
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  who text;
BEGIN
  IF NOT session_user = ANY (logins) THEN
    RAISE EXCEPTION USING ERRCODE = 'PT401',
      MESSAGE = format('no caller: `%s` is not the login of a gateway', session_user),
      HINT = format('claims count only in sessions of `%s`', array_to_string(logins, '`, `'));
  END IF;
  who := coalesce(nullif(nullif(claims, '')::jsonb #>> path, ''), anonymous);
  IF who IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'PT401',
      MESSAGE = format('no caller: there is no verified claim `%s`', array_to_string(path, '.')),
      HINT = 'send a token that has the claim';
  END IF;
  IF owned IS NOT NULL AND NOT EXISTS (SELECT FROM kf.dataset AS d WHERE d.dbid = owned AND d.owner = who) THEN
    RAISE EXCEPTION USING ERRCODE = 'PT403', MESSAGE = 'only the owner may call this';
  END IF;
  RETURN ROW(
    who,
    CASE WHEN who ~ '^0[xX]([0-9a-fA-F]{2})+$' THEN decode(substr(who, 3), 'hex') ELSE convert_to(who, 'UTF8') END,
    CASE WHEN writes THEN pg_current_xact_id()::text ELSE '' END,
    0,
    floor(extract(epoch FROM transaction_timestamp()))::int8,
    'gateway',
    '',
    0)::kf.ctx;
END $kf$;

-- Drops what gateways see of a dataset, but the functions in "kept".
CREATE OR REPLACE FUNCTION kf.drop_api(dataset text, kept text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT p.oid::regprocedure AS routine, n.nspname AS schema, c.relname AS rows, c.relkind AS kind
              FROM kf.statement AS s
              JOIN pg_proc AS p ON p.oid = to_regprocedure(s.object)
              JOIN pg_namespace AS n ON n.oid = p.pronamespace
              JOIN pg_type AS t ON t.oid = p.prorettype
              LEFT JOIN pg_class AS c ON c.oid = t.typrelid AND c.relnamespace = n.oid
              WHERE s.dbid = drop_api.dataset AND s.kind = 'api_function' AND NOT s.object = ANY (kept)
              ORDER BY s.position LOOP
    EXECUTE format('DROP FUNCTION %s', made.routine);
    IF made.kind = 'c' THEN
      EXECUTE format('DROP TYPE %I.%I', made.schema, made.rows);
    ELSIF made.kind = 'r' THEN
      EXECUTE format('DROP TABLE %I.%I', made.schema, made.rows);
    END IF;
  END LOOP;
END $kf$;

-- After something was made or dropped in them: schemas of functions for gateways that nothing is left in go, in others
-- nobody keeps a right to look who may call nothing, and PostgREST is told.
CREATE OR REPLACE FUNCTION kf.tidy_api(schemas text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT n.oid, n.nspname AS name, n.nspacl AS rights FROM pg_namespace AS n
               WHERE n.nspname = ANY (schemas) AND pg_get_userbyid(n.nspowner) = 'kf_owner' ORDER BY 2 LOOP
    IF NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = found.oid)
       AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = found.oid) THEN
      EXECUTE format('DROP SCHEMA %I', found.name);
    ELSE
      PERFORM kf.tidy_rights(found.oid);
    END IF;
  END LOOP;
  NOTIFY pgrst, 'reload schema';
END $kf$;

CREATE OR REPLACE FUNCTION kf.tidy_rights(schema oid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT r.rolname FROM pg_namespace AS n, aclexplode(n.nspacl) AS a JOIN pg_roles AS r ON r.oid = a.grantee
              WHERE n.oid = tidy_rights.schema AND r.rolname NOT IN ('kf_owner', 'kf_reader')
                AND NOT EXISTS (SELECT FROM pg_proc AS p, aclexplode(p.proacl) AS e
                                WHERE p.pronamespace = n.oid AND e.grantee = r.oid) LOOP
    EXECUTE format('REVOKE ALL ON SCHEMA %s FROM %I', tidy_rights.schema::regnamespace, name);
  END LOOP;
END $kf$;

CREATE OR REPLACE FUNCTION kf.is_open_to_gateways(logins text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $kf$
  SELECT coalesce(bool_and(has_database_privilege(r.oid, current_database(), 'CONNECT')
                           AND has_function_privilege(r.oid, 'set_config(text, text, boolean)', 'EXECUTE')), true)
  FROM pg_roles AS r WHERE r.rolname = ANY (logins)
$kf$;

-- Lets the logins of gateways into a database that is closed to everybody, and lets them say who calls. Run as whoever
-- deploys: the database is not kf_owner's.
CREATE OR REPLACE FUNCTION kf.open_to_gateways(logins text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT r.rolname FROM pg_roles AS r WHERE r.rolname = ANY (logins) ORDER BY 1 LOOP
    IF NOT has_database_privilege(name, current_database(), 'CONNECT') THEN
      EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    END IF;
    IF NOT has_function_privilege(name, 'set_config(text, text, boolean)', 'EXECUTE') THEN
      -- Whoever may call it and not hand that on is only warned.
      BEGIN
        EXECUTE format('GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO %I', name);
      EXCEPTION WHEN insufficient_privilege THEN NULL;
      END;
      IF NOT has_function_privilege(name, 'set_config(text, text, boolean)', 'EXECUTE') THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format(
          'a superuser closed this database, and one has to say GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO %I',
          name);
      END IF;
    END IF;
  END LOOP;
END $kf$;
