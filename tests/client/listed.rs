//! The clients that kf.toml lists.

use super::project;
use super::support::here::Here;

const LISTED: &str = "name = \"shop\"\n[expose]\nschema = \"api\"\n\
                      [[clients]]\nlang = \"typescript\"\noutput = \"web/src/kf\"\nover = \"rpc\"\n\
                      [[clients]]\nlang = \"go\"\noutput = \"ens\"\nonly = \"gallery\"\nowner = \"0xaa\"\n\
                      [[clients]]\nlang = \"python\"\noutput = \"../py\"\n";

fn listed() -> Here {
    let here = project();
    here.write("p/kf.toml", LISTED);
    here
}

#[test]
fn all_of_them_are_written_and_checked() {
    let here = listed();
    here.write("p/sub/empty", "");
    here.wrong(
        "p",
        "client --check",
        1,
        &["`web/src/kf/_kf.ts` is missing", "`ens/kf.go` is missing", "`../py`"],
    );
    assert!(!here.has("p/ens"), "nothing is written");
    // from anywhere in the project
    let told = here.fine("p/sub", "client");
    for wrote in
        ["wrote ../web/src/kf/gallery.ts\n", "wrote ../ens/gallery_kf.go\n", "wrote ../../py/_kf.py\n"]
    {
        assert!(told.contains(wrote), "no `{wrote}` in\n{told}");
    }
    assert!(!here.has("p/ens/class_kf.go"), "only the gallery");
    let again = here.fine("p", "client");
    assert!(!again.contains("wrote") && again.matches(" up to date").count() == 3, "{again}");
    here.fine("p", "client --check");
    here.fine("", "client --check p");
    // as the flags write them
    here.fine("p", "client --lang typescript --over rpc -o web/src/kf --check");
    here.fine("p", "client --lang go --only gallery --owner 0xaa -o ens --check");
    here.fine("p", "client --lang python -o ../py --check");
    // whose the schemas are is in what goes over a connection
    here.wrong(
        "p",
        "client --owner 0xbb --check",
        1,
        &["`ens/gallery_kf.go` differs", "`../py/gallery.py` differs"],
    );
    let text = here.read("p/words.kf").replace("database class", "database lessons");
    here.write("p/words.kf", &text);
    here.wrong(
        "p",
        "client --check",
        1,
        &["`../py/lessons.py` is missing", "`../py/class_.py` is of no schema any more"],
    );
    assert!(here.fine("p", "client").contains("removed ../py/class_.py"));
    here.fine("p", "client --check");
}

#[test]
fn what_cannot_be_made_of_them_is_told_and_nothing_is_written() {
    let here = project();
    let slip = |lines: &str, told: &[&str]| {
        here.write("p/kf.toml", lines);
        here.wrong("p", "client", 2, told);
        assert!(!here.has("p/a") && !here.has("p/b"), "nothing is written");
    };
    slip(
        "",
        &["no language is given, and `kf.toml` lists no clients", "`[[clients]]` with `lang` and `output`"],
    );
    let one = "[[clients]]\nlang = \"go\"\noutput = \"a\"\n";
    slip(&format!("{one}lang_ = 1\n"), &["kf.toml:4:1", "unknown key `lang_`"]);
    slip("[[clients]]\nlang = \"gO\"\noutput = \"a\"\n", &["kf.toml:2:8", "no clients in `gO`"]);
    slip(&format!("{one}[[clients]]\nlang = \"go\"\noutput = \"b/../a\"\n"), &["kf.toml:6:10", "one folder"]);
    slip(
        &format!("{one}only = [\"galery\"]\n"),
        &["no schema `galery`", "did you mean `gallery`?", "for the client in `a`, which"],
    );
    let second = |rest: &str| format!("{one}[[clients]]\nlang = \"python\"\noutput = \"b\"\n{rest}");
    slip(&second("over = \"rpc\"\n"), &["`class` is not exposed", "for the client in `b`, which"]);
    here.write("p/b.txt", "");
    slip(&second("").replace("\"b\"", "\"b.txt\""), &["b.txt"]);
    here.write("p/kf.toml", one);
    here.wrong("p", "client gallery.kf", 2, &["of the whole project", "leave out PATH"]);
    here.wrong("p", "client -o x", 2, &["--lang"]);
    let gallery = here.read("p/gallery.kf");
    here.write("p/gallery.kf", &gallery.replace("public view {", "public vew {"));
    here.wrong("p", "client", 1, &["gallery.kf:"]);
    here.wrong("", "client", 2, &["there is no `kf.toml`"]);
}
