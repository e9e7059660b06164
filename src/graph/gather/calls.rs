use std::collections::{BTreeMap, BTreeSet};

use super::{Labels, Places};
use crate::graph::{Edge, EdgeKind, Graph, Kind, Node, Role, Shape, Target};
use crate::hir::walk::{self, Node as Part};
use crate::hir::{
    Action, Callee, Origin, Program, RelationId, RelationSource, Schema, StatementKind, foreign,
};
use crate::language::{Name, Visibility};

/// The actions of the datasets that are wanted with the tables they touch, and the calls that begin or end at them.
pub(super) fn gather(program: &Program, labels: &Labels, wanted: &dyn Fn(&Schema) -> bool) -> Graph {
    let mut making = Making { program, labels, graph: Graph::new(Kind::Calls), places: Places::default() };
    for schema in program.schemas.iter().filter(|schema| wanted(schema)) {
        for action in schema.actions.iter().filter(|action| action.is_written()) {
            making.action(schema, action);
        }
    }
    for schema in &program.schemas {
        for action in schema.actions.iter().filter(|action| action.is_written()) {
            making.does(schema, action, wanted);
        }
    }
    making.sorted()
}

struct Making<'p> {
    program: &'p Program,
    labels: &'p Labels,
    graph: Graph,
    places: Places,
}

impl Making<'_> {
    fn action(&mut self, schema: &Schema, action: &Action) -> usize {
        let cluster = self.places.cluster(&mut self.graph, schema, self.labels);
        let foreign = action.origin == Origin::Foreign;
        let name = Name::new(foreign::declared_name(&action.name));
        let modifiers = &action.signature.modifiers;
        let role = Role {
            visibility: if foreign { Visibility::Private } else { modifiers.visibility },
            owner: modifiers.owner,
            view: modifiers.view && !foreign,
            foreign,
        };
        let node = Node {
            label: name.to_string(),
            target: Target::Action(schema.dbid.clone(), name),
            cluster: Some(cluster),
            shape: Shape::Action(role),
            doc: action.doc.clone(),
            link: None,
        };
        self.places.node(&mut self.graph, node)
    }

    fn table(&mut self, schema: &Schema, name: &Name) -> usize {
        let cluster = self.places.cluster(&mut self.graph, schema, self.labels);
        let node = Node {
            label: name.to_string(),
            target: Target::Table(schema.dbid.clone(), name.clone()),
            cluster: Some(cluster),
            shape: Shape::Table,
            doc: None,
            link: None,
        };
        self.places.node(&mut self.graph, node)
    }

    /// What a callee is drawn as: an action, or the function of an extern.
    fn callee(&mut self, callee: &Callee) -> Option<usize> {
        let schema = self.program.schema(&callee.dbid)?;
        let action = schema.action(&callee.action)?;
        let Some(target) = action.extern_target() else { return Some(self.action(schema, action)) };
        let node = Node {
            label: target.path(),
            target: Target::ExternFunction(target.name.clone(), target.function.clone()),
            cluster: None,
            shape: Shape::Extern,
            doc: None,
            link: None,
        };
        Some(self.places.node(&mut self.graph, node))
    }

    /// Adds what `action` does, if it is shown, and its calls of what is.
    fn does(&mut self, schema: &Schema, action: &Action, wanted: &dyn Fn(&Schema) -> bool) {
        let does = Does::of(action);
        let own = wanted(schema);
        let is_shown = |callee: &Callee| own || self.program.schema(&callee.dbid).is_some_and(wanted);
        let calls: Vec<_> = does.calls.into_iter().filter(|(callee, _)| is_shown(callee)).collect();
        if !own && calls.is_empty() {
            return;
        }
        let from = self.action(schema, action);
        for (callee, kind) in calls {
            if let Some(to) = self.callee(&callee) {
                self.graph.edges.push(Edge { from, to, kind });
            }
        }
        for (table, kind) in does.touches.into_iter().filter(|_| own) {
            let to = self.table(schema, &table);
            self.graph.edges.push(Edge { from, to, kind });
        }
    }

    /// The picture with each line once: two foreign procedures, or two externs, may have become one box.
    fn sorted(mut self) -> Graph {
        let key = |edge: &Edge| (edge.from, edge.to, edge.kind.clone());
        self.graph.edges.sort_by_key(key);
        self.graph.edges.dedup();
        self.graph
    }
}

/// What one action does by itself.
#[derive(Default)]
struct Does {
    calls: BTreeSet<(Callee, EdgeKind)>,
    touches: BTreeMap<Name, EdgeKind>,
}

impl Does {
    fn of(action: &Action) -> Does {
        let mut does = Does::default();
        let mut targets: BTreeSet<RelationId> = BTreeSet::new();
        walk::body(action, &mut |part| {
            if let Some(callee) = part.callee() {
                let spliced = matches!(part, Part::View(call) if call.spliced);
                does.calls.insert((callee.clone(), if spliced { EdgeKind::Splice } else { EdgeKind::Call }));
            }
            match part {
                Part::Statement(statement) => targets.extend(target(&statement.kind)),
                Part::Relation(id, relation) => {
                    if let RelationSource::Table(name) = &relation.source {
                        does.touch(name, targets.contains(&id));
                    }
                }
                _ => {}
            }
        });
        does
    }

    fn touch(&mut self, table: &Name, writes: bool) {
        let kind = self.touches.entry(table.clone()).or_insert(EdgeKind::Read);
        if writes {
            *kind = EdgeKind::Write;
        }
    }
}

/// The relation a statement writes to.
fn target(statement: &StatementKind) -> Option<RelationId> {
    match statement {
        StatementKind::Insert(insert) => Some(insert.target),
        StatementKind::Update(update) => Some(update.target),
        StatementKind::Delete(delete) => Some(delete.target),
        _ => None,
    }
}
