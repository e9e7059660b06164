use kuneiform::deploy::connect::Session;

/// Everything PostgreSQL knows of the schema, a line each, in no physical order.
const CATALOG: &str = "SELECT string_agg(line, E'\n' ORDER BY line COLLATE \"C\") FROM (
  SELECT format('column %s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN 'not null' END, co.collname, pg_get_expr(d.adbin, d.adrelid)) AS line
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
    LEFT JOIN pg_collation co ON co.oid = a.attcollation
  WHERE c.relnamespace = 'ds_shop'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT format('constraint %s.%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
  FROM pg_constraint WHERE connamespace = 'ds_shop'::regnamespace AND contype <> 'n'
  UNION ALL SELECT format('index %s', pg_get_indexdef(indexrelid)) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
  WHERE relnamespace = 'ds_shop'::regnamespace
  UNION ALL SELECT format('relation %s %s %s', relname, relkind, pg_get_userbyid(relowner)) FROM pg_class
  WHERE relnamespace = 'ds_shop'::regnamespace
  UNION ALL SELECT format('function %s %s %s %s', oid::regprocedure, pg_get_userbyid(proowner),
    (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(proacl) x), md5(prosrc)) FROM pg_proc
  WHERE pronamespace = 'ds_shop'::regnamespace
) AS lines";

/// What the database holds of the schema `shop`.
pub async fn of(db: &Session) -> String {
    let text: Option<String> = db.client.query_one_scalar(CATALOG, &[]).await.unwrap();
    text.unwrap_or_default()
}

/// The lines of one that the other lacks.
pub fn difference(found: &str, wanted: &str) -> String {
    let lacks = |one: &str, other: &str, mark: &str| -> String {
        let others: Vec<&str> = other.lines().collect();
        one.lines().filter(|line| !others.contains(line)).map(|line| format!("{mark} {line}\n")).collect()
    };
    lacks(found, wanted, "found ") + &lacks(wanted, found, "wanted")
}
