-- What was agreed on, block by block. Run as the owner of datasets; may be run again and again. Rows are written once, in the transaction
-- of their block, and never again.

CREATE TABLE IF NOT EXISTS kf.chain (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id text NOT NULL,
  initial_height int8 NOT NULL,
  -- What a call may use, and every how many blocks the state is hashed: as the whole network has agreed.
  budget int8 NOT NULL,
  state_every int4 NOT NULL,
  app_hash bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS kf.block (
  height int8 PRIMARY KEY,
  id bytea NOT NULL,
  block_timestamp int8 NOT NULL,
  -- Roots over the calls as they were given, and over their receipts.
  calls bytea NOT NULL,
  receipts bytea NOT NULL,
  -- Null where the state was not hashed.
  state bytea,
  app_hash bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS kf.receipt (
  height int8 NOT NULL,
  position int4 NOT NULL,
  txid text COLLATE "C" NOT NULL,
  -- 'OK', a KF code, or a class of SQLSTATEs.
  status text COLLATE "C" NOT NULL,
  steps int8 NOT NULL,
  row_count int8 NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (height, position)
);
CREATE INDEX IF NOT EXISTS receipt_txid ON kf.receipt (txid);

CREATE OR REPLACE FUNCTION kf.refuse_change() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RAISE EXCEPTION USING ERRCODE = '55000', MESSAGE = format('rows of kf.%s are never changed', TG_TABLE_NAME);
END $kf$;

CREATE OR REPLACE FUNCTION kf.next_block() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $kf$
DECLARE
  expected int8 := coalesce((SELECT max(b.height) + 1 FROM kf.block AS b), (SELECT c.initial_height FROM kf.chain AS c));
BEGIN
  IF NEW.height IS DISTINCT FROM expected THEN
    RAISE EXCEPTION USING ERRCODE = '55000', MESSAGE = format('block %s does not follow; the next is %s', NEW.height, expected);
  END IF;
  RETURN NEW;
END $kf$;

CREATE OR REPLACE TRIGGER unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON kf.chain
  FOR EACH STATEMENT EXECUTE FUNCTION kf.refuse_change();
CREATE OR REPLACE TRIGGER unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON kf.block
  FOR EACH STATEMENT EXECUTE FUNCTION kf.refuse_change();
CREATE OR REPLACE TRIGGER unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON kf.receipt
  FOR EACH STATEMENT EXECUTE FUNCTION kf.refuse_change();
CREATE OR REPLACE TRIGGER next_block BEFORE INSERT ON kf.block
  FOR EACH ROW EXECUTE FUNCTION kf.next_block();
