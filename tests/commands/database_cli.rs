//! `kf db` and `kf call` as they are typed.

use std::path::Path;
use std::process::Command;

use crate::support::packages::{Action, Draft, ens, social, table};
use crate::support::{block_on, database, scratch, session};
use kuneiform::deploy::deploy_packages;

/// Exit code, stdout and stderr.
fn kf(folder: &Path, variables: &[(&str, &str)], words: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    for name in ["KF_DATABASE_URL", "KF_CALLER", "KF_PG_BIN", "PGHOST", "PGPASSWORD"] {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).envs(variables.iter().copied()).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

struct Reset<'a>(&'a Path);

impl Drop for Reset<'_> {
    fn drop(&mut self) {
        kf(self.0, &[], &["db", "reset", "--yes"]);
    }
}

#[test]
fn the_projects_own_database_from_start_to_reset() {
    let folder = scratch();
    let folder = folder.path();
    let _reset = Reset(folder);
    let (code, out, _) = kf(folder, &[], &["db", "status"]);
    assert_eq!((code, out.as_str()), (0, "database  the project's own PostgreSQL, not made yet\n"));
    let (code, url, err) = kf(folder, &[], &["db", "start"]);
    assert_eq!((code, err.as_str()), (0, ""), "no progress where there is no terminal");
    assert!(url.starts_with("postgresql://kf@%2F"), "{url}");
    assert_eq!(kf(folder, &[], &["db", "url"]).1, url);
    let (_, out, _) = kf(folder, &[], &["db", "status"]);
    assert!(out.contains("running as process") && out.contains("datasets  none"), "{out}");
    let (code, out, _) = kf(folder, &[], &["db", "psql", "-Atc", "SELECT 6 * 7"]);
    assert_eq!((code, out.as_str()), (0, "42\n"));
    let (code, _, err) = kf(folder, &[], &["db", "reset"]);
    assert_eq!(code, 2);
    assert!(err.contains("kf db reset --yes"), "{err}");
    assert_eq!(kf(folder, &[], &["db", "stop"]), (0, "stopped\n".into(), String::new()));
    assert_eq!(kf(folder, &[], &["db", "stop"]), (0, "was not running\n".into(), String::new()));
    assert_eq!(kf(folder, &[], &["db", "reset", "--yes"]), (0, "deleted\n".into(), String::new()));
    assert_eq!(kf(folder, &[], &["db", "reset"]), (0, "nothing to delete\n".into(), String::new()));
}

#[test]
fn the_database_is_chosen_in_order_and_passwords_are_not_shown() {
    let folder = scratch();
    let folder = folder.path();
    let url = |name: &str| format!("postgresql://me:sekret@localhost:1/{name}");
    std::fs::write(folder.join("kf.toml"), format!("[database]\nurl = \"{}\"\n", url("file"))).unwrap();
    let (flag, variable) = (url("flag"), url("variable"));
    let shown = |variables: &[(&str, &str)], words: &[&str]| {
        let (code, out, err) = kf(folder, variables, words);
        assert!(!out.contains("sekret") && !err.contains("sekret"), "{out}{err}");
        (code, out, err)
    };
    let variables = [("KF_DATABASE_URL", variable.as_str())];
    assert!(shown(&variables, &["db", "url", "--db", &flag]).1.contains("dbname='flag'"));
    assert!(shown(&variables, &["db", "url"]).1.contains("dbname='variable'"));
    assert!(shown(&[("KF_DATABASE_URL", "")], &["db", "url"]).1.contains("dbname='file'"));
    let (code, _, err) = shown(&[], &["call", "a.b"]);
    assert_eq!(code, 4);
    assert!(err.contains("error[KF0701]") && err.contains("`localhost:1`"), "{err}");
    let (code, _, err) = shown(&[], &["db", "reset", "--yes"]);
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = shown(&[], &["db", "url", "--db", "postgresql://me:sekret@h/d?sslmode=sometimes"]);
    assert!(code == 2 && err.contains("KF0705") && err.contains("sslmode"), "{err}");
    shown(&[], &["db", "url", "--help"]);
    shown(&variables, &["db", "url", "--help"]);
}

