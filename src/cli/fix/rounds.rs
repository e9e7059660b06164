use std::fmt;

use super::super::project::{Input, Reach};
use super::super::report::Reporting;
use crate::diagnostics::{Diagnostic, Fix, mend, visible};
use crate::source::Unit;

/// No file needs as many; fixes that undo each other would go on for ever.
const MOST_ROUNDS: usize = 20;

/// A fix that was applied: `notes.kf:3:5: KF0106: insert `;``.
pub(super) struct Fixed(String);

impl fmt::Display for Fixed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Checking and mending in turns.
pub(super) struct Rounds<'a> {
    /// Unsafe fixes too.
    pub all: bool,
    pub reporting: &'a Reporting,
}

impl Rounds<'_> {
    /// Mends the sources that were asked for until no fix is left; gives what is left to say, and what was fixed.
    pub fn run(&self, input: &mut Input, reach: &Reach) -> (Vec<Diagnostic>, Vec<Fixed>) {
        let mut fixed = Vec::new();
        let mut diagnostics = self.check(input, reach);
        for _ in 0..MOST_ROUNDS {
            let wanted = |diagnostic: &Diagnostic, fix: &Fix| self.wants(input, diagnostic, fix);
            let (mended, applied) = mend(&input.sources, &diagnostics, wanted);
            if applied.is_empty() {
                break;
            }
            fixed.extend(applied.iter().map(|applied| told(input, applied.diagnostic, applied.fix)));
            input.sources = mended;
            diagnostics = self.check(input, reach);
        }
        (diagnostics, fixed)
    }

    fn check(&self, input: &Input, reach: &Reach) -> Vec<Diagnostic> {
        if !input.diagnostics.is_empty() {
            return input.diagnostics.clone();
        }
        let checked = crate::check(&input.sources, &input.options(reach.owner.as_ref()));
        let mut diagnostics = checked.diagnostics().to_vec();
        self.reporting.raise(&mut diagnostics, &input.project.config.lints);
        diagnostics
    }

    fn wants(&self, input: &Input, diagnostic: &Diagnostic, fix: &Fix) -> bool {
        let safer = |other: &Fix| other.safe && !fix.safe;
        (fix.safe || self.all && !diagnostic.fixes.iter().any(safer))
            && fix.edits.iter().all(|edit| input.is_asked(edit.span.source))
    }
}

fn told(input: &Input, diagnostic: &Diagnostic, fix: &Fix) -> Fixed {
    let title = visible(&fix.title);
    let Some(source) = input.sources.get(diagnostic.at.span.source) else {
        return Fixed(format!("{}: {title}", diagnostic.code));
    };
    let place = source.lines.place(&source.text, diagnostic.at.span.start as usize, Unit::Chars);
    let path = visible(&source.path);
    Fixed(format!("{path}:{}:{}: {}: {title}", place.line, place.column, diagnostic.code))
}
