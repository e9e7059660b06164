//! What of the language a program has: the programs of a run have to have everything that `names` lists.

use std::collections::BTreeSet;

use kuneiform::hir::walk::{self, Node};
use kuneiform::hir::{
    Action, BinaryOp, Body, ConflictAction, Expr, ExprKind, FromKind, FunctionCall, Insert, InsertSource,
    OrderBy, OrderKey, Origin, Program, Query, RelationSource, Select, StatementKind, Table, Window,
};
use kuneiform::language::functions::{self, Kind};

use crate::names::{
    all, bound, check, class, common, expression, join, operation, referential, relation, shown, statement,
    unit,
};

/// What was never seen.
pub fn missing(seen: &BTreeSet<String>) -> Vec<String> {
    all().difference(seen).cloned().collect()
}

/// Adds what a program has.
pub fn note(program: &Program, seen: &mut BTreeSet<String>) {
    for schema in &program.schemas {
        for table in &schema.tables {
            note_table(table, &mut |name| seen.extend([name]));
        }
        for action in &schema.actions {
            let mut note = |name: String| seen.extend([name]);
            note_action(action, &mut note);
            walk::body(action, &mut |node| note_node(action, node, &mut note));
            walk::body(action, &mut |node| {
                let Some(callee) = node.callee() else { return };
                let called = program.action(&callee.dbid, &callee.action);
                note_if(&mut note, callee.dbid != schema.dbid, "call of an import");
                let is_foreign = called.is_some_and(|action| action.origin == Origin::Foreign);
                note_if(&mut note, is_foreign, "call of a foreign procedure");
            });
        }
    }
}

type Note<'n> = &'n mut dyn FnMut(String);

fn note_if(note: Note<'_>, condition: bool, name: &str) {
    if condition {
        note(name.to_owned());
    }
}

fn note_table(table: &Table, note: Note<'_>) {
    note_if(note, table.primary_key.len() > 1, "composite key");
    for column in &table.columns {
        note(format!("column of type {}", column.ty));
        column.checks.iter().for_each(|it| note(check(it).to_owned()));
        note_if(note, column.default.is_some(), "default");
        note_if(note, !column.nullable, "not null");
    }
    for index in &table.indexes {
        note_if(note, index.unique, "unique");
        note_if(note, index.unique && index.columns.len() > 1, "unique of two columns");
        note_if(note, !index.unique, "index");
    }
    for key in &table.foreign_keys {
        note_if(note, key.columns.len() > 1, "foreign key of two columns");
        note_if(note, key.parent == table.name, "foreign key to its own table");
        key.actions.on_delete.iter().for_each(|it| note(format!("on delete {}", referential(it))));
        key.actions.on_update.iter().for_each(|it| note(format!("on update {}", referential(it))));
    }
}

fn note_action(action: &Action, note: Note<'_>) {
    let modifiers = action.signature.modifiers;
    let (owner, view) =
        (if modifiers.owner { " owner" } else { "" }, if modifiers.view { " view" } else { "" });
    note(format!("action {}{owner}{view}", modifiers.visibility.word()));
    note_if(note, action.recursive, "recursive action");
    for parameter in &action.locals[..action.parameters] {
        note(format!("parameter of type {}", parameter.ty));
        note_if(note, parameter.default.is_some(), "default of a parameter");
    }
    action
        .signature
        .returns
        .columns()
        .iter()
        .for_each(|column| note(format!("result of type {}", column.ty)));
}

fn note_node(action: &Action, node: Node<'_>, note: Note<'_>) {
    match node {
        Node::Statement(it) => {
            note(statement(&it.kind).to_owned());
            note_write(&it.kind, it.is_result, note);
        }
        Node::Query(query) => note_query(query, note),
        Node::Select(select) => note_select(select, note),
        Node::From(from) => {
            if let FromKind::Join { kind, .. } = &from.kind {
                note(join(kind).to_owned());
            }
        }
        Node::Relation(_, it) => {
            note(relation(&it.source).to_owned());
            if let RelationSource::Unnest { arrays, .. } = &it.source {
                let function = functions::all().find(|it| it.kind == Kind::Rows).expect("unnest");
                note(format!("{} with {}", shown(function), arrays.len()));
            }
        }
        Node::Cte(_, cte) => note(common(&(&cte.source, cte.recursive)).to_owned()),
        Node::View(_) => {}
        Node::Expr(expr) => note_expression(action, expr, note),
    }
}

