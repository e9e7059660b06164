-- Who holds locks of the datasets $1 or on tables of the PostgreSQL schemas $2, those that began first before others. What a
-- process does is null for a login that may not know it.
SELECT l.pid, a.usename::text AS login, a.application_name AS application, a.state,
       extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::int8 AS seconds
FROM (SELECT DISTINCT l.pid FROM pg_catalog.pg_locks AS l
      WHERE l.granted AND l.pid <> pg_backend_pid()
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
        AND (l.locktype = 'advisory' AND l.classid = 27494 AND l.objsubid = 2
               AND l.objid::int8 IN (SELECT hashtext(w.dbid)::int8 & 4294967295 FROM unnest($1) AS w (dbid))
             OR l.locktype = 'relation'
               AND l.relation IN (SELECT c.oid FROM pg_catalog.pg_class AS c
                                  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                                  WHERE n.nspname = ANY ($2)))) AS l
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
ORDER BY coalesce(a.xact_start, a.query_start) NULLS LAST, l.pid
LIMIT 3
