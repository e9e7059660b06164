//! `kf graph`: pictures of programs. Mermaid's own parser (`tests/setup.sh` brings it) and Graphviz read what is written.

mod picture;
mod programs;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::support::here::Here;
use kuneiform::graph::{EdgeKind, Graph, Kind, MOST_BOXES, Shape, Target, dot, mermaid, of, svg};
use programs::{KINDS, folder, large, odd, root, tangle, text};

/// Folders whose programs are drawn.
const FOLDERS: [&str; 7] = [
    "examples/network",
    "tests/corpus/compose",
    "tests/corpus/externs",
    "tests/corpus/foreign",
    "tests/corpus/tables",
    "tests/corpus/actions",
    "tests/corpus/control",
];

/// Every picture there is, by name.
fn pictures() -> Vec<(String, Graph)> {
    let mut all = Vec::new();
    for kind in KINDS {
        for path in FOLDERS {
            all.push((format!("{path} {}", kind.word()), of(folder(path).program().unwrap(), kind, None)));
        }
        all.push((format!("odd {}", kind.word()), odd(kind)));
        all.push((format!("empty {}", kind.word()), Graph::new(kind)));
        all.push((format!("large {}", kind.word()), of(large(60).program().unwrap(), kind, None)));
    }
    all.push(("tangle".to_owned(), tangle(7, 40, 5, 60)));
    all
}

/// What a program prints that is given `input`, which must end well.
fn told(command: &mut Command, input: &[u8]) -> String {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {out}{error}");
    assert!(!error.to_lowercase().contains("error"), "{error}");
    out.into_owned()
}

#[test]
fn mermaid_reads_every_diagram() {
    let modules = root().join("target/mermaid/node_modules");
    assert!(modules.join("mermaid").is_dir(), "tests/setup.sh tests brings Mermaid");
    let diagrams: Vec<(String, String)> = pictures()
        .into_iter()
        .filter(|(_, graph)| graph.nodes.len() < 200)
        .map(|(name, graph)| (name, mermaid(&graph)))
        .collect();
    let input = serde_json::to_vec(&diagrams).unwrap();
    let said =
        told(Command::new("node").arg(root().join("tests/tools/graph/mermaid.mjs")).arg(&modules), &input);
    assert_eq!(said, format!("{} read, 0 refused\n", diagrams.len()));
}

#[test]
fn graphviz_draws_every_diagram() {
    let diagrams: Vec<String> = pictures().iter().map(|(_, graph)| dot(graph)).collect();
    let drawn = told(
        Command::new("dot").args(["-Tsvg", "-Gnslimit=2", "-Gsplines=false"]),
        diagrams.concat().as_bytes(),
    );
    assert_eq!(drawn.matches("<svg").count(), diagrams.len());
}

#[test]
fn every_picture_is_well_formed_and_tidy() {
    for (name, graph) in pictures() {
        tidy(&name, &graph);
    }
}

/// No two boxes or frames overlap, boxes are in their frames, and what is written is in its box.
fn tidy(name: &str, graph: &Graph) {
    let picture = svg(graph);
    let boxes = picture::boxes(&picture);
    let nodes: Vec<_> = boxes.iter().filter(|it| it.is_node()).collect();
    let frames: Vec<_> = boxes.iter().filter(|it| it.is_frame()).collect();
    assert_eq!(nodes.len(), graph.nodes.len(), "{name}");
    let used = |index: usize| graph.nodes.iter().any(|node| node.cluster == Some(index));
    let shown: Vec<usize> = (0..graph.clusters.len()).filter(|index| used(*index)).collect();
    assert_eq!(frames.len(), shown.len(), "{name}");
    for (index, (node, drawn)) in graph.nodes.iter().zip(&nodes).enumerate() {
        assert!(nodes[..index].iter().all(|other| !drawn.meets(other)), "{name}: {drawn:?}");
        for (at, frame) in shown.iter().zip(&frames) {
            match node.cluster == Some(*at) {
                true => assert!(frame.holds(drawn), "{name}: {drawn:?} in {frame:?}"),
                false => assert!(!frame.meets(drawn), "{name}: {drawn:?} in {frame:?}"),
            }
        }
    }
    for (index, frame) in frames.iter().enumerate() {
        assert!(frames[..index].iter().all(|other| !frame.meets(other)), "{name}: {frame:?}");
    }
    for it in boxes.iter().filter(|it| it.class != "plate") {
        for (class, said, left, right, y) in &it.texts {
            assert!(*left >= it.x && *right <= it.x + it.width, "{name}: {class} `{said}` in {it:?}");
            assert!(*y > it.y && *y < it.y + it.height, "{name}: {class} `{said}` in {it:?}");
        }
    }
}