fn note_write(kind: &StatementKind, is_result: bool, note: Note<'_>) {
    let (ctes, returning, words) = match kind {
        StatementKind::Insert(insert) => {
            note_insert(insert, note);
            (&insert.ctes, &insert.returning, "RETURNING of INSERT")
        }
        StatementKind::Update(update) => {
            note_if(note, update.from.is_some(), "UPDATE FROM");
            (&update.ctes, &update.returning, "RETURNING of UPDATE")
        }
        StatementKind::Delete(delete) => (&delete.ctes, &delete.returning, "RETURNING of DELETE"),
        _ => return,
    };
    note_if(note, !ctes.is_empty(), "WITH of a write");
    note_if(note, !returning.is_empty(), words);
    note_if(note, !returning.is_empty() && is_result, "rows of RETURNING as a result");
}

fn note_insert(insert: &Insert, note: Note<'_>) {
    match &insert.source {
        InsertSource::Values(rows) => note_if(note, rows.len() > 1, "several rows of VALUES"),
        InsertSource::Query(_) => note("INSERT of a query".to_owned()),
    }
    match insert.conflict.as_ref().map(|conflict| (&conflict.action, conflict.arbiter.is_empty())) {
        None => {}
        Some((ConflictAction::Nothing, true)) => note("ON CONFLICT DO NOTHING".to_owned()),
        Some((ConflictAction::Nothing, false)) => note("ON CONFLICT (key) DO NOTHING".to_owned()),
        Some((ConflictAction::Update { filter, .. }, _)) => {
            note("ON CONFLICT DO UPDATE".to_owned());
            note_if(note, filter.is_some(), "ON CONFLICT DO UPDATE WHERE");
        }
    }
}

fn note_query(query: &Query, note: Note<'_>) {
    if let Body::Operation { operator, all, .. } = &query.body {
        note(operation(&(*operator, *all)).to_owned());
    }
    note_if(note, !query.ctes.is_empty(), "WITH");
    note_if(note, query.recursive, "WITH RECURSIVE");
    note_if(note, query.limit.is_some(), "LIMIT");
    note_if(note, query.offset.is_some(), "OFFSET");
    query.order_by.iter().for_each(|key| note_order(key, note));
}

fn note_order(key: &OrderBy, note: Note<'_>) {
    note(if key.descending { "ORDER BY DESC" } else { "ORDER BY ASC" }.to_owned());
    note_if(note, key.nulls_first == Some(true), "NULLS FIRST");
    note_if(note, key.nulls_first == Some(false), "NULLS LAST");
    match &key.key {
        OrderKey::Output(_) => note("ORDER BY output".to_owned()),
        OrderKey::Expr(_) => note("ORDER BY expression".to_owned()),
    }
}

fn note_select(select: &Select, note: Note<'_>) {
    note_if(note, select.from.is_none(), "FROM-less SELECT");
    note_if(note, select.filter.is_some(), "WHERE");
    note_if(note, select.distinct, "DISTINCT");
    note_if(note, !select.group_by.is_empty(), "GROUP BY");
    note_if(note, select.having.is_some(), "HAVING");
    note_if(note, select.grouped && select.group_by.is_empty(), "aggregate without GROUP BY");
}

fn note_expression(_action: &Action, expr: &Expr, note: Note<'_>) {
    note(expression(&expr.kind).to_owned());
    match &expr.kind {
        ExprKind::Binary { operator, left, .. } => {
            let sign = if *operator == BinaryOp::NotEqual { "<>" } else { operator.sign() };
            note(format!("{} {sign}", class(&left.ty)));
        }
        ExprKind::Cast(operand) => {
            note(format!("cast of {} to {}", class(&operand.ty), class(&expr.ty)));
        }
        ExprKind::Function(call) => note_call(call, note),
        _ => {}
    }
}

fn note_call(call: &FunctionCall, note: Note<'_>) {
    let shown = shown(call.function);
    note(format!("{shown} with {}", call.arguments.len()));
    note_if(note, call.distinct, &format!("{shown} DISTINCT"));
    note_if(note, !call.order_by.is_empty(), &format!("{shown} ORDER BY"));
    note_if(note, call.filter.is_some(), &format!("{shown} FILTER"));
    note_if(note, call.over.is_some(), &format!("{shown} OVER"));
    note_if(note, call.over.is_some() && call.filter.is_some(), &format!("{shown} FILTER OVER"));
    let Some(Window { partition_by, order_by, frame }) = &call.over else { return };
    note_if(note, !partition_by.is_empty(), "PARTITION BY");
    note_if(note, !order_by.is_empty(), "window ORDER BY");
    if let Some(frame) = frame {
        note("window frame".to_owned());
        note(unit(&frame.unit).to_owned());
        [Some(&frame.start), frame.end.as_ref()]
            .into_iter()
            .flatten()
            .for_each(|it| note(bound(it).to_owned()));
    }
}
