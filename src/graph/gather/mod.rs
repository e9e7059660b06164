//! From a program to what a picture of it shows.

mod calls;
mod imports;
mod tables;

use std::collections::BTreeMap;

use super::{Graph, Kind, Target};
use crate::hir::{Program, Schema};
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::roomy;

/// The picture of `program`, or of the dataset that is called `only` or has it as its DBID, with its neighbours. Empty if
/// there is none of that name. The same program gives the same picture.
pub fn of(program: &Program, kind: Kind, only: Option<&str>) -> Graph {
    about(program, kind, &|schema| only.is_none_or(|only| is_called(schema, only)))
}

/// True if `name` is what the schema is called, or its DBID.
pub fn is_called(schema: &Schema, name: &str) -> bool {
    schema.name == Name::new(name) || schema.dbid.as_str() == name
}

/// The picture of the datasets that are `wanted`. Tables are theirs; calls and imports are those that begin or end at them,
/// with what is at the other end.
pub fn about(program: &Program, kind: Kind, wanted: &dyn Fn(&Schema) -> bool) -> Graph {
    let labels = Labels::of(program);
    roomy(|| match kind {
        Kind::Tables => tables::gather(program, &labels, wanted),
        Kind::Calls => calls::gather(program, &labels, wanted),
        Kind::Imports => imports::gather(program, &labels, wanted),
    })
}

/// What datasets are called in pictures: by their names, and where two share one, by the beginnings of their DBIDs too.
struct Labels(BTreeMap<Dbid, String>);

/// How many characters of a DBID are shown.
const SHOWN: usize = 9;

impl Labels {
    fn of(program: &Program) -> Labels {
        let mut named: BTreeMap<&Name, usize> = BTreeMap::new();
        for schema in &program.schemas {
            *named.entry(&schema.name).or_default() += 1;
        }
        let label = |schema: &Schema| match named.get(&schema.name) {
            Some(2..) => {
                let dbid: String = schema.dbid.as_str().chars().take(SHOWN).collect();
                format!("{} ({dbid})", schema.name)
            }
            _ => schema.name.to_string(),
        };
        Labels(program.schemas.iter().map(|schema| (schema.dbid.clone(), label(schema))).collect())
    }

    fn get(&self, dbid: &Dbid) -> String {
        self.0.get(dbid).cloned().unwrap_or_else(|| dbid.as_str().to_owned())
    }
}

/// Where the boxes and frames of a picture are, by what they stand for.
#[derive(Default)]
struct Places {
    nodes: BTreeMap<Target, usize>,
    clusters: BTreeMap<Dbid, usize>,
}

impl Places {
    /// The frame of `schema`, made when it is first asked for.
    fn cluster(&mut self, graph: &mut Graph, schema: &Schema, labels: &Labels) -> usize {
        *self.clusters.entry(schema.dbid.clone()).or_insert_with(|| {
            graph.clusters.push(super::Cluster {
                label: labels.get(&schema.dbid),
                target: Target::Dataset(schema.dbid.clone()),
                imported: schema.imported,
                link: None,
            });
            graph.clusters.len() - 1
        })
    }

    /// The box of `node.target`, made when there is none.
    fn node(&mut self, graph: &mut Graph, node: super::Node) -> usize {
        *self.nodes.entry(node.target.clone()).or_insert_with(|| {
            graph.nodes.push(node);
            graph.nodes.len() - 1
        })
    }
}
