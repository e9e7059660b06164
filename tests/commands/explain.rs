//! How a call is done, told with the lines it is written on, and without a trace of it in the database.

use crate::support::here::Here;
use crate::support::{block_on, session};
use serde_json::Value;

const ENS: &str = "database ens;

table names {
    id text primary,
    name text not_null,
    owner text not_null,
    #by_owner index(owner)
}

action names_of($owner) public view {
    SELECT n.name FROM names AS n WHERE n.owner = $owner ORDER BY n.name;
}

action rename($old, $new) public {
    $found int := 0;
    for $row in SELECT id FROM names WHERE name = $old {
        UPDATE names SET name = $new WHERE id = $row.id;
        $found := $found + 1;
    }
    if $found = 0 { error('no such name'); }
    notice('renamed');
}
";
const CLUB: &str = "database club;
use ens as ens;

action rename($old, $new) public {
    ens.rename($old, $new);
}

action names($who) public view {
    SELECT e.name FROM ens.names_of($who) AS e ORDER BY e.name;
}
";

fn deployed() -> Here {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    here.write("x/club.kf", CLUB);
    here.fine("x", "deploy --db DB");
    let rows = "INSERT INTO ds_ens.names SELECT 'n' || i, 'name' || i % 1000, 'o' || i FROM generate_series(1, 5000) AS i; \
                ANALYZE ds_ens.names";
    block_on(async { session(&here.url).await.client.batch_execute(rows).await.unwrap() });
    here
}

fn named(here: &Here, name: &str) -> i64 {
    let sql = "SELECT count(*) FROM ds_ens.names WHERE name = $1";
    block_on(async { session(&here.url).await.client.query_one_scalar(sql, &[&name]).await.unwrap() })
}

#[test]
fn plans_stand_below_the_lines_they_belong_to_and_nothing_is_left() {
    let here = deployed();
    let text = here.fine("x", "call club.rename name7 other --analyze --db DB");
    for part in [
        "ens.kf:16 in ens.rename, called at club.kf:5",
        "16 │     for $row in SELECT id FROM names WHERE name = $old {",
        "└ Seq Scan on names keeping (name = $2)  5 rows, 5 expected",
        "⚠ no index is used: 5000 rows of `names` are read to keep 5",
        "ens.kf:17 in ens.rename, called at club.kf:5 (5 times, ",
        "└ Index Scan on names by names_pkey where (id = ",
        "and was rolled back: nothing of it is left",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    assert!(!text.contains("18 │"), "the loop's body is not the query's\n{text}");
    assert_eq!((named(&here, "name7"), named(&here, "other")), (5, 0));
    // What is expected without measuring; a view of another schema is part of the one query.
    let text = here.fine("x", "call club.names o5 --explain --db DB");
    assert!(
        text.contains("club.kf:9 in club.names (") && text.contains("by names_by_owner where (owner = "),
        "{text}"
    );
    assert!(
        text.contains("about 1 row\n") && !text.contains("expected") && !text.contains("ens.kf:"),
        "{text}"
    );
}

#[test]
fn programs_get_whole_plans_and_failed_calls_what_was_done_till_then() {
    let here = deployed();
    let (code, text) = here.kf("x", "call club.rename nobody other --analyze --format json --db DB");
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (code, &told["error"]["code"], &told["executed"]),
        (5, &Value::from("KF001"), &Value::from(true)),
        "{text}"
    );
    let statement = &told["statements"][0];
    assert_eq!(statement["trace"][0]["line"], 16, "{text}");
    assert_eq!(statement["trace"][1]["path"], "club.kf", "{text}");
    assert_eq!(statement["plan"]["Plans"][0]["Rows Removed by Filter"].as_f64(), Some(5000.0), "{text}");
    assert_eq!(statement["findings"][0], "no index is used: 5000 rows of `names` are read to keep 0");
    here.wrong(
        "x",
        "call club.rename nobody other --explain --db DB",
        5,
        &["ran until it failed", "error[KF001]", "ens.kf:20"],
    );
    let told: Value =
        serde_json::from_str(&here.fine("x", "call club.rename name7 other --explain --format json --db DB"))
            .unwrap();
    assert_eq!(told["notices"][0], "renamed");
    here.wrong("x", "call club.rename a b --explain --format csv --db DB", 2, &["plans are no rows"]);
    here.wrong("x", "call club.rename a --explain --db DB", 2, &["club.rename"]);
}

/// Only a superuser may load what tells the plans inside; another login is told so.
#[test]
fn a_plain_login_is_told_what_it_cannot_see() {
    let here = deployed();
    let login = "CREATE ROLE plain_explainer LOGIN; GRANT kf_public TO plain_explainer; GRANT kf_engine TO plain_explainer";
    block_on(async { session(&here.url).await.client.batch_execute(login).await.unwrap() });
    let (code, text) = plainly(&here, "--explain");
    assert!(
        code == 0 && text.contains("the plan of the call alone") && text.contains("club.rename was not run"),
        "{text}"
    );
    assert!(text.contains("auto_explain"), "{text}");
    let (code, text) = plainly(&here, "--analyze");
    assert!(code == 0 && text.contains("club.rename ran and was rolled back"), "{text}");
    assert_eq!((named(&here, "name7"), named(&here, "other")), (5, 0));
}

fn plainly(here: &Here, flag: &str) -> (i32, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kf"))
        .args(["call", "club.rename", "name7", "other", flag, "--db", &here.url])
        .env("PGOPTIONS", "-c role=plain_explainer")
        .current_dir(here.folder.path().join("x"))
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}
