//! Who calls whom in a program.

use std::collections::BTreeMap;

use crate::hir::foreign::declared_name;
use crate::hir::walk::{self, Node as HirNode};
use crate::hir::{Action, Callee, Program, Schema};
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::Span;

/// The graph of calls.
pub(super) struct Calls<'a> {
    /// Every action, in the order of the program.
    pub nodes: Vec<Node<'a>>,
    /// Indexes of `nodes`, callees before callers but for calls that close a cycle.
    pub callees_first: Vec<usize>,
    index: Index<'a>,
}

/// Where an action is in [`Calls::nodes`].
type Index<'a> = BTreeMap<(&'a Dbid, &'a Name), usize>;

/// An action.
pub(super) struct Node<'a> {
    pub schema: &'a Schema,
    pub action: &'a Action,
    /// In source order.
    pub calls: Vec<Call>,
}

/// A call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Call {
    /// Index of the callee.
    pub to: usize,
    pub how: How,
    pub span: Span,
}

/// A call as it is written, whoever else there is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written {
    callee: Callee,
    how: How,
    span: Span,
}

/// The calls of each action of a schema, in source order.
pub(super) type OfSchema = Vec<Vec<Written>>;

/// How an action is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// As a statement, or where a value stands.
    Value,
    /// A view as a relation, by its function.
    Rows,
    /// A view as a relation, its query put in the place of the call: nothing is called.
    Spliced,
}

impl<'a> Calls<'a> {
    /// The graph of `program`, whose schemas call what `written` says of them.
    pub fn of(program: &'a Program, written: &BTreeMap<Dbid, OfSchema>) -> Calls<'a> {
        let mut nodes: Vec<Node<'a>> = Vec::new();
        let mut index: Index<'a> = BTreeMap::new();
        for schema in &program.schemas {
            for action in &schema.actions {
                index.insert((&schema.dbid, &action.name), nodes.len());
                nodes.push(Node { schema, action, calls: Vec::new() });
            }
        }
        let mut left = nodes.iter_mut();
        for schema in &program.schemas {
            let calls = written.get(&schema.dbid).into_iter().flatten();
            for (node, calls) in left.by_ref().take(schema.actions.len()).zip(calls) {
                node.calls = calls.iter().filter_map(|call| call.found(&index)).collect();
            }
        }
        let callees_first = callees_first(&nodes);
        Calls { nodes, callees_first, index }
    }

    /// Where in `nodes` the action is that a call means.
    pub fn position(&self, callee: &Callee) -> Option<usize> {
        self.index.get(&(&callee.dbid, &callee.action)).copied()
    }

    /// The action a call means.
    pub fn action(&self, callee: &Callee) -> Option<&'a Action> {
        self.position(callee).and_then(|position| self.nodes.get(position)).map(|node| node.action)
    }
}

impl Written {
    fn found(&self, index: &Index<'_>) -> Option<Call> {
        let to = *index.get(&(&self.callee.dbid, &self.callee.action))?;
        Some(Call { to, how: self.how, span: self.span })
    }
}

/// What the actions of a schema call.
pub(super) fn written(schema: &Schema) -> OfSchema {
    schema.actions.iter().map(calls_of).collect()
}

fn calls_of(action: &Action) -> Vec<Written> {
    let mut calls = Vec::new();
    let mut add = |callee: &Callee, how: How, span: Span| {
        calls.push(Written { callee: callee.clone(), how, span });
    };
    walk::body(action, &mut |node| {
        let Some(callee) = node.callee() else { return };
        match node {
            HirNode::Statement(statement) => add(callee, How::Value, statement.span),
            HirNode::View(view) => {
                add(callee, if view.spliced { How::Spliced } else { How::Rows }, view.span);
            }
            HirNode::Expr(expr) => add(callee, How::Value, expr.span),
            _ => {}
        }
    });
    calls
}

/// Depth-first with a stack of its own: a program may have chains of thousands.
fn callees_first(nodes: &[Node<'_>]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut entered = vec![false; nodes.len()];
    let mut enter =
        |index: usize| entered.get_mut(index).is_some_and(|entered| !std::mem::replace(entered, true));
    for root in 0..nodes.len() {
        if !enter(root) {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some((index, next)) = path.last_mut() {
            let callee = nodes.get(*index).and_then(|node| node.calls.get(*next)).map(|call| call.to);
            *next += 1;
            match callee {
                Some(callee) if enter(callee) => path.push((callee, 0)),
                Some(_) => {}
                None => {
                    order.push(*index);
                    path.pop();
                }
            }
        }
    }
    order
}

/// The name of an action as an author of `schema` writes it: behind the import's alias where it is another schema's.
pub(super) fn name_from(schema: &Schema, dbid: &Dbid, action: &Name, program: &Program) -> String {
    if schema.dbid == *dbid {
        return declared_name(action).to_owned();
    }
    let alias = schema.imports.iter().find(|import| import.dbid == *dbid).map(|import| &import.alias);
    let name = alias.or_else(|| program.schema(dbid).map(|schema| &schema.name));
    name.map_or_else(|| action.to_string(), |name| format!("{name}.{action}"))
}
