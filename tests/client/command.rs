//! The command: what it writes, compares, removes and refuses.

use super::project;
use super::support::here::Here;

#[test]
fn the_same_schemas_give_the_same_files_and_check_tells_others() {
    let here = project();
    for language in ["typescript", "python", "go", "rust"] {
        let line = format!("client --lang {language} -o {language}");
        assert!(here.fine("p", &line).contains("wrote "), "{language}");
        assert!(!here.fine("p", &line).contains("wrote "), "{language}");
        assert!(here.fine("p", &format!("{line} --check")).contains("up to date"), "{language}");
    }
    here.write("p/gallery.kf", &super::GALLERY.replace("action whoami", "// Says who.\naction whoami"));
    let file = here.read("p/python/gallery.py");
    here.wrong(
        "p",
        "client --lang python -o python --check",
        1,
        &["+ \"\"\"Says who.", "`python/gallery.py` differs"],
    );
    assert_eq!(here.read("p/python/gallery.py"), file, "nothing is written");
    here.fine("p", "client --lang python -o python");
    here.fine("p", "client --lang python -o python --check");
    here.wrong("p", "client --lang go -o other --check", 1, &["`other/kf.go` is missing", "--- /dev/null"]);
    assert!(!here.has("p/other"), "nothing is written");
}

#[test]
fn what_is_of_no_schema_any_more_goes_and_nothing_else() {
    let here = project();
    here.fine("p", "client --lang typescript -o t");
    here.write("p/t/mine.ts", "export {};\n");
    here.fine("p", "client --lang typescript -o t --only gallery");
    assert!(here.has("p/t/class.ts"), "only says nothing of others");
    std::fs::remove_file(here.folder.path().join("p/words.kf")).unwrap();
    here.wrong("p", "client --lang typescript -o t --check", 1, &["`t/class.ts` is of no schema any more"]);
    assert!(here.fine("p", "client --lang typescript -o t").contains("removed t/class.ts"));
    assert!(!here.has("p/t/class.ts") && here.has("p/t/mine.ts"));
}

#[test]
fn what_cannot_be_written_is_told() {
    let here = project();
    here.write("p/t/gallery.ts", "export const mine = 1;\n");
    here.wrong("p", "client --lang typescript -o t", 2, &["`t/gallery.ts` was not written by `kf client`"]);
    assert!(!here.has("p/t/_kf.ts"), "nothing is written");
    here.wrong("p", "client --lang go -o kf.toml", 2, &["kf.toml"]);
    here.wrong("p", "client --lang go --only galery", 2, &["no schema `galery`", "did you mean `gallery`?"]);
    here.wrong("p", "client --lang go --over rpc", 2, &["is not exposed", "--expose api"]);
    here.wrong("p", "client --lang cobol", 2, &["cobol"]);
    here.write("q/a.kf", "database a;\naction hidden() private { NOTICE('x'); }\n");
    here.wrong("q", "client --lang go", 2, &["no public action"]);
    here.write("r/a.kf", "database a;\naction wrong( public {}\n");
    let (code, _) = here.kf("r", "client --lang go");
    assert_eq!((code, here.has("r/client")), (1, false));
}

#[test]
fn names_of_go_never_meet() {
    let here = Here::new();
    let action =
        |name: &str| format!("action {name}() public view returns (a int, b int) {{ return 1, 2; }}\n");
    here.write("p/a.kf", &format!("database a;\n{}", action("b_c")));
    here.write("p/a_b.kf", &format!("database a_b;\n{}", action("c")));
    here.write("p/context.kf", &format!("database context;\n{}", action("session")));
    here.write("p/x_test.kf", &format!("database x_test;\n{}", action("list_url")));
    here.fine("p", "client --lang go -o 1-My.Pkg");
    let (one, two) = (here.read("p/1-My.Pkg/a_kf.go"), here.read("p/1-My.Pkg/a_b_kf.go"));
    assert!(one.contains("package mypkg\n") && one.contains("type ABCRow struct"), "{one}");
    assert!(two.contains("type ABCRow_ struct"), "{two}");
    assert!(
        here.read("p/1-My.Pkg/context_kf.go").contains("type Context_ struct")
            && here.read("p/1-My.Pkg/x_test_kf.go").contains(") ListURL(")
    );
}
