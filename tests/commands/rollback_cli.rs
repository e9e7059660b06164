//! `kf rollback` as it is typed: what it says, whom it takes along, when it refuses.

use crate::support::here::Here;
use crate::support::{block_on, session};

const FIRST: &str = "database ens;\n\ntable names { id text primary, owner text not_null }\n\n\
    action put($id text, $owner text) public { INSERT INTO names (id, owner) VALUES ($id, $owner); }\n\
    action get_ownership() public view { SELECT n.id, n.owner FROM names AS n; }\n";
const CLUB: &str = "database club;\nuse ens as ens;\n\n\
    action owners() public view {\n  SELECT e.owner FROM ens.get_ownership() AS e;\n}\n";

/// The second version: a table and a column under other names, and a column more.
fn second() -> String {
    let text = FIRST.replace("table names {", "table entries @renamed_from(names) {");
    let text = text.replace("owner text not_null", "holder text not_null @renamed_from(owner), note text");
    text.replace("names (id, owner)", "entries (id, holder)")
        .replace("n.owner FROM names", "n.holder AS owner FROM entries")
}

fn sql(here: &Here, sql: &str) {
    block_on(async { session(&here.url).await.client.batch_execute(sql).await.unwrap() });
}

fn scalar(here: &Here, sql: &str) -> String {
    let value: Option<String> =
        block_on(async { session(&here.url).await.client.query_one_scalar(sql, &[]).await.unwrap() });
    value.unwrap_or_default()
}

/// `version>content` and `!` where data was lost.
fn history(here: &Here, dataset: &str) -> String {
    let sql = "SELECT string_agg(version || '>' || content || CASE WHEN destroyed THEN '!' ELSE '' END, ' ' ORDER BY version) \
               FROM kf.version WHERE dbid = ";
    scalar(here, &format!("{sql}'{dataset}'"))
}

#[test]
fn a_dataset_returns_with_its_rows_under_their_old_names() {
    let here = Here::new();
    here.write("x/ens.kf", FIRST);
    here.wrong("x", "rollback --db DB ens", 2, &["KF0720"]);
    here.fine("x", "deploy --db DB");
    here.wrong("x", "rollback --db DB ens", 4, &["KF0721", "`ens` has no earlier version"]);
    here.fine("x", "call --db DB ens.put a 0xab");
    here.write("x/ens.kf", &second());
    here.fine("x", "deploy --db DB");
    here.fine("x", "call --db DB ens.put b 0xcd");
    here.wrong(
        "x",
        "rollback --db DB ens --dry-run",
        3,
        &[
            "ens version 2 to 3, as version 1 was",
            "table `entries` renamed to `names`",
            "column `names.holder` renamed to `owner`",
            "− data lost column `entries.note` dropped",
            "`kf rollback ens --yes=delete-data` does this",
        ],
    );
    here.wrong("x", "rollback --db DB ens", 3, &["KF0723", "column `entries.note` dropped"]);
    assert_eq!(
        here.fine("x", "rollback --db DB ens --yes=delete-data"),
        "returned  ens, version 3, as version 1 was\n"
    );
    assert_eq!(
        scalar(&here, "SELECT string_agg(id || owner, ' ' ORDER BY id) FROM ds_ens.names"),
        "a0xab b0xcd"
    );
    assert!(here.fine("x", "call --db DB ens.get_ownership --format csv").contains("b,0xcd"));
    assert_eq!(history(&here, "ens"), "1>1 2>2 3>1");
    assert_eq!(here.fine("x", "show --db DB ens --source"), FIRST);
    // The column had no values, so that the way there is open again.
    here.fine("x", "rollback --db DB ens --to 2");
    assert_eq!(here.fine("x", "show --db DB ens --source"), second());
    assert_eq!(
        scalar(&here, "SELECT string_agg(id || holder, ' ' ORDER BY id) FROM ds_ens.entries"),
        "a0xab b0xcd"
    );
    assert!(here.fine("x", "rollback --db DB ens --to 2 --dry-run").contains("nothing to do"));
    here.wrong("x", "rollback --db DB ens --to 9", 4, &["no version 9, but versions 1 to 4"]);
    here.wrong("x", "rollback --db DB ens ens --to 1", 2, &["`--to` is a version of one dataset"]);
    assert_eq!(here.fine("x", "show --db DB ens --version 1 --source"), FIRST);
    let listed = here.fine("x", "show --db DB ens --versions");
    let last = listed.lines().rev().nth(1).unwrap();
    assert!(last.contains(" 4 ") && last.contains(" 2 ") && last.contains(" no "), "{listed}");
    here.wrong("x", "show --db DB ens --version 9 --sql", 2, &["KF0721", "no version 9"]);
}

