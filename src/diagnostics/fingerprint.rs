use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Diagnostic;
use crate::source::{Sources, Unit};

/// Names diagnostics so that a later run gives the same fault the same name though lines moved: by path, code and what
/// stands on the line; the second such fault of a file by its number besides.
#[derive(Clone, Debug, Default)]
pub struct Fingerprints(BTreeMap<String, u32>);

impl Fingerprints {
    /// The next diagnostic of a run: 32 hexadecimal digits and how many were alike before it, counted from 1.
    pub fn next(&mut self, diagnostic: &Diagnostic, sources: &Sources) -> (String, u32) {
        let source = sources.get(diagnostic.at.span.source);
        let line = source.map_or("", |source| {
            let place = source.lines.place(&source.text, diagnostic.at.span.start as usize, Unit::Bytes);
            source.lines.text(&source.text, place.line)
        });
        let words = line.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ");
        let path = source.map_or("", |source| source.path.as_str());
        let digest = Sha256::digest(format!("{}\n{path}\n{words}", diagnostic.code));
        let name: String = hex::encode(digest).chars().take(32).collect();
        let count = self.0.entry(name.clone()).or_default();
        *count += 1;
        (name, *count)
    }
}
