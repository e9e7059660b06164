//! Throughput of each stage of the compiler and of all together, in bytes of source a second.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fmt;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use kuneiform::diagnostics::Sink;
use kuneiform::resolve::Catalog;
use kuneiform::source::roomy;
use kuneiform::syntax::ast::Ast;
use kuneiform::{Options, Sources, lower, pg, resolve, rules, syntax, types};
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
        let sources = project::sources(&match self {
            Input::Network => project::network(),
            Input::Generated(lines) => project::generated(lines),
        });
        assert!(!kuneiform::check(&sources, &OPTIONS).has_errors());
        sources
    }
}

static OPTIONS: Options = Options {
    coverage: false,
    profile: kuneiform::Profile::Node,
    owner: None,
    imported: BTreeMap::new(),
    names: BTreeMap::new(),
    expose: None,
};

fn bytes(sources: &Sources) -> BytesCount {
    BytesCount::new(sources.iter().map(|(_, source)| source.text.len()).sum::<usize>())
}

fn parsed(sources: &Sources) -> Vec<Ast> {
    let mut sink = Sink::new();
    sources.iter().map(|(id, _)| syntax::parse(sources, id, &mut sink)).collect()
}

fn declared(asts: &[Ast]) -> Catalog<'_> {
    resolve::declare(asts, &OPTIONS, &mut Sink::new())
}

// Each stage runs in a room, as `check` and `compile` run them.

#[divan::bench(args = INPUTS)]
fn a_parse(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    bencher.counter(bytes(&sources)).bench_local(|| roomy(|| parsed(black_box(&sources))));
}

#[divan::bench(args = INPUTS)]
fn b_declare(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let asts = parsed(&sources);
    // The catalog borrows the trees, so it is dropped here.
    bencher.counter(bytes(&sources)).bench_local(|| roomy(|| declared(black_box(&asts)).schemas.len()));
}

#[divan::bench(args = INPUTS)]
fn c_check_types(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let asts = parsed(&sources);
    bencher
        .counter(bytes(&sources))
        .with_inputs(|| declared(&asts))
        .bench_local_values(|catalog| roomy(|| types::check(catalog, &OPTIONS, &mut Sink::new())));
}

#[divan::bench(args = INPUTS)]
fn d_rules(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let asts = parsed(&sources);
    let program = types::check(declared(&asts), &OPTIONS, &mut Sink::new());
    let run = || rules::run(black_box(&program), &asts, &sources, &OPTIONS, &mut Sink::new());
    bencher.counter(bytes(&sources)).bench_local(|| roomy(run));
}

#[divan::bench(args = INPUTS)]
fn e_lower(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let checked = kuneiform::check(&sources, &OPTIONS);
    let program = checked.program().unwrap();
    bencher.counter(bytes(&sources)).bench_local(|| roomy(|| lower::lower(black_box(program), &OPTIONS)));
}

#[divan::bench(args = INPUTS)]
fn f_print(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    let checked = kuneiform::check(&sources, &OPTIONS);
    let datasets = lower::lower(checked.program().unwrap(), &OPTIONS);
    let items: Vec<&pg::Item> = datasets.iter().flat_map(|dataset| &dataset.items).collect();
    let print = || items.iter().map(|item| pg::print::item(black_box(item))).collect::<Vec<_>>();
    bencher.counter(bytes(&sources)).bench_local(|| roomy(print));
}

#[divan::bench(args = INPUTS)]
fn g_check_whole(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    bencher.counter(bytes(&sources)).bench_local(|| kuneiform::check(black_box(&sources), &OPTIONS));
}

#[divan::bench(args = INPUTS)]
fn h_compile_whole(bencher: Bencher<'_, '_>, input: &Input) {
    let sources = input.sources();
    bencher.counter(bytes(&sources)).bench_local(|| kuneiform::compile(black_box(&sources), &OPTIONS));
}
