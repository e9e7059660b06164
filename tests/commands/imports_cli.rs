//! Imports from outside a project, as they are typed.

use std::fs;
use std::path::Path;

use crate::support::here::Here;
use crate::support::{block_on, session};
use kuneiform::Owner;
use kuneiform::interface::Dbid;
use kuneiform::language::Name;

const ENS: &str = "database ens;\ntable names { id text primary, owner text not_null }\n\
    action add($id text, $owner text) public { INSERT INTO names (id, owner) VALUES ($id, $owner); }\n\
    action owned() public view { SELECT n.id, n.owner FROM names AS n; }\n";
const SOCIAL: &str = "database social;\nuse ens as ens;\n\
    action mine() public view { SELECT o.id FROM ens.owned() AS o WHERE o.owner = @caller; }\n";
const CLUB: &str = "database club;\nuse social as s;\n\
    action all_mine() public view { SELECT m.id FROM s.mine() AS m; }\n";

#[test]
fn what_is_imported_is_checked_against_without_the_database() {
    let here = Here::new();
    here.write("ens/ens.kf", ENS);
    here.write("social/social.kf", SOCIAL);
    here.write("club/kf.toml", "name = \"club\"\n");
    here.write("club/schemas/club.kf", CLUB);
    here.fine("ens", "deploy --db DB");
    here.wrong("social", "check", 1, &["error[KF0603]", "`kf import ens --db URL`"]);
    assert_eq!(here.fine("social", "check --db DB"), "no faults in 1 file\n");
    here.fine("social", "deploy --db DB");
    assert!(
        here.read("social/kf.lock").contains("\"owned() public view returns table(id text, owner text)\"")
    );

    let told = here.fine("club", "import --db DB");
    let lines = "added     ens, version 1, in imports/ens.kf\nadded     social, version 1, in imports/social.kf\n\
                 2 imports: 2 added\n";
    assert_eq!(told, lines);
    assert_eq!(here.read("club/imports/ens.kf"), ENS);
    let lock = here.read("club/kf.lock");
    assert_eq!(here.fine("club", "check --locked"), "no faults in 1 file\n");
    assert_eq!(here.fine("club/schemas", "check ."), "no faults in 1 file\n", "the lock is the project's");
    assert!(here.fine("club", "import --db DB").ends_with("2 imports: 2 unchanged\n"));
    assert_eq!(here.read("club/kf.lock"), lock);
    let deployed = here.fine("club", "deploy --locked --db DB");
    assert!(deployed.ends_with("1 dataset: 1 created\n"), "imports are not deployed: {deployed}");

    here.write("club/schemas/club.kf", "database club;\naction f() public view { SELECT 1 AS one; }\n");
    let told = here.fine("club", "import --db DB");
    assert_eq!(told, "dropped   ens\ndropped   social\nno imports\n");
    assert!(!here.has("club/imports/ens.kf") && !here.read("club/kf.lock").contains("ens"));
}

#[test]
fn a_changed_interface_is_told_until_it_is_taken() {
    let here = Here::new();
    here.write("ens/ens.kf", ENS);
    here.write("social/social.kf", SOCIAL);
    here.fine("ens", "deploy --db DB");
    here.fine("social", "import --db DB");
    here.write("ens/ens.kf", &ENS.replace("SELECT n.id, n.owner", "SELECT n.owner, n.id"));
    here.fine("ens", "deploy --db DB --yes=breaking");

    assert_eq!(here.fine("social", "check"), "no faults in 1 file\n", "what was taken is as it was");
    here.wrong("social", "deploy --db DB", 4, &["error[KF0714]", "`ens`"]);
    fs::remove_file(here.folder.path().join("social/imports/ens.kf")).unwrap();
    here.wrong("social", "check", 2, &["cannot read the import `ens` at `imports/ens.kf`", "kf import"]);
    let lock = here.read("social/kf.lock");
    let (lock_without_file, _) = lock.split_once("\n[import.file]").unwrap();
    here.write("social/kf.lock", lock_without_file);
    let change = "was `owned() public view returns table(id text, owner text)`, \
                  is `owned() public view returns table(owner text, id text)`";
    let told = ["error[KF0606]", "the interface of `ens` is not the one kf.lock has", change];
    here.wrong("social", "deploy --db DB", 1, &told);
    here.wrong("social", "check --db DB", 1, &told);

    let taken = here.fine("social", "import --db DB");
    assert!(
        taken.starts_with("updated   ens, version 2, in imports/ens.kf\n") && taken.contains(change),
        "{taken}"
    );
    assert!(here.fine("social", "deploy --db DB --locked").contains("created   social"));
}

