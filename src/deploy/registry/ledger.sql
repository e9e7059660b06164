-- What is deployed, and the few statements whose text depends on it. Run as the owner of datasets; may be run again and again.

-- One row: the version of this file, and the database it was made for. A copied database has other rights.
CREATE TABLE IF NOT EXISTS kf.meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version int4 NOT NULL,
  database oid NOT NULL,
  -- True if nothing but datasets is in the database, so that everybody's rights to it could be taken away.
  private boolean NOT NULL
);

CREATE TABLE IF NOT EXISTS kf.dataset (
  dbid text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  owner text COLLATE "C",
  path text NOT NULL,
  source text NOT NULL,
  interface jsonb NOT NULL,
  manifest jsonb NOT NULL,
  interface_hash text NOT NULL,
  sql_hash text NOT NULL,
  compiler_version text NOT NULL,
  version int4 NOT NULL CHECK (version > 0),
  deployed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS dataset_name ON kf.dataset (name);
-- Since version 4. Where "tables" is null, the source says what they are.
ALTER TABLE kf.dataset ADD COLUMN IF NOT EXISTS tables jsonb;
ALTER TABLE kf.dataset ADD COLUMN IF NOT EXISTS profile text NOT NULL DEFAULT 'node';

-- Everything that was ever deployed of a dataset, to go back to.
CREATE TABLE IF NOT EXISTS kf.version (
  dbid text COLLATE "C" NOT NULL REFERENCES kf.dataset ON DELETE CASCADE,
  version int4 NOT NULL CHECK (version > 0),
  -- The version whose package this one repeats: another one after a rollback.
  content int4 NOT NULL CHECK (content BETWEEN 1 AND version),
  package text NOT NULL,
  -- True if getting here from the version before took rows or values away.
  destroyed boolean NOT NULL,
  deployed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (dbid, version)
);

-- The last block before the deploy; null outside a chain.
ALTER TABLE kf.version ADD COLUMN IF NOT EXISTS height int8;

CREATE TABLE IF NOT EXISTS kf.statement (
  dbid text COLLATE "C" NOT NULL REFERENCES kf.dataset ON DELETE CASCADE,
  position int4 NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  object text NOT NULL,
  sql text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (dbid, position)
);

CREATE TABLE IF NOT EXISTS kf.action (
  dbid text COLLATE "C" NOT NULL REFERENCES kf.dataset ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  -- The function without its arguments, as it is called: "ds_ens"."create_wallet@ens"
  function text NOT NULL,
  -- The same with the types of its arguments.
  object text NOT NULL,
  -- [{body, line, column, start, end}, ..]: lines of the function's body and where they came from.
  lines jsonb NOT NULL,
  PRIMARY KEY (dbid, name)
);

CREATE TABLE IF NOT EXISTS kf.import (
  importer text COLLATE "C" NOT NULL REFERENCES kf.dataset ON DELETE CASCADE,
  importee text COLLATE "C" NOT NULL REFERENCES kf.dataset,
  interface_hash text NOT NULL,
  PRIMARY KEY (importer, importee)
);
CREATE INDEX IF NOT EXISTS import_importee ON kf.import (importee);

-- Since version 6: the hash of the signature, null for the stub of a foreign procedure.
ALTER TABLE kf.action ADD COLUMN IF NOT EXISTS signature text COLLATE "C";
CREATE UNIQUE INDEX IF NOT EXISTS action_signature ON kf.action (dbid, name, signature);

-- The actions of importees that an importer calls, with the signatures it was compiled against. An importee whose action
-- goes away or changes its signature cannot be committed while this is so; within a transaction both are written in turn.
CREATE TABLE IF NOT EXISTS kf.reliance (
  importer text COLLATE "C" NOT NULL,
  importee text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  signature text COLLATE "C" NOT NULL,
  PRIMARY KEY (importer, importee, action),
  FOREIGN KEY (importer, importee) REFERENCES kf.import ON DELETE CASCADE,
  FOREIGN KEY (importee, action, signature) REFERENCES kf.action (dbid, name, signature) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX IF NOT EXISTS reliance_action ON kf.reliance (importee, action, signature);

-- Since version 11: work on large tables that is not done yet. What is "ahead" was begun for a deploy that has not switched to its
-- version; the rest is what a deploy that has left to do.
CREATE TABLE IF NOT EXISTS kf.pending (
  dbid text COLLATE "C" NOT NULL REFERENCES kf.dataset ON DELETE CASCADE,
  -- The index or constraint.
  name text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('index', 'constraint')),
  ahead boolean NOT NULL,
  -- What does it: in no transaction if it is an index.
  sql text NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (dbid, name)
);

-- Waits until nobody changes these datasets, or uses those in "changed", until the end of the transaction. Always in one order,
-- so that two deploys cannot wait for each other.
CREATE OR REPLACE FUNCTION kf.lock_datasets(changed text[], used text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT hashtext(d.dbid) AS key, bool_or(d.changed) AS changed
                FROM (SELECT unnest(lock_datasets.changed) AS dbid, true AS changed
                      UNION ALL SELECT unnest(lock_datasets.used), false) AS d
                GROUP BY 1 ORDER BY 1 LOOP
    IF wanted.changed THEN
      PERFORM pg_advisory_xact_lock(27494, wanted.key);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(27494, wanted.key);
    END IF;
  END LOOP;
END $kf$;

-- True if one of these datasets was deployed since the snapshot of the transaction was taken: its row has a later version
-- than the one seen here.
CREATE OR REPLACE FUNCTION kf.moved(datasets text[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RETURN EXISTS (SELECT FROM kf.dataset AS d WHERE d.dbid = ANY (datasets) AND currtid2('kf.dataset', d.ctid) <> d.ctid);
END $kf$;

-- Keeps a dataset and all it imports as they are for a call, until the end of its transaction. A call must see one version
-- from beginning to end: if one of them was deployed between the snapshot and the lock, the transaction is to begin again.
-- No lock outlives the transaction, so that calls can come through a pooler.
DROP FUNCTION IF EXISTS kf.hold(text), kf.let_go(int4[]);
CREATE FUNCTION kf.hold(dataset text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  reached text[];
  key int4;
BEGIN
  WITH RECURSIVE below (dbid) AS (
    SELECT hold.dataset COLLATE "C"
    -- OFFSET 0 keeps the planner from reading all of kf.import at every step.
    UNION SELECT i.importee FROM below AS b
      CROSS JOIN LATERAL (SELECT j.importee FROM kf.import AS j WHERE j.importer = b.dbid OFFSET 0) AS i)
  SELECT array_agg(b.dbid) INTO reached FROM below AS b;
  FOR key IN SELECT DISTINCT hashtext(r.dbid) FROM unnest(reached) AS r (dbid) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(27494, key);
  END LOOP;
  IF kf.moved(reached) THEN
    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = format('`%s` was deployed anew', dataset);
  END IF;
END $kf$;

-- What is in a PostgreSQL schema, of one catalog. Dependencies have an index by schema, pg_class and pg_proc have none. ROWS
-- keeps the planner from reading a whole catalog to join it.
CREATE OR REPLACE FUNCTION kf.contents(schema text, catalog regclass) RETURNS SETOF oid
LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $kf$
  SELECT d.objid FROM pg_depend AS d
  WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace(quote_ident(contents.schema))
    AND d.classid = contents.catalog AND d.objsubid = 0
$kf$;

CREATE OR REPLACE FUNCTION kf.routines(schema text) RETURNS SETOF regprocedure
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $kf$
  SELECT c::regprocedure FROM kf.contents(routines.schema, 'pg_proc'::regclass) AS c
$kf$;

-- Drops every function of a dataset's schema but those in "kept": nothing old stays reachable, not even an overload.
CREATE OR REPLACE FUNCTION kf.drop_functions(schema text, kept text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  routine regprocedure;
BEGIN
  FOR routine IN SELECT r FROM kf.routines(schema) AS r
                 WHERE NOT EXISTS (SELECT FROM unnest(kept) AS k WHERE to_regprocedure(k) = r) ORDER BY r::text LOOP
    EXECUTE format('DROP ROUTINE %s', routine);
  END LOOP;
END $kf$;

-- Takes away all rights to call into a dataset, before they are given anew.
CREATE OR REPLACE FUNCTION kf.clear_grants(schema text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  routines CONSTANT text := (SELECT string_agg(r::text, ', ' ORDER BY r::text) FROM kf.routines(schema) AS r);
  tables CONSTANT text := (SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid::regclass::text)
                           FROM kf.contents(schema, 'pg_class'::regclass) AS o JOIN pg_class AS c ON c.oid = o
                           WHERE c.relkind = 'r');
BEGIN
  IF routines IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', routines);
  END IF;
  IF current_user <> 'kf_owner' THEN
    RETURN;
  END IF;
  IF routines IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON ROUTINE %s FROM kf_public, kf_oracle', routines);
  END IF;
  IF tables IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON TABLE %s FROM kf_reader', tables);
  END IF;
  EXECUTE format('REVOKE ALL ON SCHEMA %I FROM kf_reader', schema);
END $kf$;

CREATE OR REPLACE FUNCTION kf.drop_indexes(schema text, names text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY names LOOP
    EXECUTE format('DROP INDEX IF EXISTS %I.%I', schema, name);
  END LOOP;
END $kf$;

CREATE OR REPLACE FUNCTION kf.drop_foreign_keys(schema text, names text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT c.conname AS name, c.conrelid::regclass AS relation
               FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace
               WHERE n.nspname = drop_foreign_keys.schema AND c.contype = 'f' AND c.conname = ANY (names)
               ORDER BY 1 LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.relation, found.name);
  END LOOP;
END $kf$;

-- Drops an index that somebody left unfinished. Whoever builds one holds this lock until it is whole, so that an index which is
-- still not whole then has no builder.
CREATE OR REPLACE FUNCTION kf.drop_unfinished(schema text, name text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT i.indexrelid AS id, i.indexrelid::regclass AS index, i.indrelid::regclass AS relation
               FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = drop_unfinished.schema AND c.relname = drop_unfinished.name LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', found.relation);
    IF EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = found.id AND NOT i.indisvalid) THEN
      EXECUTE format('DROP INDEX %s', found.index);
    END IF;
  END LOOP;
END $kf$;

-- Drops an index or a check that was made for a deploy that is not going to be, whole or not, when nobody works on it.
CREATE OR REPLACE FUNCTION kf.drop_prepared(schema text, name text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT i.indexrelid AS id, i.indexrelid::regclass AS index, i.indrelid::regclass AS relation
               FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = drop_prepared.schema AND c.relname = drop_prepared.name LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', found.relation);
    -- It may be the next version's own by now.
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = found.id AND c.relname = drop_prepared.name) THEN
      EXECUTE format('DROP INDEX %s', found.index);
    END IF;
  END LOOP;
  FOR found IN SELECT c.conrelid::regclass AS relation
               FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace
               WHERE n.nspname = drop_prepared.schema AND c.conname = drop_prepared.name LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', found.relation, drop_prepared.name);
  END LOOP;
END $kf$;
