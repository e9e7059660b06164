//! Any text: no panic on a small stack, places that exist, something said wherever nothing is emitted.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use kuneiform::diagnostics::Diagnostic;
use kuneiform::source::Span;
use kuneiform::{Compilation, Options, Severity, Sources};
use proptest::prelude::*;

use super::mangle::{mangled, seeds};

/// What a thread of a node may have.
const STACK: usize = 512 * 1024;

/// Compiles on a small stack. A panic or an overflow ends the test.
pub fn compile_small(texts: &[&str]) -> (Sources, Compilation) {
    let (sources, compilation, _) = compile_timed(texts);
    (sources, compilation)
}

/// The same, with the time the thread was running for it: not the time other tests took from it.
pub fn compile_timed(texts: &[&str]) -> (Sources, Compilation, Duration) {
    let mut sources = Sources::new();
    for (number, text) in texts.iter().enumerate() {
        sources.add(format!("{number}.kf"), *text);
    }
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let begin = time();
        let compilation = kuneiform::compile(&sources, &Options::default());
        (sources, compilation, time().saturating_sub(begin))
    });
    thread.unwrap().join().expect("the compiler panicked")
}

/// How long this thread has been running; on systems that do not tell, how long it has been there.
fn time() -> Duration {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let running = told.and_then(|text| text.split(' ').next()?.parse().ok()).map(Duration::from_nanos);
    running.unwrap_or_else(|| BEGIN.get_or_init(Instant::now).elapsed())
}

pub fn has_errors(compilation: &Compilation) -> bool {
    compilation.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// True if there are interface files of externs only.
fn declares_no_schema(sources: &Sources) -> bool {
    kuneiform::check(sources, &Options::default()).asts().iter().all(|ast| ast.interface.is_some())
}

/// Everything true of any compilation.
pub fn holds(sources: &Sources, compilation: &Compilation) {
    let (nothing, wrong) = (compilation.packages.is_empty(), has_errors(compilation));
    assert!(
        nothing == (wrong || sources.is_empty()) || (nothing && declares_no_schema(sources)),
        "nothing is emitted exactly if there is an error: {:?}",
        compilation.diagnostics
    );
    for diagnostic in &compilation.diagnostics {
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        let spans = diagnostic.also.iter().map(|label| label.span).chain(edits).chain([diagnostic.at.span]);
        spans.for_each(|span| assert!(lies_in(sources, span), "{span:?} of {diagnostic:?}"));
        for text in words(diagnostic) {
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }
    for package in &compilation.packages {
        let lines = package.statements.iter().flat_map(|statement| &statement.lines);
        for line in lines {
            assert!(package.source.get(line.start as usize..line.end as usize).is_some(), "{line:?}");
        }
    }
}

fn lies_in(sources: &Sources, span: Span) -> bool {
    sources
        .get(span.source)
        .is_some_and(|source| source.text.get(span.start as usize..span.end as usize).is_some())
}

fn words(diagnostic: &Diagnostic) -> Vec<&str> {
    let labels = diagnostic.also.iter().chain([&diagnostic.at]).map(|label| label.text.as_str());
    let help = diagnostic.help.iter().chain(&diagnostic.notes).map(String::as_str);
    labels.chain(help).chain([diagnostic.message.as_str()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_sources_are_told_apart_from_good_ones(text in mangled()) {
        let (sources, compilation) = compile_small(&[&text]);
        holds(&sources, &compilation);
    }

    /// Two texts that have little to do with each other, as one program.
    #[test]
    fn mangled_sources_together(first in mangled(), second in mangled()) {
        let (sources, compilation) = compile_small(&[&first, &second]);
        holds(&sources, &compilation);
    }

    #[test]
    fn noise_is_refused(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            let (sources, compilation) = compile_small(&[&text]);
            holds(&sources, &compilation);
            prop_assert!(has_errors(&compilation));
        }
    }
}

/// Every prefix of every good source, and every source without one of its bytes.
#[test]
fn no_cut_makes_the_compiler_fall() {
    for text in super::mangle::good_seeds().iter().chain(seeds().iter().take(40)) {
        let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for at in borders.iter().step_by(borders.len() / 24 + 1) {
            let (sources, compilation) = compile_small(&[&text[..*at]]);
            holds(&sources, &compilation);
            let without: String = text[..*at].chars().chain(text[*at..].chars().skip(1)).collect();
            let (sources, compilation) = compile_small(&[&without]);
            holds(&sources, &compilation);
        }
    }
}
