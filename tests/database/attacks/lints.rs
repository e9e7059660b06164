//! What is true of every object of every dataset, asked of the catalogs after all sources of the repository that deploy are deployed.

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;

use crate::support::programs::{compilation, texts};
use crate::support::{block_on, database, session};

const OURS: &str = "(n.nspname = 'kf' OR n.nspname LIKE 'ds\\_%')";

/// A question whose answer has no rows, in terms of `OURS`.
const LINTS: &[(&str, &str)] = &[
    ("a function owned by a superuser, or by anybody but kf_owner and, of datasets, kf_reader",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_roles AS r ON r.oid = p.proowner
      WHERE {} AND (r.rolsuper OR r.rolname NOT IN ('kf_owner', 'kf_reader') OR (n.nspname = 'kf' AND r.rolname <> 'kf_owner'))"),
    ("a view that may write, or an action that is none and may not",
     "SELECT format('%s of %s', v.name, d.dbid) FROM kf.dataset AS d CROSS JOIN LATERAL jsonb_each(d.interface -> 'actions') AS v (name, signature)
      LEFT JOIN kf.action AS a ON a.dbid = d.dbid AND a.name = v.name LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure(a.object)
      WHERE p.proowner IS DISTINCT FROM CASE WHEN (v.signature ->> 'view')::boolean THEN 'kf_reader'::regrole ELSE 'kf_owner'::regrole END"),
    ("something kf_reader may do besides reading tables and calling views",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) AS a
      WHERE a.grantee = 'kf_reader'::regrole AND (a.privilege_type <> 'SELECT' OR c.relkind <> 'r')
      UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname LIKE 'ds\\_%' AND p.proowner <> 'kf_reader'::regrole AND has_function_privilege('kf_reader', p.oid, 'EXECUTE')
      UNION ALL SELECT n.nspname::text FROM pg_namespace AS n WHERE has_schema_privilege('kf_reader', n.oid, 'CREATE')
      UNION ALL SELECT g.rolname::text FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid WHERE m.member = 'kf_reader'::regrole"),
    ("a relation or type owned by anybody but kf_owner",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {} AND c.relowner <> 'kf_owner'::regrole
      UNION ALL SELECT t.oid::regtype::text FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE {} AND t.typowner <> 'kf_owner'::regrole"),
    ("a schema owned by anybody but kf_owner, or with other rights than USAGE",
     "SELECT n.nspname::text FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
      WHERE {} AND (n.nspowner <> 'kf_owner'::regrole OR a.grantee = 0
        OR (a.grantee <> n.nspowner AND (a.privilege_type <> 'USAGE' OR a.grantee::regrole::text NOT IN ('kf_public', 'kf_oracle', 'kf_engine', 'kf_reader'))))"),
    ("a function that PUBLIC may execute",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE {} AND a.grantee = 0"),
    ("a type that PUBLIC may use",
     "SELECT t.oid::regtype::text FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
      CROSS JOIN LATERAL aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) AS a
      WHERE n.nspname = 'kf' AND t.typname IN ('ctx', 'uint256') AND a.grantee = 0"),
    ("a function without a pinned search_path",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE {} AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)"),
    ("a dataset's function that is not SECURITY DEFINER, is LEAKPROOF, STRICT or IMMUTABLE, or is not PL/pgSQL",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
      WHERE n.nspname LIKE 'ds\\_%' AND (NOT p.prosecdef OR p.proleakproof OR p.proisstrict OR p.provolatile = 'i' OR l.lanname <> 'plpgsql' OR p.proparallel <> 'u')"),
    ("a STABLE function that may write",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE n.nspname LIKE 'ds\\_%' AND p.provolatile = 's' AND p.proowner <> 'kf_reader'::regrole"),
    // What stands for a foreign procedure runs a literal around a name that the registry found.
    ("a function that runs text as SQL or catches errors",
     "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE n.nspname LIKE 'ds\\_%' AND regexp_replace(p.prosrc, 'E?''(''''|[^''])*''', '', 'g')
          ~* '(\\mexecute\\M(?!\\s+pg_catalog\\.format\\(\\s*,\\s*kf\\.foreign_action\\()|^EXCEPTION|\\n *EXCEPTION\\M)'"),
    ("two functions of one name",
     "SELECT p.proname::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE {} GROUP BY n.nspname, p.proname HAVING count(*) > 1"),
    ("a table without a primary key",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {} AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'p')"),
    ("a dataset's relation somebody else has a right to",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) AS a
      WHERE n.nspname LIKE 'ds\\_%' AND a.grantee <> c.relowner AND (a.grantee <> 'kf_reader'::regrole OR a.privilege_type <> 'SELECT')"),
    ("a relation of the registry that others than the engine may read, or anybody may write",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) AS a
      WHERE n.nspname = 'kf' AND a.grantee <> c.relowner AND (a.privilege_type <> 'SELECT' OR a.grantee::regrole::text NOT IN ('kf_engine', 'kf_reader'))"),
    ("a column somebody has a right of its own to",
     "SELECT a.attname::text FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE {} AND a.attacl IS NOT NULL"),
    ("a foreign key without an index on its columns",
     "SELECT k.conname::text FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = k.connamespace WHERE n.nspname LIKE 'ds\\_%' AND k.contype = 'f'
      AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)"),
    ("a foreign key into another dataset",
     "SELECT k.conname::text FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.confrelid WHERE k.contype = 'f' AND c.relnamespace <> k.connamespace"),
    ("a text column that does not compare by bytes",
     "SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname LIKE 'ds\\_%' AND c.relkind = 'r' AND a.attnum > 0 AND a.attcollation NOT IN (0, 'pg_catalog.\"C\"'::regcollation)"),
    ("a column of a type the language does not have",
     "SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname LIKE 'ds\\_%' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND regexp_replace(format_type(a.atttypid, NULL), '\\[\\]$', '') NOT IN ('bigint', 'text', 'boolean', 'bytea', 'uuid', 'numeric', 'kf.uint256', 'uint256')"),
    ("a trigger, rule, policy, sequence, view or default that runs code",
     "SELECT t.tgname::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {} AND NOT t.tgisinternal
        AND t.tgfoid <> ALL (ARRAY['kf.refuse_change()', 'kf.next_block()']::regprocedure[])
      UNION ALL SELECT c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {} AND c.relkind IN ('v', 'm', 'S', 'f')
      UNION ALL SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname LIKE 'ds\\_%' AND pg_get_expr(d.adbin, d.adrelid) ~ '\\('"),
    ("an object outside the schemas of datasets",
     "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^(pg_.*|information_schema|kf|ds_.*)$'
      UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname !~ '^(pg_.*|information_schema|kf|ds_.*)$'"),
    ("a right to the database that PUBLIC has, or more than the roles need",
     "SELECT a.privilege_type::text FROM pg_database AS d CROSS JOIN LATERAL aclexplode(d.datacl) AS a WHERE d.datname = current_database()
      AND (a.grantee = 0 OR (a.grantee <> d.datdba AND NOT (a.grantee::regrole::text = 'kf_engine' AND a.privilege_type = 'CONNECT')
           AND NOT (a.grantee::regrole::text = 'kf_owner' AND a.privilege_type IN ('CREATE', 'CONNECT'))))"),
    ("a role that can do more than it is for",
     "SELECT r.rolname::text FROM pg_roles AS r WHERE r.rolname IN ('kf_owner', 'kf_reader', 'kf_engine', 'kf_public', 'kf_oracle')
      AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR (r.rolinherit AND r.rolname <> 'kf_owner') OR r.rolcanlogin <> (r.rolname = 'kf_engine'))"),
];

/// Deploys every source of the repository that compiles, each with what it imports; how many datasets that made.
async fn deploy_everything(db: &mut Session) -> i64 {
    let mut groups = vec![texts("examples/network")];
    let deps = texts("tests/badinputs/deps");
    for folder in ["tests/badinputs/ok", "tests/corpus"] {
        if std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).exists() {
            groups.extend(texts(folder).into_iter().map(|file| vec![file]));
        }
    }
    for group in groups {
        let mut files: Vec<&str> = group.iter().map(|(_, text)| text.as_str()).collect();
        if group[0].1.contains("with: deps/") {
            files.extend(
                deps.iter()
                    .filter(|(path, _)| group[0].1.contains(path.trim_start_matches("tests/badinputs/")))
                    .map(|(_, text)| text.as_str()),
            );
        }
        // An owner keeps datasets of the same name apart.
        let owner = format!("0x{}", hex_of(&group[0].0));
        let made = compilation(&files, Some(&owner));
        if !made.packages.is_empty() {
            deploy_packages(db, &made.packages, &mut |_| {})
                .await
                .unwrap_or_else(|errors| panic!("{}: {errors:?}", group[0].0));
        }
    }
    db.client.query_one_scalar("SELECT count(*) FROM kf.dataset", &[]).await.unwrap()
}

fn hex_of(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_lint_finds_anything() {
    block_on(async {
        let mut db = session(&database().await).await;
        let datasets = deploy_everything(&mut db).await;
        assert!(datasets >= 4 + 10, "{datasets}");
        for (what, sql) in LINTS {
            let rows = db
                .client
                .query(&sql.replace("{}", OURS), &[])
                .await
                .unwrap_or_else(|error| panic!("{what}: {error:?}"));
            let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            assert_eq!(found, [""; 0], "{what}");
        }
    });
}

/// Each lint finds what it is for: otherwise "no rows" would say nothing.
#[test]
fn the_lints_have_teeth() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy_everything(&mut db).await;
        db.client.batch_execute(SABOTAGE).await.unwrap();
        for (what, sql) in LINTS.iter().filter(|(what, _)| !what.starts_with("a role")) {
            let rows = db.client.query(&sql.replace("{}", OURS), &[]).await.unwrap();
            assert!(!rows.is_empty(), "{what}");
        }
    });
}

/// One offence against every lint, but for those about roles, which other tests share.
const SABOTAGE: &str = "CREATE SCHEMA ds_evil; GRANT USAGE ON SCHEMA ds_evil TO PUBLIC;
    CREATE TABLE ds_evil.t (id int, note text COLLATE \"POSIX\", at timestamptz DEFAULT now());
    CREATE TABLE ds_evil.k (id text PRIMARY KEY); CREATE SCHEMA ds_evil2;
    CREATE TABLE ds_evil2.f (id text REFERENCES ds_evil.k (id));
    GRANT SELECT ON ds_evil.t TO kf_public; GRANT SELECT (id) ON ds_evil.k TO kf_public; GRANT SELECT ON kf.statement TO kf_public;
    GRANT INSERT ON ds_evil.t TO kf_reader;
    DO $$ BEGIN EXECUTE (SELECT format('ALTER FUNCTION %s OWNER TO kf_owner', p.oid::regprocedure) FROM pg_proc AS p
      WHERE p.proowner = 'kf_reader'::regrole ORDER BY p.oid::regprocedure::text LIMIT 1); END $$;
    GRANT USAGE ON TYPE kf.ctx TO PUBLIC; CREATE VIEW public.v AS SELECT 1 AS one;
    CREATE FUNCTION ds_evil.f() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'SELECT 1'; RETURN 1;
    EXCEPTION WHEN OTHERS THEN RETURN 2; END $$;
    CREATE FUNCTION ds_evil.f(a int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 1; END $$;
    DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$;";
