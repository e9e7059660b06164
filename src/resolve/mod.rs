//! Floor 4: from files to a [`Catalog`]: which schemas there are, what they import, and their tables. No action
//! bodies yet.

mod catalog;
mod externs;
mod foreign_key;
mod imports;
mod literal;
mod problems;
mod rename;
mod schema;
mod table;
mod testing;
mod units;

pub use catalog::{ActionItem, Catalog, ConfigEntry, Extern, SchemaItems};
pub use literal::{Misfit, fit, natural_type};

use crate::diagnostics::Sink;
use crate::interface::Options;
use crate::syntax::ast::Ast;

/// Declares everything the files contain: schemas in dependency order (importees first, ties by name), each with its
/// imports bound, its tables checked and its actions listed; and the externs that interface files declare. Files without
/// a name were reported by the parser and are left out.
pub fn declare<'a>(asts: &'a [Ast], options: &'a Options, sink: &mut Sink) -> Catalog<'a> {
    let named = units::named(asts, options, sink);
    let externs = externs::declare(asts, &named, sink);
    let ordered = imports::order(named, &externs, options, sink);
    let mut schemas: Vec<_> = ordered.into_iter().map(|unit| schema::declare(unit, sink)).collect();
    testing::attach(asts, &mut schemas, sink);
    Catalog { schemas, externs }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Options, Sources, check};

    #[test]
    fn a_schema_name_leaves_room_for_its_prefix() {
        for (bytes, fits) in [(60, true), (61, false)] {
            let mut sources = Sources::new();
            sources.add("x.kf", format!("database {}; table t {{ id int primary }}", "a".repeat(bytes)));
            let checked = check(&sources, &Options::default());
            let codes: Vec<Code> = checked.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, if fits { vec![] } else { vec![Code::NameTooLong] });
        }
    }
}
