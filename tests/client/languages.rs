//! The scenario in TypeScript, Python and Go. `tests/setup.sh` brings what they need below `target/client`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::deployed;
use super::support::here::Here;
use super::support::with_user;

/// What `tests/setup.sh` brought.
fn tools() -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/client");
    assert!(tools.join("go/go.sum").exists(), "no {}: run `bash tests/setup.sh tests`", tools.display());
    tools
}

/// Runs a program that must end well, and gives what it prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{text}");
    text
}

/// The login of callers, as an address and as words for those who do not read socket folders in addresses.
fn login(here: &Here) -> (String, String) {
    let url = with_user(&here.url, "kf_engine");
    let (_, rest) = url.split_once('@').unwrap();
    let (host, rest) = rest.split_once('/').unwrap();
    let database = rest.split('?').next().unwrap();
    let (host, port) = host.rsplit_once(':').unwrap_or((host, "5432"));
    let words = format!("host={} port={port} user=kf_engine dbname={database}", host.replace("%2F", "/"));
    (url, words)
}

/// The example of the guide that is written in `language`.
pub fn example(language: &str) -> String {
    let page = include_str!("../../docs/guide/clients.md");
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```\n").unwrap().0.to_owned()
}

fn program(command: &str, folder: &Path, here: &Here) -> Command {
    let (url, words) = login(here);
    let mut made = Command::new(command);
    made.current_dir(folder).env("KF_URL", url).env("KF_DSN", words);
    made
}

#[test]
fn typescript_calls_over_pg() {
    let here = deployed();
    here.fine("p", "client --lang typescript --owner 0xaa -o ../t/kf");
    here.write("t/scenario.ts", include_str!("scenario.ts"));
    here.write("t/example.ts", &example("typescript"));
    here.write("t/package.json", "{\"type\":\"module\"}");
    let folder = here.folder.path().join("t");
    std::os::unix::fs::symlink(tools().join("node_modules"), folder.join("node_modules")).unwrap();
    let strict = "--strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noPropertyAccessFromIndexSignature \
                  --noImplicitOverride --noUnusedLocals --noUnusedParameters --verbatimModuleSyntax --isolatedModules \
                  --erasableSyntaxOnly --target es2022 --module nodenext --types node --outDir out scenario.ts example.ts";
    let compiler = "node_modules/typescript/bin/tsc";
    run(program("node", &folder, &here).arg(compiler).args(strict.split_whitespace()));
    assert_eq!(run(program("node", &folder, &here).arg("out/scenario.js")), "fine\n");
    let said = run(program("node", &folder, &here).arg("out/example.js"));
    assert_eq!(said, "1n 12.50000000000000000000 null\nKF001 too late\n");
}

#[test]
fn python_calls_over_psycopg() {
    let here = deployed();
    here.fine("p", "client --lang python --owner 0xaa -o ../y/client");
    here.write("y/scenario.py", include_str!("scenario.py"));
    here.write("y/example.py", &example("python"));
    let (folder, tools) = (here.folder.path().join("y"), tools());
    let cache = format!("--cache-dir={}", tools.join("mypy").display());
    let mypy = tools.join("python/bin/mypy");
    run(program(mypy.to_str().unwrap(), &folder, &here).args([
        "--strict",
        &cache,
        "scenario.py",
        "example.py",
    ]));
    let python = tools.join("python/bin/python");
    for mode in [&[][..], &["autocommit"]] {
        let said = run(program(python.to_str().unwrap(), &folder, &here).arg("scenario.py").args(mode));
        assert_eq!(said, "fine\n");
    }
    let said = run(program(python.to_str().unwrap(), &folder, &here).arg("example.py"));
    assert_eq!(said, "2 12.50000000000000000000 None\nKF001 too late\n");
}

#[test]
fn go_calls_over_pgx() {
    let here = deployed();
    here.fine("p", "client --lang go --owner 0xaa -o ../g/client");
    here.write("g/main.go", include_str!("scenario.go"));
    here.write("g/example/main.go", &example("go"));
    let (folder, tools) = (here.folder.path().join("g"), tools());
    for file in ["go.mod", "go.sum"] {
        std::fs::copy(tools.join("go").join(file), folder.join(file)).unwrap();
    }
    let path = format!("{}:{}", tools.join("python/bin").display(), std::env::var("PATH").unwrap());
    let go = |words: &str| run(program("go", &folder, &here).env("PATH", &path).args(words.split(' ')));
    assert_eq!(
        run(program("gofmt", &folder, &here).env("PATH", &path).args(["-l", "."])),
        "",
        "not in the form of gofmt"
    );
    go("vet ./...");
    assert_eq!(go("run ."), "fine\n");
    assert_eq!(go("run ./example"), "1 3 12.50000000000000000000 true <nil>\nKF001 too late\n");
}
