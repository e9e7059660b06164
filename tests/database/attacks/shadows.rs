//! Objects with familiar names in places a session searches first, and settings that change what SQL means: no result changes.

use kuneiform::deploy::call::{Cell, Role, call};
use kuneiform::deploy::connect::Session;

use crate::support::programs::{call_of, context, deployed, login, network, packages};
use crate::support::{block_on, session};

/// Uses what an attacker would like to replace: tables, operators, functions, casts, aggregates.
const PROBE: &str = "database probe;
    table posts { id int primary, owner text not_null, text text, amount decimal(10,2) not_null, big uint256 not_null }
    action fill() oracle {
        INSERT INTO posts (id, owner, text, amount, big) VALUES (1, 'a', 'One', 1.50, 7), (2, 'b', null, 2.25, 8), (3, 'a', 'a\\b', 0.10, 9);
    }
    action all_of($owner text) public view {
        SELECT p.id, upper(p.text) AS up, p.amount + 1 AS more, length(p.text)::text || '!' AS size, p.text = null AS nothing
        FROM posts AS p WHERE p.owner = $owner AND p.id < 10 AND p.text LIKE '%' ORDER BY p.text;
    }
    action totals() public view {
        SELECT count(*) AS n, sum(p.id) AS ids, max(p.text) AS last, sum(p.big) AS big, array_agg(p.text) AS texts FROM posts AS p;
    }
    action change($id int) public { UPDATE posts SET text = lower(text) || 'x', amount = amount * 2 WHERE id = $id; }";

