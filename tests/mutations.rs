//! A file with one token missing: something is said, little, and where the token was. By default a sample of the corpus;
//! `KF_MUTATIONS=2000` takes a larger one, `KF_MUTATIONS=all` every token, `KF_MUTATIONS_LIST=FILE` writes what is not as it
//! should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "mutations/tokens.rs"]
mod tokens;

use std::fmt::Write;
use std::ops::Range;

use kuneiform::source::{SourceId, Unit};
use kuneiform::{Diagnostic, Options, Severity, Sources, check, compile};

const MOST: usize = 5;
const NEAR: u32 = 1;
/// Per cent of first messages that are near the damage.
const WANTED: f64 = 95.0;
/// Per cent that may be told by more.
const MANY: f64 = 0.0;
/// How many are tried unless all are.
const SAMPLE: usize = 250;

/// A text of the corpus or of the examples, with what it imports.
struct Whole {
    name: String,
    sources: Sources,
}

/// What came of leaving a token out.
#[derive(Default)]
struct Tally {
    tried: usize,
    valid: usize,
    near: usize,
    told: [usize; MOST + 2],
    complaints: String,
    silent: usize,
}

fn wholes() -> Vec<Whole> {
    let mut wholes: Vec<Whole> =
        corpus::cases().into_iter().map(|case| Whole { sources: case.sources(), name: case.name }).collect();
    let network = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/network");
    let read = |name: &str| std::fs::read_to_string(network.join(name)).unwrap();
    let names = ["social_network.kf", "ens.kf", "accounts.kf", "near_accounts.kf"];
    for own in names {
        let mut sources = Sources::new();
        sources.add(own, read(own));
        for other in names.iter().filter(|other| **other != own) {
            sources.add(*other, read(other));
        }
        wholes.push(Whole { name: format!("examples/{own}"), sources });
    }
    wholes
}

/// Text, token: every one, or those that a fixed sequence of numbers picks.
fn mutations(wholes: &[Whole]) -> Vec<(usize, Range<usize>)> {
    let all = wholes.iter().enumerate().flat_map(|(index, whole)| {
        let text = &whole.sources.get(SourceId(0)).unwrap().text;
        tokens::of(text).into_iter().map(move |token| (index, token))
    });
    let mut all: Vec<_> = all.collect();
    let sample = match std::env::var("KF_MUTATIONS").as_deref() {
        Ok("all") => all.len(),
        Ok(number) => number.parse().expect("`KF_MUTATIONS` is `all` or a number"),
        Err(_) => SAMPLE,
    };
    let mut state = 0x2545_f491_u64;
    while all.len() > sample {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap_remove((state >> 33) as usize % all.len());
    }
    all
}

fn without(whole: &Whole, token: &Range<usize>) -> Sources {
    let mut sources = Sources::new();
    for (id, source) in whole.sources.iter() {
        let mut text = source.text.clone();
        if id == SourceId(0) {
            text.replace_range(token.clone(), "");
        }
        sources.add(source.path.clone(), text);
    }
    sources
}

fn errors(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect()
}

impl Tally {
    fn add(&mut self, whole: &Whole, token: &Range<usize>) {
        let sources = without(whole, token);
        let checked = check(&sources, &Options::default());
        let found = errors(checked.diagnostics());
        self.tried += 1;
        if found.is_empty() {
            self.valid += 1;
            let compiled = compile(&sources, &Options::default());
            if compiled.packages.is_empty() {
                self.silent += 1;
                self.complain("silent", whole, token, &sources, &found);
            }
            return;
        }
        self.told[found.len().min(MOST + 1)] += 1;
        if found.len() > MOST {
            self.complain("many", whole, token, &sources, &found);
        }
        if is_near(found[0], &sources, token.start) {
            self.near += 1;
        } else {
            self.complain("far", whole, token, &sources, &found);
        }
    }

