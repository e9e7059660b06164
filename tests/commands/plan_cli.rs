//! `kf plan` and `kf deploy` with what it needs: consent, a kept plan, dependents by name and line.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{block_on, database, scratch, session};

const ENS: &str = "database ens;\n\ntable names { id text primary, owner text not_null, note text }\n\n\
    action get_ownership() public view {\n  SELECT n.id, n.owner FROM names AS n;\n}\n";
const SOCIAL: &str = "database social_network;\nuse ens as ens;\n\ntable posts { id int primary, author text not_null }\n\n\
    action get_author_posts($owner text) public view {\n  WITH own AS ens.get_ownership()\n  SELECT p.id FROM posts AS p\n    \
    JOIN own ON own.id = p.author\n    WHERE own.owner = $owner;\n}\n";

struct Project {
    folder: tempfile::TempDir,
    url: String,
}

impl Project {
    fn new() -> Project {
        Project { folder: scratch(), url: block_on(database()) }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The exit code and both outputs.
    fn kf(&self, words: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        command.args(words).current_dir(self.path()).env("KF_DATABASE_URL", &self.url).stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text)
    }

    /// Runs and wants an exit code and parts of what is said.
    fn wants(&self, words: &[&str], code: i32, parts: &[&str]) {
        let (found, text) = self.kf(words);
        assert_eq!(found, code, "{words:?}\n{text}");
        for part in parts {
            assert!(text.contains(part), "{words:?} does not say `{part}`\n{text}");
        }
    }

    fn run(&self, sql: &str) {
        block_on(async { session(&self.url).await.client.batch_execute(sql).await.unwrap() });
    }

    fn scalar(&self, sql: &str) -> String {
        block_on(async {
            let db = session(&self.url).await;
            db.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
        })
    }
}

#[test]
fn what_is_not_safe_is_done_only_with_consent() {
    let project = Project::new();
    project.write("ens.kf", ENS);
    project.wants(&["plan"], 0, &["ens  new", "table `names` created", "ens.kf:3", "`kf deploy` does this"]);
    project.wants(&["deploy"], 0, &["created   ens, version 1"]);
    project.wants(&["plan"], 0, &["nothing to do"]);
    project.write("ens.kf", &ENS.replace(", note text", ", mail text"));
    project.wants(&["plan"], 3, &["column `names.note` dropped", "@renamed_from(note)", "--yes=delete-data"]);
    project.wants(&["deploy"], 3, &["KF0723", "column `names.note` dropped"]);
    project.wants(&["deploy", "--yes=breaking"], 3, &["--yes=delete-data"]);
    project.run("INSERT INTO ds_ens.names VALUES ('x', 'y', 'z')");
    project.wants(&["deploy", "--yes=delete-data"], 0, &["updated   ens, version 2"]);
    project.run("DELETE FROM ds_ens.names");
    assert_eq!(
        project.scalar("SELECT string_agg(version::text || destroyed, ' ' ORDER BY version) FROM kf.version"),
        "1false 2true"
    );
    project.write("ens.kf", &ENS.replace(", note text", ", mail int not_null"));
    project.wants(&["plan"], 3, &["type of `names.mail`"]);
    project.run("INSERT INTO ds_ens.names VALUES ('a', 'b', 'c')");
    project.wants(&["plan"], 4, &["refused", "1 value is no `int`", "this cannot be done"]);
    project.wants(&["deploy", "--yes=breaking,delete-data"], 4, &["KF0715", "1 value is no `int`"]);
}

#[test]
fn a_kept_plan_is_done_or_nothing() {
    let project = Project::new();
    project.write("ens.kf", ENS);
    project.wants(&["plan", "-o", "p.json"], 0, &[]);
    project.write("ens.kf", &ENS.replace(", note text", ""));
    project.wants(&["deploy", "--plan", "p.json"], 4, &["KF0711", "since the plan was made"]);
    project.write("ens.kf", ENS);
    project.wants(&["deploy", "--plan", "p.json"], 0, &["created   ens"]);
    project.write("ens.kf", &ENS.replace(", note text", ", note text, more int"));
    project.wants(&["plan", "-o", "p.json", "--format", "json"], 0, &["\"column_added\"", "ADD COLUMN"]);
    project.wants(&["deploy"], 0, &["version 2"]);
    project.write("ens.kf", &ENS.replace(", note text", ", note text, more int, again int"));
    project.wants(&["deploy", "--plan", "p.json"], 4, &["`ens` was deployed by somebody else"]);
}

#[test]
fn dependents_that_break_are_named_and_those_that_do_not_go_along() {
    let project = Project::new();
    project.write("ens.kf", ENS);
    project.write("social.kf", SOCIAL);
    project.wants(&["deploy"], 0, &["2 datasets: 2 created"]);
    // Another body: the importer carries the query, and goes along though only `ens` is named.
    project.write("ens.kf", &ENS.replace("FROM names AS n;", "FROM names AS n WHERE n.note IS NULL;"));
    project.wants(&["plan", "ens.kf"], 0, &["social_network  version 1 to 2, compiled anew"]);
    project.wants(
        &["deploy", "ens.kf"],
        0,
        &["updated   ens, version 2", "updated   social_network, version 2"],
    );
    assert_eq!(project.scalar("SELECT count(DISTINCT xmin::text)::text FROM kf.dataset"), "1");
    let carried =
        "SELECT bool_and(prosrc ~ 'note')::text FROM pg_proc WHERE pronamespace::regnamespace::text ~ '^ds_'";
    assert_eq!(project.scalar(carried), "true");
    // A column that is relied on.
    project.write("ens.kf", &ENS.replace("n.id, n.owner FROM", "n.id FROM"));
    let place = ["`social_network.get_author_posts`", "social.kf:10"];
    project.wants(&["plan", "ens.kf"], 4, &place);
    project.wants(&["deploy", "ens.kf", "--yes=breaking"], 4, &[place[0], place[1], "KF0713"]);
    let mended = SOCIAL.replace("own.owner = $owner", "own.id = $owner");
    project.write("social.kf", &mended);
    project.wants(&["deploy"], 3, &["no longer returns `owner`"]);
    project.wants(&["deploy", "--yes=breaking"], 0, &["2 datasets: 2 updated"]);
    let functions = "SELECT count(*)::text FROM pg_proc WHERE pronamespace::regnamespace::text ~ '^ds_'";
    assert_eq!(project.scalar(functions), "2");
}
