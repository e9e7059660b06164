//! The same program gives the same bytes: twice, in any order of files, without its comments, in other lines.

use std::collections::BTreeMap;

use kuneiform::{Compilation, Options, Owner, Profile, Sources};
use proptest::prelude::*;

use super::any_text::has_errors;
use super::mangle::{Kind, good_seeds, kind, retouched, tokens};
use crate::support::programs::texts;

fn compiled(files: &[(String, String)], options: &Options) -> Compilation {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(path.clone(), text.clone());
    }
    kuneiform::compile(&sources, options)
}

/// The SQL of each dataset.
fn sql(compilation: &Compilation) -> BTreeMap<String, String> {
    compilation.packages.iter().map(|package| (package.interface.dbid.to_string(), package.sql())).collect()
}

fn settings() -> [Options; 3] {
    let owner = Some(Owner("0xa".into()));
    [
        Options::default(),
        Options { profile: Profile::App, ..Options::default() },
        Options { owner, ..Options::default() },
    ]
}

/// Sources that are one program.
fn programs() -> Vec<Vec<(String, String)>> {
    let mut programs = vec![texts("examples/network")];
    for (path, text) in texts("tests/corpus") {
        programs.push(vec![(path, text)]);
    }
    let compose: Vec<_> = texts("tests/corpus/compose");
    programs.push(compose);
    programs
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    for files in programs() {
        for options in settings() {
            let (first, second) = (compiled(&files, &options), compiled(&files, &options));
            assert_eq!(first.diagnostics, second.diagnostics);
            assert_eq!(
                serde_json::to_string(&first.packages).unwrap(),
                serde_json::to_string(&second.packages).unwrap()
            );
        }
    }
}

#[test]
fn the_order_of_files_is_nothing() {
    let options = Options::default();
    for mut files in programs().into_iter().filter(|files| files.len() > 1) {
        let all = compiled(&files, &options);
        assert!(!all.packages.is_empty());
        for _ in 0..files.len() {
            files.rotate_left(1);
            let turned = compiled(&files, &options);
            assert_eq!(
                serde_json::to_string(&all.packages).unwrap(),
                serde_json::to_string(&turned.packages).unwrap()
            );
            files.swap(0, 1);
            assert_eq!(sql(&all), sql(&compiled(&files, &options)));
            files.swap(0, 1);
        }
    }
}

/// Neither a thread nor what was compiled before leaves a trace.
#[test]
fn several_threads_give_the_same_bytes() {
    let files = texts("examples/network");
    let alone = sql(&compiled(&files, &Options::default()));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let files = files.clone();
            std::thread::spawn(move || {
                for text in good_seeds().iter().take(10) {
                    compiled(&[("other.kf".into(), text.clone())], &Options::default());
                }
                sql(&compiled(&files, &Options::default()))
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), alone);
    }
}

/// How a space or a comment of a text is written instead.
type Layout = fn(&str, usize) -> String;

/// A comment may be all that stands between two words.
const LAYOUTS: [(&str, Layout); 6] = [
    ("no comments", |token, _| if kind(token) == Kind::Comment { " ".into() } else { token.into() }),
    ("one line", |_, _| " ".into()),
    ("a line each", |_, _| "\r\n".into()),
    ("comments everywhere", |_, number| format!(" /* {number} ; }} ' -- */ ")),
    ("line comments everywhere", |_, number| format!(" -- {number} ' /* ;\n")),
    ("wide", |_, number| "\t \n".repeat(number % 5 + 1)),
];

fn laid_out(text: &str, layout: Layout) -> String {
    let tokens = tokens(text);
    let numbered = tokens.iter().enumerate();
    let change = |(number, token): (usize, &&str)| match kind(token) {
        Kind::Space | Kind::Comment => layout(token, number),
        _ => (*token).to_owned(),
    };
    numbered.map(change).collect()
}

/// What is said of a text, in order.
fn codes(compilation: &Compilation) -> Vec<&'static str> {
    compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect()
}

fn same_in_every_layout(text: &str) {
    let one = |text: String| compiled(&[("a.kf".into(), text)], &Options::default());
    let wanted = one(text.to_owned());
    for (name, layout) in LAYOUTS {
        let found = one(laid_out(text, layout));
        assert_eq!(sql(&wanted), sql(&found), "{name}: {text}");
        assert_eq!(has_errors(&wanted), has_errors(&found), "{name}: {text}");
        // Where a faulty text goes on after a fault may depend on its lines.
        if has_errors(&wanted) {
            continue;
        }
        assert_eq!(codes(&wanted), codes(&found), "{name}: {text}");
    }
}

#[test]
fn comments_and_spaces_are_nothing() {
    good_seeds().iter().for_each(|text| same_in_every_layout(text));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Also in programs nobody wrote.
    #[test]
    fn comments_and_spaces_are_nothing_anywhere(text in retouched()) {
        same_in_every_layout(&text);
    }
}
