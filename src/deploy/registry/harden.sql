-- In a database that holds nothing but datasets: a login that is only allowed to call can do nothing else.

DO $kf$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $kf$;

DO $kf$
BEGIN
  IF to_regnamespace('public') IS NOT NULL THEN
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
  END IF;
END $kf$;

-- What is left needs a superuser.
DO $kf$
DECLARE
  routine regprocedure;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN
    RETURN;
  END IF;
  -- Without a language there is no DO and no CREATE FUNCTION.
  REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
  GRANT USAGE ON LANGUAGE plpgsql, sql TO kf_owner;
  -- Functions that write, wait, lock, signal, run SQL given as text, or show what others wrote.
  FOR routine IN
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (p.proacl IS NULL OR p.proacl::text ~ '[{,]=X')
      AND p.proname ~ ('^(lo_.*|loread|lowrite|pg_sleep.*|pg_(try_)?advisory_.*|set_config|pg_notify|'
        || 'pg_(cancel|terminate)_backend|.*_to_xml(schema|_and_xmlschema)?|ts_(stat|rewrite)|pg_export_snapshot|'
        || 'pg_get_(functiondef|function_sqlbody|viewdef|triggerdef|ruledef)|pg_logical_emit_message|'
        || 'nextval|setval|currval|lastval)$')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
  END LOOP;
  FOR routine IN
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND p.proname ~ '^pg_advisory_(xact_lock|lock|unlock)(_shared)?$'
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO kf_owner, kf_reader', routine);
  END LOOP;
  -- Metered actions and views count in a setting.
  GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO kf_owner, kf_reader;
END $kf$;
