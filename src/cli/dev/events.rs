//! What happens, as JSON Lines. Fields may be added; a change of meaning raises `v`.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use super::clients::Written;
use super::database::Changed;
use crate::cli::project::Input;
use crate::cli::{Failure, terminal};
use crate::deploy::Done;
use crate::diagnostics::render::Style;
use crate::diagnostics::{Diagnostic, json};
use crate::source::Sources;

const VERSION: u32 = 1;

/// Lines of one round, each told as soon as it is there.
pub(super) struct Events {
    round: usize,
    /// False if nobody wants them.
    wanted: bool,
    /// What became of telling them.
    told: io::Result<()>,
}

impl Events {
    /// Of round `number`.
    pub fn new(number: usize, wanted: bool) -> Events {
        Events { round: number, wanted, told: Ok(()) }
    }

    /// What is wrong with the sources, or why they were not read: what `kf check --watch` says of a round.
    pub fn check(
        &mut self,
        changed: &[String],
        found: Result<(&Input, &[Diagnostic]), &Failure>,
        took: Duration,
    ) {
        let nothing = Sources::new();
        let failure = found.as_ref().err().map(|failure| failure.render(Style::PLAIN));
        let report = found.ok().map(|(input, diagnostics)| input.report(diagnostics));
        let line = json::round(&json::Round {
            number: self.round,
            changed,
            milliseconds: milliseconds(took),
            failure: failure.as_deref(),
            diagnostics: report.as_ref().map_or(&[], |report| report.diagnostics),
            sources: report.as_ref().map_or(&nothing, |report| report.sources),
            files: report.as_ref().map_or(0, |report| report.files),
        });
        self.tell(line);
    }

    /// That the schemas were deployed.
    pub fn deployed(&mut self, changed: &Changed, took: Duration) {
        let fields = json!({"anew": changed.anew, "created": changed.of(Done::Created), "updated": changed.of(Done::Updated),
                            "dropped": changed.dropped, "unchanged": changed.of(Done::Unchanged).len()});
        self.event("deploy", true, took, fields);
    }

    /// That they were not, and whether a new database would take them.
    pub fn refused(&mut self, reasons: &[Failure], lossy: bool, took: Duration) {
        self.event("deploy", false, took, json!({"lossy": lossy, "failures": failures(reasons)}));
    }

    /// What became of the clients.
    pub fn clients(&mut self, written: &Result<Written, Failure>, took: Duration) {
        let fields = match written {
            Ok(done) => json!({"written": done.written, "removed": done.removed}),
            Err(failure) => json!({"failures": failures(std::slice::from_ref(failure))}),
        };
        self.event("clients", written.is_ok(), took, fields);
    }

    /// How many of `count` tests ran, and those that failed.
    pub fn tests(&mut self, ran: usize, count: usize, failed: &[Value], took: Duration) {
        self.event("tests", failed.is_empty(), took, json!({"ran": ran, "of": count, "failed": failed}));
    }

    /// That the round is over; `failure` is what stopped it. Gives back what became of telling it.
    pub fn end(mut self, fine: bool, failure: Option<&Failure>, took: Duration) -> io::Result<()> {
        let fields = match failure {
            Some(failure) => json!({"failures": failures(std::slice::from_ref(failure))}),
            None => json!({}),
        };
        self.event("end", fine, took, fields);
        self.told
    }

    fn event(&mut self, kind: &str, fine: bool, took: Duration, fields: Value) {
        let mut line = json!({"v": VERSION, "type": kind, "round": self.round, "ok": fine, "milliseconds": milliseconds(took)});
        if let (Value::Object(line), Value::Object(fields)) = (&mut line, fields) {
            line.extend(fields);
        }
        self.tell(line.to_string());
    }

    fn tell(&mut self, line: String) {
        if self.wanted && self.told.is_ok() {
            self.told = terminal::tell(&(line + "\n"));
        }
    }
}

/// The first line: where the database is.
pub(super) fn database(url: &str) -> String {
    format!("{}\n", json!({"v": VERSION, "type": "database", "url": url}))
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn failures(failures: &[Failure]) -> Vec<Value> {
    let one = |it: &Failure| {
        json!({"code": it.code, "message": it.message, "notes": it.notes, "help": it.help,
               "rendered": it.render(Style::PLAIN)})
    };
    failures.iter().map(one).collect()
}
