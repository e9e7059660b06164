use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Dataset, lower, table_data};
use crate::hir::{Program, Schema};
use crate::interface::{
    ActionManifest, BodyLine, Dbid, Determinism, Manifest, Options, Package, Signature, Statement,
    StatementKind,
};
use crate::language::Name;
use crate::pg::{Item, print};
use crate::source::{Source, Sources, Span, Unit};

/// Lowers and prints a program: one package for each schema that is not only imported, in the program's order.
pub fn package(program: &Program, sources: &Sources, options: &Options) -> Vec<Package> {
    let datasets = lower(program, options);
    let made = program.emitted().zip(&datasets);
    made.map(|(schema, dataset)| one(program, schema, dataset, sources.get(schema.source), options)).collect()
}

fn one(
    program: &Program,
    schema: &Schema,
    dataset: &Dataset,
    source: Option<&Source>,
    options: &Options,
) -> Package {
    let mut actions = dataset.order.iter();
    let mut hashes = BTreeMap::new();
    let mut statements = Vec::new();
    for item in &dataset.items {
        let (kind, name) = identity(item, &mut actions);
        let printed = print::item(item);
        if kind == StatementKind::Function {
            hashes.insert(Name::new(&name), hex::encode(Sha256::digest(&printed.text)));
        }
        let lines = printed.lines.iter().filter_map(|(at, span)| body_line(schema, source?, *at, *span));
        let lines = lines.collect();
        let line = match item {
            Item::Function(function) => line(source, function.span),
            _ => 0,
        };
        statements.push(Statement { kind, name, object: printed.object, sql: printed.text, line, lines });
    }
    let mut package = Package {
        interface: schema.interface.clone(),
        manifest: Manifest { relies: relies(program, schema, dataset), ..manifest(schema, dataset, hashes) },
        owner: options.owner.clone(),
        profile: options.profile,
        path: source.map(|source| source.path.clone()).unwrap_or_default(),
        source: source.map(|source| source.text.clone()).unwrap_or_default(),
        tables: table_data::tables(schema, &|span| line(source, span)),
        statements,
    };
    if let Some(exposure) = &options.expose {
        package.manifest.expose = Some(exposure.of(&schema.name));
    }
    super::expose(&mut package);
    package
}

fn line(source: Option<&Source>, span: Span) -> u32 {
    source.map_or(0, |source| source.lines.place(&source.text, span.start as usize, Unit::Chars).line)
}

/// What a statement makes. Functions are named by their actions, whose order they are in.
fn identity<'a>(item: &Item, actions: &mut impl Iterator<Item = &'a Name>) -> (StatementKind, String) {
    let named = |ident: &crate::pg::Ident| ident.as_str().to_owned();
    match item {
        Item::Schema(schema) => (StatementKind::Schema, named(&schema.name)),
        Item::Table(table) => (StatementKind::Table, named(&table.name.name)),
        Item::Index(index) => (StatementKind::Index, named(&index.name)),
        Item::ForeignKey(key) => (StatementKind::ForeignKey, named(&key.name)),
        Item::Function(_) => {
            (StatementKind::Function, actions.next().map(Name::to_string).unwrap_or_default())
        }
        Item::Readers(readers) => (StatementKind::Owner, named(&readers.schema)),
        Item::Grant(grant) => (StatementKind::Grant, named(&grant.function.name)),
        Item::SharedSchema(schema) => (StatementKind::ApiSchema, named(&schema.name)),
        Item::Wrapper(wrapper) => (StatementKind::ApiFunction, named(&wrapper.function.name.name)),
    }
}

fn body_line(schema: &Schema, source: &Source, body: u32, span: Span) -> Option<BodyLine> {
    if span.source != schema.source {
        return None;
    }
    let place = source.lines.place(&source.text, span.start as usize, Unit::Chars);
    Some(BodyLine { body, line: place.line, column: place.column, start: span.start, end: span.end })
}

fn manifest(schema: &Schema, dataset: &Dataset, mut hashes: BTreeMap<Name, String>) -> Manifest {
    let imports = schema.imports.iter().map(|it| (it.dbid.clone(), it.interface_hash.clone())).collect();
    let action = |(name, facts): (&Name, &super::Facts)| {
        let manifest = ActionManifest {
            reads: facts.reads(),
            writes: facts.writes(),
            calls: facts.calls.clone(),
            externs: facts.externs.keys().cloned().collect(),
            determinism: facts.determinism.unwrap_or(Determinism::Single),
            doc: schema.action(name).and_then(|action| action.doc.clone()),
            hash: hashes.remove(name).unwrap_or_default(),
        };
        (name.clone(), manifest)
    };
    Manifest {
        name: schema.name.clone(),
        dbid: schema.dbid.clone(),
        interface: schema.interface.hash(),
        imports,
        relies: BTreeMap::new(),
        extern_files: BTreeMap::new(),
        aliases: schema.imports.iter().map(|it| (it.alias.clone(), it.dbid.clone())).collect(),
        externs: dataset.facts.values().flat_map(|facts| facts.externs.clone()).collect(),
        actions: dataset.facts.iter().map(action).collect(),
        expose: None,
    }
}

/// The actions of direct imports that are called or spliced, with the hashes of their signatures.
fn relies(program: &Program, schema: &Schema, dataset: &Dataset) -> BTreeMap<Dbid, BTreeMap<Name, String>> {
    let mut relies: BTreeMap<Dbid, BTreeMap<Name, String>> = BTreeMap::new();
    let calls = dataset.facts.values().flat_map(|facts| &facts.calls);
    for call in calls.filter(|call| schema.imports.iter().any(|import| import.dbid == call.dataset)) {
        let signature = program.action(&call.dataset, &call.action).map(|action| &action.signature);
        let hash = signature.map(Signature::hash).unwrap_or_default();
        relies.entry(call.dataset.clone()).or_default().insert(call.action.clone(), hash);
    }
    relies
}
