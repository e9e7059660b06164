//! Datasets that build on each other, in three shapes of composition.

use kuneiform::{Options, Package};

use crate::support::project;

/// Datasets of one cluster.
pub const CLUSTER: usize = 200;
/// Diamonds on top of each other: the calls that one call makes double with each.
const DIAMONDS: usize = 8;

/// How the datasets of a cluster import each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Each imports the one before.
    Chain,
    /// Two import one, one imports those two, and so on, [`DIAMONDS`] times; then anew.
    Diamonds,
    /// All import the first.
    Star,
}

/// All of them.
pub const SHAPES: [Shape; 3] = [Shape::Chain, Shape::Diamonds, Shape::Star];

impl Shape {
    /// As the report names it.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Chain => "chains",
            Shape::Diamonds => "diamonds",
            Shape::Star => "stars",
        }
    }

    /// The members that member `place` imports.
    fn imports(self, place: usize) -> Vec<usize> {
        match self {
            Shape::Chain => place.checked_sub(1).into_iter().collect(),
            Shape::Star => {
                if place == 0 {
                    Vec::new()
                } else {
                    vec![0]
                }
            }
            Shape::Diamonds => match (place % (3 * DIAMONDS + 1), place % (3 * DIAMONDS + 1) % 3) {
                (0, _) => Vec::new(),
                (_, 1) => vec![place - 1],
                (_, 2) => vec![place - 2],
                _ => vec![place - 2, place - 1],
            },
        }
    }
}

/// The packages of a cluster whose datasets are called `PREFIX_0`, `PREFIX_1`, ..; `edited` names the member whose view
/// was changed.
pub fn cluster(prefix: &str, shape: Shape, edited: Option<usize>) -> Vec<Package> {
    let texts: Vec<(String, String)> = (0..CLUSTER)
        .map(|place| (format!("{prefix}_{place}.kf"), text(prefix, place, shape, edited == Some(place))))
        .collect();
    let compilation = kuneiform::compile(&project::sources(&texts), &Options::default());
    assert_eq!(compilation.packages.len(), CLUSTER, "{:#?}", compilation.diagnostics);
    compilation.packages
}

/// A dataset that keeps notes: `put` keeps one in all that it imports too, `seen` joins what those keep.
fn text(prefix: &str, place: usize, shape: Shape, edited: bool) -> String {
    let imports = shape.imports(place);
    let (mut uses, mut calls, mut ctes, mut joins): (String, String, String, String) = Default::default();
    for (number, import) in imports.iter().enumerate() {
        uses += &format!("use {prefix}_{import} as i{number};\n");
        calls += &format!("    i{number}.put($id, $note, $writer);\n");
        ctes += &format!("{}c{number} AS i{number}.notes($writer)", if number == 0 { "WITH " } else { ", " });
        joins += &format!(" JOIN c{number} ON c{number}.id = k.id");
    }
    let bound = if edited { " AND length(note) > 1" } else { "" };
    format!(
        "database {prefix}_{place};\n{uses}\
         table kept {{\n    id int primary,\n    writer text not_null,\n    note text maxlen(200),\n    \
         #by_writer index(writer)\n}}\n\
         action put($id, $note, $writer) public {{\n    \
         INSERT INTO kept (id, writer, note) VALUES ($id, $writer, $note)\n    \
         ON CONFLICT (id) DO UPDATE SET note = excluded.note;\n{calls}}}\n\
         action notes($writer) public view {{\n    SELECT id, note FROM kept WHERE writer = $writer{bound};\n}}\n\
         action seen($writer) public view {{\n    {ctes} SELECT k.id, k.note FROM kept AS k{joins} WHERE k.writer = $writer;\n}}\n"
    )
}
