//! What the compiler says: every `tests/diagnostics/KFnnnn_name.kf` with what it is told beside it, and `OK_name.kf`,
//! which must compile. Every code has an example in its page besides (tests/language/error_pages.rs).
//!
//! A fixture is one file, or several behind lines `// file: name.kf`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use kuneiform::diagnostics::Fix;
use kuneiform::diagnostics::render::{self, Style};
use kuneiform::{Diagnostic, Options, Sources, check};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn files(name: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

/// The files of a fixture.
fn read(text: &str) -> Sources {
    let mut sources = Sources::new();
    if !text.starts_with("// file: ") {
        sources.add("schema.kf", text);
        return sources;
    }
    for part in text.split("// file: ").skip(1) {
        let (name, body) = part.split_once('\n').unwrap();
        sources.add(name.trim(), body);
    }
    sources
}

fn diagnostics(sources: &Sources) -> Vec<Diagnostic> {
    check(sources, &Options::default()).diagnostics().to_vec()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect()
}

/// The style of the house, which holds for every diagnostic.
fn assert_well_formed(diagnostic: &Diagnostic, sources: &Sources) {
    let Diagnostic { message, at, also, notes, help, fixes, .. } = diagnostic;
    let labels = std::iter::once(at).chain(also);
    let texts = labels.clone().map(|label| &label.text).chain([message]).chain(notes).chain(help);
    for text in texts.chain(fixes.iter().map(|fix| &fix.title)) {
        assert!(!text.ends_with('.') || text.ends_with(".."), "ends with a full stop: {text}");
        assert!(!text.chars().any(char::is_control), "control character: {text:?}");
        let first = text.split_whitespace().next().unwrap_or_default();
        let is_sentence_case = first.chars().next().is_some_and(char::is_uppercase)
            && first.chars().skip(1).any(char::is_lowercase)
            && first != "PostgreSQL";
        assert!(!is_sentence_case, "begins with a capital: {text}");
    }
    assert!(!message.is_empty());
    let spans = labels.map(|label| label.span).chain(edits(fixes));
    for span in spans {
        let source = sources.get(span.source).expect("a span lies in a source");
        assert!(source.text.get(span.range()).is_some(), "{span:?} is cut through a character: {message}");
    }
}

fn edits(fixes: &[Fix]) -> impl Iterator<Item = kuneiform::source::Span> {
    fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span)
}

/// The sources with every fix applied that a machine may apply unasked.
fn fixed(sources: &Sources, diagnostics: &[Diagnostic]) -> Option<Sources> {
    let fixes = diagnostics.iter().flat_map(|diagnostic| &diagnostic.fixes).filter(|fix| fix.safe);
    let mut edits: Vec<_> = fixes.flat_map(|fix| &fix.edits).collect();
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut changed = Sources::new();
    for (id, source) in sources.iter() {
        let mut text = source.text.clone();
        for edit in edits.iter().filter(|edit| edit.span.source == id) {
            text.replace_range(edit.span.range(), &edit.text);
        }
        changed.add(source.path.clone(), text);
    }
    Some(changed)
}

#[test]
fn fixtures_are_told_what_they_were_told() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let fixtures = files("tests/diagnostics", "kf");
    assert!(fixtures.len() > 20);
    for path in fixtures {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let sources = read(&std::fs::read_to_string(&path).unwrap());
        let found = diagnostics(&sources);
        found.iter().for_each(|diagnostic| assert_well_formed(diagnostic, &sources));
        let (id, _) = name.split_once('_').unwrap();
        if id == "OK" {
            let worse: Vec<_> =
                found.iter().filter(|one| one.severity != kuneiform::Severity::Info).collect();
            assert!(worse.is_empty(), "{name}: {worse:?}");
        } else {
            assert!(codes(&found).contains(&id), "{name} is told {:?}", codes(&found));
        }
        if let Some(changed) = fixed(&sources, &found) {
            let safe =
                |code| found.iter().any(|one| one.code == code && one.fixes.iter().any(|fix| fix.safe));
            let again: Vec<_> = diagnostics(&changed).into_iter().filter(|one| safe(one.code)).collect();
            let left = again.iter().filter(|one| one.fixes.iter().any(|fix| fix.safe)).count();
            assert_eq!(left, 0, "{name}: {again:?}");
        }
        let text = render::human(&found, &sources, Style::PLAIN);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

const MESSAGES: &str = "\
# Every message

What the compiler says of the fixtures in `tests/diagnostics`, each message once: names in it are those of the fixture where it
was met first. Below it its labels, notes, help and fixes. `kf explain CODE` says more of a code.
";

/// A message with all that is said beside it, for people.
fn told(diagnostic: &Diagnostic) -> String {
    let Diagnostic { severity, message, at, also, notes, help, fixes, .. } = diagnostic;
    let mut text = format!("{}: {message}\n", severity.word());
    for label in std::iter::once(at).chain(also).filter(|label| !label.text.is_empty()) {
        writeln!(text, "   │ {}", label.text).unwrap();
    }
    notes.iter().for_each(|note| writeln!(text, "  note: {note}").unwrap());
    help.iter().for_each(|help| writeln!(text, "  help: {help}").unwrap());
    fixes.iter().for_each(|fix| writeln!(text, "  fix: {}", fix.title).unwrap());
    text
}

/// `text` without what stands in backticks and numbers: two messages that differ in these are one.
fn shape(text: &str) -> String {
    let outside = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
    outside.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn every_message_is_on_one_page() {
    let mut messages: BTreeMap<&str, (&str, Vec<String>)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for path in files("tests/diagnostics", "kf") {
        let sources = read(&std::fs::read_to_string(&path).unwrap());
        for diagnostic in diagnostics(&sources) {
            let text = told(&diagnostic);
            if seen.insert((diagnostic.code.id(), shape(&text))) {
                let code = diagnostic.code;
                messages.entry(code.id()).or_insert((code.title(), Vec::new())).1.push(text);
            }
        }
    }
    let mut page = MESSAGES.to_owned();
    for (code, (title, texts)) in messages {
        write!(page, "\n## [{code}](../errors/{code}.md): {title}\n\n```text\n{}```\n", texts.join("\n"))
            .unwrap();
    }
    let path = folder("docs/reference/messages.md");
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), page, "run with KF_UPDATE=1");
}
