//! A workspace says after every edit what a first check of the same texts says: the same diagnostics in the same order, and
//! the same program. Edits are random, over schemas that import one another, with externs and tests among them.
//! `KF_EDITS=N` makes so many edits to each project.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "mutations/tokens.rs"]
mod tokens;

use std::collections::BTreeMap;
use std::path::Path;

use kuneiform::interface::Dbid;
use kuneiform::{Options, Owner, Profile, Sources, Workspace, check, compile};

/// Path, text.
type Files = Vec<(String, String)>;

fn sources(files: &Files) -> Sources {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(path, text);
    }
    sources
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The cases of the corpus that are more than one file, the example network, and a schema with tests.
fn projects() -> Vec<Files> {
    let files = |sources: Sources| sources.iter().map(|(_, it)| (it.path.clone(), it.text.clone())).collect();
    let mut projects: Vec<Files> = corpus::cases()
        .iter()
        .map(|case| files(case.sources()))
        .filter(|files: &Files| files.len() > 1)
        .collect();
    let network = ["accounts.kf", "ens.kf", "near_accounts.kf", "social_network.kf"];
    let network = network.map(|name| (name.to_owned(), read(&format!("examples/network/{name}"))));
    projects.push(network.to_vec());
    let tested = ["guestbook.kf", "guestbook.kft"];
    projects.push(tested.map(|name| (name.to_owned(), read(&format!("src/cli/init/start/{name}")))).to_vec());
    projects
}

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// Changes something, and says what.
fn edit(files: &mut Files, whole: &Files, chance: &mut Chance) -> String {
    let index = chance.below(files.len());
    let kind = chance.below(12);
    let Some((path, text)) = files.get_mut(index) else {
        files.clone_from(whole);
        return "all files come back".to_owned();
    };
    let spans = tokens::of(text);
    let mut token = || spans.get(chance.below(spans.len())).cloned().unwrap_or(0..0);
    let (one, other) = (token(), token());
    match kind {
        0 | 1 => text.replace_range(one.clone(), ""),
        2 | 3 => {
            let word = text[other.clone()].to_owned();
            text.replace_range(one.clone(), &word);
        }
        4 => text.insert_str(one.start, "// so it is\n"),
        5 => text.insert_str(one.start, " } "),
        6 => text.truncate(one.start),
        7 => {
            *text = whole
                .iter()
                .find(|(known, _)| known == path)
                .map(|(_, text)| text.clone())
                .unwrap_or_default()
        }
        8 => files.swap(index, 0),
        9 => drop(files.remove(index)),
        10 => {
            let (path, text) = whole[chance.below(whole.len())].clone();
            if files.iter().all(|(known, _)| *known != path) {
                files.insert(index, (path, text));
            }
        }
        _ => files.clone_from(whole),
    }
    format!("edit {kind} of file {index}, {one:?}, {other:?}")
}

/// Now and then other options, which make everything another program.
fn options(chance: &mut Chance) -> Options {
    let mut options = Options::default();
    match chance.below(12) {
        0 => options.profile = Profile::App,
        1 => options.owner = Some(Owner("0xab".to_owned())),
        _ => {}
    }
    options
}

fn assert_same(workspace: &mut Workspace, files: &Files, options: &Options, what: &str) -> (usize, usize) {
    let sources = sources(files);
    let fresh = check(&sources, options);
    let again = workspace.check(&sources, options);
    assert_eq!(again.diagnostics(), fresh.diagnostics(), "{what}\n{files:#?}");
    assert_eq!(again.asts(), fresh.asts(), "{what}\n{files:#?}");
    assert!(again.program() == fresh.program(), "{what}\n{files:#?}");
    (fresh.diagnostics().len(), fresh.program().map_or(0, |program| program.schemas.len()))
}

#[test]
fn after_any_edits_a_workspace_says_what_a_first_check_says() {
    let edits = std::env::var("KF_EDITS").ok().and_then(|number| number.parse().ok()).unwrap_or(24);
    let mut chance = Chance(0x2545_f491);
    let (mut told, mut spared) = (0, 0);
    for whole in projects() {
        let (mut files, mut workspace) = (whole.clone(), Workspace::new());
        let mut history = Vec::new();
        for _ in 0..edits {
            let options = options(&mut chance);
            let (said, schemas) = assert_same(&mut workspace, &files, &options, &history.join("\n"));
            told += said;
            spared += schemas - workspace.checked_again().len();
            history.push(edit(&mut files, &whole, &mut chance));
        }
    }
    // otherwise nothing was tried
    assert!(told > 100 && spared > 100, "{told} diagnostics, {spared} schemas that were not checked again");
}

