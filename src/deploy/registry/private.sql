-- One row: whether nothing but datasets is in the database.
SELECT NOT EXISTS (
  SELECT FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname !~ '^(pg_|information_schema$|kf$|ds_)'
    AND pg_catalog.pg_get_userbyid(n.nspowner) <> 'kf_owner'
    AND (EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.relnamespace = n.oid
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e'))
      OR EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = n.oid
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')))
) AS private
