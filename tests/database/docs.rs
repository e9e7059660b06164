//! The examples of the language's reference compile, and the calls written in them give what they say.

use std::path::{Path, PathBuf};

use crate::support::calls::calls;
use crate::support::{block_on, database, session};
use kuneiform::deploy::deploy_packages;
use kuneiform::{Compilation, Options, Severity, Sources};

/// The fenced blocks of a page that are written in `language`, and what else their first lines say: nothing, or
/// `error KFnnnn`.
fn fences(page: &str, language: &str) -> Vec<(String, String)> {
    let fence = format!("```{language}");
    let mut fences = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line) {
            (None, line) if line == fence || line.starts_with(&format!("{fence} ")) => {
                open = Some((line[fence.len()..].trim().to_owned(), String::new()));
            }
            (Some(_), "```") => fences.extend(open.take()),
            (Some((_, block)), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    fences
}

/// The blocks of a page that are written in `language` and stand for themselves.
fn blocks(page: &str, language: &str) -> Vec<String> {
    fences(page, language).into_iter().filter(|(said, _)| said.is_empty()).map(|(_, block)| block).collect()
}

/// A stand-in for the schema that examples import.
const ENS: &str = include_str!("../../examples/network/ens.kf");

/// Pages whose examples are tested.
fn pages() -> Vec<PathBuf> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let language = std::fs::read_dir(docs.join("language")).unwrap();
    let mut pages: Vec<_> = language.map(|entry| entry.unwrap().path()).collect();
    pages.push(docs.join("from-kwil.md"));
    pages.push(docs.join("guide/imports.md"));
    pages.sort();
    pages
}

/// The examples of a page, and what they compile to together.
fn compiled(page: &Path) -> (Vec<String>, Compilation) {
    let blocks = blocks(&std::fs::read_to_string(page).unwrap(), "kf");
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
    let is_schema = |source: &kuneiform::source::Source| source.text.contains("database ");
    let schemas = sources.iter().filter(|(_, source)| is_schema(source)).count();
    assert_eq!(compilation.packages.len(), schemas, "{}", page.display());
    (blocks, compilation)
}

/// The errors of one file.
fn errors(text: &str) -> Vec<(String, String)> {
    let mut sources = Sources::new();
    sources.add("schema.kf", text);
    let compilation = kuneiform::compile(&sources, &Options::default());
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|error| (error.code.to_string(), error.message.clone())).collect()
}

fn schema(block: &str) -> &str {
    block.split("database ").nth(1).unwrap().split(';').next().unwrap()
}

#[test]
fn every_example_of_the_reference_compiles() {
    let examples: usize = pages().iter().map(|page| compiled(page).0.len()).sum();
    assert!(examples >= 18, "only {examples} examples found");
}

/// A block that begins with "```kf error KFnnnn" is refused with that code and no other.
#[test]
fn what_a_page_calls_refused_is_refused() {
    let mut refused = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for (said, block) in fences(&text, "kf").into_iter().filter(|(said, _)| !said.is_empty()) {
            let code = said.strip_prefix("error ").unwrap_or_else(|| panic!("{}: {said}", page.display()));
            let found = errors(&block);
            let only = !found.is_empty() && found.iter().all(|(found, _)| found == code);
            assert!(only, "{}: {code}\n{block}{found:#?}", page.display());
            refused += 1;
        }
    }
    assert!(refused >= 30, "only {refused} refusals found");
}

#[test]
fn the_calls_in_the_examples_give_what_they_say() {
    let mut pages_with_calls = 0;
    let mut failed = Vec::new();
    for page in pages() {
        let (blocks, compilation) = compiled(&page);
        if !blocks.iter().any(|block| block.contains("//> call ")) {
            continue;
        }
        pages_with_calls += 1;
        block_on(async {
            let mut db = session(&database().await).await;
            // What a page shows as SQL is what a host installs for it.
            for sql in self::blocks(&std::fs::read_to_string(&page).unwrap(), "sql") {
                db.client.batch_execute(&sql).await.unwrap();
            }
            deploy_packages(&mut db, &compilation.packages, &mut |_| {}).await.unwrap();
            for block in blocks.iter().filter(|block| block.contains("database ")) {
                failed.extend(calls(block, schema(block), &mut db).await);
            }
            db.close().await;
        });
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(pages_with_calls >= 1, "only {pages_with_calls} pages with calls found");
}

/// `KF_UPDATE=1 cargo test --test database docs` writes the page anew.
#[test]
fn the_reference_of_functions_is_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/functions.md");
    let made = kuneiform::language::functions::reference();
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&page, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&page).unwrap(), made);
}

#[test]
fn every_kf_toml_that_is_shown_is_read() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (page, shown, imports, exposures) in [
        ("reference/kf-toml.md", 1, 3, 1),
        ("guide/imports.md", 1, 4, 0),
        ("guide/clients.md", 1, 0, 0),
        ("guide/gateways.md", 2, 0, 2),
        ("errors/KF0730.md", 1, 0, 1),
        ("errors/KF0731.md", 1, 0, 1),
        ("errors/KF0732.md", 1, 0, 1),
    ] {
        let text = std::fs::read_to_string(docs.join(page)).unwrap();
        let blocks = blocks(&text, "toml");
        let parse = |block: &String| kuneiform::cli::config::Config::parse(block, page).unwrap();
        let configs: Vec<_> = blocks.iter().map(parse).collect();
        assert_eq!(configs.len(), shown, "{page}: {blocks:?}");
        let count = configs.iter().map(|config| config.imports.len() + config.names.len()).sum::<usize>();
        assert_eq!(count, imports, "{page}");
        assert_eq!(configs.iter().filter(|config| config.expose.is_some()).count(), exposures, "{page}");
    }
}
