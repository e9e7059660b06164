//! Which files a command works on.

use std::fs;
use std::path::{Path, PathBuf};

use kuneiform::cli::Failure;
use kuneiform::cli::project::{self, Input};
use kuneiform::diagnostics::Code;
use kuneiform::diagnostics::render::Style;
use kuneiform::interface::Profile;

/// A folder with `files`, by path and text.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &tempfile::TempDir, paths: &[&str]) -> Result<Input, Failure> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
    project::load(&paths)
}

/// The paths of the sources below `folder`.
fn names(folder: &tempfile::TempDir, input: &Input) -> Vec<String> {
    let root = format!("{}/", folder.path().display());
    input.sources.iter().map(|(_, source)| source.path.strip_prefix(&root).unwrap().to_owned()).collect()
}

fn wrong(folder: &tempfile::TempDir, paths: &[&str]) -> String {
    let failure = load(folder, paths).unwrap_err();
    assert_eq!(failure.exit.code(), 2);
    failure.render(Style::PLAIN).replace(&folder.path().display().to_string(), "")
}

const A: &str = "database a;\ntable t { id text primary }\n";
const USES_A: &str = "database b;\nuse a as a;\n";

#[test]
fn a_folder_is_every_schema_in_it_by_path() {
    let here = folder(&[
        ("b.kf", A),
        ("a/z.kf", A),
        ("a/b/c.kf", A),
        ("notes.txt", "x"),
        (".hidden/x.kf", A),
        (".kf/x.kf", A),
        (".x.kf", A),
    ]);
    let input = load(&here, &["."]).unwrap();
    assert_eq!(names(&here, &input), ["a/b/c.kf", "a/z.kf", "b.kf"]);
    assert_eq!(input.asked, 3);
}

#[test]
fn a_file_named_twice_is_read_once() {
    let here = folder(&[("a.kf", A), ("b.kf", "database b;")]);
    let input = load(&here, &["a.kf", ".", "./a.kf"]).unwrap();
    assert_eq!(names(&here, &input), ["a.kf", "b.kf"]);
}

#[test]
#[cfg(unix)]
fn links_may_go_round_in_circles_or_lead_nowhere() {
    let here = folder(&[("a/a.kf", A)]);
    std::os::unix::fs::symlink(here.path(), here.path().join("a/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", here.path().join("a/dead.kf")).unwrap();
    let input = load(&here, &["."]).unwrap();
    assert_eq!(names(&here, &input), ["a/a.kf"]);
}

#[test]
fn imports_come_from_the_folder_of_a_file() {
    let here = folder(&[
        ("b.kf", USES_A),
        ("other_name.kf", A),
        ("c.kf", "database c; use b as b;"),
        ("deep/d.kf", "database d;"),
    ]);
    let input = load(&here, &["c.kf"]).unwrap();
    assert_eq!(names(&here, &input), ["c.kf", "b.kf", "other_name.kf"]);
    assert_eq!(input.asked, 1, "imports of imports are read, what nobody imports is not");
    let alone = load(&here, &["other_name.kf"]).unwrap();
    assert_eq!(names(&here, &alone), ["other_name.kf"]);
}

#[test]
fn imports_come_from_anywhere_in_the_project() {
    let here = folder(&[
        ("kf.toml", "profile = \"app\"\n"),
        ("x/b.kf", USES_A),
        ("y/z/a.kf", A),
        ("y/bad.kf", "use use use '"),
    ]);
    let input = load(&here, &["x/b.kf"]).unwrap();
    assert_eq!(names(&here, &input), ["x/b.kf", "y/z/a.kf"]);
    assert_eq!(input.project.config.profile, Profile::App);
    assert_eq!(input.project.root, Path::new(here.path()));
    let apart = load(&here, &["x"]).unwrap();
    assert_eq!(names(&here, &apart), ["x/b.kf", "y/z/a.kf"]);
}

#[test]
fn a_source_given_beats_a_neighbour_of_the_same_name() {
    let here = folder(&[("a.kf", A), ("draft/a.kf", A), ("draft/b.kf", USES_A)]);
    let input = load(&here, &["draft/b.kf", "a.kf"]).unwrap();
    assert_eq!(names(&here, &input), ["a.kf", "draft/b.kf"]);
}

#[test]
fn wrong_paths_are_named() {
    let here = folder(&[("notes.kf", A), ("empty/readme.md", "x")]);
    assert_eq!(
        wrong(&here, &["note.kf"]),
        "error: no file or folder `/note.kf`\n  help: did you mean `/notes.kf`?\n"
    );
    assert_eq!(wrong(&here, &["zzzzzz"]), "error: no file or folder `/zzzzzz`\n");
    let text = wrong(&here, &["empty"]);
    assert_eq!(
        text,
        "error: no schema files (`*.kf`) in `/empty`\n  help: `kf init` makes a project to begin with\n"
    );
}

#[test]
fn a_wrong_configuration_is_shown_where_it_is_wrong() {
    let here = folder(&[("kf.toml", "name = \"a\"\n\n[databse]\nurl = \"x\"\n"), ("a.kf", A)]);
    let text = wrong(&here, &["a.kf"]);
    assert!(text.starts_with("error: unknown key `databse`\n"), "{text}");
    assert!(text.contains("kf.toml:3:2]") && text.contains("did you mean `database`?"), "{text}");
}

#[test]
fn bytes_that_are_no_text_are_a_diagnostic_of_their_file() {
    let here = folder(&[("a.kf", A)]);
    fs::write(here.path().join("bad.kf"), b"database b; // \xff\n").unwrap();
    let input = load(&here, &["."]).unwrap();
    let [fault] = &input.diagnostics[..] else { panic!("{:?}", input.diagnostics) };
    assert_eq!((fault.code, fault.at.span.start, fault.at.span.source.0), (Code::NotUtf8, 15, 1));
}
