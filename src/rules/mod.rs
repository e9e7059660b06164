//! Floor 6: what can only be said of a whole action or program. One rule a file; a rule is silent about an action that
//! has an error, and about what another rule says better.

mod again;
mod call_depth;
mod call_position;
mod calls;
mod compare_null;
mod equalities;
mod expansion;
mod facts;
mod frame_ties;
mod guard_unused;
mod imported;
mod missing_index;
mod missing_where;
mod nondeterministic;
mod problems;
mod references;
mod relations;
mod result_ignored;
mod tautology;
mod unused_cte;
mod unused_import;
mod unused_parameter;
mod unused_variable;
mod view_writes;

use crate::diagnostics::Sink;
use crate::hir::{Program, Schema};
use crate::interface::Options;
use crate::source::Sources;
use crate::syntax::ast::Ast;
use facts::{Facts, Here};

pub use again::{Memory, run_again};

/// What is asked of each action.
const OF_ACTIONS: &[fn(&Here<'_>, &mut Sink)] = &[
    view_writes::check,
    guard_unused::check,
    call_position::check,
    tautology::check,
    compare_null::check,
    missing_where::check,
    nondeterministic::check,
    frame_ties::check,
    result_ignored::check,
    unused_parameter::check,
    unused_variable::check,
    unused_cte::check,
    missing_index::check,
];

/// What is asked of each schema.
const OF_SCHEMAS: &[fn(&Facts<'_>, &Schema, &mut Sink)] = &[unused_import::check];

/// What is asked of the program, beside `relations`.
const OF_PROGRAM: &[fn(&Facts<'_>, &mut Sink)] = &[call_depth::check, expansion::check];

/// Reports what breaks a rule in `program`, which was made of `asts`, as those were of
/// `sources`, and of nothing else. Of sources that are only imported no more is left said than that they cannot be.
pub fn run(program: &Program, asts: &[Ast], sources: &Sources, options: &Options, sink: &mut Sink) {
    run_again(program, asts, sources, options, &[], &mut Memory::default(), sink);
}
