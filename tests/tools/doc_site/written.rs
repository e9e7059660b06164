//! What the command does to a folder.

use std::fs;
use std::path::Path;

use super::{kf, root};

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["bank.kf", "shop.kf"] {
        fs::copy(root().join("tests/tools/doc_site").join(name), folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("kf.toml"), "name = \"corner\"\n").unwrap();
    folder
}

fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        names.push(entry.unwrap().file_name().into_string().unwrap());
    }
    names.sort();
    names
}

#[test]
fn a_site_is_written_beside_kf_toml_and_kept_up_to_date() {
    let folder = project();
    let here = folder.path();
    let (code, stdout, _) = kf(here, &["doc", "--check"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("index.html: missing\n"), "{stdout}");
    assert!(!here.join("site").exists());

    let (code, stdout, stderr) = kf(here, &["doc"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert_eq!(stderr, "7 files written: site/index.html\n");
    assert_eq!(listed(&here.join("site")), [".kf-doc.json", "assets", "datasets", "index.html"]);
    assert_eq!(listed(&here.join("site/datasets")), ["bank.html", "shop.html"]);
    assert!(fs::read_to_string(here.join("site/index.html")).unwrap().contains("<h1>corner</h1>"));
    assert_eq!(kf(here, &["doc", "--check"]), (0, String::new(), "site is up to date\n".to_owned()));
    assert_eq!(kf(here, &["doc"]).2, "7 files up to date: site/index.html\n");
    let (elsewhere, site) = (tempfile::tempdir().unwrap(), here.join("site"));
    let typed = ["doc", here.to_str().unwrap(), "-o", site.to_str().unwrap(), "--check"];
    assert_eq!(kf(elsewhere.path(), &typed).0, 0, "paths on pages are those in the project");

    fs::write(
        here.join("bank.kf"),
        "// Other words.\ndatabase bank;\naction pay($id text, $amount int) public { NOTICE('no'); }",
    )
    .unwrap();
    let (code, stdout, stderr) = kf(here, &["doc", "--check"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stdout.contains("datasets/bank.html: differs\n"), "{stdout}");
    assert_eq!(kf(here, &["doc"]).0, 0);
    assert_eq!(kf(here, &["doc", "--check"]).0, 0);
}

#[test]
fn pages_that_are_no_longer_needed_go_and_others_stay() {
    let folder = project();
    let here = folder.path();
    assert_eq!(kf(here, &["doc", "-o", "out"]).0, 0);
    fs::write(here.join("out/notes.html"), "mine").unwrap();
    fs::write(here.join("out/datasets/mine.html"), "mine").unwrap();
    fs::remove_file(here.join("shop.kf")).unwrap();
    let (code, stdout, _) = kf(here, &["doc", "-o", "out", "--check"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("datasets/shop.html: no longer needed\n"), "{stdout}");
    let (code, _, stderr) = kf(here, &["doc", "-o", "out"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("1 file removed"), "{stderr}");
    assert_eq!(listed(&here.join("out/datasets")), ["bank.html", "mine.html"]);
    assert_eq!(fs::read_to_string(here.join("out/notes.html")).unwrap(), "mine");
    assert_eq!(kf(here, &["doc", "-o", "out", "--check"]).0, 0);
}

#[test]
fn a_page_that_somebody_changed_is_left_when_it_is_no_longer_needed() {
    let folder = project();
    let here = folder.path();
    assert_eq!(kf(here, &["doc"]).0, 0);
    fs::write(here.join("site/datasets/shop.html"), "mine now").unwrap();
    fs::remove_file(here.join("shop.kf")).unwrap();
    let (code, _, stderr) = kf(here, &["doc"]);
    assert_eq!(code, 0);
    assert!(
        stderr.contains("`datasets/shop.html` was changed since kf doc wrote it, and is left alone"),
        "{stderr}"
    );
    assert_eq!(fs::read_to_string(here.join("site/datasets/shop.html")).unwrap(), "mine now");
}

#[test]
fn files_of_others_are_in_the_way() {
    let folder = project();
    let here = folder.path();
    fs::create_dir(here.join("site")).unwrap();
    fs::write(here.join("site/index.html"), "mine").unwrap();
    let (code, _, stderr) = kf(here, &["doc"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("`site/index.html` is in the way: kf doc did not write it"), "{stderr}");
    assert_eq!(listed(&here.join("site")), ["index.html"]);
    assert_eq!(fs::read_to_string(here.join("site/index.html")).unwrap(), "mine");

    // A link out of the folder is not followed.
    fs::create_dir(here.join("elsewhere")).unwrap();
    fs::create_dir(here.join("linked")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", here.join("linked/datasets")).unwrap();
    assert_eq!(kf(here, &["doc", "-o", "linked"]).0, 2);
    assert_eq!(listed(&here.join("elsewhere")), Vec::<String>::new());

    // A mark that names files outside is not believed.
    fs::create_dir(here.join("marked")).unwrap();
    fs::write(here.join("victim.html"), "mine").unwrap();
    fs::write(here.join("marked/.kf-doc.json"), "{\"files\":{\"../victim.html\":\"00\"}}").unwrap();
    let (code, _, stderr) = kf(here, &["doc", "-o", "marked"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(here.join("victim.html").exists());
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let folder = project();
    let here = folder.path();
    fs::write(here.join("file"), "").unwrap();
    for output in ["file", "file/site", "/dev/null/site"] {
        let (code, stdout, stderr) = kf(here, &["doc", "-o", output]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{output}: {stderr}");
        assert!(stderr.contains(&format!("`{output}")), "{stderr}");
    }
    // Not even root makes folders there.
    let (code, _, stderr) = kf(here, &["doc", "-o", "/proc/site"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot write `/proc/site`"), "{stderr}");
}

#[test]
fn errors_in_sources_leave_the_site_as_it_was() {
    let folder = project();
    let here = folder.path();
    assert_eq!(kf(here, &["doc"]).0, 0);
    let before = fs::read(here.join("site/index.html")).unwrap();
    fs::write(here.join("bank.kf"), "database bank; action pay() public { nothing(); }").unwrap();
    let (code, _, stderr) = kf(here, &["doc"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("KF0"), "{stderr}");
    assert_eq!(fs::read(here.join("site/index.html")).unwrap(), before);
    assert_eq!(kf(here, &["doc", "missing"]).0, 2);
}

/// What an earlier run left that was killed is swept away, and two runs do not write at once.
#[test]
fn what_a_killed_run_left_goes() {
    let folder = project();
    let here = folder.path();
    fs::create_dir_all(here.join("site/.kf-doc-killed")).unwrap();
    fs::write(here.join("site/.kf-doc-killed/0"), "half").unwrap();
    assert_eq!(kf(here, &["doc"]).0, 0);
    assert_eq!(listed(&here.join("site")), [".kf-doc.json", "assets", "datasets", "index.html"]);
}
