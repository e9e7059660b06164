//! Every code has a page, the page's bad example is refused with that code, and its good one is clean.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use kuneiform::diagnostics::{Code, Diagnostic, Severity, add_bytes, short};
use kuneiform::interface::{Imported, Pinned};
use kuneiform::language::{Name, limits};
use kuneiform::source::{SourceId, Sources, Unit};
use kuneiform::{Options, check};

/// Codes from here on are a database's: their pages have no examples.
const DATABASE: &str = "KF07";

fn examples() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| code.id() < DATABASE)
}

/// The part of a page under `## heading`.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let start =
        page.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no `## {heading}` in {page}"));
    let rest = &page[start + heading.len() + 5..];
    rest.split("\n## ").next().unwrap()
}

/// The fenced blocks of a section, as (path, text).
fn blocks(section: &str) -> Vec<(String, String)> {
    let texts = section.split("```kf\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let named = texts.map(|text| {
        let path = text.lines().next().and_then(|line| line.strip_prefix("// file: "));
        (path.unwrap_or("schema.kf").to_owned(), text)
    });
    named.collect()
}

/// The bad examples that cannot be written down.
fn generated(code: Code) -> Vec<u8> {
    let table = |columns: &str| format!("database d;\n\ntable t {{ id text primary, {columns} }}\n");
    let view = |query: &str| format!("{}\naction a() public view {{ {query}; }}\n", table("n int not_null"));
    match code {
        Code::NotUtf8 => b"database d;\n\ntable t { id text primary } // B\xe4r\n".to_vec(),
        Code::ControlCharacter => "database d;\n\n/* \u{202e} */ table t { id text primary }\n".into(),
        Code::SourceTooLarge => format!("{}{}", table("n int"), " ".repeat(limits::SOURCE_BYTES)).into(),
        Code::NestingTooDeep => {
            view(&format!("SELECT id FROM t WHERE n = {}1{}", "(".repeat(1000), ")".repeat(1000))).into()
        }
        Code::TooMany => {
            let columns: Vec<String> = (0..limits::COLUMNS).map(|number| format!("c{number} int")).collect();
            table(&columns.join(", ")).into()
        }
        Code::ExpansionTooLarge => {
            let step = |number: usize| {
                format!(
                    ", c{} AS (SELECT a.n FROM c{number} AS a INNER JOIN c{number} AS b ON a.n = b.n)",
                    number + 1
                )
            };
            let steps: String = (0..30).map(step).collect();
            view(&format!("WITH c0 AS (SELECT n FROM t){steps} SELECT count(*) AS n FROM c30")).into()
        }
        other => panic!("the page of {other} has a bad example of its own"),
    }
}

/// The files whose path is followed by `(imported)` or ``(imported; kf.lock has `SIGNATURE`)``.
fn imported(files: &[(String, Vec<u8>)]) -> BTreeMap<SourceId, Imported> {
    let one = |(id, (path, text)): (u32, &(String, Vec<u8>))| {
        let (_, how) = path.split_once(" (imported")?;
        let pinned = how.split('`').nth(1).map(|line| {
            let name = Name::new(line.split('(').next().unwrap());
            let hash = interface_hash(std::str::from_utf8(text).unwrap(), &name, line);
            Pinned {
                by: "kf.lock".into(),
                interface: hash,
                actions: BTreeMap::from([(name, line.to_owned())]),
            }
        });
        Some((SourceId(id), Imported { pinned, ..Imported::default() }))
    };
    (0..).zip(files).filter_map(one).collect()
}

/// The hash of the text's interface if its action `name` is as `line` says, else another.
fn interface_hash(text: &str, name: &Name, line: &str) -> String {
    let mut sources = Sources::new();
    sources.add("x.kf", text);
    let interface = check(&sources, &Options::default()).program().unwrap().schemas[0].interface.clone();
    let same = interface.rendered().get(name).is_some_and(|rendered| rendered == line);
    if same { interface.hash() } else { String::new() }
}

struct Checked {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Checked {
    fn of(files: Vec<(String, Vec<u8>)>) -> Checked {
        let options = Options { imported: imported(&files), ..Options::default() };
        let mut sources = Sources::new();
        let faults: Vec<Diagnostic> =
            files.into_iter().filter_map(|(path, bytes)| add_bytes(&mut sources, path, bytes).1).collect();
        let diagnostics =
            if faults.is_empty() { check(&sources, &options).diagnostics().to_vec() } else { faults };
        Checked { sources, diagnostics }
    }

    fn first(&self, severity: Severity) -> Option<&Diagnostic> {
        self.diagnostics.iter().find(|diagnostic| diagnostic.severity == severity)
    }

    fn shown(&self) -> String {
        let lines =
            self.diagnostics.iter().map(|diagnostic| short::line(diagnostic, &self.sources, Unit::Chars));
        lines.collect::<Vec<_>>().join("\n    ")
    }
}

/// What is wrong with the bad example of `code`; nothing if all is well.
fn bad_complaint(code: Code) -> Option<String> {
    let bad = section(code.explain(), "Bad");
    let files = if bad.contains("<!-- example: generated -->") {
        vec![("schema.kf".to_owned(), generated(code))]
    } else {
        blocks(bad).into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
    };
    assert!(!files.is_empty(), "no bad example for {code}");
    let checked = Checked::of(files);
    let wanted = code.severity();
    let harder = (wanted != Severity::Error).then(|| checked.first(Severity::Error)).flatten();
    let right = checked.first(wanted).is_some_and(|first| first.code == code) && harder.is_none();
    (!right).then(|| format!("{code} bad: {}", checked.shown()))
}

/// What is wrong with the good example of `code`: errors, warnings, or the very code.
fn good_complaint(code: Code) -> Option<String> {
    let files: Vec<(String, Vec<u8>)> = blocks(section(code.explain(), "Good"))
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    assert!(!files.is_empty(), "no good example for {code}");
    let checked = Checked::of(files);
    let wrong = |diagnostic: &Diagnostic| diagnostic.severity != Severity::Info || diagnostic.code == code;
    checked.diagnostics.iter().any(wrong).then(|| format!("{code} good: {}", checked.shown()))
}

#[test]
fn bad_examples_are_refused_with_their_code() {
    let complaints: Vec<String> = examples().filter_map(bad_complaint).collect();
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn good_examples_are_clean() {
    let complaints: Vec<String> = examples().filter_map(good_complaint).collect();
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn pages_and_codes_match() {
    for code in Code::ALL {
        let heading = code.explain().lines().next().unwrap();
        assert_eq!(heading, format!("# {code}: {}", code.title()));
    }
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| code.id().to_owned()).collect();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let page = fs::read_to_string(&path).unwrap();
        let at_run_time = id.len() == "KF001".len();
        assert!(known.contains(&id) || at_run_time, "{id} is no code");
        assert!(
            page.starts_with(&format!("# {id}: ")) && page.trim_end().lines().count() > 2,
            "{id}: {page}"
        );
    }
}
