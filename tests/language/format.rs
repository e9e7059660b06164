//! `kf fmt` on every file there is: what it prints stays as it is, and compiles to the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kuneiform::format::{FormatError, format};
use kuneiform::source::roomy;
use kuneiform::syntax::concrete;
use kuneiform::{Compilation, Options, Sources, compile};

fn add(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "kf" || extension == "kft") {
            found.push(path);
        }
    }
}

/// Every `.kf` and `.kft` file below these folders that is UTF-8, by path.
fn files() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["tests", "examples", "bench", "src/cli/init"] {
        add(&root.join(folder), &mut paths);
    }
    let text = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    paths.into_iter().filter_map(text).collect()
}

type Pairs = Vec<(String, String)>;

/// Names and SQL of what comes out, and what is said of it.
fn outcome(texts: &[(&Path, &str)]) -> (Pairs, Pairs) {
    let mut sources = Sources::new();
    for (path, text) in texts {
        sources.add(path.display().to_string(), (*text).to_owned());
    }
    let Compilation { packages, diagnostics, .. } = compile(&sources, &Options::default());
    let mut packages: Vec<_> =
        packages.iter().map(|package| (package.interface.name.to_string(), package.sql())).collect();
    packages.sort();
    (packages, diagnostics.iter().map(|it| (it.code.id().to_owned(), it.message.clone())).collect())
}

#[test]
fn every_file_stays_the_same_program() {
    let files = files();
    let mut formatted = BTreeMap::new();
    for (path, text) in &files {
        match format(text) {
            Ok(once) => {
                assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{}", path.display());
                if path.components().any(|part| part.as_os_str() == "examples" || part.as_os_str() == "init")
                {
                    assert_eq!(*text, once, "`kf fmt` changes {}", path.display());
                }
                formatted.insert(path.clone(), once);
            }
            Err(error) => {
                assert_eq!(error, FormatError::Syntax, "{}", path.display());
                let (_, said) = outcome(&[(path, text)]);
                let syntax =
                    said.iter().any(|(code, _)| code.starts_with("KF01") || code.starts_with("KF00"));
                assert!(syntax, "{} has no fault of syntax: {said:?}", path.display());
            }
        }
    }
    assert!(formatted.len() > 200, "only {} were formatted", formatted.len());
    let mut compiled = 0;
    // Fixtures of faults do not compile.
    for path in formatted.keys().filter(|path| !path.to_string_lossy().contains("/diagnostics/")) {
        // With its neighbours where it imports some, or tests one.
        let imports = files[path].lines().any(|line| line.starts_with("use ") || line.starts_with("tests "));
        let beside = |other: &&PathBuf| *other == path || (imports && other.parent() == path.parent());
        let paths: Vec<&PathBuf> = formatted.keys().filter(beside).collect();
        let texts = |of: &'_ BTreeMap<PathBuf, String>| {
            let texts: Vec<(&Path, &str)> =
                paths.iter().map(|path| (path.as_path(), of[*path].as_str())).collect();
            outcome(&texts)
        };
        let (before, after) = (texts(&files), texts(&formatted));
        assert_eq!(before.0, after.0, "{}", path.display());
        assert_eq!(before.1, after.1, "{}", path.display());
        compiled += before.0.len();
    }
    assert!(compiled > 100, "only {compiled} schemas were compiled");
}

/// `text` with other space and more comments between its tokens, by `random`.
fn torn(text: &str, random: &mut impl FnMut(usize) -> usize) -> Option<String> {
    roomy(|| {
        let file = concrete::read(text)?;
        let mut torn = String::new();
        let mut end = 0;
        for token in &file.tokens {
            torn.push_str(&file.text[end..token.range.start]);
            torn.push_str(["", "", "", "\n", " ", "\n\n\n", " // c\n", " /* c */ ", "\n-- c\n"][random(9)]);
            torn.push_str(&file.text[token.range.clone()]);
            end = token.range.end;
        }
        torn.push_str(&file.text[end..]);
        Some(torn)
    })
}

#[test]
fn space_and_comments_anywhere_are_laid_out_once_and_for_all() {
    // Numerical Recipes' linear congruential generator: the same texts on every machine.
    let mut state = 20_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    let (mut laid_out, mut refused) = (0, 0);
    for (path, text) in files() {
        let Some(torn) = torn(&text, &mut random) else { continue };
        match format(&torn) {
            Ok(once) => {
                assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{}:\n{torn}", path.display());
                laid_out += 1;
            }
            Err(FormatError::Syntax) => refused += 1,
            Err(FormatError::Changed) => panic!("{}:\n{torn}", path.display()),
        }
    }
    assert!(laid_out > 10 * refused, "{laid_out} laid out, {refused} refused");
}

