//! Sources to compile: the example network, and projects of any length that look like what people write.

use std::path::Path;

use kuneiform::Sources;

/// One schema of a generated project. `@N@` is its number, `@USE@` its import of the one before and `@OWN@` the
/// relation that its last view joins: the import's view, or for the first schema its own.
const SCHEMA: &str = include_str!("schema.txt");

/// What a schema of a [`large`] project has besides.
const MORE: &str = include_str!("more.txt");

/// What imports what in a [`large`] project.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each schema the one of half its number.
    Tree,
    /// Each the one before.
    Chain,
}

/// `count` schemas of 100 lines each, as (file name, text).
pub fn large(count: usize, shape: Shape) -> Vec<(String, String)> {
    let import = |number: usize| if shape == Shape::Tree { number / 2 } else { number - 1 };
    let text = |number: usize| importing(number, import(number)) + MORE;
    (1..=count).map(|number| (format!("registry_{number}.kf"), text(number))).collect()
}

/// Lines of one generated schema.
pub const SCHEMA_LINES: usize = 50;

/// Generated schemas that have `lines` lines together, as (file name, text). Each imports the one before.
pub fn generated(lines: usize) -> Vec<(String, String)> {
    let schema = |number: usize| (format!("registry_{number}.kf"), schema(number));
    (1..=lines / SCHEMA_LINES).map(schema).collect()
}

fn schema(number: usize) -> String {
    importing(number, number - 1)
}

/// Schema `number`, which imports `other`; the first imports nothing.
fn importing(number: usize, other: usize) -> String {
    let import = match number {
        1 => "// The first registry imports nothing.".to_owned(),
        _ => format!("use registry_{other} as before;"),
    };
    let guard = if number == 1 { "assert_holds($item_id)" } else { "before.assert_holds($item_id)" };
    let view = if number == 1 { "holdings()" } else { "before.holdings()" };
    let text = SCHEMA.replace("@IMPORT@", &import).replace("@GUARD@", guard).replace("@VIEW@", view);
    text.replace("@N@", &number.to_string())
}

/// The four schemas of `examples/network`.
pub fn network() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/network");
    let files = ["accounts.kf", "ens.kf", "near_accounts.kf", "social_network.kf"];
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the example network is there");
    files.into_iter().map(|name| (name.to_owned(), read(name))).collect()
}

/// Files as the compiler takes them.
pub fn sources(files: &[(String, String)]) -> Sources {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(path, text);
    }
    sources
}

/// The packages of files that have no errors.
pub fn packages(files: &[(String, String)]) -> Vec<kuneiform::Package> {
    let compilation = kuneiform::compile(&sources(files), &kuneiform::Options::default());
    assert!(!compilation.packages.is_empty(), "{:#?}", compilation.diagnostics);
    compilation.packages
}