#[test]
fn no_postgresql_says_how_to_get_one() {
    let folder = scratch();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let (code, _, err) = kf(folder.path(), &[("KF_PG_BIN", empty.to_str().unwrap())], &["db", "start"]);
    assert!(code == 4 && err.contains("error[KF0703]") && err.contains("KF_PG_BIN"), "{err}");
}

fn deployed() -> String {
    block_on(async {
        let url = database().await;
        let mut db = session(&url).await;
        let ens = ens();
        let list = Action {
            name: "list",
            parameters: &[("n", "int = 2")],
            modifiers: "public view",
            returns: table(&[("n", "int"), ("t", "text")]),
            body: "  PERFORM kf.notice('looking');\n  RETURN QUERY SELECT g, CASE WHEN g > 1 THEN E'\\x1b[2J,' END \
                   FROM generate_series(1, \"$n\") AS g ORDER BY g;",
            spliced: &[],
        };
        let packages = [ens.clone(), social(&ens), Draft::new("show").action(list).package()];
        deploy_packages(&mut db, &packages, &mut |_| {}).await.unwrap();
        url
    })
}

#[test]
fn calls_print_their_result_in_three_ways() {
    let url = deployed();
    let folder = scratch();
    let call = |words: &[&str]| kf(folder.path(), &[("KF_DATABASE_URL", &url)], &[&["call"], words].concat());
    let (code, out, err) = call(&["show.list"]);
    assert_eq!((code, err.as_str()), (0, "notice: looking\n"));
    insta::assert_snapshot!(out, @r#"
        ┌───┬──────────────┐
        │ n ┆ t            │
        ╞═══╪══════════════╡
        │ 1 ┆ null         │
        │ 2 ┆ <U+001B>[2J, │
        └───┴──────────────┘
        2 rows
        "#);
    let (code, out, err) = call(&["show.list", "1", "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
        {"columns":[{"name":"n","type":"int"},{"name":"t","type":"text"}],"rows":[[1,null]],"notices":["looking"]}
        "#);
    let (_, out, _) = call(&["show.list", "--format", "csv"]);
    assert_eq!(out, "n,t\r\n1,\r\n2,\"\u{1b}[2J,\"\r\n");
    assert_eq!(call(&["show.list", "--args-json", "[-1]", "--format", "csv"]).1, "n,t\r\n");
    assert_eq!(call(&["show.list", "-1", "--format", "csv"]).1, "n,t\r\n");
    let (code, out, _) = call(&["ens.create_wallet", "w", "0xa", "--as", "oracle"]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn faults_are_told_with_their_place_and_exit_code() {
    let url = deployed();
    let folder = scratch();
    let call = |words: &[&str]| {
        kf(folder.path(), &[("KF_DATABASE_URL", &url), ("KF_CALLER", "0xb")], &[&["call"], words].concat())
    };
    let (code, out, err) = call(&["social_network.make_post", "p", "t", "nobodys"]);
    assert_eq!((code, out.as_str()), (5, ""));
    insta::assert_snapshot!(err, @r#"
        error[KF001]: the name is not your own
            ╭─[ens.kf:9:3]
          8 │   WHERE n.name = "$name" AND w.address = ("@ctx").caller) THEN
          9 │   RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'the name is not your own';
            ·   ───────────────────────────────────────┬──────────────────────────────────────
            ·                                          ╰── in ens.assert_owns_name
         10 │   END IF;
            ╰────
          note: called by social_network.make_post at social_network.kf:4:3
        "#);
    let (code, out, err) = call(&["social_network.make_post", "p", "t", "nobodys", "--format", "json"]);
    assert_eq!((code, err.as_str()), (5, ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["error"]["code"], "KF001");
    assert_eq!(json["error"]["trace"][1]["path"], "social_network.kf");
    let (code, _, err) = call(&["ens.create_wallet", "w", "0xa"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r#"
        error[KF0502]: `ens.create_wallet` is not callable this way: it is oracle
          help: call it with `--as oracle`
        "#);
    let (code, _, err) = call(&["ens.create_wallet", "w"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r#"
        error[KF0302]: `ens.create_wallet` takes 2 arguments, and 1 were given
          note: ens.create_wallet($id text, $address text) oracle
        "#);
    assert_eq!(call(&["ens.create_wallet", "w", "x", "--as", "owner"]).0, 2);
    assert_eq!(call(&["nowhere.f"]).0, 2);
    assert_eq!(call(&["f"]).0, 2);
}
