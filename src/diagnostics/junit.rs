//! JUnit's XML: a suite for each file, in which errors are failures and what is no error has passed.

use std::io;

use quick_xml::events::BytesText;

use super::report::{Region, Report, whole_message};
use super::xml::{Xml, document, sayable};
use super::{Diagnostic, Severity, visible};
use crate::source::{Source, Unit};

/// Suites of every file that was looked at; one that nothing is wrong with has one case, which has passed.
pub fn report(found: &Report<'_>) -> String {
    let of = |source: &Source| -> Vec<&Diagnostic> {
        let there = |it: &&Diagnostic| {
            found.sources.get(it.at.span.source).is_some_and(|other| other.path == source.path)
        };
        found.diagnostics.iter().filter(there).collect()
    };
    let suites: Vec<(&Source, Vec<&Diagnostic>)> = found.own().map(|source| (source, of(source))).collect();
    let tests: usize = suites.iter().map(|(_, faults)| faults.len().max(1)).sum();
    let failures: usize = suites.iter().map(|(_, faults)| errors(faults)).sum();
    document(|xml| {
        let (tests, failures) = (tests.to_string(), failures.to_string());
        let counts = [("name", "kf"), ("tests", tests.as_str()), ("failures", &failures), ("errors", "0")];
        let root = xml.create_element("testsuites").with_attributes(counts);
        root.write_inner_content(|xml| {
            suites.iter().try_for_each(|(source, faults)| suite(xml, source, faults, found))
        })?;
        Ok(())
    })
}

fn errors(faults: &[&Diagnostic]) -> usize {
    faults.iter().filter(|it| it.severity == Severity::Error).count()
}

fn suite(xml: &mut Xml, source: &Source, faults: &[&Diagnostic], found: &Report<'_>) -> io::Result<()> {
    let path = visible(&source.path);
    let (tests, failures) = (faults.len().max(1).to_string(), errors(faults).to_string());
    let counts = [("name", path.as_ref()), ("tests", &tests), ("failures", &failures), ("errors", "0")];
    xml.create_element("testsuite").with_attributes(counts).write_inner_content(|xml| {
        if faults.is_empty() {
            xml.create_element("testcase").with_attributes(named("no faults", &path)).write_empty()?;
        }
        faults.iter().try_for_each(|diagnostic| case(xml, &path, diagnostic, found))
    })?;
    Ok(())
}

fn named<'n>(name: &'n str, path: &'n str) -> [(&'n str, &'n str); 2] {
    [("name", name), ("classname", path)]
}

fn case(xml: &mut Xml, path: &str, diagnostic: &Diagnostic, found: &Report<'_>) -> io::Result<()> {
    let Some(region) = Region::of(found.sources, diagnostic.at.span, Unit::Chars) else { return Ok(()) };
    let place = format!("{}:{}", region.start.line, region.start.column);
    let name = format!("{} at {place}", diagnostic.code);
    let text = sayable(&format!("{path}:{place}: {}", whole_message(diagnostic)));
    xml.create_element("testcase").with_attributes(named(&name, path)).write_inner_content(|xml| {
        let message = sayable(&visible(&diagnostic.message));
        let inner = match diagnostic.severity {
            Severity::Error => {
                let said = [("message", message.as_str()), ("type", diagnostic.code.id())];
                xml.create_element("failure").with_attributes(said)
            }
            _ => xml.create_element("system-out"),
        };
        inner.write_text_content(BytesText::new(&text))?;
        Ok(())
    })?;
    Ok(())
}
