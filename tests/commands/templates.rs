//! What `kf init --template` writes: checked, in the style, tested, deployed and called as its README says, and the
//! workflow that comes along. `bash tests/setup.sh tests` brings actionlint.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::here::Here;

const GUIDE: &str = include_str!("../../docs/guide/ci.md");
const WORKFLOW: &str = ".github/workflows/schemas.yml";

/// A project made of a template, with a database.
fn begun(template: &str) -> Here {
    let here = Here::new();
    let told = here.fine("", &format!("init club --template {template}"));
    assert!(told.contains("wrote club/README.md\n") && told.ends_with("  kf deploy\n"), "{told}");
    here
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|it| it == ending)).collect()
}

/// Every table, action and schema of a file has a comment of three slashes above it.
fn assert_documented(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut before = "";
    for line in text.lines() {
        if ["database ", "table ", "action "].iter().any(|word| line.starts_with(word)) {
            assert!(before.starts_with("/// "), "{}: nothing above `{line}`", path.display());
        }
        before = line;
    }
}

/// What the README says to type, as a shell reads it; tests run on the server of the other tests.
fn run_readme(here: &Here) -> String {
    let readme = here.read("club/README.md");
    let block = readme.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let block = block.replace("kf test --coverage", &format!("kf test --coverage --db '{}'", here.url));
    let kf = Path::new(env!("CARGO_BIN_EXE_kf")).parent().unwrap();
    let path = format!("{}:{}", kf.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-ec", &block]).current_dir(here.folder.path().join("club"));
    for name in ["KF_CALLER", "KF_FORMAT", "PGHOST"] {
        command.env_remove(name);
    }
    let output = command.env("PATH", path).env("KF_DATABASE_URL", &here.url).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// A template keeps its promises; what its README's calls print has each of `told`.
fn assert_keeps(template: &str, schemas: usize, told: &[&str]) {
    let here = begun(template);
    let report = here.fine("club", "check --deny-warnings");
    assert_eq!(report, format!("no faults in {} files\n", 2 * schemas));
    here.fine("club", "fmt --check");
    let found = files(&here.folder.path().join("club/schemas"), "kf");
    assert_eq!(found.len(), schemas);
    found.iter().for_each(|path| assert_documented(path));
    let said = run_readme(&here);
    assert_eq!(said.matches(" lines (100 %)").count(), schemas, "{said}");
    assert!(!said.contains(" branches (") || !said.contains("branches (0 %)"), "{said}");
    told.iter().for_each(|told| assert!(said.contains(told), "no `{told}` in\n{said}"));
}

#[test]
fn an_app() {
    assert_keeps("app", 2, &["buy milk", "12 tests: 12 passed", "closed"]);
}

#[test]
fn a_token() {
    assert_keeps("token", 1, &["6 tests: 6 passed", "alice", "70", "30"]);
}

#[test]
fn a_network() {
    assert_keeps("network", 3, &["12 tests: 12 passed", "Good morning"]);
}

#[test]
fn what_is_there_stays() {
    let here = Here::at(String::new());
    here.write("club/README.md", "mine");
    here.fine("", "init club --template token");
    assert_eq!(here.read("club/README.md"), "mine");
    here.wrong("club", "init --template app", 2, &["`kf.toml` exists already", "nothing was written"]);
    assert!(!here.has("club/schemas/users.kf"));
    here.write("other/schemas/token.kf", "mine");
    here.wrong("other", "init --template token", 2, &["`schemas/token.kf` exists already"]);
    assert!(!here.has("other/kf.toml"));
}

#[test]
fn an_unknown_template_is_told_what_there_is() {
    let here = Here::at(String::new());
    let told = ["invalid value 'tokn'", "app, token, network", "a similar value exists: 'token'"];
    here.wrong("", "init --template tokn", 2, &told);
}

#[test]
fn workflows_are_what_the_guide_shows_and_actionlint_finds_nothing() {
    let here = Here::at(String::new());
    let mut written = Vec::new();
    for template in ["app", "token", "network"] {
        here.fine("", &format!("init {template} --template {template}"));
        written.push(here.read(&format!("{template}/{WORKFLOW}")));
    }
    assert!(written.iter().all(|text| *text == written[0]));
    let shown = GUIDE.split("```yaml\n").nth(1).unwrap().split("```\n").next().unwrap();
    assert_eq!(shown, written[0], "docs/guide/ci.md");
    here.write("wrong.yml", &written[0].replace("steps.kept.outputs", "steps.keeps.outputs"));
    let lint = |name: &str| {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/actionlint/actionlint");
        let output = Command::new(program).arg(here.folder.path().join(name)).output();
        let output = output.expect("run `bash tests/setup.sh tests` once");
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(lint(&format!("app/{WORKFLOW}")), (true, String::new()));
    let (fine, said) = lint("wrong.yml");
    assert!(!fine && said.contains("property \"keeps\" is not defined"), "{said}");
}

/// The files that `include_str!` reads outside of `src`, from the project's folder.
fn included(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            included(root, &path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for rest in text.split("include_str!(").skip(1) {
                let name = rest.split('"').nth(1).unwrap();
                let real = std::fs::canonicalize(path.parent().unwrap().join(name)).unwrap();
                let inside = real.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.extend((!inside.starts_with("src/")).then_some(inside));
            }
        }
    }
}

#[test]
fn the_container_is_built_of_what_the_compiler_reads() {
    let root = &std::fs::canonicalize(env!("CARGO_MANIFEST_DIR")).unwrap();
    let text = std::fs::read_to_string(root.join("Containerfile")).unwrap();
    let copies = text.lines().filter_map(|line| line.strip_prefix("COPY "));
    let copied: Vec<&str> = copies
        .filter(|copy| !copy.starts_with("--from"))
        .flat_map(|copy| copy.rsplit_once(' ').unwrap().0.split(' '))
        .collect();
    copied.iter().for_each(|path| assert!(root.join(path).exists(), "{path}"));
    let mut read =
        vec!["Cargo.toml".to_owned(), "Cargo.lock".to_owned(), "grammar/kuneiform.pest".to_owned()];
    included(root, &root.join("src"), &mut read);
    assert!(read.len() > 5, "{read:?}");
    for path in read {
        assert!(copied.iter().any(|copied| Path::new(&path).starts_with(copied)), "{path} is not copied");
    }
    assert!(text.lines().any(|line| line == "USER kf"), "not run as root");
}
