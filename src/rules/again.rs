//! The rules once more, after some schemas of a program changed: what was said of the others is said again, and nothing of them
//! is looked at but who calls whom.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::calls::{self, OfSchema};
use super::facts::{Facts, RestsOn};
use super::relations::Counted;
use super::{OF_ACTIONS, OF_PROGRAM, OF_SCHEMAS, imported, relations};
use crate::diagnostics::{Diagnostic, Sink};
use crate::hir::{Program, Schema};
use crate::interface::{Dbid, Options, Profile};
use crate::source::Sources;
use crate::syntax::ast::Ast;

/// What is remembered of the last run.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    profile: Profile,
    calls: BTreeMap<Dbid, OfSchema>,
    counted: Counted,
    said: BTreeMap<Dbid, Said>,
}

/// What was said of a schema by itself.
#[derive(Clone, Debug)]
struct Said {
    diagnostics: Vec<Diagnostic>,
    /// Other schemas whose actions were looked into.
    rests_on: BTreeSet<Dbid>,
    /// Which actions had no error, so that something could be said of them.
    sound: Vec<bool>,
}

/// Reports as [`run`](super::run) does. `checked` are the schemas of `program` that are not what they were at the run before,
/// which `memory` is of.
pub fn run_again(
    program: &Program,
    asts: &[Ast],
    sources: &Sources,
    options: &Options,
    checked: &[Dbid],
    memory: &mut Memory,
    sink: &mut Sink,
) {
    let changed: BTreeSet<&Dbid> = checked.iter().collect();
    let Memory { mut calls, counted, mut said, .. } =
        std::mem::take(memory).still(program, &changed, options.profile);
    for schema in &program.schemas {
        calls.entry(schema.dbid.clone()).or_insert_with(|| calls::written(schema));
    }
    let facts = Facts::new(program, asts, sources, options, &calls, sink);
    for rule in OF_PROGRAM {
        rule(&facts, sink);
    }
    let counted = relations::check(&facts, counted, sink);
    let mut first = 0;
    for schema in &program.schemas {
        let sound: Vec<bool> = schema.actions.iter().map(|action| facts.is_sound(action.span)).collect();
        let holds =
            |said: &&Said| said.sound == sound && said.rests_on.iter().all(|dbid| !changed.contains(dbid));
        if said.get(&schema.dbid).filter(holds).is_none() {
            said.insert(schema.dbid.clone(), look(&facts, schema, first, sound));
        }
        sink.absorb(said.get(&schema.dbid).map_or(&[], |said| &said.diagnostics));
        first += schema.actions.len();
    }
    *memory = Memory { profile: options.profile, calls, counted, said };
    imported::settle(program, options, sink);
}

impl Memory {
    /// What still holds of it.
    fn still(mut self, program: &Program, changed: &BTreeSet<&Dbid>, profile: Profile) -> Memory {
        if self.profile != profile {
            return Memory::default();
        }
        let there: BTreeSet<&Dbid> = program.schemas.iter().map(|schema| &schema.dbid).collect();
        let holds = |dbid: &Dbid| there.contains(dbid) && !changed.contains(dbid);
        self.calls.retain(|dbid, _| holds(dbid));
        self.counted.retain(|dbid, _| holds(dbid));
        self.said.retain(|dbid, _| holds(dbid));
        self
    }
}

/// Asks everything that is asked of a schema and its actions. The first of these is number `first` of the program.
fn look(facts: &Facts<'_>, schema: &Schema, first: usize, sound: Vec<bool>) -> Said {
    let (mut sink, rests_on) = (Sink::new(), RestsOn::default());
    for rule in OF_SCHEMAS {
        rule(facts, schema, &mut sink);
    }
    for index in first..first + schema.actions.len() {
        let Some(here) = facts.here(index, &rests_on) else { continue };
        for rule in OF_ACTIONS {
            rule(&here, &mut sink);
        }
    }
    Said { diagnostics: sink.into_reported(), rests_on: RefCell::into_inner(rests_on), sound }
}
