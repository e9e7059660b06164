//! Three schemas of one owner that call each other through foreign procedures: who is who, a journal and a game.
//! `tests/scenario/told.txt` is what happens, where `{name}` stands for the DBID of the schema `name`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod support;

use std::path::Path;

use kuneiform::deploy::deploy_packages;
use kuneiform::interface::{Dbid, Owner};
use kuneiform::language::Name;
use kuneiform::{Compilation, Options, Severity, Sources};
use support::calls::calls;
use support::{block_on, database, session};

const SCHEMAS: [&str; 3] = ["profiles", "journal", "arcade"];

fn owner() -> Owner {
    Owner("0x0a".into())
}

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario").join(name)).unwrap()
}

fn compiled() -> Compilation {
    let mut sources = Sources::new();
    for schema in SCHEMAS {
        sources.add(format!("{schema}.kf"), read(&format!("{schema}.kf")));
    }
    kuneiform::compile(&sources, &Options { owner: Some(owner()), ..Options::default() })
}

fn told() -> String {
    SCHEMAS.iter().fold(read("told.txt"), |told, schema| {
        let dbid = Dbid::owned(&Name::new(schema), &owner());
        told.replace(&format!("{{{schema}}}"), dbid.as_str())
    })
}

#[test]
fn three_schemas_behave_as_told() {
    let compilation = compiled();
    let errors = compilation.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    assert_eq!(errors.map(|one| one.message.clone()).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(compilation.packages.len(), SCHEMAS.len());
    block_on(async {
        let mut db = session(&database().await).await;
        deploy_packages(&mut db, &compilation.packages, &mut |_| {}).await.unwrap();
        let failed = calls(&told(), "profiles", &mut db).await;
        db.close().await;
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    });
}
