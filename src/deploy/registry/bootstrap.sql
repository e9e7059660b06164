-- The schema "kf" and what emitted functions need of it. Run as the owner of datasets; may be run again and again.

CREATE SCHEMA IF NOT EXISTS kf;

DO $kf$
BEGIN
  IF to_regtype('kf.ctx') IS NULL THEN
    CREATE TYPE kf.ctx AS (
      caller text,
      signer bytea,
      txid text,
      height int8,
      block_timestamp int8,
      authenticator text,
      foreign_caller text,
      depth int4
    );
  END IF;
  IF to_regtype('kf.finite') IS NULL THEN
    -- What a decimal may be: NaN sorts above every number and both infinities.
    CREATE DOMAIN kf.finite AS numeric CONSTRAINT finite_number CHECK (VALUE < 'Infinity' AND VALUE > '-Infinity');
  END IF;
  IF to_regtype('kf.uint256') IS NULL THEN
    -- NaN sorts above every number, so the upper bound refuses it.
    CREATE DOMAIN kf.uint256 AS numeric(78, 0)
      CONSTRAINT uint256_range CHECK (VALUE >= 0
        AND VALUE <= 115792089237316195423570985008687907853269984665640564039457584007913129639935);
  END IF;
END $kf$;

-- ERROR(..) inside an expression. VOLATILE, so that no planner runs it early or leaves it out.
CREATE OR REPLACE FUNCTION kf.error(message text) RETURNS text
LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = coalesce(message, '(null)');
END $kf$;

-- NOTICE(..) inside an expression.
CREATE OR REPLACE FUNCTION kf.notice(message text) RETURNS text
LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $kf$
BEGIN
  RAISE NOTICE USING ERRCODE = 'KF000', MESSAGE = coalesce(message, '(null)');
  RETURN NULL;
END $kf$;
