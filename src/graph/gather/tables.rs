use super::{Labels, Places};
use crate::graph::{Edge, EdgeKind, Graph, Kind, Node, Row, Shape, Target};
use crate::hir::{ForeignKey, Program, Schema, Table};
use crate::language::Name;

/// The tables of the datasets that are wanted, and their foreign keys.
pub(super) fn gather(program: &Program, labels: &Labels, wanted: &dyn Fn(&Schema) -> bool) -> Graph {
    let mut graph = Graph::new(Kind::Tables);
    let mut places = Places::default();
    for schema in program.schemas.iter().filter(|schema| wanted(schema)) {
        for table in &schema.tables {
            let cluster = places.cluster(&mut graph, schema, labels);
            places.node(&mut graph, node(schema, table, cluster));
        }
        for table in &schema.tables {
            graph.edges.extend(table.foreign_keys.iter().filter_map(|key| edge(schema, table, key, &places)));
        }
    }
    graph
}

fn node(schema: &Schema, table: &Table, cluster: usize) -> Node {
    Node {
        label: table.name.to_string(),
        target: Target::Table(schema.dbid.clone(), table.name.clone()),
        cluster: Some(cluster),
        shape: Shape::Columns((0..table.columns.len()).filter_map(|index| row(table, index)).collect()),
        doc: None,
        link: None,
    }
}

fn row(table: &Table, index: usize) -> Option<Row> {
    let column = table.columns.get(index)?;
    let alone = |columns: &[usize]| columns == [index];
    Some(Row {
        name: column.name.to_string(),
        ty: column.ty.to_string(),
        nullable: column.nullable,
        primary: table.primary_key.contains(&index),
        foreign: table.foreign_keys.iter().any(|key| key.columns.contains(&index)),
        unique: table.indexes.iter().any(|it| it.unique && alone(&it.columns)),
    })
}

fn edge(schema: &Schema, table: &Table, key: &ForeignKey, places: &Places) -> Option<Edge> {
    let place = |name| places.nodes.get(&Target::Table(schema.dbid.clone(), name)).copied();
    let parent = schema.table(&key.parent)?;
    let position = |name: &Name| parent.columns.iter().position(|column| column.name == *name);
    let nullable = |index: &usize| table.columns.get(*index).is_some_and(|column| column.nullable);
    // A null in a unique index refers to nothing, so nullable ones make children single too.
    let unique = table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice());
    let mut keys = std::iter::once(table.primary_key.as_slice()).chain(unique);
    let within =
        |columns: &[usize]| !columns.is_empty() && columns.iter().all(|column| key.columns.contains(column));
    let kind = EdgeKind::ForeignKey {
        columns: key.columns.clone(),
        parent_columns: key.parent_columns.iter().filter_map(position).collect(),
        optional: key.columns.iter().any(nullable),
        single: keys.any(within),
    };
    Some(Edge { from: place(table.name.clone())?, to: place(key.parent.clone())?, kind })
}
