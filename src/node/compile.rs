//! Genesis schemas from files to packages.

use std::collections::BTreeMap;

use super::{GenesisSchema, NodeError, problems};
use crate::diagnostics::{Severity, add_bytes, short};
use crate::interface::{Imported, Options, Owner, Package};
use crate::source::{SourceId, Sources, Unit};

/// The text of a genesis schema.
pub(super) struct Text {
    /// Who owns it.
    pub owner: Option<Owner>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    path: String,
}

/// Reads the files.
pub(super) fn read(schemas: &[GenesisSchema]) -> Result<Vec<Text>, NodeError> {
    let text = |GenesisSchema { file, owner }: &GenesisSchema| {
        let bytes = std::fs::read(file).map_err(|error| problems::unreadable(file, &error))?;
        Ok(Text { owner: owner.clone(), bytes, path: file.display().to_string() })
    };
    schemas.iter().map(text).collect()
}

/// Compiles what each owner has, network schemas first and then owners as they come up, against all of them. Gives the
/// packages with the number of their text.
pub(super) fn compile(texts: &[Text]) -> Result<Vec<(usize, Package)>, NodeError> {
    let mut sources = Sources::new();
    let mut wrong = Vec::new();
    for text in texts {
        let (_, fault) = add_bytes(&mut sources, text.path.clone(), text.bytes.clone());
        wrong.extend(fault);
    }
    let mut packages = Vec::new();
    for owner in owners(texts) {
        let compiled = crate::compile(&sources, &options(texts, &sources, owner));
        wrong.extend(compiled.diagnostics);
        let number = |package: &Package| {
            texts.iter().position(|text| text.path == package.path && text.owner.as_ref() == owner)
        };
        let numbered = |package: Package| Some((number(&package)?, package));
        packages.extend(compiled.packages.into_iter().filter_map(numbered));
    }
    wrong.retain(|it| it.severity == Severity::Error);
    if !wrong.is_empty() {
        let lines = wrong.iter().map(|it| short::line(it, &sources, Unit::Chars)).collect();
        return Err(problems::wrong_schemas(lines));
    }
    Ok(packages)
}

/// Every owner once; the network, which is none, first.
fn owners(texts: &[Text]) -> Vec<Option<&Owner>> {
    let mut owners: Vec<Option<&Owner>> = Vec::new();
    if texts.iter().any(|text| text.owner.is_none()) {
        owners.push(None);
    }
    for text in texts {
        if !owners.contains(&text.owner.as_ref()) {
            owners.push(text.owner.as_ref());
        }
    }
    owners
}

fn options(texts: &[Text], sources: &Sources, owner: Option<&Owner>) -> Options {
    let others: BTreeMap<SourceId, Imported> = sources
        .iter()
        .zip(texts)
        .filter(|(_, text)| text.owner.as_ref() != owner)
        .map(|((id, _), text)| (id, Imported { owner: text.owner.clone(), ..Imported::default() }))
        .collect();
    Options { owner: owner.cloned(), imported: others, ..Options::default() }
}
