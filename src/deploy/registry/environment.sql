-- One row: what must be right about a server before anything is deployed to it or called in it.
SELECT current_setting('server_version_num')::int4 AS version,
       current_setting('server_encoding') AS encoding,
       current_setting('standard_conforming_strings') AS standard_conforming_strings,
       current_setting('transform_null_equals') AS transform_null_equals,
       current_setting('session_replication_role') AS session_replication_role,
       pg_is_in_recovery() AS is_standby,
       current_setting('default_transaction_read_only') AS default_transaction_read_only,
       to_regclass('kf.meta') IS NOT NULL AS has_registry,
       (SELECT pg_get_userbyid(n.nspowner)::text FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf') AS owner,
       (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()) AS database
