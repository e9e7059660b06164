//! Throughput of each stage of the compiler and of all together, in bytes of source a second.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::fmt;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use kuneiform::diagnostics::Sink;
use kuneiform::syntax::ast::Ast;
use kuneiform::{Options, Sources, lower, pg, resolve, syntax, types};
use support::project;

fn main() {
    divan::main();
}

/// What is compiled.
#[derive(Clone, Copy)]
enum Input {
    /// `examples/network`.
    Network,
    /// A generated project of so many lines.
    Generated(usize),
}

const INPUTS: [Input; 4] =
    [Input::Network, Input::Generated(100), Input::Generated(1_000), Input::Generated(10_000)];

impl fmt::Display for Input {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Network => to.write_str("network"),
            Input::Generated(lines) => write!(to, "{lines} lines"),
        }
    }
}

impl Input {
    fn sources(self) -> Sources {
        project::sources(&match self {
            Input::Network => project::network(),
            Input::Generated(lines) => project::generated(lines),
        })
    }
}

fn options() -> Options {
    Options::default()
}

fn bytes(sources: &Sources) -> BytesCount {
    BytesCount::new(sources.iter().map(|(_, source)| source.text.len()).sum::<usize>())
}

fn parsed(sources: &Sources, sink: &mut Sink) -> Vec<Ast> {
    sources.iter().map(|(id, _)| syntax::parse(sources, id, sink)).collect()
}

#[divan::bench(args = INPUTS)]
fn a_parse(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    bencher.counter(bytes(&sources)).bench_local(|| parsed(black_box(&sources), &mut Sink::new()));
}

#[divan::bench(args = INPUTS)]
fn b_declare(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let asts = parsed(&sources, &mut Sink::new());
    let declare = || {
        // The catalog borrows the trees, so it is dropped here.
        let catalog = resolve::declare(black_box(&asts), &options(), &mut Sink::new());
        black_box(catalog.schemas.len())
    };
    bencher.counter(bytes(&sources)).bench_local(declare);
}

#[divan::bench(args = INPUTS)]
fn c_check_types(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let asts = parsed(&sources, &mut Sink::new());
    bencher
        .counter(bytes(&sources))
        .with_inputs(|| resolve::declare(&asts, &options(), &mut Sink::new()))
        .bench_local_values(|catalog| types::check(catalog, &options(), &mut Sink::new()));
}

#[divan::bench(args = INPUTS)]
fn e_lower(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let checked = kuneiform::check(&sources, &options());
    let program = checked.program().unwrap();
    bencher.counter(bytes(&sources)).bench_local(|| lower::lower(black_box(program), &options()));
}

#[divan::bench(args = INPUTS)]
fn f_print(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let checked = kuneiform::check(&sources, &options());
    let datasets = lower::lower(checked.program().unwrap(), &options());
    let items: Vec<&pg::Item> = datasets.iter().flat_map(|dataset| &dataset.items).collect();
    bencher
        .counter(bytes(&sources))
        .bench_local(|| items.iter().map(|item| pg::print::item(black_box(item))).collect::<Vec<_>>());
}

#[divan::bench(args = INPUTS)]
fn g_check_whole(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    bencher.counter(bytes(&sources)).bench_local(|| kuneiform::check(black_box(&sources), &options()));
}

#[divan::bench(args = INPUTS)]
fn h_compile_whole(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    assert!(!kuneiform::check(&sources, &options()).has_errors());
    bencher.counter(bytes(&sources)).bench_local(|| kuneiform::compile(black_box(&sources), &options()));
}