#[test]
fn pictures_need_nothing_beside_them() {
    let graph = of(folder("examples/network").program().unwrap(), Kind::Tables, None);
    let picture = svg(&graph);
    for words in [
        "role=\"img\"",
        "<title>Tables of accounts, ens,",
        "<desc>7 tables, 3 foreign keys</desc>",
        "viewBox=\"0 0 ",
        "prefers-color-scheme: dark",
        "any number",
        "exactly one",
    ] {
        assert!(picture.contains(words), "no {words}");
    }
    for words in ["href", "<script", "url(", "@import", " id=", "style=\""] {
        assert!(!picture.contains(words), "{words}");
    }
    let odd = svg(&odd(Kind::Calls));
    assert!(!odd.contains("<script>") && odd.contains("&lt;script&gt;") && odd.contains("role=\"group\""));
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    for kind in KINDS {
        let graph = || of(folder("examples/network").program().unwrap(), kind, None);
        let (one, other) = (graph(), graph());
        assert_eq!((mermaid(&one), dot(&one)), (mermaid(&other), dot(&other)));
        let first = svg(&one);
        (0..20).for_each(|_| assert!(svg(&other) == first, "{}", kind.word()));
    }
    let tangled = tangle(3, 18, 3, 26);
    let first = svg(&tangled);
    (0..20).for_each(|_| assert!(svg(&tangled) == first));
}

