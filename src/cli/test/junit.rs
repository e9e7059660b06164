//! Results as JUnit's XML: a suite for each file of tests.

use std::io;

use quick_xml::events::BytesText;

use super::Report;
use super::compare::Compared;
use super::human;
use crate::diagnostics::render::Style;
use crate::diagnostics::visible;
use crate::diagnostics::xml::{Xml, document, sayable};
use crate::interface::Test;

type Case<'r> = (&'r Test, &'r Compared);

/// The whole document.
pub(super) fn text(report: &Report<'_>) -> String {
    let all: Vec<Case<'_>> = report.tests.iter().zip(&report.results).collect();
    let mut files: Vec<&str> = all.iter().map(|(test, _)| test.path.as_str()).collect();
    files.dedup();
    document(|xml| {
        let counts = counts(&all, "kf test", report.took.as_secs_f64());
        let root = xml.create_element("testsuites").with_attributes(attributes(&counts));
        root.write_inner_content(|xml| files.iter().try_for_each(|file| suite(xml, file, &all, report)))?;
        Ok(())
    })
}

fn suite(xml: &mut Xml, file: &str, all: &[Case<'_>], report: &Report<'_>) -> io::Result<()> {
    let cases: Vec<Case<'_>> = all.iter().filter(|(test, _)| test.path == file).copied().collect();
    let seconds = cases.iter().map(|(_, result)| result.outcome.took.as_secs_f64()).sum();
    let counts = counts(&cases, &visible(file), seconds);
    xml.create_element("testsuite")
        .with_attributes(attributes(&counts))
        .write_inner_content(|xml| cases.iter().try_for_each(|one| case(xml, *one, report)))?;
    Ok(())
}

fn case(xml: &mut Xml, (test, result): Case<'_>, report: &Report<'_>) -> io::Result<()> {
    let (name, path, line) = (visible(&test.title), visible(&test.path), test.at.line.to_string());
    let seconds = format!("{:.3}", result.outcome.took.as_secs_f64());
    let class = test.schema.as_str();
    let said =
        [("name", name.as_ref()), ("classname", class), ("file", &path), ("line", &line), ("time", &seconds)];
    let element = xml.create_element("testcase").with_attributes(said);
    if result.passed() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        let text = sayable(&human::failure(report, test, result, Style::PLAIN));
        let message = text.lines().next().unwrap_or_default().to_owned();
        xml.create_element("failure")
            .with_attribute(("message", message.as_str()))
            .write_text_content(BytesText::new(&text))?;
        Ok(())
    })?;
    Ok(())
}

fn counts(cases: &[Case<'_>], name: &str, seconds: f64) -> [(&'static str, String); 5] {
    let failures = cases.iter().filter(|(_, result)| !result.passed()).count();
    [
        ("name", name.to_owned()),
        ("tests", cases.len().to_string()),
        ("failures", failures.to_string()),
        ("errors", "0".to_owned()),
        ("time", format!("{seconds:.3}")),
    ]
}

fn attributes<'c>(counts: &'c [(&'static str, String); 5]) -> [(&'c str, &'c str); 5] {
    counts.each_ref().map(|(name, value)| (*name, value.as_str()))
}