const UNTIDY_TESTS: &str = "TESTS  notes;
SETUP{@caller:='alice';write(1,'hello');}
test \"a note\"{ EXPECT read(1)='hello';expect read(9) FAILS KF001  'no note';expect SELECT id FROM notes RETURNS NOTHING; // none
  expect all() RETURNS UNORDERED (1,'alice','a text that is long enough'),(2,'alice','for the line to be broken'),(3,'bob',null);
  expect all() Matches SNAPSHOT; expect SELECT id,author,body
    FROM notes returns (1,'alice','x'),(2,'returns',null); }
";

const TIDY_TESTS: &str = "tests notes;

setup {
    @caller := 'alice';
    write(1, 'hello');
}

test \"a note\" {
    expect read(1) = 'hello';
    expect read(9) fails KF001 'no note';
    expect SELECT id FROM notes returns nothing; // none
    expect all() returns unordered
        (1, 'alice', 'a text that is long enough'),
        (2, 'alice', 'for the line to be broken'),
        (3, 'bob', null);
    expect all() matches snapshot;
    expect
        SELECT id, author, body
        FROM notes
    returns (1, 'alice', 'x'), (2, 'returns', null);
}
";

#[test]
fn tests_are_laid_out_too() {
    assert_eq!(format(UNTIDY_TESTS).unwrap(), TIDY_TESTS);
    assert_eq!(format(TIDY_TESTS).unwrap(), TIDY_TESTS);
}

#[test]
fn the_guide_shows_what_comes_out() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/style.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```kf\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [before, after] = blocks[..] else { panic!("not two blocks") };
    assert_eq!(format(before).unwrap(), after);
}

fn kf(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    use std::io::Write;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    let pipe = std::process::Stdio::piped;
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const UNTIDY: &str = "database a;table t{id int pk}";
const TIDY: &str = "database a;\n\ntable t {\n    id int pk\n}\n";

#[test]
fn as_it_is_typed() {
    let here = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(here.path().join(name), text).unwrap();
    let text = |name: &str| std::fs::read_to_string(here.path().join(name)).unwrap();
    file("a.kf", UNTIDY);
    file("b.kf", "database b;\n\ntable t {\n    id int pk\n}\n");
    file("c.kf", "database c;\ntable t {");

    let (code, stdout, stderr) = kf(here.path(), &["fmt", "--check", "a.kf", "b.kf"], "");
    assert_eq!((code, stdout.as_str()), (1, "a.kf\n"));
    assert_eq!(stderr, "1 of 2 files not in the style\n");
    assert_eq!(text("a.kf"), UNTIDY);

    let (code, stdout, _) = kf(here.path(), &["fmt", "--diff", "a.kf"], "");
    assert_eq!(code, 1);
    assert!(stdout.starts_with("--- a/a.kf\n+++ b/a.kf\n@@ "), "{stdout}");
    assert!(stdout.contains("\n+table t {\n+    id int pk\n"), "{stdout}");

    let (code, stdout, stderr) = kf(here.path(), &["fmt"], "");
    assert_eq!((code, stdout.as_str()), (1, "a.kf\n"));
    assert!(stderr.contains("error[KF01") && stderr.contains("c.kf:2"), "{stderr}");
    assert!(stderr.ends_with("1 of 3 files formatted, 1 with errors of syntax\n"), "{stderr}");
    assert_eq!((text("a.kf").as_str(), text("c.kf").as_str()), (TIDY, "database c;\ntable t {"));

    std::fs::remove_file(here.path().join("c.kf")).unwrap();
    assert_eq!(kf(here.path(), &["fmt"], ""), (0, String::new(), "2 files in the style\n".to_owned()));
    let whole: Vec<_> = std::fs::read_dir(here.path()).unwrap().collect();
    assert_eq!(whole.len(), 2, "something is left beside the files");

    file("a.kft", "tests a;test 'x'{expect 1=1;}");
    assert_eq!(kf(here.path(), &["fmt", "--check", "."], "").1, "a.kft\n");
    assert_eq!(kf(here.path(), &["fmt", "a.kft"], "").0, 0);
    assert_eq!(text("a.kft"), "tests a;\n\ntest 'x' {\n    expect 1 = 1;\n}\n");

    let stdin = ["fmt", "--stdin-filename", "new.kf", "-"];
    assert_eq!(kf(here.path(), &stdin, UNTIDY), (0, TIDY.to_owned(), String::new()));
    let (code, stdout, stderr) = kf(here.path(), &stdin, "table");
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("new.kf:1:1"), "{stderr}");
    let (code, stdout, stderr) = kf(here.path(), &["fmt", "--stdin-filename", "new.kf", "a.kf"], UNTIDY);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("`--stdin-filename` reads one source"), "{stderr}");
}

#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let here = tempfile::tempdir().unwrap();
    let (real, link) = (here.path().join("real.kf"), here.path().join("link.kf"));
    std::fs::write(&real, UNTIDY).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert_eq!(kf(here.path(), &["fmt", "link.kf"], "").0, 0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), TIDY);
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}
