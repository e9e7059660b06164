//! Programs to draw, and pictures that no program makes.

use std::path::{Path, PathBuf};

use kuneiform::graph::{Cluster, Edge, EdgeKind, Graph, Kind, Node, Role, Row, Shape, Target};
use kuneiform::interface::Dbid;
use kuneiform::language::{Name, Visibility};
use kuneiform::{Checked, Options, Sources};

const VISIBILITIES: [Visibility; 4] =
    [Visibility::Public, Visibility::Private, Visibility::Oracle, Visibility::System];
pub const KINDS: [Kind; 3] = [Kind::Tables, Kind::Calls, Kind::Imports];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|it| it == "kf"));
    found.sort();
    found
}

/// The schemas of a folder below the project, checked together.
pub fn folder(path: &str) -> Checked {
    let mut sources = Sources::new();
    for file in files(&root().join(path)) {
        sources.add(file.file_name().unwrap().to_string_lossy(), std::fs::read_to_string(&file).unwrap());
    }
    assert!(!sources.is_empty(), "{path}");
    kuneiform::check(&sources, &Options::default())
}

pub fn text(source: &str) -> Checked {
    let mut sources = Sources::new();
    sources.add("given.kf", source);
    let checked = kuneiform::check(&sources, &Options::default());
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics());
    checked
}

/// `count` tables, most of which refer to two others, and an action for each that calls the one before.
pub fn large(count: usize) -> Checked {
    let mut source = String::from("database large;\n");
    for index in 0..count {
        let (one, two) = (index / 2, index * 2 / 3);
        let references =
            format!(",\n one int references t{one}(id),\n two int not_null references t{two}(id)");
        let references = if index % 5 == 0 { String::new() } else { references };
        source.push_str(&format!("table t{index} {{ id int primary{references} }}\n"));
    }
    for index in 0..count {
        let call = if index == 0 { String::new() } else { format!(" a{}();", index - 1) };
        source
            .push_str(&format!("action a{index}() public {{ DELETE FROM t{index} WHERE id = 1;{call} }}\n"));
    }
    text(&source)
}

/// Names that mean something to those who read pictures.
pub const ODD: [&str; 16] = [
    "end",
    "subgraph",
    "graph",
    "class",
    "click",
    "style",
    "default",
    "pk",
    "\"><script>alert(1)</script>",
    "]]>&amp;",
    "a\\",
    "a\nb",
    "\u{0}\u{1b}[31m",
    "#quot;#35;",
    "日本語👩\u{200d}🚀é",
    "<!-- %% -->",
];

/// A picture with these names on everything, and links.
pub fn odd(kind: Kind) -> Graph {
    let mut graph = Graph::new(kind);
    for (index, name) in ODD.iter().enumerate() {
        let dbid = Dbid::recorded(*name);
        graph.clusters.push(Cluster {
            label: (*name).to_owned(),
            target: Target::Dataset(dbid.clone()),
            imported: index % 2 == 0,
            link: Some(format!("{name}.html?a=1&b=2")),
        });
        let row = |key| Row {
            name: "fk".to_owned(),
            ty: "decimal(10,2)[]".to_owned(),
            nullable: key,
            primary: !key,
            foreign: key,
            unique: key,
        };
        let role =
            Role { visibility: VISIBILITIES[index % 4], owner: true, view: index % 3 == 0, foreign: false };
        let shape = match kind {
            Kind::Tables => Shape::Columns(vec![row(false), row(true)]),
            Kind::Calls => Shape::Action(role),
            Kind::Imports => Shape::Extern,
        };
        graph.nodes.push(Node {
            label: (*name).to_owned(),
            target: Target::Action(dbid, Name::new("x")),
            cluster: (kind != Kind::Imports).then_some(index),
            shape,
            doc: Some(format!("doc of {name}")),
            link: Some(format!("#{name}\"")),
        });
        let key = EdgeKind::ForeignKey {
            columns: vec![1],
            parent_columns: vec![0],
            optional: true,
            single: index % 2 == 0,
        };
        let edge = match kind {
            Kind::Tables => key,
            Kind::Calls => EdgeKind::Splice,
            Kind::Imports => EdgeKind::Import(Some((*name).to_owned())),
        };
        graph.edges.push(Edge { from: index, to: (index * 7 + 3) % ODD.len(), kind: edge });
    }
    graph
}

/// A picture of `boxes` actions in `frames` frames with `lines` calls between any of them: cycles, lines to themselves,
/// several between two.
pub fn tangle(seed: u64, boxes: usize, frames: usize, lines: usize) -> Graph {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut any = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    let mut graph = Graph::new(Kind::Calls);
    for index in 0..frames {
        let name = format!("dataset_{index}");
        let target = Target::Dataset(Dbid::recorded(&name));
        graph.clusters.push(Cluster { label: name, target, imported: false, link: None });
    }
    for index in 0..boxes {
        let role = Role { visibility: VISIBILITIES[any(4)], owner: false, view: any(2) == 0, foreign: false };
        graph.nodes.push(Node {
            label: "n".repeat(any(30) + 1),
            target: Target::Action(Dbid::recorded("x"), Name::new(&format!("n{index}"))),
            cluster: (frames > 0 && any(8) > 0).then(|| any(frames)),
            shape: if any(4) == 0 { Shape::Table } else { Shape::Action(role) },
            doc: None,
            link: None,
        });
    }
    let kinds = [EdgeKind::Call, EdgeKind::Splice, EdgeKind::Read, EdgeKind::Write];
    for _ in 0..lines {
        let (from, to) = (any(boxes), any(boxes));
        graph.edges.push(Edge { from, to, kind: kinds[any(4)].clone() });
    }
    graph
}
