-- Who may do what with the schema "kf", where there are roles. Run as kf_owner; may be run again and again.

GRANT USAGE ON SCHEMA kf TO kf_public, kf_oracle, kf_engine, kf_reader;
GRANT USAGE ON TYPE kf.ctx, kf.finite, kf.uint256 TO kf_public, kf_oracle, kf_engine, kf_reader;

-- The engine must know signatures to call, and source lines to say where a call failed.
GRANT SELECT ON kf.meta, kf.dataset, kf.action, kf.import, kf.pending TO kf_engine;
GRANT EXECUTE ON FUNCTION kf.hold(text) TO kf_engine;

-- Views ask who owns a dataset, and what a foreign procedure means; they use the language's functions, and call through
-- foreign procedures.
GRANT SELECT ON kf.dataset, kf.action TO kf_reader;
GRANT EXECUTE ON FUNCTION
  kf.error(text),
  kf.notice(text),
  kf.sha1(bytea),
  kf.uuid_generate_v5(uuid, text),
  kf.uuid_generate_kwil(text),
  kf.generate_dbid(text, bytea),
  kf.parse_unix_timestamp(text, text),
  kf.format_unix_timestamp(numeric, text),
  kf.parameters_of(jsonb),
  kf.result_of(jsonb),
  kf.foreign_action(text, text, text, text, text, text, boolean),
  kf.moved(text[]),
  kf.gateway(text, text[], text[], text, text, boolean)
TO kf_reader;
