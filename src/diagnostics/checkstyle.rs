//! Checkstyle's XML, which many CI servers and editors read. Columns count characters.

use std::collections::BTreeMap;
use std::io;

use super::report::{Region, Report, whole_message};
use super::xml::{Xml, document, sayable};
use super::{Diagnostic, visible};
use crate::source::Unit;

/// A `file` for each file with faults, an `error` for each of them.
pub fn report(found: &Report<'_>) -> String {
    let mut files: BTreeMap<&str, Vec<(&Diagnostic, Region<'_>)>> = BTreeMap::new();
    for diagnostic in found.diagnostics {
        if let Some(region) = Region::of(found.sources, diagnostic.at.span, Unit::Chars) {
            files.entry(region.path).or_default().push((diagnostic, region));
        }
    }
    document(|xml| {
        let root = xml.create_element("checkstyle").with_attribute(("version", "8.0"));
        root.write_inner_content(|xml| files.iter().try_for_each(|(path, faults)| file(xml, path, faults)))?;
        Ok(())
    })
}

fn file(xml: &mut Xml, path: &str, faults: &[(&Diagnostic, Region<'_>)]) -> io::Result<()> {
    let path = visible(path);
    let element = xml.create_element("file").with_attribute(("name", path.as_ref()));
    element.write_inner_content(|xml| {
        faults.iter().try_for_each(|(diagnostic, region)| error(xml, diagnostic, region))
    })?;
    Ok(())
}

fn error(xml: &mut Xml, diagnostic: &Diagnostic, region: &Region<'_>) -> io::Result<()> {
    let (line, column) = (region.start.line.to_string(), region.start.column.to_string());
    let message = sayable(&whole_message(diagnostic));
    let attributes = [
        ("line", line.as_str()),
        ("column", &column),
        ("severity", diagnostic.severity.word()),
        ("message", &message),
        ("source", diagnostic.code.id()),
    ];
    xml.create_element("error").with_attributes(attributes).write_empty()?;
    Ok(())
}
