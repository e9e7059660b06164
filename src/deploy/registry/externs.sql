-- For each function that has to be installed, in the order given: what there is of it, and what the role may do with it that
-- actions run as which call it. kf_owner may do what kf_reader may; where there is one role, it is the only one asked.
-- Everything is looked up in the catalog, so that whoever deploys needs no right to the functions himself.
SELECT n.oid IS NOT NULL AS has_schema,
       p.oid IS NOT NULL AS found,
       coalesce(p.provolatile = 'v', false) AS is_volatile,
       coalesce(has_schema_privilege(as_role.name, n.oid, 'USAGE'), false) AS may_use,
       coalesce(has_function_privilege(as_role.name, p.oid, 'EXECUTE'), false) AS may_execute,
       quote_ident(as_role.name) AS role,
       pg_get_function_result(p.oid) AS gives,
       coalesce(p.proretset = w.many AND CASE cardinality(wanted.columns)
         WHEN 0 THEN p.prorettype = 'pg_catalog.void'::regtype
         WHEN 1 THEN p.prorettype = wanted.columns[1]
         ELSE p.prorettype = 'pg_catalog.record'::regtype AND wanted.columns = (
           SELECT array_agg(t.type ORDER BY t.position)
           FROM unnest(p.proallargtypes, p.proargmodes) WITH ORDINALITY AS t (type, mode, position)
           WHERE t.mode IN ('o', 'b', 't'))
       END, false) AS result_fits,
       ARRAY(SELECT o.oid::regprocedure::text FROM pg_catalog.pg_proc AS o
             WHERE o.pronamespace = n.oid AND o.proname = w.name ORDER BY 1) AS called_so
FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::text[], $6::text[])
  WITH ORDINALITY AS w (schema, name, parameters, many, columns, role, position)
CROSS JOIN LATERAL (
  SELECT ARRAY(SELECT to_regtype(t.name)::oid FROM unnest(string_to_array(w.parameters, ','))
               WITH ORDINALITY AS t (name, position) ORDER BY t.position) AS parameters,
         ARRAY(SELECT to_regtype(t.name)::oid FROM unnest(string_to_array(w.columns, ','))
               WITH ORDINALITY AS t (name, position) ORDER BY t.position) AS columns
) AS wanted
CROSS JOIN LATERAL (
  SELECT coalesce(
    (SELECT r.rolname FROM pg_catalog.pg_namespace AS k JOIN pg_catalog.pg_roles AS r ON r.oid = k.nspowner
     WHERE k.nspname = 'kf' AND r.rolname <> 'kf_owner'),
    (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE r.rolname = w.role),
    current_user) AS name
) AS as_role
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.schema
LEFT JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid AND p.proname = w.name AND p.prokind = 'f'
  AND array_to_string(p.proargtypes::oid[], ',') = array_to_string(wanted.parameters, ',')
ORDER BY w.position