#[test]
fn an_import_that_somebody_edited_is_found_out() {
    let here = Here::new();
    here.write("ens/ens.kf", ENS);
    here.write("social/social.kf", SOCIAL);
    here.fine("ens", "deploy --db DB");
    here.fine("social", "import ens --db DB");
    here.write("social/imports/ens.kf", &format!("{ENS}// mine\n"));
    here.wrong(
        "social",
        "check",
        1,
        &["error[KF0606]: `imports/ens.kf` is not what `kf import` wrote for `ens`"],
    );
    here.fine("social", "import --db DB");
    here.fine("social", "check");
    let lock = here.read("social/kf.lock");
    here.write("social/kf.lock", &lock.replace("dbid = \"ens\"", "dbid = \"names\""));
    here.wrong("social", "check", 1, &["error[KF0603]"]);
    here.write("social/kf.lock", &format!("<<<<<<< ours\n{lock}"));
    here.wrong("social", "check", 2, &["`kf.lock` cannot be read", "kf.lock:1:9"]);

    here.write("other/social.kf", SOCIAL);
    here.write("other/imports/ens.kf", "database ens;\n");
    here.wrong("other", "import ens --db DB", 2, &["`ens` is a schema of this project"]);
    here.write("other/imports/ens.kf", "// notes\n");
    here.wrong(
        "other",
        "import ens --db DB",
        2,
        &["`imports/ens.kf` exists, and `kf import` did not write it"],
    );
    here.wrong("other", "import nosuch --db DB", 2, &["error[KF0720]: `nosuch` is not deployed"]);
}

#[test]
fn locked_refuses_what_is_not_in_the_lock() {
    let here = Here::new();
    here.write("ens/ens.kf", ENS);
    here.write("social/social.kf", SOCIAL);
    here.fine("ens", "deploy --db DB");
    for line in ["check --db DB --locked", "deploy --db DB --locked", "compile --db DB --locked"] {
        here.wrong("social", line, 2, &["`kf.lock` has no entry for the import `ens`", "kf import"]);
    }
    assert!(!here.has("social/kf.lock"));
    here.fine("social", "check --db DB");
    here.fine("social", "compile --db DB");
    assert!(!here.has("social/kf.lock"), "only a deploy and an import write");
    here.fine("social", "deploy --db DB");
    here.fine("social", "check --db DB --locked");
}

#[test]
fn imports_come_from_other_projects_by_path() {
    let here = Here::new();
    here.write("ens/src/ens.kf", ENS);
    here.write("social/kf.toml", "[imports]\nens = { path = \"../ens\" }\n");
    here.write("social/social.kf", SOCIAL);
    here.write("club/kf.toml", "[imports]\nsocial = { path = \"../social/social.kf\" }\n");
    here.write("club/club.kf", CLUB);
    assert_eq!(
        here.fine("club", "check"),
        "no faults in 1 file\n",
        "imports of imports are found by their project"
    );
    here.wrong("club", "deploy --db DB", 4, &["error[KF0714]", "`social`"]);
    for project in ["ens", "social", "club"] {
        here.fine(project, "deploy --db DB");
    }
    let told = here.fine("club", "import");
    assert!(told.contains("unchanged ens, from ../ens/src/ens.kf\n"), "{told}");
    here.fine("club", "check --locked");
    here.write("ens/src/ens.kf", &ENS.replace("owned()", "owned($since int)"));
    here.wrong("social", "check", 1, &["error[KF0606]", "was `owned() public", "error[KF0302]"]);
    let told = here.fine("social", "import");
    assert!(told.contains("is `owned($since int) public view"), "{told}");

    here.write("club/kf.toml", "[imports]\nsocial = { path = \"../socail\" }\n");
    here.wrong("club", "check", 2, &["no file or folder `../socail`", "did you mean `../social`?"]);
    here.write("club/kf.toml", "[imports]\nsocial = { path = \"../ens\" }\n");
    here.wrong("club", "check", 2, &["`../ens` has no schema `social`", "it has: ens"]);
}

