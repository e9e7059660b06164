//! `kf fix`, and what fixes are worth.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use kuneiform::diagnostics::{Diagnostic, Fix, mend};
use kuneiform::{Options, Severity, Sources, check};

fn kf(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(arguments).current_dir(folder).env_remove("KF_FORMAT").env("NO_COLOR", "1");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may be gone already.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Two safe fixes and an unsafe one, behind a byte order mark, with CRLF.
const SLIPS: &str = "\u{feff}database d;\r\ntable t { id text primary, n int }\r\n\
    action a() public view {\r\n    // é 京\r\n    SELECT id FROM t WHERE n = NULL;\r\n}\r\n\
    action b() public view {\r\n    SELECT id FROM t WHERE n != NULL;\r\n}\r\n\
    action c() public view {\r\n    SELECT idd FROM t;\r\n}\r\n";

fn mended() -> String {
    SLIPS.replace("n = NULL", "n IS NULL").replace("n != NULL", "n IS NOT NULL")
}

fn slips() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("d.kf"), SLIPS).unwrap();
    here
}

fn read(here: &tempfile::TempDir) -> String {
    std::fs::read_to_string(here.path().join("d.kf")).unwrap()
}

#[test]
fn safe_fixes_are_applied_and_the_rest_is_told() {
    let here = slips();
    let file = here.path().join("d.kf");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o604)).unwrap();
    let (code, stdout, stderr) = kf(here.path(), &["fix", "--format", "short"], "");
    assert_eq!(read(&here), mended());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o604);
    assert_eq!(code, 1, "an unknown column is left");
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    assert!(stderr.starts_with("fixed d.kf:5:") && stderr.contains(": KF0408: write `IS NULL`"), "{stderr}");
    assert!(stdout.contains("error[KF0202]") && !stdout.contains("KF0408"), "{stdout}");
    let (code, _, stderr) = kf(here.path(), &["fix", "--unsafe"], "");
    assert_eq!((code, stderr.lines().count()), (0, 1), "{stderr}");
    assert_eq!(read(&here), mended().replace("idd", "id"));
    let (code, _, stderr) = kf(here.path(), &["fix", "--unsafe"], "");
    assert_eq!((code, stderr.as_str()), (0, ""), "nothing is left");
}

#[test]
fn what_would_change_is_shown_and_nothing_written() {
    let here = slips();
    let (code, stdout, stderr) = kf(here.path(), &["fix", "--diff"], "");
    assert_eq!((code, read(&here).as_str()), (1, SLIPS));
    assert!(stdout.starts_with("--- a/d.kf\n+++ b/d.kf\n@@ "), "{stdout}");
    assert!(stdout.contains("+    SELECT id FROM t WHERE n IS NULL;\r\n"), "{stdout}");
    assert!(stderr.starts_with("would fix d.kf:5:"), "{stderr}");
    let (code, stdout, stderr) = kf(here.path(), &["fix", "--dry-run"], "");
    assert_eq!((code, read(&here).as_str()), (1, SLIPS));
    assert!(!stdout.contains("@@") && stderr.lines().count() == 2, "{stdout}{stderr}");
    std::fs::write(here.path().join("d.kf"), mended().replace("idd", "id")).unwrap();
    assert_eq!(kf(here.path(), &["fix", "--diff"], "").0, 0);
}

#[test]
fn a_text_from_an_editor_is_given_back() {
    let here = slips();
    let (code, stdout, stderr) = kf(here.path(), &["fix", "--stdin-filename", "d.kf", "-"], SLIPS);
    assert_eq!((code, stdout.as_str()), (1, mended().as_str()));
    assert!(stderr.contains("KF0202"), "{stderr}");
    assert_eq!(read(&here), SLIPS, "the file itself is left alone");
}

#[test]
fn a_file_that_may_not_be_written_or_is_no_text_is_left_alone() {
    let here = slips();
    let file = here.path().join("d.kf");
    std::fs::write(&file, b"database d; \xff action a() public { SELECT 1 = NULL; }").unwrap();
    let (code, stdout, stderr) = kf(here.path(), &["fix"], "");
    assert!(code == 1 && stdout.contains("KF0101") && stderr.is_empty(), "{stdout}{stderr}");
    assert!(std::fs::read(&file).unwrap().contains(&0xff));
}

fn errors(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} {}", it.code, it.message)).collect()
}

fn fixtures() -> Vec<(String, Sources)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "kf")).collect();
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let mut sources = Sources::new();
        let text = std::fs::read_to_string(&path).unwrap();
        let parts: Vec<&str> = text.split("// file: ").collect();
        match parts[..] {
            [only] => drop(sources.add("schema.kf", only)),
            _ => parts[1..].iter().for_each(|part| {
                let (name, body) = part.split_once('\n').unwrap();
                sources.add(name.trim(), body);
            }),
        }
        (path.file_stem().unwrap().to_string_lossy().into_owned(), sources)
    };
    paths.into_iter().map(read).collect()
}

/// Each alone: what it mends is not said again, and nothing new is an error.
#[test]
fn every_safe_fix_mends_what_it_is_for() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, sources) in fixtures() {
        let found = check(&sources, &Options::default()).diagnostics().to_vec();
        for one in found.iter().filter(|it| it.fixes.iter().any(|fix| fix.safe)) {
            let alone = |it: &Diagnostic, fix: &Fix| fix.safe && it == one;
            let (changed, applied) = mend(&sources, &found, alone);
            assert_eq!(applied.len(), 1, "{name}: {one:?}");
            tried += 1;
            let left = check(&changed, &Options::default()).diagnostics().to_vec();
            let same = |it: &Diagnostic| it.code == one.code && it.message == one.message;
            if left.iter().filter(|it| same(it)).count() >= found.iter().filter(|it| same(it)).count() {
                wrong.push(format!("{name}: is said again: {}", one.message));
            }
            let before = errors(&found);
            let new: Vec<String> = errors(&left).into_iter().filter(|it| !before.contains(it)).collect();
            if !new.is_empty() {
                wrong.push(format!("{name}: {} brings {new:?}", one.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 8, "only {tried} safe fixes");
}
