//! Floor 5: from files and their catalog to the checked [`Program`]: every name bound, every expression typed,
//! parameters and results inferred.

mod action;
mod again;
mod aggregate;
mod annotation;
mod argument;
mod array;
mod call;
mod cast;
mod coerce;
mod column;
mod control;
mod early;
mod env;
mod expression;
mod externs;
mod foreign;
mod function;
mod guard;
mod infer;
mod literal_argument;
mod operator;
mod order;
mod predicate;
mod problems;
mod query;
mod reads;
mod result;
mod scope;
mod statement;
mod testing;
mod variable;
mod write;

use std::collections::BTreeMap;

use crate::diagnostics::Sink;
use crate::hir::{Import, Program, Schema};
use crate::interface::{Dbid, Interface, Options};
use crate::language::Name;
use crate::resolve::{Catalog, SchemaItems};
use env::Env;
use externs::Externs;

pub use again::{Memory, check_again};

/// Checks every action of every schema, importees before importers and callees before callers. What is wrong is
/// reported and absorbed, so that one mistake gives one message.
pub fn check(catalog: Catalog<'_>, _options: &Options, sink: &mut Sink) -> Program {
    check_again(catalog, Program::default(), &mut Memory::default(), &|_| false, sink)
}

fn check_schema(
    items: &SchemaItems<'_>,
    interfaces: &BTreeMap<Dbid, Interface>,
    externs: &Externs,
    sink: &mut Sink,
) -> Schema {
    let order = order::callees_first(items);
    let mut env = Env::new(items, interfaces, externs, &order);
    let mut stubs: Vec<_> = items.foreign.iter().flat_map(|foreign| foreign::stubs(foreign, sink)).collect();
    stubs.extend(externs::stubs(items, externs));
    stubs.iter().for_each(|stub| env.learn(stub));
    let mut checked: BTreeMap<Name, crate::hir::Action> = BTreeMap::new();
    for name in &order.actions {
        if let Some(ast) = items.action(name) {
            let action = action::check(ast, &env, sink);
            env.learn(&action);
            checked.insert(name.clone(), action);
        }
    }
    let actions = items.actions.iter().filter_map(|item| checked.remove(&item.ast.name.name));
    let actions: Vec<_> = actions.chain(stubs).collect();
    let mut schema = Schema {
        source: items.source,
        name: items.name.clone(),
        dbid: items.dbid.clone(),
        imported: items.imported,
        imports: items.imports.iter().map(|import| pinned(import, interfaces)).collect(),
        externs: items.externs.clone(),
        tables: items.tables.clone(),
        actions,
        interface: Interface {
            name: items.name.clone(),
            dbid: items.dbid.clone(),
            actions: BTreeMap::new(),
            externs: BTreeMap::new(),
        },
        tests: Vec::new(),
    };
    order::settle_recursion(&mut schema);
    schema.interface.externs = externs::called(&schema);
    let own = schema.actions.iter().filter(|action| action.is_written());
    schema.interface.actions = own.map(|action| (action.name.clone(), action.signature.clone())).collect();
    schema.tests = items.tests.iter().flat_map(|file| testing::check(file, &env, sink)).collect();
    schema
}

/// The import with the hash of the interface it is checked against.
fn pinned(import: &Import, interfaces: &BTreeMap<Dbid, Interface>) -> Import {
    let interface_hash = interfaces.get(&import.dbid).map(Interface::hash).unwrap_or_default();
    Import { interface_hash, ..import.clone() }
}