#[test]
fn datasets_of_one_name_are_told_apart_by_their_owners() {
    let here = Here::new();
    for (owner, id) in [("0xAB", "mine"), ("0xcd", "theirs")] {
        here.write("ens/ens.kf", ENS);
        here.fine("ens", &format!("deploy --db DB --owner {owner}"));
        let dbid = Dbid::owned(&Name::new("ens"), &Owner(owner.into()));
        here.fine("ens", &format!("call --db DB {dbid}.add {id} 0x01"));
    }
    let dbid = Dbid::owned(&Name::new("ens"), &Owner("0xcd".into()));
    let text = format!(
        "database both;\nuse 0xab.ens as a;\nuse '{dbid}' as b;\naction ids() public view {{ \
         SELECT a.id AS of_a, b.id AS of_b FROM a.owned() AS a JOIN b.owned() AS b ON a.owner = b.owner; }}\n"
    );
    here.write("both/both.kf", &text);
    here.wrong(
        "both",
        "import ens --db DB",
        2,
        &["error[KF0720]", "`ens` of 0xAB is x", "use 0xAB.ens as ens"],
    );
    let told = here.fine("both", "import --db DB");
    assert!(told.contains("ens of 0xAB, version 1, in imports/0xab.ens.kf\n"), "{told}");
    assert!(told.contains("ens of 0xcd, version 1, in imports/0xcd.ens.kf\n"), "{told}");
    here.fine("both", "check --locked");
    here.fine("both", "deploy --db DB --owner 0xcd");
    let rows = here.fine("both", "call --db DB both.ids --format csv");
    assert_eq!(rows, "of_a,of_b\r\nmine,theirs\r\n");

    // A bare name means the network's, unless kf.toml says whose.
    here.write("one/kf.toml", "name = \"one\"\n");
    here.write("one/social.kf", SOCIAL);
    let told = ["error[KF0603]", "nor is it deployed in the database"];
    here.wrong("one", "deploy --db DB --owner 0xab", 1, &told);
    here.write("one/kf.toml", &format!("[imports]\nens = {{ dbid = \"{dbid}\" }}\n"));
    here.fine("one", "import --db DB");
    here.fine("one", "deploy --db DB --owner 0xab --locked");
    assert_eq!(here.fine("one", "call --db DB social.mine --caller 0x01 --format csv"), "id\r\ntheirs\r\n");

    // A network `ens` that comes later takes nothing over, in the importer and in what imports that.
    here.fine("ens", "deploy --db DB");
    here.write("club/club.kf", &CLUB.replace("use social", "use 0xab.social"));
    here.fine("club", "deploy --db DB");
    here.fine("one", "deploy --db DB --owner 0xab");
    assert_eq!(
        here.fine("club", "call --db DB club.all_mine --caller 0x01 --format csv"),
        "id\r\ntheirs\r\n"
    );
}

/// Level after level, each of two datasets that import both of the level below, each deployed from a project of its own.
#[test]
fn thirty_datasets_grow_on_one_another_through_the_registry() {
    let here = Here::new();
    let base = "database d0a;\ntable t { id int primary }\n\
        action put($id int) public { INSERT INTO t (id) VALUES ($id); }\n\
        action all_ids() public view { SELECT t.id FROM t; }\n";
    here.write("d0a/d0a.kf", base);
    here.write("d0b/d0b.kf", &base.replace("d0a", "d0b"));
    for level in 1..15 {
        for side in ["a", "b"] {
            let (name, below) = (format!("d{level}{side}"), level - 1);
            let text = format!(
                "database {name};\nuse d{below}a as a;\nuse d{below}b as b;\n\
                 action put($id int) public {{ a.put($id); }}\n\
                 action all_ids() public view {{ SELECT x.id FROM {side}.all_ids() AS x; }}\n\
                 action both() public view {{ SELECT x.id FROM a.all_ids() AS x JOIN b.all_ids() AS y ON y.id = x.id; }}\n"
            );
            here.write(&format!("{name}/{name}.kf"), &text);
        }
    }
    for level in 0..15 {
        for side in ["a", "b"] {
            let name = format!("d{level}{side}");
            let told = here.fine(&name, "deploy --db DB");
            assert!(
                told.ends_with(&format!("created   {name}, version 1\n1 dataset: 1 created\n")),
                "{told}"
            );
        }
    }
    here.fine("d0b", "call --db DB d0b.put 7");
    here.fine("d0a", "call --db DB d14a.put 7");
    assert_eq!(here.fine("d0a", "call --db DB d14b.both --format csv"), "id\r\n7\r\n");
    let lock = here.read("d14a/kf.lock");
    assert_eq!(lock.matches("[[import]]").count(), 28, "all below is pinned");
    let told = here.fine("d14a", "import --db DB");
    assert!(told.ends_with("28 imports: 28 updated\n"), "{told}");
    assert_eq!(here.fine("d14a", "check --locked"), "no faults in 1 file\n");
    assert!(here.fine("d14a", "deploy --db DB --locked").contains("unchanged d14a"));
}

