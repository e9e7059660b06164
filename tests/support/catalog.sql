-- A line for everything in the PostgreSQL schema $1: what it is, whose, and who may do what with it.
SELECT 'schema of ' || pg_get_userbyid(n.nspowner) || ' ' || (
  SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a)
FROM pg_namespace AS n WHERE n.nspname = $1
UNION ALL
SELECT concat_ws(' ', 'function', p.proname || '(' || pg_get_function_arguments(p.oid) || ')', pg_get_function_result(p.oid), 'of',
  pg_get_userbyid(p.proowner), p.provolatile, p.prosecdef, p.proconfig, md5(p.prosrc), (
    SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) AS a))
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = $1
UNION ALL
SELECT concat_ws(' ', 'table', c.relname, 'of', pg_get_userbyid(c.relowner), (
  SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) AS a))
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'
UNION ALL
SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation,
  pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = $1 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT concat_ws(' ', 'constraint', c.conname, 'valid', c.convalidated, pg_get_constraintdef(c.oid))
FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE n.nspname = $1 AND c.conrelid <> 0
UNION ALL
SELECT concat_ws(' ', 'index', 'valid', i.indisvalid, pg_get_indexdef(i.indexrelid))
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1