/// `c` imports `b`, which imports `a`; `d` imports nothing.
fn chain() -> BTreeMap<&'static str, String> {
    let with = |import: &str, call: &str| {
        format!("{import}\ntable t {{ id int primary }}\naction get($id int) public view {{ {call} }}\n")
    };
    let own = "SELECT t.id FROM t WHERE t.id = $id;";
    let texts = [
        ("a", with("", own)),
        ("b", with("use a as below;", "SELECT v.id FROM below.get($id) AS v;")),
        ("c", with("use b as below;", "SELECT v.id FROM below.get($id) AS v;")),
        ("d", with("", own)),
    ];
    texts.into_iter().map(|(name, text)| (name, format!("database {name};\n{text}"))).collect()
}

/// The schemas that are checked again after the text of one changed.
fn checked_again(name: &'static str, change: impl Fn(&str) -> String) -> Vec<String> {
    let of = |texts: &BTreeMap<&str, String>| {
        sources(&texts.iter().map(|(name, text)| (format!("{name}.kf"), text.clone())).collect())
    };
    let (mut texts, mut workspace) = (chain(), Workspace::new());
    assert!(!workspace.check(&of(&texts), &Options::default()).has_errors());
    assert_eq!(workspace.checked_again().len(), 4);
    assert_eq!(workspace.read_again().count(), 4);
    texts.insert(name, change(&texts[name]));
    workspace.check(&of(&texts), &Options::default());
    assert!(workspace.read_again().count() <= 1);
    workspace.checked_again().iter().map(Dbid::to_string).collect()
}

#[test]
fn importers_are_checked_again_only_if_the_interface_changed() {
    let body = |text: &str| text.replace("t.id = $id", "t.id >= $id");
    let interface = |text: &str| text.replace("SELECT t.id FROM", "SELECT t.id, 1 AS one FROM");
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(checked_again("a", str::to_owned), names(&[]));
    assert_eq!(checked_again("a", body), names(&["a"]));
    // what `b` gives is still the same
    assert_eq!(checked_again("a", interface), names(&["a", "b"]));
    assert_eq!(checked_again("d", interface), names(&["d"]));
    let renamed = |text: &str| text.replace("$id int", "$number int").replace("$id", "$number");
    assert_eq!(checked_again("b", renamed), names(&["b", "c"]));
}

#[test]
fn a_workspace_compiles_what_a_first_compilation_does() {
    let texts = chain();
    let all: Files = texts.iter().map(|(name, text)| (format!("{name}.kf"), text.clone())).collect();
    let mut workspace = Workspace::new();
    let options = Options::default();
    workspace.check(&sources(&all), &options);
    let mut changed = all.clone();
    changed[0].1 = changed[0].1.replace("t.id = $id", "t.id >= $id");
    for files in [&changed, &all] {
        let (again, fresh) =
            (workspace.compile(&sources(files), &options), compile(&sources(files), &options));
        assert_eq!(again.packages, fresh.packages);
        assert_eq!(again.packages.len(), 4);
    }
}

#[test]
fn what_a_rule_says_of_an_importer_follows_what_the_imported_action_does() {
    let below = "database below; table t { id int primary } table other { id int primary }
        action quiet() public view { SELECT t.id FROM t ORDER BY t.id; }
        action change() public { INSERT INTO t (id) VALUES (1); }";
    let above = "database above; use below as below;
        action go() public { below.quiet(); }
        action look() public view { below.change(); }";
    let (loud, elsewhere) = ("view { NOTICE('read'); SELECT", "INTO other (id)");
    let texts = [
        below.to_owned(),
        below.replace("view { SELECT", loud),
        below.to_owned(),
        below.replace("INTO t (id)", elsewhere),
        below.replace("action change", "// It writes.\n\n        action change"),
        below.replace("{ INSERT INTO t (id) VALUES (1); }", "{ }"),
    ];
    let mut workspace = Workspace::new();
    let mut said = Vec::new();
    for text in texts {
        let files = vec![("below.kf".to_owned(), text), ("above.kf".to_owned(), above.to_owned())];
        assert_same(&mut workspace, &files, &Options::default(), "");
        let about = workspace.checked().diagnostics().iter().map(|it| format!("{it:?}"));
        said.push(about.collect::<Vec<_>>());
    }
    let differ = said.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(differ, said.len() - 1, "{said:#?}");
}
