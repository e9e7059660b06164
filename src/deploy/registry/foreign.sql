-- Calls whose target is named when they run. Run as the owner of datasets; may be run again and again.

-- What an interface says an action takes: "text, int[]"
CREATE OR REPLACE FUNCTION kf.parameters_of(signature jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $kf$
  SELECT coalesce(string_agg(p.value ->> 'type', ', ' ORDER BY p.ordinality), '')
  FROM jsonb_array_elements(signature -> 'parameters') WITH ORDINALITY AS p
$kf$;

-- What an interface says an action gives back: "nothing", "(int, text)", "table(id int, name text)"
CREATE OR REPLACE FUNCTION kf.result_of(signature jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $kf$
  SELECT CASE
    WHEN jsonb_typeof(signature -> 'returns') = 'string' THEN signature ->> 'returns'
    WHEN signature -> 'returns' ? 'row' THEN
      (SELECT '(' || string_agg(c.value ->> 'type', ', ' ORDER BY c.ordinality) || ')'
       FROM jsonb_array_elements(signature -> 'returns' -> 'row') WITH ORDINALITY AS c)
    ELSE
      (SELECT 'table(' || string_agg((c.value ->> 'name') || ' ' || (c.value ->> 'type'), ', ' ORDER BY c.ordinality) || ')'
       FROM jsonb_array_elements(signature -> 'returns' -> 'table') WITH ORDINALITY AS c)
  END
$kf$;

-- The function of the action that a foreign procedure is told to call, if it is there, may be called, and has the declared
-- parameters and result. Waits for a deploy of its dataset that is under way.
CREATE OR REPLACE FUNCTION kf.foreign_action(declared_by text, declared_as text, wanted_dataset text, wanted_action text,
                                             declared_parameters text, declared_result text, only_views boolean) RETURNS regproc
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  shown text := format('%s.%s', wanted_dataset, wanted_action);
  declared text := format('%s.%s', declared_by, declared_as);
  interface jsonb;
  signature jsonb;
  function regproc;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(27494, hashtext(wanted_dataset));
  SELECT d.interface INTO interface FROM kf.dataset AS d WHERE d.dbid = wanted_dataset;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'KF020', MESSAGE =
      format('`%s` calls schema `%s`, which is not deployed', declared, coalesce(wanted_dataset, '(null)'));
  END IF;
  signature := interface -> 'actions' -> lower(wanted_action COLLATE "C");
  IF signature IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'KF020', MESSAGE =
      format('`%s` calls `%s` of schema `%s`, which has no such action', declared, coalesce(wanted_action, '(null)'), wanted_dataset);
  END IF;
  IF signature ->> 'visibility' NOT IN ('public', 'system') THEN
    RAISE EXCEPTION USING ERRCODE = 'KF021', MESSAGE =
      format('`%s` calls `%s`, which is %s', declared, shown, signature ->> 'visibility');
  END IF;
  IF only_views AND NOT (signature ->> 'view')::boolean THEN
    RAISE EXCEPTION USING ERRCODE = 'KF021', MESSAGE =
      format('`%s` calls `%s` where only views may be called, and it is not one', declared, shown);
  END IF;
  IF kf.parameters_of(signature) <> declared_parameters THEN
    RAISE EXCEPTION USING ERRCODE = 'KF022', MESSAGE =
      format('`%s` takes (%s), but `%s` takes (%s)', declared, declared_parameters, shown, kf.parameters_of(signature));
  END IF;
  IF kf.result_of(signature) <> declared_result THEN
    RAISE EXCEPTION USING ERRCODE = 'KF022', MESSAGE =
      format('`%s` returns %s, but `%s` returns %s', declared, declared_result, shown, kf.result_of(signature));
  END IF;
  SELECT to_regprocedure(a.object)::oid::regproc INTO function
  FROM kf.action AS a WHERE a.dbid = wanted_dataset AND a.name = lower(wanted_action COLLATE "C");
  IF function IS NULL OR kf.moved(ARRAY[wanted_dataset]) THEN
    -- Deployed anew since this transaction began.
    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = format('`%s` was deployed anew', wanted_dataset);
  END IF;
  RETURN function;
END $kf$;
