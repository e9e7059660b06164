//! `--report FORMAT=FILE`.

use super::{FINE, Here, strange};

#[test]
fn several_reports_are_written_at_once() {
    let here = strange();
    let reports = ["--report", "sarif=out.sarif", "--report", "junit=out.xml", "--report", "short=out.txt"];
    let (code, stdout, stderr) = here.kf(&[&["check", "--format", "json"][..], &reports].concat());
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(stdout.starts_with("{\"v\":1"), "{stdout}");
    assert_eq!(here.read("out.sarif"), here.kf(&["check", "--format", "sarif"]).1);
    assert_eq!(here.read("out.xml"), here.kf(&["check", "--format", "junit"]).1);
    assert_eq!(here.read("out.txt"), here.kf(&["check", "--format", "short"]).1);
    let left: Vec<_> = std::fs::read_dir(here.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".kf-")), "{left:?}");
}

#[test]
fn commands_that_write_something_else_report_too() {
    let here = strange();
    let (code, stdout, stderr) = here.kf(&["compile", "--report", "gitlab=q.json", "--format", "short"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error[KF0202]"), "{stderr}");
    assert!(here.read("q.json").contains("\"check_name\": \"KF0202\""));
    let fine = Here::new(&[("fine.kf", FINE)]);
    let (code, stdout, stderr) = fine.kf(&["compile", "--report", "gitlab=q.json"]);
    assert_eq!((code, stderr.as_str(), fine.read("q.json").as_str()), (0, "", "[]\n"));
    assert!(stdout.contains("CREATE"), "{stdout}");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let here = strange();
    for (file, reason) in [
        ("/dev/full", "no space left on device"),
        ("no/such/folder.xml", "no such file or directory"),
        (".", "is a directory"),
    ] {
        let (code, stdout, stderr) = here.kf(&["check", "--report", &format!("junit={file}")]);
        assert_eq!(code, 2, "{file}: {stderr}");
        assert_eq!(stderr, format!("error: cannot write `{file}`: {reason}\n"));
        assert!(stdout.contains("error[KF0202]"), "the report itself is told: {stdout}");
    }
    for (wrong, told) in [
        ("sarif", "expected FORMAT=FILE"),
        ("sarif=", "no file after `sarif=`"),
        ("serif=a", "did you mean `sarif`?"),
    ] {
        let (code, _, stderr) = here.kf(&["check", "--report", wrong]);
        assert!(code == 2 && stderr.contains(told), "{stderr}");
    }
}

#[test]
fn a_file_keeps_its_permissions_and_its_link() {
    use std::os::unix::fs::PermissionsExt;
    let here = strange();
    here.write("real/old.txt", "old");
    let real = here.path().join("real/old.txt");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, here.path().join("link.txt")).unwrap();
    here.kf(&["check", "fine.kf", "--report", "short=link.txt", "--report", "short=/dev/stderr"]);
    assert_eq!(here.read("real/old.txt"), "");
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(here.path().join("link.txt").symlink_metadata().unwrap().is_symlink());
}