#[test]
fn a_project_may_begin_with_an_import() {
    let here = Here::new();
    here.write("ens/ens.kf", ENS);
    here.fine("ens", "deploy --db DB");
    here.write("new/kf.toml", "[imports]\nens = { registry = true }\n");
    assert_eq!(
        here.fine("new", "import ens --db DB"),
        "added     ens, version 1, in imports/ens.kf\n1 import: 1 added\n"
    );
    here.wrong("new", "check", 2, &["no schema files (`*.kf`)"]);
    here.write("new/social.kf", SOCIAL);
    assert_eq!(here.fine("new", "check --locked"), "no faults in 1 file\n");
    assert_eq!(here.fine("new", "compile --emit interface").matches("\"dbid\"").count(), 1);
    assert!(Path::new(&here.folder.path().join("new/imports/ens.kf")).is_file());
}

const MATH: &str = "extern math in math_functions;\nfunction twice($n int) view returns (int);\n";
const DOUBLE: &str = "database double;\nuse math as math;\ntable t { id int primary }\n\
    action doubled() public view returns (int) { return math.twice(21); }\n";
const USER: &str = "database user_of;\nuse double as d;\naction answer() public view returns (int) {\n\
    $n := d.doubled();\n    return $n;\n}\n";

#[test]
fn what_an_import_needs_of_externs_comes_with_it() {
    let here = with_math();
    here.write("double/math.kf", MATH);
    here.write("double/double.kf", DOUBLE);
    here.fine("double", "deploy --db DB");
    here.write("user/user_of.kf", USER);
    here.fine("user", "check --db DB");
    here.fine("user", "import --db DB");
    assert_eq!(here.read("user/imports/double.math.kf"), MATH);
    assert_eq!(here.fine("user", "check --locked"), "no faults in 1 file\n");
    here.fine("user", "deploy --db DB --locked");
    let answer = here.fine("user", "call --db DB user_of.answer --format csv");
    assert!(answer.ends_with("\r\n42\r\n"), "{answer}");

    here.write("user/imports/double.math.kf", &MATH.replace("twice", "thrice"));
    here.wrong("user", "check", 1, &["`imports/double.math.kf` is not what `kf import` wrote"]);
    here.fine("user", "import --db DB");
    here.fine("user", "check");
    here.write("user/user_of.kf", "database user_of;\naction answer() public view { SELECT 42 AS n; }\n");
    assert_eq!(here.fine("user", "import --db DB"), "dropped   double\nno imports\n");
    assert!(!here.has("user/imports/double.math.kf") && !here.has("user/imports/double.kf"));
    here.write("near/kf.toml", "[imports]\ndouble = { path = \"../double\" }\n");
    here.write("near/user_of.kf", USER);
    assert_eq!(here.fine("near", "check"), "no faults in 1 file\n");
    here.write("near/math.kf", MATH);
    assert_eq!(here.fine("near", "check"), "no faults in 2 files\n", "one's own file comes first");
}

/// A database with the functions of `math`.
fn with_math() -> Here {
    let here = Here::new();
    block_on(async {
        let db = session(&here.url).await;
        let install = "CREATE SCHEMA math_functions; GRANT USAGE ON SCHEMA math_functions TO kf_owner, kf_reader;\n\
            CREATE FUNCTION math_functions.twice(n bigint) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 2 * n';";
        db.client.batch_execute(install).await.unwrap();
    });
    here
}

#[test]
fn an_importer_that_uses_externs_is_compiled_anew_when_its_import_changes() {
    let here = with_math();
    let mix = "database mix;\nuse ens as ens;\nuse math as math;\n\
        action doubled($n int) public view returns (int) { return math.twice($n); }\n\
        action ids() public view { SELECT o.id FROM ens.owned() AS o; }\n";
    here.write("ens/ens.kf", ENS);
    here.write("mix/math.kf", MATH);
    here.write("mix/mix.kf", mix);
    here.fine("ens", "deploy --db DB");
    here.fine("mix", "deploy --db DB");
    here.fine("ens", "call --db DB ens.add old 0x01");
    here.write("ens/ens.kf", &ENS.replace("FROM names AS n;", "FROM names AS n WHERE n.id <> 'old';"));
    let told = here.fine("ens", "deploy --db DB");
    assert!(told.contains("mix"), "{told}");
    assert_eq!(here.fine("ens", "call --db DB mix.ids --format csv"), "id\r\n");
    assert!(here.fine("ens", "call --db DB mix.doubled 4 --format csv").ends_with("\r\n8\r\n"));
}
