//! Externs: what interface files declare, and what a `use` makes of it.

use std::collections::BTreeMap;

use super::schema::{Names, limit};
use super::units::Unit;
use super::{ConfigEntry, Extern, Misfit, fit, problems};
use crate::diagnostics::Sink;
use crate::hir::{ConfigValue, ExternUse, Literal};
use crate::language::{Name, Type, limits};
use crate::syntax::ast::{self, Ast, Use, UseTarget};

/// The externs of all interface files, the first of each name. They share one space of names with the
/// `schemas` to be emitted.
pub(super) fn declare<'a>(
    asts: &'a [Ast],
    schemas: &[Unit<'a>],
    sink: &mut Sink,
) -> BTreeMap<Name, Extern<'a>> {
    let mut names = Names::default();
    for unit in schemas.iter().filter(|unit| unit.imported.is_none()) {
        names.take("schema", unit.name, sink);
    }
    let mut externs = BTreeMap::new();
    for written in asts.iter().filter_map(|ast| ast.interface.as_ref()) {
        let declared = one(written, sink);
        if names.take("extern", &written.name, sink) {
            externs.insert(declared.name.clone(), declared);
        }
    }
    externs
}

fn one<'a>(written: &'a ast::Extern, sink: &mut Sink) -> Extern<'a> {
    let mut entries = Names::default();
    let mut config = Vec::new();
    for entry in &written.config {
        if entries.take("config", &entry.name, sink) {
            config.push(config_entry(entry, sink));
        }
    }
    let mut names = Names::default();
    let mut functions = Vec::new();
    for function in &written.functions {
        if names.take("function", &function.name, sink) {
            let parameters = config.len() + function.parameters.len();
            limit("parameters", parameters, limits::PARAMETERS, function.name.span, sink);
            functions.push(function);
        }
    }
    Extern {
        name: written.name.name.clone(),
        schema: written.schema.as_ref().unwrap_or(&written.name).name.clone(),
        config,
        functions,
        span: written.name.span,
    }
}

fn config_entry(entry: &ast::ConfigEntry, sink: &mut Sink) -> ConfigEntry {
    ConfigEntry {
        name: entry.name.name.clone(),
        ty: entry.ty.ty.clone(),
        default: entry.default.as_ref().map(|literal| value(literal, &entry.ty.ty, sink)),
        span: entry.span,
    }
}

/// What a `use` binds, if it means an extern.
pub(super) fn bind(import: &Use, externs: &BTreeMap<Name, Extern<'_>>, sink: &mut Sink) -> Option<ExternUse> {
    let UseTarget::Network(name) = &import.target else { return None };
    let found = externs.get(&name.name)?;
    let given = import.config.as_ref().map(|config| config.entries.as_slice()).unwrap_or_default();
    let mut misspelt = false;
    for (key, _) in given.iter().filter(|(key, _)| found.config.iter().all(|it| it.name != key.name)) {
        sink.report(problems::unknown_config(key, found));
        misspelt = true;
    }
    let chosen = |entry: &ConfigEntry| {
        let mark = sink.mark();
        let literal = given.iter().find(|(key, _)| key.name == entry.name).map(|(_, literal)| literal);
        let chosen = literal.map(|literal| value(literal, &entry.ty, sink));
        sink.note_since(mark, &format!("`config {} {}` of extern `{}`", entry.name, entry.ty, found.name));
        if chosen.is_none() && entry.default.is_none() && !misspelt {
            sink.report(problems::missing_config(name, entry));
        }
        let value = chosen.or_else(|| entry.default.clone()).unwrap_or(Literal::Null);
        ConfigValue { name: entry.name.clone(), ty: entry.ty.clone(), value }
    };
    let config = found.config.iter().map(chosen).collect();
    Some(ExternUse { alias: import.alias.name.clone(), name: found.name.clone(), config, span: import.span })
}

/// A literal as a value of `ty`; null once it was reported that it is none.
fn value(literal: &ast::Literal, ty: &Type, sink: &mut Sink) -> Literal {
    match fit(&literal.kind, ty) {
        Ok(value) => return value,
        Err(_) if ty.is_open() => {}
        Err(Misfit::WrongType) => sink.report(problems::literal_type(&literal.kind, ty, literal.span)),
        Err(Misfit::OutOfRange(what_fits)) => {
            sink.report(problems::literal_range(ty, &what_fits, literal.span));
        }
    }
    Literal::Null
}
