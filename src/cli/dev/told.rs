//! A round as it is told, for people or for programs.

use std::io;
use std::time::{Duration, Instant};

use super::block::Block;
use super::events::Events;
use super::{Format, rendered};
use crate::cli::project::Input;
use crate::cli::test::Ran;
use crate::cli::{Failure, terminal};
use crate::diagnostics::{Diagnostic, render};

/// What is told of one round.
pub(super) struct Round<'c> {
    changed: &'c [String],
    began: Instant,
    format: Format,
    /// For people, at its end.
    pub block: Block,
    /// For programs, at once.
    pub events: Events,
}

impl<'c> Round<'c> {
    /// Round `number`, which began because of `changed`.
    pub fn new(number: usize, changed: &'c [String], format: Format, began: Instant) -> Round<'c> {
        let (block, events) = (Block::new(number, changed), Events::new(number, format == Format::Json));
        Round { changed, began, format, block, events }
    }

    /// What was found in the sources.
    pub fn checked(&mut self, input: &Input, diagnostics: &[Diagnostic]) {
        let took = self.began.elapsed();
        self.events.check(self.changed, Ok((input, diagnostics)), took);
        self.block.wrong(&render::human(diagnostics, &input.sources, terminal::style_of_stdout()));
        let tally = render::tally(diagnostics, input.files(), render::Style::PLAIN);
        self.block.line("check", tally.trim_end(), Some(took));
    }

    /// What came of `ran`, which was `some` of `count` tests.
    pub fn tested(&mut self, ran: &Ran, some: usize, count: usize, took: Duration) {
        self.events.tests(some, count, &ran.objects, took);
        self.block.wrong(&ran.text);
        let counts = match ran.failed.len() {
            0 => format!("{some} of {count} ran: all passed"),
            bad => format!("{some} of {count} ran: {bad} failed"),
        };
        self.block.line("tests", &counts, Some(took));
    }

    /// Tells that it is over, because of `failure` if there is one.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn end(mut self, fine: bool, failure: Option<&Failure>) -> io::Result<()> {
        let took = self.began.elapsed();
        if self.format == Format::Json {
            return self.events.end(fine, failure, took);
        }
        failure.iter().for_each(|failure| self.block.wrong(&rendered(failure)));
        terminal::tell(&(terminal::clear().to_owned() + &self.block.text(fine, took)))
    }
}