#[test]
fn each_rollback_goes_one_version_further() {
    let here = Here::new();
    let version = |more: &str| FIRST.replace("not_null }", &format!("not_null{more} }}"));
    for more in ["", ", a int", ", a int, b int"] {
        here.write("x/ens.kf", &version(more));
        here.fine("x", "deploy --db DB");
    }
    sql(&here, "INSERT INTO ds_ens.names VALUES ('x', '0xab', 1, 2)");
    here.fine("x", "rollback --db DB ens --yes=delete-data");
    assert_eq!(here.fine("x", "show --db DB ens --source"), version(", a int"));
    // What version 4 took away was never in version 1.
    here.fine("x", "rollback --db DB ens --yes=delete-data");
    assert_eq!(here.fine("x", "show --db DB ens --source"), FIRST);
    assert_eq!(history(&here, "ens"), "1>1 2>2 3>3 4>2! 5>1!");
    here.wrong("x", "rollback --db DB ens", 4, &["KF0721"]);
    here.wrong(
        "x",
        "rollback --db DB ens --to 3",
        4,
        &[
            "KF0722",
            "the values of `names.a` went with version 5",
            "the values of `names.b` went with version 4",
            "`kf show ens --version 3 --source`",
        ],
    );
    // A new version is gone back from to what was there before it.
    here.write("x/ens.kf", &version(", c int"));
    here.fine("x", "deploy --db DB");
    here.fine("x", "rollback --db DB ens --yes=delete-data");
    assert_eq!(history(&here, "ens"), "1>1 2>2 3>3 4>2! 5>1! 6>6 7>1");
}

#[test]
fn importers_go_along_or_are_named() {
    let here = Here::new();
    here.write("x/ens.kf", FIRST);
    here.write("x/club.kf", CLUB);
    here.fine("x", "deploy --db DB");
    // Another body: `club` carries the query, so its SQL changes though its source does not.
    here.write("x/ens.kf", &FIRST.replace("FROM names AS n;", "FROM names AS n WHERE n.id <> 'x';"));
    here.fine("x", "deploy --db DB ens.kf");
    let told = here.fine("x", "rollback --db DB ens --dry-run");
    assert!(told.contains("club  version 2 to 3, compiled anew"), "{told}");
    assert_eq!(
        here.fine("x", "rollback --db DB ens"),
        "returned  ens, version 3, as version 1 was\nupdated   club, version 3\n"
    );
    let same = "SELECT count(DISTINCT xmin::text)::text FROM kf.dataset";
    assert_eq!(scalar(&here, same), "1", "one transaction");
    let carried =
        "SELECT bool_or(prosrc ~ '<>')::text FROM pg_proc WHERE pronamespace::regnamespace::text ~ '^ds_'";
    assert_eq!(scalar(&here, carried), "false");
    // It was never anything else, whatever it was compiled against.
    assert_eq!(history(&here, "club"), "1>1 2>1 3>1");
    here.wrong("x", "rollback --db DB club", 4, &["KF0721"]);
    // Both use a column that came with the new version of one.
    here.write("x/ens.kf", &FIRST.replace("n.id, n.owner FROM", "n.id, n.owner, 1 AS level FROM"));
    here.write("x/club.kf", &CLUB.replace("e.owner FROM", "e.owner, e.level FROM"));
    here.fine("x", "deploy --db DB --yes=breaking");
    here.wrong(
        "x",
        "rollback --db DB ens --dry-run",
        4,
        &["`club.owners` would break club.kf:5", "cannot be done"],
    );
    here.wrong("x", "rollback --db DB ens --yes=breaking", 4, &["KF0713", "`club.owners` at club.kf:5"]);
    let told = here.fine("x", "rollback --db DB ens club --yes=breaking");
    assert_eq!(told.matches("returned").count(), 2, "{told}");
    assert_eq!(here.fine("x", "show --db DB club --source"), CLUB);
    assert_eq!(
        (history(&here, "ens"), history(&here, "club")),
        ("1>1 2>2 3>1 4>4 5>1".into(), "1>1 2>1 3>1 4>4 5>1".into())
    );
}

#[test]
fn a_version_that_fits_no_more_is_refused_by_line() {
    let here = Here::new();
    here.write("x/ens.kf", FIRST);
    here.write("x/club.kf", CLUB);
    here.fine("x", "deploy --db DB");
    here.write("x/club.kf", &CLUB.replace("e.owner FROM", "e.id FROM"));
    here.fine("x", "deploy --db DB --yes=breaking");
    here.write("x/ens.kf", &FIRST.replace("n.id, n.owner FROM", "n.id FROM"));
    here.fine("x", "deploy --db DB --yes=breaking");
    here.wrong(
        "x",
        "rollback --db DB club --yes=breaking",
        4,
        &["KF0714", "version 1 of `club` does not fit what it imports by now", "`club.owners` at club.kf:5"],
    );
    here.fine("x", "rollback --db DB club ens --yes=breaking");
    assert_eq!(here.fine("x", "show --db DB club --source"), CLUB);
    assert_eq!(here.fine("x", "show --db DB ens --source"), FIRST);
    here.fine("x", "call --db DB club.owners");
}