    fn complain(
        &mut self,
        what: &str,
        whole: &Whole,
        token: &Range<usize>,
        sources: &Sources,
        found: &[&Diagnostic],
    ) {
        let source = whole.sources.get(SourceId(0)).unwrap();
        let line = source.lines.place(&source.text, token.start, Unit::Bytes).line;
        let words = &source.text[token.clone()];
        let shown = source.lines.text(&source.text, line).trim();
        writeln!(self.complaints, "{what} {} `{words}` {}:{line}: {shown}", found.len(), whole.name).unwrap();
        for one in found.iter().take(MOST + 2) {
            let told = kuneiform::diagnostics::short::line(one, sources, Unit::Chars);
            writeln!(self.complaints, "    {told}").unwrap();
        }
    }

    fn join(mut self, other: Tally) -> Tally {
        self.tried += other.tried;
        self.valid += other.valid;
        self.near += other.near;
        self.silent += other.silent;
        self.told.iter_mut().zip(other.told).for_each(|(mine, others)| *mine += others);
        self.complaints += &other.complaints;
        self
    }
}

fn is_near(first: &Diagnostic, sources: &Sources, damage: usize) -> bool {
    let source = sources.get(SourceId(0)).unwrap();
    let line = |offset: usize| source.lines.place(&source.text, offset, Unit::Bytes).line;
    first.at.span.source == SourceId(0) && line(first.at.span.start as usize).abs_diff(line(damage)) <= NEAR
}

#[test]
fn a_missing_token_is_told_briefly_and_in_its_place() {
    let wholes = wholes();
    let mutations = mutations(&wholes);
    let (one, other) = mutations.split_at(mutations.len() / 2);
    let run = |part: &[(usize, Range<usize>)]| {
        let mut tally = Tally::default();
        part.iter().for_each(|(index, token)| tally.add(&wholes[*index], token));
        tally
    };
    let tally = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(other));
        run(one).join(other.join().unwrap())
    });
    let faulty = tally.tried - tally.valid;
    let near = 100.0 * tally.near as f64 / faulty as f64;
    println!(
        "{} tokens left out: {} still valid; of {faulty} others {near:.2} % told first within a line; \
         told by 1, 2, 3, 4, 5, more messages: {:?}",
        tally.tried,
        tally.valid,
        &tally.told[1..]
    );
    if let Some(list) = std::env::var_os("KF_MUTATIONS_LIST") {
        std::fs::write(list, &tally.complaints).unwrap();
    }
    let many = 100.0 * tally.told[MOST + 1] as f64 / faulty as f64;
    assert!(tally.silent == 0 && many <= MANY, "{many:.2} %\n{}", tally.complaints);
    assert!(near >= WANTED, "{near:.2} %\n{}", tally.complaints);
}

/// An item as it is typed, between two that each have a fault of their own.
const TYPED: &str = "action typed($id text, $n int) public view returns table(id text, n int) {\n    \
    if $n > 3 {\n        for $row in SELECT id FROM t WHERE id = $id {\n            \
    notice($row.id || ' (' || $n::text || ')');\n        }\n    }\n    \
    return SELECT t.id, count(*) AS n FROM t GROUP BY t.id HAVING count(*) > $n;\n}";

#[test]
fn a_half_typed_item_leaves_the_others_their_diagnostics() {
    let mut lost = String::new();
    for (end, _) in TYPED.char_indices() {
        let mut sources = Sources::new();
        let typed = &TYPED[..end];
        let text = format!(
            "database d;\ntable t {{ id text primary }}\naction before() public view {{ SELECT gone FROM t; }}\n\
             {typed}\naction after() public view {{ SELECT missing FROM t; }}\n"
        );
        sources.add("d.kf", text);
        let checked = check(&sources, &Options::default());
        let found = errors(checked.diagnostics());
        let said = |name: &str| found.iter().any(|it| it.message.contains(&format!("`{name}`")));
        let in_string = typed.matches('\'').count() % 2 == 1;
        if !said("gone") || !said("missing") && !in_string {
            let told: Vec<_> = found.iter().map(|it| &it.message).collect();
            writeln!(lost, "{:?}: {told:?}", &typed[typed.len().saturating_sub(30)..]).unwrap();
        }
    }
    assert!(lost.is_empty(), "{lost}");
}