const SHADOWS: &str = "CREATE SCHEMA evil;
    CREATE FUNCTION evil.no(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
    CREATE FUNCTION evil.no(int8, int8) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
    CREATE FUNCTION evil.join(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'evil' $$;
    CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no);
    CREATE OPERATOR evil.= (LEFTARG = int8, RIGHTARG = int8, FUNCTION = evil.no);
    CREATE OPERATOR evil.< (LEFTARG = int8, RIGHTARG = int8, FUNCTION = evil.no);
    CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.join);
    CREATE FUNCTION evil.upper(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'evil' $$;
    CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'evil' $$;
    CREATE FUNCTION evil.length(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 666';
    CREATE AGGREGATE evil.max(text) (SFUNC = evil.join, STYPE = text);
    CREATE FUNCTION evil.error(text) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$;
    CREATE DOMAIN evil.text AS pg_catalog.text CHECK (VALUE = 'evil');
    CREATE TYPE evil.numeric AS (a int);
    CREATE TABLE evil.posts (id int8, owner text, text text, amount numeric, big numeric);
    CREATE TABLE evil.names (id text, name text, wallet_id text);
    CREATE TABLE evil.wallets (id text, address text);
    CREATE TABLE evil.dataset (dbid text, owner text);
    GRANT ALL ON SCHEMA evil TO PUBLIC;
    GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;";

const TEMPORARY: &str = "CREATE TEMP TABLE posts (id int8, owner text, text text, amount numeric, big numeric);
    CREATE TEMP TABLE names (id text, name text, wallet_id text); CREATE TEMP TABLE wallets (id text, address text);
    CREATE TEMP TABLE dataset (dbid text, owner text); CREATE TEMP TABLE pg_class (oid oid);
    GRANT ALL ON posts, names, wallets, dataset TO PUBLIC;";

async fn filled() -> String {
    let mut program = network();
    program.extend(packages(&[PROBE], None));
    let url = deployed(&program).await;
    let mut db = session(&url).await;
    for (target, words) in [
        ("probe.fill", vec![]),
        ("ens.create_wallet", vec!["w1", "0xa"]),
        ("ens.create_name", vec!["n1", "satoshi", "0xa"]),
    ] {
        let feed = kuneiform::deploy::call::Call { role: Role::Oracle, ..call_of(target, "0xfeed", &words) };
        call(&mut db, &feed).await.unwrap();
    }
    call(&mut db, &call_of("social_network.make_post", "0xa", &["p1", "hello", "satoshi"])).await.unwrap();
    url
}

/// The rows of every view, as text, by hand-written calls in the session as it is.
async fn raw(db: &Session) -> Vec<String> {
    let me = context("'0xa'");
    let mut found = Vec::new();
    for called in [
        format!("ds_probe.\"all_of@probe\"({me}, 'a')"),
        format!("ds_probe.\"totals@probe\"({me})"),
        format!("ds_ens.\"get_ownership@ens\"({me})"),
        format!("ds_ens.\"assert_owns_name@ens\"({me}, 'satoshi')"),
        format!("ds_social_network.\"get_author_posts@social_network\"({me}, '0xa')"),
    ] {
        let sql = format!("SELECT r::pg_catalog.text FROM {called} AS r");
        let rows = db.client.query(&sql, &[]).await.unwrap();
        found.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    assert!(found.len() >= 6, "{found:?}");
    found
}

async fn called(db: &mut Session) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (target, words) in [
        ("probe.all_of", vec!["a"]),
        ("probe.totals", vec![]),
        ("social_network.get_author_posts", vec!["0xa"]),
    ] {
        rows.extend(call(db, &call_of(target, "0xa", &words)).await.unwrap().rows);
    }
    rows
}

#[test]
fn nothing_a_session_searches_first_is_found() {
    block_on(async {
        let url = filled().await;
        let admin = session(&url).await;
        let clean = raw(&login(&url, &["kf_public"]).await).await;
        admin.client.batch_execute(SHADOWS).await.unwrap();
        admin.client.batch_execute("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$").await.unwrap();
        for path in [
            "evil, pg_catalog",
            "pg_temp, evil, pg_catalog",
            "evil, pg_temp, ds_probe, pg_catalog, public",
            "",
        ] {
            let mallory = login(&url, &["kf_public"]).await;
            mallory.client.batch_execute(TEMPORARY).await.unwrap();
            mallory
                .client
                .batch_execute(&format!(
                    "SELECT pg_catalog.length('x'); SET search_path = {}",
                    if path.is_empty() { "''" } else { path }
                ))
                .await
                .unwrap();
            assert_eq!(raw(&mallory).await, clean, "{path}");
            mallory
                .client
                .simple_query(&format!("SELECT ds_probe.\"change@probe\"({}, 2)", context("'0xa'")))
                .await
                .unwrap();
        }
        let changed =
            "SELECT p.id::int8 || p.text || p.amount FROM ds_probe.posts AS p WHERE p.id <> 2 ORDER BY p.id";
        assert_eq!(
            admin
                .client
                .query(changed, &[])
                .await
                .unwrap()
                .iter()
                .map(|row| row.get::<_, String>(0))
                .collect::<Vec<_>>(),
            ["1One1.50", "3a\\b0.10"]
        );
        let in_temp: i64 =
            admin.client.query_one_scalar("SELECT count(*) FROM evil.posts", &[]).await.unwrap();
        assert_eq!(in_temp, 0);
    });
}

/// The engine's own calls pin every setting that has a meaning.
#[test]
fn no_setting_of_the_session_or_the_role_changes_a_result() {
    block_on(async {
        let url = filled().await;
        let clean = called(&mut session(&url).await).await;
        assert_eq!(clean.len(), 4);
        let mut turned = session(&url).await;
        for setting in [
            "search_path = evil, pg_temp",
            "DateStyle = 'German'",
            "IntervalStyle = sql_standard",
            "TimeZone = 'Asia/Kathmandu'",
            "extra_float_digits = -15",
            "bytea_output = escape",
            "array_nulls = off",
            "backslash_quote = on",
            "quote_all_identifiers = on",
            "enable_hashagg = off",
            "enable_seqscan = off",
            "enable_sort = off",
            "plan_cache_mode = force_custom_plan",
            "work_mem = '64kB'",
            "default_transaction_isolation = 'read committed'",
            "default_transaction_read_only = off",
            "lc_messages = 'C'",
            "row_security = on",
            "constraint_exclusion = on",
            "jit = on",
            "escape_string_warning = off",
            "check_function_bodies = off",
            "synchronize_seqscans = on",
            "xmloption = document",
            "statement_timeout = '20s'",
            "default_transaction_deferrable = on",
            "gin_fuzzy_search_limit = 1",
        ] {
            turned.client.batch_execute(&format!("SET {setting}")).await.unwrap();
        }
        assert_eq!(called(&mut turned).await, clean);
        call(&mut turned, &call_of("probe.change", "0xa", &["1"])).await.unwrap();
        // What changes how SQL is read is refused before anything runs.
        for setting in ["transform_null_equals = on", "standard_conforming_strings = off"] {
            let mut turned = session(&url).await;
            turned.client.batch_execute(&format!("SET {setting}")).await.unwrap();
            let outcome = call(&mut turned, &call_of("probe.totals", "0xa", &[])).await;
            match outcome {
                Ok(answer) => assert_eq!(answer.rows[0][0], Cell::One("3".into()), "{setting}"),
                Err(error) => assert!(
                    error.to_string().contains(setting.split(' ').next().unwrap()),
                    "{setting}: {error}"
                ),
            }
        }
    });
}
