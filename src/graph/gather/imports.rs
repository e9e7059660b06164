use std::collections::BTreeSet;

use super::{Labels, Places};
use crate::graph::{Edge, EdgeKind, Graph, Kind, Node, Shape, Target};
use crate::hir::{ExternUse, Program, Schema};
use crate::interface::Dbid;
use crate::language::Name;

/// The datasets that are wanted, all they import, directly or not, all that import them, and the externs of all of them.
pub(super) fn gather(program: &Program, labels: &Labels, wanted: &dyn Fn(&Schema) -> bool) -> Graph {
    let shown = shown(program, wanted);
    let mut graph = Graph::new(Kind::Imports);
    let mut places = Places::default();
    let schemas = || program.schemas.iter().filter(|schema| shown.contains(&schema.dbid));
    for schema in schemas() {
        places.node(&mut graph, dataset(schema, labels));
    }
    for schema in schemas() {
        let Some(from) = places.nodes.get(&Target::Dataset(schema.dbid.clone())).copied() else { continue };
        for import in &schema.imports {
            let Some(to) = places.nodes.get(&Target::Dataset(import.dbid.clone())) else { continue };
            let name = program.schema(&import.dbid).map(|schema| &schema.name);
            graph.edges.push(Edge { from, to: *to, kind: named(&import.alias, name) });
        }
        for used in &schema.externs {
            let to = places.node(&mut graph, outside(used));
            graph.edges.push(Edge { from, to, kind: named(&used.alias, Some(&used.name)) });
        }
    }
    graph
}

/// What is wanted, with all at either end of its imports. Importees come before importers, so one pass each way is enough.
fn shown(program: &Program, wanted: &dyn Fn(&Schema) -> bool) -> BTreeSet<Dbid> {
    let chosen: BTreeSet<Dbid> =
        program.schemas.iter().filter(|it| wanted(it)).map(|it| it.dbid.clone()).collect();
    let (mut below, mut above) = (chosen.clone(), chosen);
    for schema in program.schemas.iter().rev() {
        if below.contains(&schema.dbid) {
            below.extend(schema.imports.iter().map(|import| import.dbid.clone()));
        }
    }
    for schema in &program.schemas {
        if schema.imports.iter().any(|import| above.contains(&import.dbid)) {
            above.insert(schema.dbid.clone());
        }
    }
    below.extend(above);
    below
}

fn dataset(schema: &Schema, labels: &Labels) -> Node {
    Node {
        label: labels.get(&schema.dbid),
        target: Target::Dataset(schema.dbid.clone()),
        cluster: None,
        shape: Shape::Dataset {
            tables: schema.tables.len(),
            actions: schema.actions.iter().filter(|action| action.is_written()).count(),
            imported: schema.imported,
        },
        doc: None,
        link: None,
    }
}

fn outside(used: &ExternUse) -> Node {
    Node {
        label: used.name.to_string(),
        target: Target::Extern(used.name.clone()),
        cluster: None,
        shape: Shape::Extern,
        doc: None,
        link: None,
    }
}

fn named(alias: &Name, name: Option<&Name>) -> EdgeKind {
    EdgeKind::Import((name != Some(alias)).then(|| alias.to_string()))
}
