//! `kf list` and `kf show` as they are typed.

use crate::support::here::Here;
use kuneiform::Owner;
use kuneiform::interface::Dbid;
use kuneiform::language::Name;
use serde_json::Value;

const BASE: &str = "database base;\ntable names { id text primary }\n\
    action put($id text) public { INSERT INTO names (id) VALUES ($id); }\n\
    action all_ids() public view { SELECT n.id FROM names AS n; }\n\
    action wipe() private { DELETE FROM names WHERE id = @caller; }\n";
const LEFT: &str = "database left;\nuse base as base;\n\
    action ids() public view { SELECT b.id FROM base.all_ids() AS b; }\n";
const TOP: &str = "database top;\nuse left as l;\nuse right as r;\n\
    action ids() public view { SELECT l.id FROM l.ids() AS l JOIN r.ids() AS r ON r.id = l.id; }\n";

/// `base` under `left` and `right` under `top`, and a `base` of 0xAB's.
fn diamond() -> Here {
    let here = Here::new();
    here.write("all/base.kf", BASE);
    here.write("all/left.kf", LEFT);
    here.write("all/right.kf", &LEFT.replace("left", "right"));
    here.write("all/top.kf", TOP);
    here.fine("all", "deploy --db DB");
    here.write("own/base.kf", BASE);
    here.fine("own", "deploy --db DB --owner 0xAB");
    here
}

fn owned() -> Dbid {
    Dbid::owned(&Name::new("base"), &Owner("0xab".into()))
}

#[test]
fn list_names_every_dataset() {
    let here = Here::new();
    here.write("x/readme.md", "");
    assert_eq!(here.fine("x", "list --db DB"), "no datasets\n");
    let here = diamond();
    let listed = here.fine("all", "list --db DB");
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 10, "{listed}");
    assert!(lines[1].contains("deployed (UTC)") && lines[1].contains("importers"), "{listed}");
    let words = |line: &str| {
        line.split(['│', '┆', ' ']).filter(|it| !it.is_empty()).map(String::from).collect::<Vec<_>>()
    };
    let first = words(lines[3]);
    assert_eq!(
        (first.len(), &first[..3], &first[5..]),
        (8, &["base", "network", "1"].map(String::from)[..], &["3", "2", "base"].map(String::from)[..])
    );
    let second = words(lines[4]);
    assert_eq!((&second[1][..], &second[6][..], second[7].clone()), ("0xAB", "0", owned().to_string()));
    assert!(listed.ends_with("\n5 datasets\n"), "{listed}");
    let json: Value = serde_json::from_str(&here.fine("all", "list --db DB --format json")).unwrap();
    let names: Vec<&str> = json.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["base", "base", "left", "right", "top"]);
    assert_eq!(
        (&json[0]["owner"], &json[0]["importers"], &json[4]["actions"]),
        (&Value::Null, &2.into(), &1.into())
    );
}

#[test]
fn show_tells_what_a_dataset_is() {
    let here = diamond();
    let told = here.fine("all", "show --db DB left");
    for line in [
        "left\n  dbid       left\n  owner      none, a network schema\n  version    1, deployed 20",
        concat!("\n  compiler   kf ", env!("CARGO_PKG_VERSION"), "\n  source     left.kf\n  interface  "),
        "\n  imports    base\n  importers  top\nactions\n  ids() public view returns table(id text)\n",
    ] {
        assert!(told.contains(line), "{line}\n--\n{told}");
    }
    assert_eq!(here.fine("all", "show --db DB left --source"), LEFT);
    let sql = here.fine("all", "compile left.kf");
    assert_eq!(here.fine("all", "show --db DB left --sql"), sql);
    for what in ["interface", "manifest"] {
        let emitted: Value =
            serde_json::from_str(&here.fine("all", &format!("compile left.kf --emit {what}"))).unwrap();
        let shown: Value =
            serde_json::from_str(&here.fine("all", &format!("show --db DB left --{what}"))).unwrap();
        assert_eq!(shown, emitted[0]);
    }
    here.wrong("all", "show --db DB left --sql --source", 2, &["cannot be used with"]);
}

#[test]
fn show_draws_what_imports_what() {
    let here = diamond();
    let top = "imports of top\n├── left\n│   └── base\n└── right\n    └── base\nimporters of top\nnone\n";
    assert_eq!(here.fine("all", "show --db DB top --graph"), top);
    let base = "imports of base\nnone\nimporters of base\n├── left\n│   └── top\n└── right\n    └── top\n";
    assert_eq!(here.fine("all", "show --db DB base --graph"), base);
}

#[test]
fn a_dataset_is_named_by_name_owner_or_dbid() {
    let here = diamond();
    for name in ["0xab.base", "0XAB.Base", owned().as_str()] {
        let told = here.fine("all", &format!("show --db DB {name}"));
        assert!(told.contains(&format!("dbid       {}\n  owner      0xAB\n", owned())), "{told}");
    }
    assert!(
        here.fine("all", "show --db DB BASE").contains("owner      none"),
        "a bare name is the network's first"
    );
    here.fine("all", "call --db DB 0xab.base.put a");
    assert_eq!(here.fine("all", "call --db DB 0xab.base.all_ids --format csv"), "id\r\na\r\n");
    assert_eq!(here.fine("all", "call --db DB base.all_ids --format csv"), "id\r\n");

    here.write("own/bank.kf", "database bank;\ntable t { id int primary }\n");
    here.fine("own", "deploy --db DB bank.kf --owner 0x01");
    assert!(here.fine("own", "show --db DB bank").contains("owner      0x01"), "a name only one owner uses");
    here.fine("own", "deploy --db DB bank.kf --owner 0x02");
    let told = ["several datasets are called `bank`", "`0x01.bank` is x", "`0x02.bank` is x", "`OWNER.NAME`"];
    here.wrong("own", "show --db DB bank", 2, &told);
    here.wrong("own", "show --db DB bnak", 2, &["error[KF0720]", "did you mean `bank`?"]);
    here.wrong("own", "show --db DB 0x03.bank", 2, &["error[KF0720]"]);
    let empty = Here::new();
    empty.write("x/readme.md", "");
    empty.wrong("x", "show --db DB bank", 2, &["no dataset `bank` is deployed in this database"]);
}
