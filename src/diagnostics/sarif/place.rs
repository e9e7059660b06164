use serde::Serialize;

use super::super::Edit;
use super::super::report;
use super::rule::Text;
use crate::source::{Sources, Span, Unit};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

/// SARIF's `fix`: changes to one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fix {
    description: Text,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Text,
}

impl Location {
    /// None if the span lies in no text.
    pub fn of(span: Span, sources: &Sources) -> Option<Location> {
        let (artifact_location, region) = region(span, sources)?;
        Some(Location { id: None, physical_location: Physical { artifact_location, region }, message: None })
    }

    /// The same, as the `id`th place of a result, with a few words.
    pub fn saying(mut self, id: usize, words: String) -> Location {
        self.id = Some(id);
        self.message = (!words.is_empty()).then_some(Text { text: words });
        self
    }
}

impl Fix {
    /// `edits` are of one text.
    pub fn of(title: String, edits: &[Edit], sources: &Sources) -> Option<Fix> {
        let mut replacements = Vec::new();
        let mut artifact_location = None;
        for edit in edits {
            let (artifact, deleted_region) = region(edit.span, sources)?;
            artifact_location = Some(artifact);
            let inserted_content = Text { text: edit.text.clone() };
            replacements.push(Replacement { deleted_region, inserted_content });
        }
        let change = Change { artifact_location: artifact_location?, replacements };
        Some(Fix { description: Text { text: title }, artifact_changes: [change] })
    }
}

fn region(span: Span, sources: &Sources) -> Option<(Artifact, Region)> {
    let found = report::Region::of(sources, span, Unit::Chars)?;
    let region = Region {
        start_line: found.start.line,
        start_column: found.start.column,
        end_line: found.end.line,
        end_column: found.end.column,
    };
    Some((Artifact { uri: uri(found.path) }, region))
}

/// A path as a reference of RFC 3986: relative as it is, whole as `file://`.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b/ä:c.kf"), "a%20b/%C3%A4%3Ac.kf");
        assert_eq!(uri("/x/y.kf"), "file:///x/y.kf");
        assert_eq!(uri("../y.kf"), "../y.kf");
    }
}
