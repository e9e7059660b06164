-- One row: what must be right about a server before anything is deployed to it or called in it.
SELECT current_setting('server_version_num')::int4 AS version,
       current_setting('server_encoding') AS encoding,
       current_setting('standard_conforming_strings') AS standard_conforming_strings,
       current_setting('transform_null_equals') AS transform_null_equals,
       current_setting('session_replication_role') AS session_replication_role,
       to_regclass('kf.meta') IS NOT NULL AS has_registry,
       to_regnamespace('kf') IS NOT NULL AS has_schema,
       (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()) AS database,
       NOT EXISTS (
         SELECT FROM pg_catalog.pg_namespace AS n
         WHERE n.nspname !~ '^(pg_|information_schema$|kf$|ds_)'
           AND pg_catalog.pg_get_userbyid(n.nspowner) <> 'kf_owner'
           AND (EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.relnamespace = n.oid
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e'))
             OR EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = n.oid
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')))
       ) AS private
