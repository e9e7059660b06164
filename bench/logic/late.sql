-- A call whose target is found and checked when it runs: a registry of what is deployed, the stub that every caller goes
-- through, and the context in settings of the session. No function is SECURITY DEFINER or has a path of its own.

CREATE SCHEMA late;
CREATE TABLE late.schemas (id int8 PRIMARY KEY, dbid text NOT NULL UNIQUE, owner bytea NOT NULL);
CREATE TABLE late.procedures (
  id int8 PRIMARY KEY, name text NOT NULL, schema_id int8 NOT NULL REFERENCES late.schemas (id),
  param_types text[] NOT NULL, return_types text[] NOT NULL, return_names text[],
  returns_table boolean NOT NULL, public boolean NOT NULL, owner_only boolean NOT NULL, is_view boolean NOT NULL,
  UNIQUE (name, schema_id)
);
CREATE INDEX ON late.procedures (schema_id);
INSERT INTO late.schemas SELECT n, 'x' || md5(n::text), '\x0a' FROM generate_series(1, 200) AS n;
UPDATE late.schemas SET dbid = 'people' WHERE id = 100;
INSERT INTO late.procedures
SELECT s.id * 10 + n, CASE n WHEN 1 THEN 'age_of' WHEN 2 THEN 'next' ELSE 'action_' || n END, s.id,
       '{int}', '{int}', '{n}', false, true, false, true
FROM late.schemas AS s, generate_series(1, 10) AS n;
ANALYZE late.schemas, late.procedures;

CREATE SCHEMA ds_late_people;
CREATE FUNCTION ds_late_people.age_of(_param_id int8, OUT _out_0 int8) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  SELECT u.age INTO _out_0 FROM ds_people.users AS u WHERE u.id = _param_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'nobody'; END IF;
  RETURN;
END $$;
CREATE FUNCTION ds_late_people.next(_param_n int8, OUT _out_0 int8) LANGUAGE plpgsql AS $$
BEGIN
  _out_0 := _param_n + 1;
  RETURN;
END $$;

-- The stub: one for each way of calling that a schema declares.
CREATE FUNCTION late.stub(_dbid text, _procedure text, _arg1 int8, OUT _out_1 int8) LANGUAGE plpgsql AS $$
DECLARE
  _owner bytea; _is_view boolean; _is_owner_only boolean; _is_public boolean; _gives_table boolean;
  _takes text[]; _gives text[]; _gives_names text[]; _caller_before text;
BEGIN
  SELECT p.param_types, p.return_types, p.return_names, p.is_view, p.owner_only, p.public, s.owner, p.returns_table
  INTO _takes, _gives, _gives_names, _is_view, _is_owner_only, _is_public, _owner, _gives_table
  FROM late.procedures AS p JOIN late.schemas AS s ON p.schema_id = s.id
  WHERE p.name = _procedure AND s.dbid = _dbid;
  IF _owner IS NULL THEN RAISE EXCEPTION 'no % in %', _procedure, _dbid; END IF;
  IF NOT _is_view AND current_setting('transaction_read_only')::boolean THEN RAISE EXCEPTION '% writes', _procedure; END IF;
  IF _is_owner_only AND _owner <> decode(current_setting('ctx.signer'), 'base64') THEN
    RAISE EXCEPTION '% is for the owner', _procedure;
  END IF;
  IF NOT _is_public THEN RAISE EXCEPTION '% is not public', _procedure; END IF;
  IF array_length(_takes, 1) IS NULL THEN RAISE EXCEPTION '% takes nothing', _procedure; END IF;
  IF array_length(_takes, 1) <> 1 THEN RAISE EXCEPTION '% does not take 1', _procedure; END IF;
  IF _takes[1] <> 'int' THEN RAISE EXCEPTION '% takes no int', _procedure; END IF;
  IF _gives_table THEN RAISE EXCEPTION '% gives a table', _procedure; END IF;
  IF array_length(_gives, 1) IS NULL THEN RAISE EXCEPTION '% gives nothing', _procedure; END IF;
  IF array_length(_gives, 1) <> 1 THEN RAISE EXCEPTION '% does not give 1', _procedure; END IF;
  IF _gives[1] <> 'int' THEN RAISE EXCEPTION '% gives no int', _procedure; END IF;
  _caller_before := current_setting('ctx.foreign_caller');
  SET LOCAL ctx.foreign_caller = 'logic';
  EXECUTE format('SELECT * FROM ds_late_%I.%I($1)', _dbid, _procedure) INTO _out_1 USING _arg1;
  PERFORM set_config('ctx.foreign_caller', _caller_before, true);
END $$;

CREATE FUNCTION late.asks(_param_n int8, OUT _out_0 int8) LANGUAGE plpgsql AS $$
DECLARE
  _param_age int8;
BEGIN
  _out_0 := 0;
  FOR _param_i IN 1 .. _param_n LOOP
    SELECT * INTO _param_age FROM late.stub('people', 'age_of', _param_i);
    _out_0 := _out_0 + _param_age;
  END LOOP;
  RETURN;
END $$;
CREATE FUNCTION late.calls(_param_n int8, OUT _out_0 int8) LANGUAGE plpgsql AS $$
DECLARE
  _param_k int8 := 0;
BEGIN
  FOR _param_i IN 1 .. _param_n LOOP
    SELECT * INTO _param_k FROM late.stub('people', 'next', _param_k);
  END LOOP;
  _out_0 := _param_k;
  RETURN;
END $$;

GRANT USAGE ON SCHEMA late, ds_late_people, ds_people TO kf_public;
GRANT SELECT ON ALL TABLES IN SCHEMA late TO kf_public;
GRANT SELECT ON ds_people.users TO kf_public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA late, ds_late_people TO kf_public;
-- Nobody may call it where actions are deployed; this shape needs it.
GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO kf_public;
SET ctx.signer = 'Cg==';
SET ctx.foreign_caller = '';
