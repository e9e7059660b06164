//! What compilers of this family got wrong, each by a test that is named after what is right.

mod checked;
mod control;
mod order;
mod safety;
mod values;

use crate::support::calls::calls;
use crate::support::programs::{compilation, errors, packages};
use crate::support::{block_on, database, session};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;

/// Who owns the schemas of these tests.
const OWNER: &str = "0x0a";

/// A database with the schema `x`, whose items are given.
async fn deployed(items: &str) -> Session {
    let mut db = session(&database().await).await;
    let text = format!("database x;\n{items}");
    deploy_packages(&mut db, &packages(&[&text], Some(OWNER)), &mut |_| {}).await.unwrap();
    db
}

/// The calls written among the items give what they say.
fn holds(items: &str) {
    block_on(async {
        let mut db = deployed(items).await;
        let failed = calls(items, "x", &mut db).await;
        db.close().await;
        assert!(items.contains("//> call "), "nothing is called");
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    });
}

/// The items are refused with these codes.
fn refused(items: &str, codes: &[&str]) {
    let compilation = compilation(&[&format!("database x;\n{items}")], Some(OWNER));
    assert_eq!(errors(&compilation), codes, "{:#?}", compilation.diagnostics);
}

/// The SQL of the schema.
fn sql(items: &str) -> String {
    packages(&[&format!("database x;\n{items}")], Some(OWNER)).iter().map(|package| package.sql()).collect()
}
