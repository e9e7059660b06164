//! Sources that are only imported: checked against, never emitted.

use std::collections::BTreeMap;

use kuneiform::interface::{Dbid, Imported, Pinned};
use kuneiform::language::Name;
use kuneiform::source::SourceId;
use kuneiform::{Code, Compilation, Options, Owner, Package, Sources, check, compile};

const ENS: &str = "database ens;\ntable names { id text primary, owner text not_null }\n\
    action owned() public view { SELECT n.id, n.owner FROM names AS n; }\n\
    action secret() private view { SELECT n.id FROM names AS n; }\n\
    action feed($id text) oracle { DELETE FROM names WHERE id = $id; }\n";
const SOCIAL: &str = "database social;\nuse ens as ens;\ntable posts { id text primary, by text not_null, #by_by index(by) }\n\
    action mine() public view { WITH own AS ens.owned() SELECT p.id FROM posts AS p JOIN own ON own.id = p.by \
    WHERE own.owner = @caller; }\n";
const CLUB: &str = "database club;\nuse social as s;\n\
    action all_mine() public view { SELECT m.id FROM s.mine() AS m; }\n";

/// A text of the compilation: its own if `imported` is `None`.
type Text<'t> = (&'t str, Option<Imported>);

fn sources(texts: &[Text<'_>], options: Options) -> (Sources, Options) {
    let mut sources = Sources::new();
    let mut options = options;
    for (text, imported) in texts {
        let name = text.split([' ', ';']).nth(1).unwrap();
        let id = sources.add(format!("{name}.kf"), *text);
        options.imported.extend(imported.clone().map(|imported| (id, imported)));
    }
    (sources, options)
}

fn compiled(texts: &[Text<'_>]) -> Compilation {
    let (sources, options) = sources(texts, Options::default());
    compile(&sources, &options)
}

/// Codes and messages.
fn said(compilation: &Compilation) -> Vec<String> {
    compilation.diagnostics.iter().map(|it| format!("{} {}", it.code, it.message)).collect()
}

fn elsewhere() -> Option<Imported> {
    Some(Imported::default())
}

fn owned_by(owner: &str) -> Option<Imported> {
    Some(Imported { owner: Some(Owner(owner.into())), ..Imported::default() })
}

fn package<'c>(compilation: &'c Compilation, name: &str) -> &'c Package {
    let found = compilation.packages.iter().find(|package| package.interface.name.as_str() == name);
    found.unwrap_or_else(|| panic!("{:?}", said(compilation)))
}

#[test]
fn an_importer_is_the_same_whether_its_imports_are_emitted_or_not() {
    let together = compiled(&[(ENS, None), (SOCIAL, None), (CLUB, None)]);
    let apart = compiled(&[(CLUB, None), (SOCIAL, elsewhere()), (ENS, elsewhere())]);
    assert_eq!(said(&apart), Vec::<String>::new());
    assert_eq!(apart.packages.len(), 1);
    assert_eq!(apart.packages[0], *package(&together, "club"));
    assert!(apart.packages[0].sql().contains("\"ds_ens\".\"names\""), "views are spliced through imports");
    let ens = &package(&together, "ens").interface;
    let middle = compiled(&[(ENS, elsewhere()), (SOCIAL, None), (CLUB, elsewhere())]);
    assert_eq!(middle.packages, [package(&together, "social").clone()]);
    assert_eq!(middle.packages[0].manifest.imports, BTreeMap::from([(ens.dbid.clone(), ens.hash())]));
}

#[test]
fn the_order_of_sources_does_not_matter() {
    let texts = [(SOCIAL, None), (ENS, elsewhere()), (CLUB, None)];
    let forth = compiled(&texts);
    let back = compiled(&[texts[2].clone(), texts[1].clone(), texts[0].clone()]);
    assert_eq!(forth.packages, back.packages);
    assert_eq!(forth.packages.len(), 2);
}

#[test]
fn nothing_is_said_about_what_is_only_imported() {
    let warned = ENS.replace("WHERE id = $id", "");
    assert_eq!(said(&compiled(&[(&warned, None)])).len(), 2, "where is missing, and a parameter unused");
    assert_eq!(said(&compiled(&[(&warned, elsewhere()), (SOCIAL, None)])), Vec::<String>::new());
}

#[test]
fn an_import_that_does_not_compile_is_said_once_where_it_is_imported() {
    let broken = ENS.replace("n.owner FROM", "n.ownr FROM").replace("id = $id", "idd = $id");
    let compilation = compiled(&[(&broken, elsewhere()), (SOCIAL, elsewhere()), (CLUB, None)]);
    assert_eq!(said(&compilation), ["KF0605 the imported `ens` does not compile"]);
    let report = &compilation.diagnostics[0];
    assert_eq!((report.at.span.source, report.also[0].span.source), (SourceId(2), SourceId(0)));
    assert!(report.also[0].text.starts_with("KF0202: "), "{:?}", report.also);
    assert!(compilation.packages.is_empty());
}

#[test]
fn a_pinned_interface_that_differs_is_said_with_what_differs() {
    let interface = package(&compiled(&[(ENS, None)]), "ens").interface.clone();
    let pinned = Pinned { by: "kf.lock".into(), interface: interface.hash(), actions: interface.rendered() };
    assert_eq!(pinned.actions.keys().map(Name::as_str).collect::<Vec<_>>(), ["owned"]);
    let imported = Some(Imported { pinned: Some(pinned), ..Imported::default() });
    assert_eq!(compiled(&[(ENS, imported.clone()), (SOCIAL, None)]).packages.len(), 1);
    let changed = ENS
        .replace("owned() public", "owned($n int default 1) public")
        .replace("secret() private", "open() public");
    let compilation = compiled(&[(&changed, imported), (SOCIAL, None)]);
    assert_eq!(said(&compilation)[0], "KF0606 the interface of `ens` is not the one kf.lock has");
    let notes = compilation.diagnostics[0].notes.join("\n");
    assert!(notes.contains("new: `open() public view returns table(id text)`"), "{notes}");
    assert!(
        notes.contains("was `owned() public view returns table(id text, owner text)`, is `owned($n int"),
        "{notes}"
    );
}

