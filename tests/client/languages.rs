//! The scenario in TypeScript, Python and Go. `tests/setup.sh` brings what they need below `target/client`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::gateway::Gateway;
use super::support::here::Here;
use super::support::with_user;
use super::{EXPOSED, deployed, exposed};

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

fn program(command: &str, folder: &Path, here: &Here, gateway: Option<&Gateway>) -> Command {
    let (url, words) = login(here);
    let mut made = Command::new(command);
    made.current_dir(folder).env("KF_URL", url).env("KF_DSN", words);
    made.envs(gateway.map(|it| ("KF_GATEWAY", &it.url)));
    made
}

/// Compiles and runs the program `main`, whose text is `text`, in `t` of `here`; its client is there. With `more` programs,
/// by name and text, that are compiled beside it.
fn typescript(here: &Here, main: &str, text: &str, more: &[(&str, &str)], gateway: Option<&Gateway>) {
    here.write("t/scenario.ts", include_str!("scenario.ts"));
    here.write(&format!("t/{main}.ts"), text);
    more.iter().for_each(|(name, text)| here.write(&format!("t/{name}.ts"), text));
    here.write("t/package.json", "{\"type\":\"module\"}");
    let folder = here.folder.path().join("t");
    std::os::unix::fs::symlink(tools().join("node_modules"), folder.join("node_modules")).unwrap();
    let strict = "--strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noPropertyAccessFromIndexSignature \
                  --noImplicitOverride --noUnusedLocals --noUnusedParameters --verbatimModuleSyntax --isolatedModules \
                  --erasableSyntaxOnly --target es2022 --module nodenext --types node --outDir out";
    let compiler = "node_modules/typescript/bin/tsc";
    let files = std::iter::once(main).chain(more.iter().map(|it| it.0)).map(|name| format!("{name}.ts"));
    run(program("node", &folder, here, gateway).arg(compiler).args(strict.split_whitespace()).args(files));
    let said = run(program("node", &folder, here, gateway).arg(format!("out/{main}.js")));
    assert_eq!(said, "fine\n");
}

#[test]
fn typescript_calls_over_pg() {
    let here = deployed();
    here.fine("p", "client --lang typescript --owner 0xaa -o ../t/kf");
    typescript(&here, "sql", include_str!("sql.ts"), &[("example", &example("typescript"))], None);
    let folder = here.folder.path().join("t");
    let said = run(program("node", &folder, &here, None).arg("out/example.js"));
    assert_eq!(said, "1n 12.50000000000000000000 null\nKF001 too late\n");
}

#[test]
fn typescript_calls_over_fetch() {
    let here = exposed();
    here.fine("p", "client --lang typescript --over rpc -o ../t/kf");
    typescript(&here, "rpc", include_str!("rpc.ts"), &[], Some(&Gateway::open(&here.url)));
}

/// Checks the program `main` and `more`, whose client is in `y`, and runs it once for each of `modes`.
fn python(
    here: &Here,
    main: (&str, &str),
    more: &[(&str, &str)],
    modes: &[&[&str]],
    gateway: Option<&Gateway>,
) {
    here.write("y/scenario.py", include_str!("scenario.py"));
    let programs = || std::iter::once(&main).chain(more);
    programs().for_each(|(name, text)| here.write(&format!("y/{name}"), text));
    let cache = format!("--cache-dir={}", tools().join("mypy").display());
    let mut check = interpreter(here, gateway);
    run(check.args(["-m", "mypy", "--strict", &cache]).args(programs().map(|it| it.0)));
    for mode in modes {
        assert_eq!(run(interpreter(here, gateway).arg(main.0).args(*mode)), "fine\n");
    }
}

fn interpreter(here: &Here, gateway: Option<&Gateway>) -> Command {
    let python = tools().join("python/bin/python");
    program(python.to_str().unwrap(), &here.folder.path().join("y"), here, gateway)
}

#[test]
fn python_calls_over_psycopg() {
    let here = deployed();
    here.fine("p", "client --lang python --owner 0xaa -o ../y/client");
    let (main, more) = (("sql.py", include_str!("sql.py")), [("example.py", &*example("python"))]);
    python(&here, main, &more, &[&[], &["autocommit"]], None);
    let said = run(interpreter(&here, None).arg("example.py"));
    assert_eq!(said, "2 12.50000000000000000000 None\nKF001 too late\n");
}

#[test]
fn python_calls_over_urllib() {
    let here = exposed();
    here.fine("p", "client --lang python --over rpc -o ../y/client");
    python(&here, ("rpc.py", include_str!("rpc.py")), &[], &[&[]], Some(&Gateway::open(&here.url)));
}

#[test]
fn other_looks_of_rows_and_integers_are_read_alike() {
    let here = exposed();
    let looks = "[expose]\nrows = \"table\"\nintegers = \"text\"\n";
    here.write("p/kf.toml", &EXPOSED.replace("[expose]\n", looks));
    here.fine("p", "deploy --db DB --owner 0xaa --yes=breaking");
    here.fine("p", "client --lang python --over rpc -o ../y/client");
    python(&here, ("rpc.py", include_str!("rpc.py")), &[], &[&[]], Some(&Gateway::open(&here.url)));
}

/// Checks the program `main`, whose client is in `g`, and runs it.
fn go(here: &Here, main: &str, gateway: Option<&Gateway>) {
    here.write("g/scenario.go", include_str!("scenario.go"));
    here.write("g/main.go", main);
    for file in ["go.mod", "go.sum"] {
        std::fs::copy(tools().join("go").join(file), here.folder.path().join("g").join(file)).unwrap();
    }
    assert_eq!(run_go(here, "gofmt", "-l .", gateway), "", "not in the form of gofmt");
    run_go(here, "go", "vet ./...", gateway);
    assert_eq!(run_go(here, "go", "run .", gateway), "fine\n");
}

fn run_go(here: &Here, command: &str, words: &str, gateway: Option<&Gateway>) -> String {
    let path = format!("{}:{}", tools().join("python/bin").display(), std::env::var("PATH").unwrap());
    let mut made = program(command, &here.folder.path().join("g"), here, gateway);
    run(made.env("PATH", &path).args(words.split(' ')))
}

#[test]
fn go_calls_over_pgx() {
    let here = deployed();
    here.fine("p", "client --lang go --owner 0xaa -o ../g/client");
    here.write("g/example/main.go", &example("go"));
    go(&here, include_str!("sql.go"), None);
    let said = run_go(&here, "go", "run ./example", None);
    assert_eq!(said, "1 3 12.50000000000000000000 true <nil>\nKF001 too late\n");
}

#[test]
fn go_calls_over_net_http() {
    let here = exposed();
    here.fine("p", "client --lang go --over rpc -o ../g/client");
    go(&here, include_str!("rpc.go"), Some(&Gateway::open(&here.url)));
}
