//! `kf drop` as it is typed: nothing is left, nobody who imports it is left behind, and no row goes without consent.

use crate::support::here::Here;
use crate::support::{block_on, session};

const ENS: &str = "database ens;\n\ntable names { id text primary, owner text not_null, #by index(owner) }\n\
    table tags { id text primary references names(id) }\n\
    action put($id text) public { INSERT INTO names (id, owner) VALUES ($id, @caller); }\n\
    action get_ownership() public view { SELECT n.id, n.owner FROM names AS n; }\n";
const CLUB: &str = "database club;\nuse ens as e;\n\ntable members { id int primary }\n\n\
    action owners() public view {\n  SELECT o.owner FROM e.get_ownership() AS o;\n}\n";
const IDLE: &str = "database idle;\n\nuse ens as ens;\n\ntable t { id int primary }\n";

/// Everything but the registry's own: schemas, relations, functions, types, rights, roles.
const LEFT: &str = "SELECT string_agg(line, E'\n' ORDER BY line) FROM (
  SELECT 'schema ' || nspname || coalesce(nspacl::text, '') AS line FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL SELECT 'relation ' || oid::regclass::text || coalesce(relacl::text, '') FROM pg_class WHERE oid >= 16384 AND relkind <> 't'
    AND relnamespace::regnamespace::text !~ '^pg_toast'
  UNION ALL SELECT 'function ' || oid::regprocedure::text || coalesce(proacl::text, '') FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'type ' || oid::regtype::text FROM pg_type WHERE oid >= 16384
  UNION ALL SELECT 'default ' || defaclrole::regrole || defaclacl::text FROM pg_default_acl
  UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname ~ '^kf'
  UNION ALL SELECT table_name || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM kf.%I', table_name), false, true, '')))[1]::text
    FROM information_schema.tables WHERE table_schema = 'kf' AND table_type = 'BASE TABLE'
) AS lines";

fn scalar(here: &Here, sql: &str) -> String {
    let value: Option<String> =
        block_on(async { session(&here.url).await.client.query_one_scalar(sql, &[]).await.unwrap() });
    value.unwrap_or_default()
}

fn run(here: &Here, sql: &str) {
    block_on(async { session(&here.url).await.client.batch_execute(sql).await.unwrap() });
}

#[test]
fn nothing_is_left_of_a_dataset() {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    let before = scalar(&here, LEFT);
    here.fine("x", "deploy --db DB");
    here.write("x/ens.kf", &ENS.replace("table tags", "table labels @renamed_from(tags)"));
    here.fine("x", "deploy --db DB");
    let told = here.fine("x", "drop --db DB ens --dry-run");
    assert!(told.contains("table `names` dropped") && told.contains("`kf drop ens` does this"), "{told}");
    here.fine("x", "call --db DB ens.put a");
    let rows = ["table `names` dropped", "1 row is in it", "`kf drop ens --yes=delete-data` does this"];
    here.wrong("x", "drop --db DB ens --dry-run", 3, &rows);
    here.wrong(
        "x",
        "drop --db DB ens --yes=breaking",
        3,
        &["KF0723", "`ens`: table `names` dropped", "--yes=delete-data"],
    );
    assert_eq!(scalar(&here, "SELECT count(*)::text FROM ds_ens.names"), "1");
    assert_eq!(here.fine("x", "drop --db DB ens --yes=delete-data"), "dropped   ens, which had version 2\n");
    assert_eq!(scalar(&here, LEFT), before);
    assert_eq!(here.fine("x", "list --db DB"), "no datasets\n");
    here.wrong("x", "drop --db DB ens", 2, &["KF0720"]);
    here.wrong("x", "call --db DB ens.put a", 2, &["KF0720"]);
    // And from the beginning.
    assert!(here.fine("x", "deploy --db DB").contains("created   ens, version 1"));
    here.fine("x", "call --db DB ens.put b");
    assert_eq!(scalar(&here, "SELECT string_agg(id, ' ') FROM ds_ens.names"), "b");
    here.wrong("x", "rollback --db DB ens", 4, &["KF0721"]);
}

#[test]
fn what_is_imported_stays() {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    here.write("x/club.kf", CLUB);
    here.write("x/idle.kf", IDLE);
    here.fine("x", "deploy --db DB");
    let state = scalar(&here, LEFT);
    let places = [
        "`club.owners` at club.kf:7: calls `e.get_ownership` [KF0713]",
        "`idle` at idle.kf:3: imports `ens` [KF0713]",
    ];
    here.wrong(
        "x",
        "drop --db DB ens --yes=delete-data",
        4,
        &[&["KF0713", "name `club` too"][..], &places].concat(),
    );
    here.wrong(
        "x",
        "drop --db DB ens --dry-run",
        4,
        &["`club.owners` would break club.kf:7", "cannot be done"],
    );
    here.wrong("x", "drop --db DB ens club", 4, &["`idle` imports what is to be dropped"]);
    assert_eq!(scalar(&here, LEFT), state);
    let told = here.fine("x", "drop --db DB ens club idle");
    assert_eq!(told.matches("dropped   ").count(), 3, "{told}");
    here.fine("x", "deploy --db DB");
    assert_eq!(scalar(&here, LEFT), state);
    here.fine("x", "drop --db DB club");
    here.fine("x", "drop --db DB idle");
    here.fine("x", "drop --db DB ens");
}

#[test]
fn what_others_made_is_named() {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    here.fine("x", "deploy --db DB");
    run(&here, "CREATE VIEW public.report AS SELECT owner FROM ds_ens.names");
    here.wrong("x", "drop --db DB ens", 4, &["KF0725", "view public.report depends on table ds_ens.names"]);
    here.write(
        "x/ens.kf",
        &ENS.replace(", owner text not_null, #by index(owner)", "")
            .replace("(id, owner) VALUES ($id, @caller)", "(id) VALUES ($id)")
            .replace("n.id, n.owner", "n.id"),
    );
    here.wrong(
        "x",
        "deploy --db DB --yes=breaking,delete-data",
        4,
        &["KF0725", "view public.report depends on column owner of table ds_ens.names"],
    );
    run(&here, "DROP VIEW public.report; CREATE TABLE ds_ens.mine (id int)");
    here.wrong("x", "drop --db DB ens", 4, &["KF0725", "table ds_ens.mine depends on schema ds_ens"]);
    run(&here, "DROP TABLE ds_ens.mine");
    here.fine("x", "drop --db DB ens");
}

#[test]
fn a_drop_waits_for_who_uses_it() {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    here.fine("x", "deploy --db DB");
    block_on(async {
        let mut other = session(&here.url).await;
        let transaction = other.client.transaction().await.unwrap();
        transaction.batch_execute("LOCK TABLE ds_ens.names IN ROW EXCLUSIVE MODE").await.unwrap();
        here.wrong("x", "drop --db DB ens --lock-timeout 1", 4, &["KF0710"]);
        transaction.rollback().await.unwrap();
    });
    here.fine("x", "drop --db DB ens --lock-timeout 5");
}