#[test]
fn private_and_oracle_actions_of_imports_are_not_there() {
    for (call, code) in
        [("ens.secret()", "KF0502"), ("ens.feed('a')", "KF0502"), ("ens.feeed('a')", "KF0204")]
    {
        let text = format!("database x;\nuse ens as ens;\naction a() public {{ {call}; }}\n");
        let told = said(&compiled(&[(ENS, elsewhere()), (&text, None)]));
        assert!(told.len() == 1 && told[0].starts_with(code), "{call}: {told:?}");
    }
}

#[test]
fn a_source_of_ones_own_wins_over_an_imported_one() {
    let mine = ENS.replace("SELECT n.id, n.owner", "SELECT n.owner, n.id");
    let compilation = compiled(&[(ENS, elsewhere()), (&mine, None), (SOCIAL, None)]);
    assert_eq!((said(&compilation).len(), compilation.packages.len()), (0, 2));
    assert_eq!(package(&compilation, "ens").source, mine);
}

#[test]
fn two_datasets_of_one_name_are_imported_by_their_owners() {
    let dbid = Dbid::owned(&Name::new("ens"), &Owner("0xCC".into()));
    let text = format!(
        "database x;\nuse ens as e;\nuse 0xAbCd.Ens as a;\nuse '{}' as c;\naction f() public view {{ \
         SELECT e.id FROM e.owned() AS e JOIN a.owned() AS a ON a.id = e.id JOIN c.owned() AS c ON c.id = e.id; }}\n",
        dbid.as_str().to_uppercase()
    );
    let texts =
        [(text.as_str(), None), (ENS, elsewhere()), (ENS, owned_by("0xabcd")), (ENS, owned_by("0xcc"))];
    let compilation = compiled(&texts);
    assert_eq!(said(&compilation), Vec::<String>::new());
    let package = package(&compilation, "x");
    let abcd = Dbid::owned(&Name::new("ens"), &Owner("0xABCD".into()));
    let aliases: Vec<(&str, &Dbid)> =
        package.manifest.aliases.iter().map(|(alias, dbid)| (alias.as_str(), dbid)).collect();
    assert_eq!(aliases, [("a", &abcd), ("c", &dbid), ("e", &Dbid::network(&Name::new("ens")))]);
    for dbid in [&abcd, &dbid, aliases[2].1] {
        assert!(package.sql().contains(&format!("\"{}\".\"names\"", dbid.pg_schema())), "{dbid}");
    }
}

/// `use ens` in what 0xab deploys means the network's `ens` unless 0xab's own is deployed beside it, whatever else is known.
#[test]
fn a_name_is_not_taken_over_by_a_dataset_that_comes_later() {
    let mine = Some(Owner("0xab".into()));
    let with = |texts: &[Text<'_>], names: BTreeMap<Name, Dbid>| {
        let (sources, options) = sources(texts, Options { owner: mine.clone(), names, ..Options::default() });
        let compilation = compile(&sources, &options);
        package(&compilation, "social").manifest.aliases[&Name::new("ens")].to_string()
    };
    let own = Dbid::owned(&Name::new("ens"), &Owner("0xab".into())).to_string();
    let both = [(SOCIAL, None), (ENS, elsewhere()), (ENS, owned_by("0xab"))];
    assert_eq!(with(&both, BTreeMap::new()), "ens");
    assert_eq!(with(&[(SOCIAL, None), (ENS, None), (ENS, elsewhere())], BTreeMap::new()), own);
    assert_eq!(with(&both, BTreeMap::from([(Name::new("ens"), Dbid::recorded(own.clone()))])), own);

    // What was deployed stays bound to what it was bound to.
    let deployed = |dbid: &str| {
        let aliases = BTreeMap::from([(Name::new("ens"), Dbid::recorded(dbid))]);
        Some(Imported { owner: mine.clone(), aliases, pinned: None })
    };
    for dbid in ["ens", &own] {
        let club = CLUB.replace("use social", "use 0xab.social");
        let texts =
            [(club.as_str(), None), (SOCIAL, deployed(dbid)), (ENS, elsewhere()), (ENS, owned_by("0xab"))];
        let compilation = compiled(&texts);
        let table = format!("\"ds_{dbid}\".\"names\"");
        assert!(package(&compilation, "club").sql().contains(&table), "{dbid}");
    }
}

#[test]
fn an_import_that_is_not_there_says_how_to_take_it() {
    let (sources, options) = sources(&[(SOCIAL, None)], Options::default());
    let checked = check(&sources, &options);
    assert_eq!(checked.diagnostics()[0].code, Code::UnknownDataset);
    assert!(checked.diagnostics()[0].notes[0].contains("`kf import ens --db URL`"));
}

#[test]
fn a_cycle_through_an_import_is_told() {
    let ens = ENS.replace("database ens;", "database ens;\nuse club as club;");
    let told = said(&compiled(&[(&ens, elsewhere()), (SOCIAL, elsewhere()), (CLUB, None)]));
    assert!(told.iter().all(|line| line.starts_with("KF0605") || line.starts_with("KF0602")), "{told:?}");
    assert_eq!(told.len(), 1, "{told:?}");
}