/// The layout is somebody else's: no shape of input may stop it, or keep it long.
#[test]
fn no_tangle_stops_the_layout() {
    for seed in 0..50 {
        let size = usize::try_from(seed).unwrap();
        svg(&tangle(seed, 1 + size % 17, size % 5, size % 29));
    }
    let begun = Instant::now();
    svg(&tangle(1, MOST_BOXES, 12, 200));
    svg(&tangle(2, MOST_BOXES, 0, 0));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn what_is_too_large_is_drawn_by_dataset() {
    let mut large = tangle(5, MOST_BOXES + 1, 9, 200);
    for (index, node) in large.nodes.iter_mut().enumerate() {
        node.cluster = Some(index % 9);
    }
    assert!(!large.fits());
    let boxes = picture::boxes(&svg(&large));
    let datasets = boxes.iter().filter(|it| it.class == "dataset").count();
    assert_eq!(datasets, 9);
    assert!(boxes.iter().all(|it| !it.is_frame()));
}

#[test]
fn foreign_keys_say_how_many() {
    let checked = text(
        "database d;
         table parents { id int primary, tag text not_null unique }
         table one { id int primary references parents(id) }
         table perhaps { id int primary, p int unique references parents(id) }
         table many { id int primary, p int not_null references parents(id), q int references many(id) }
         table part { a int, b int, #key primary(a, b), foreign_key(a) references parents(id) }",
    );
    let graph = of(checked.program().unwrap(), Kind::Tables, None);
    let told: Vec<(String, bool, bool)> = graph
        .edges
        .iter()
        .map(|edge| match &edge.kind {
            EdgeKind::ForeignKey { optional, single, .. } => {
                (graph.nodes[edge.from].label.clone(), *optional, *single)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let wanted = [
        ("one", false, true),
        ("perhaps", true, true),
        ("many", false, false),
        ("many", true, false),
        ("part", false, false),
    ];
    assert_eq!(told, wanted.map(|(name, optional, single)| (name.to_owned(), optional, single)));
    let text = mermaid(&graph);
    for line in
        ["t1 |o--|| t0 : \"id\"", "t2 |o--o| t0 : \"p\"", "t3 }o--|| t0 : \"p\"", "t3 }o--o| t3 : \"q\""]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let text = dot(&graph);
    for words in ["arrowtail=teeodot, arrowhead=teetee", "arrowtail=crowodot, arrowhead=teeodot"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn calls_tell_reading_writing_calling_and_splicing() {
    let checked = text(
        "database d;
         table t { id int primary }
         action all() private view { SELECT t.id FROM t; }
         action spliced() public view { WITH c AS all() SELECT c.id FROM c; }
         action put($id int) public { INSERT INTO t (id) VALUES ($id); }
         action both($id int) public owner { put($id); DELETE FROM t WHERE id = $id; }",
    );
    let graph = of(checked.program().unwrap(), Kind::Calls, None);
    let label = |index: usize| graph.nodes[index].label.as_str();
    let told: Vec<String> = graph
        .edges
        .iter()
        .map(|edge| format!("{} {:?} {}", label(edge.from), edge.kind, label(edge.to)))
        .collect();
    assert_eq!(told, ["all Read t", "spliced Splice all", "put Write t", "both Call put", "both Write t"]);
}

#[test]
fn one_dataset_is_drawn_with_its_neighbours() {
    let checked = folder("examples/network");
    let program = checked.program().unwrap();
    let names = |kind, only| {
        let graph = of(program, kind, Some(only));
        graph.nodes.iter().map(|node| node.label.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Kind::Tables, "ens"), "wallets names");
    assert_eq!(names(Kind::Imports, "ENS"), "ens social_network");
    assert_eq!(
        names(Kind::Calls, "social_network"),
        "make_post get_author_posts assert_owns_name posts get_ownership"
    );
    assert_eq!(names(Kind::Tables, "nobody"), "");
}

#[test]
fn boxes_lead_where_they_are_told_to() {
    let mut graph = of(folder("examples/network").program().unwrap(), Kind::Calls, None);
    graph.link(|target| match target {
        Target::Action(dbid, name) => Some(format!("{}.html#action-{name}", dbid.as_str())),
        Target::Dataset(dbid) => Some(format!("{}.html", dbid.as_str())),
        _ => None,
    });
    let action = "ens.html#action-get_ownership";
    assert!(
        svg(&graph).contains(&format!("<a href=\"{action}\">"))
            && svg(&graph).contains("<a href=\"ens.html\">")
    );
    assert!(mermaid(&graph).contains(&format!("href \"{action}\"")));
    assert!(dot(&graph).contains(&format!("URL=\"{action}\"")));
}

#[test]
fn diagrams_of_the_corpus() {
    for (name, kind) in [
        ("tables", Kind::Tables),
        ("compose", Kind::Calls),
        ("foreign", Kind::Calls),
        ("externs", Kind::Imports),
    ] {
        let checked = folder(&format!("tests/corpus/{name}"));
        let mut graph = of(checked.program().unwrap(), kind, (name == "tables").then_some("foreign_keys"));
        assert!(!graph.nodes.is_empty());
        graph.nodes.iter_mut().for_each(|node| node.doc = None);
        insta::assert_snapshot!(format!("graph_{name}"), format!("{}\n{}", mermaid(&graph), dot(&graph)));
    }
}

/// `KF_UPDATE=1` writes the guide's diagrams anew.
#[test]
fn the_guide_shows_what_is_drawn() {
    let path = root().join("docs/guide/graphs.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut blocks = page.split("```mermaid\n");
    let mut made = blocks.next().unwrap().to_owned();
    let here = Here::at(String::new());
    for (kind, block) in KINDS.iter().zip(blocks.by_ref()) {
        let network = root().join("examples/network");
        let drawn =
            here.fine("", &format!("graph {} --kind {} --format mermaid", network.display(), kind.word()));
        let (_, rest) = block.split_once("```\n").unwrap();
        made.push_str(&format!("```mermaid\n{drawn}```\n{rest}"));
    }
    assert_eq!((made.matches("```mermaid").count(), blocks.count()), (3, 0));
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
        return;
    }
    assert!(made == page, "KF_UPDATE=1 cargo test --test tools graph writes docs/guide/graphs.md anew");
}

#[test]
fn the_command_writes_what_it_is_asked_for() {
    let here = Here::at(String::new());
    here.write(
        "a.kf",
        "database a;\ntable t { id int primary }\naction all() public view { SELECT t.id FROM t; }\n",
    );
    here.write("b.kf", "database b;\nuse a as other;\ntable u { id int primary }\naction n() public view { SELECT o.id FROM other.all() AS o; }\n");
    let all = here.fine("", "graph --format mermaid");
    assert!(all.contains("[\"a.t\"]") && all.contains("[\"b.u\"]"), "{all}");
    let one = here.fine("", "graph b.kf --format mermaid");
    assert!(!one.contains("a.t") && one.contains("b.u"), "{one}");
    assert_eq!(here.fine("", "graph --only b --format mermaid"), one);
    assert!(here.fine("", "graph b.kf --kind calls --format dot").contains("spliced"));
    assert!(here.fine("", "graph b.kf --kind imports --format mermaid").contains("as other"));
    assert_eq!(here.fine("", "graph -o out.svg"), "");
    assert_eq!(here.read("out.svg"), here.fine("", "graph"));
}

#[test]
fn the_command_says_what_is_wrong() {
    let here = Here::at(String::new());
    here.write("a.kf", "database accounts;\ntable t { id int primary }\n");
    here.write("b/bad.kf", "database bad;\ntable t { id int primary, x nothing }\n");
    here.wrong(
        "",
        "graph a.kf --only acounts",
        2,
        &["no dataset `acounts` here", "did you mean `accounts`?"],
    );
    here.wrong("", "graph a.kf --only x", 2, &["there are `accounts`"]);
    here.wrong("", "graph missing.kf", 2, &["missing.kf"]);
    here.wrong("", "graph a.kf --kind rows", 2, &["tables", "calls", "imports"]);
    here.wrong("", "graph a.kf -o none/out.svg", 2, &["cannot write `none/out.svg`"]);
    here.write("out.svg", "as it was");
    here.wrong("", "graph b -o out.svg", 1, &["KF", "nothing"]);
    assert_eq!(here.read("out.svg"), "as it was");
    let tables: String =
        (0..=MOST_BOXES).map(|index| format!("table t{index} {{ id int primary }}\n")).collect();
    here.write("c/large.kf", &format!("database large;\n{tables}"));
    here.wrong(
        "",
        "graph c",
        2,
        &[&format!("{} boxes and 0 lines are too many", MOST_BOXES + 1), "--only DATASET", "--format dot"],
    );
    assert!(here.fine("", "graph c --format dot").contains("n300 ["));
}

#[test]
fn tables_with_many_columns_show_the_first() {
    let columns: String = (0..90).map(|index| format!(", c{index} text")).collect();
    let checked = text(&format!("database d; table wide {{ id int primary{columns} }}"));
    let graph = of(checked.program().unwrap(), Kind::Tables, None);
    let picture = svg(&graph);
    assert!(picture.contains("and 51 more") && !picture.contains(">c60<"), "{picture}");
    assert!(matches!(&graph.nodes[0].shape, Shape::Columns(rows) if rows.len() == 91));
    assert!(mermaid(&graph).contains("text c89"));
}
