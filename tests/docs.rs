//! The examples of the language's reference compile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::Path;

use kuneiform::{Options, Severity, Sources};

/// The fenced `kf` blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match (&mut open, line) {
            (None, "```kf") => open = Some(String::new()),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// A stand-in for the schema that examples import.
const ENS: &str = include_str!("../examples/network/ens.kf");

#[test]
fn every_example_of_the_reference_compiles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language");
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let mut examples = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let blocks = blocks(&text);
        examples += blocks.len();
        let mut sources = Sources::new();
        for (number, block) in blocks.iter().enumerate() {
            sources.add(format!("{}#{number}", page.display()), block.clone());
        }
        if blocks.iter().any(|block| block.contains("use ens")) {
            sources.add("ens.kf", ENS);
        }
        let compilation = kuneiform::compile(&sources, &Options::default());
        let faults: Vec<String> = compilation
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{}", page.display());
        assert_eq!(compilation.packages.len(), sources.len(), "{}", page.display());
    }
    assert!(examples >= 8, "only {examples} examples found");
}

/// `KF_UPDATE=1 cargo test --test docs` writes the page anew.
#[test]
fn the_reference_of_functions_is_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/functions.md");
    let made = kuneiform::language::functions::reference();
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&page, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&page).unwrap(), made);
}
