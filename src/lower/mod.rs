//! Floor 7: from the checked program to PostgreSQL. Reports nothing: a program with errors does not come here.

mod action;
mod assign;
mod call;
mod collation;
mod compose;
mod context;
mod control;
mod cover;
mod expose;
mod expression;
mod externs;
mod facts;
mod filled;
mod first_row;
mod foreign;
mod frame;
mod from;
mod literal;
mod locals;
mod meter;
mod names;
mod operator;
mod optional;
mod order;
mod ordering;
mod package;
mod query;
mod range;
mod receive;
mod result;
mod statement;
pub mod table;
mod table_data;
mod testing;
mod ties;
mod ty;
mod window;
mod write;

use std::collections::BTreeMap;

use crate::hir::{Program, Schema};
use crate::interface::{Dbid, Options, Point, Profile, Table};
use crate::language::Name;
use crate::{pg, source};

pub use expose::expose;
pub use externs::installed;
pub use facts::Facts;
pub use package::package;
pub use testing::{HIT, TOLD, points, tests};
pub use ty::cast_type;

/// The name PostgreSQL keeps of a function for gateways that should be called `name`.
pub fn exposed_name(name: &str) -> String {
    names::exposed(name).as_str().to_owned()
}

/// The tables of a schema as data, without lines.
pub fn tables(schema: &Schema) -> Vec<Table> {
    table_data::tables(schema, &|_| 0)
}

/// One schema as PostgreSQL will know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dataset {
    /// Which.
    pub dbid: Dbid,
    /// What is created, in the order it is: schema, tables, indexes, foreign keys, functions (callees first), grants.
    pub items: Vec<pg::Item>,
    /// What each action was seen to do.
    pub facts: BTreeMap<Name, Facts>,
    /// The actions, in the order of their functions.
    pub order: Vec<Name>,
    /// What the functions tell that they come through, without lines; nothing unless that was asked for.
    pub points: Vec<Point>,
}

/// Lowers every schema of a program that is not only imported, in the program's order.
pub fn lower(program: &Program, options: &Options) -> Vec<Dataset> {
    source::roomy(|| program.emitted().map(|schema| dataset(program, schema, options)).collect())
}

fn dataset(program: &Program, schema: &Schema, options: &Options) -> Dataset {
    let mut facts = BTreeMap::new();
    let mut functions = BTreeMap::new();
    for it in schema.actions.iter().filter(|it| it.is_written()) {
        let unit = frame::Unit::new(program, options, it);
        functions.insert(it.name.clone(), action::function(&unit, schema, it));
        facts.insert(it.name.clone(), unit.facts.into_inner());
    }
    for (name, stub) in foreign::functions(schema, &facts) {
        functions.insert(name.clone(), stub);
        facts.insert(name, Facts::default());
    }
    let mut points = Vec::new();
    for it in schema.actions.iter().filter(|_| options.coverage) {
        let function = functions.get_mut(&it.name).filter(|_| it.is_written());
        points.extend(function.map(|function| cover::cover(function, &schema.dbid, it)).unwrap_or_default());
    }
    if options.profile == Profile::Metered {
        functions.values_mut().for_each(meter::meter);
    }
    let order = order::callees_first(&schema.dbid, &facts);
    let mut items = vec![pg::Item::Schema(pg::Schema { name: names::schema(&schema.dbid) })];
    items.extend(table::items(&schema.dbid, &tables(schema)));
    let views = order.iter().filter(|name| is_view(schema, name));
    let readers = action::readers(schema, views.filter_map(|name| functions.get(name)));
    items.extend(order.iter().filter_map(|name| functions.remove(name)).map(pg::Item::Function));
    items.extend(readers.map(pg::Item::Readers));
    let granted = order.iter().filter_map(|name| schema.action(name));
    items.extend(granted.filter_map(|it| action::grant(schema, it)).map(pg::Item::Grant));
    Dataset { dbid: schema.dbid.clone(), items, facts, order, points }
}

fn is_view(schema: &Schema, name: &Name) -> bool {
    schema.action(name).is_some_and(|action| action.signature.modifiers.view)
}
