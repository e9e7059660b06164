use sha2::{Digest, Sha256};

use super::super::super::{Exit, Failure};
use super::super::Project;
use super::super::lock::{Entry, Lock, Vendored};
use super::super::paths::{Place, reason};
use super::{Found, From};
use crate::diagnostics::Code;
use crate::interface::{Dbid, Owner};

/// Where `kf import` writes, in the folder of the project.
const FOLDER: &str = "imports";

/// Reads the source that `kf import` wrote for `entry`; none if it wrote none.
pub(super) fn read(folder: &Place, entry: &Entry) -> Result<Option<Found>, Failure> {
    let Some(file) = &entry.file else { return Ok(None) };
    let place = folder.entry(&file.path);
    let text = std::fs::read_to_string(&place.path).map_err(|error| {
        let message =
            format!("cannot read the import `{}` at `{}`: {}", entry.name, place.shown, reason(&error));
        Failure::usage(message).help("`kf import` writes it anew")
    })?;
    let owner = entry.owner.clone().map(Owner);
    if !is_as_written(file, &text) || Dbid::of(&entry.name, owner.as_ref()) != entry.dbid {
        return Err(changed(entry, &place.shown));
    }
    Ok(Some(Found {
        dbid: entry.dbid.clone(),
        name: entry.name.clone(),
        owner,
        from: From::Vendored,
        shown: place.shown,
        text,
        aliases: entry.aliases.clone(),
        version: entry.version,
        interface: None,
    }))
}

/// Writes the source of `found` where imports are kept.
///
/// # Errors
/// A file in that place that is not an import's, or that cannot be written.
pub fn vendor(project: &Project, found: &Found, lock: &Lock) -> Result<Vendored, Failure> {
    let path = format!("{FOLDER}/{}.kf", file_name(found));
    let place = project.place.entry(&path);
    let is_ours = lock.entries().iter().any(|entry| entry.file.as_ref().is_some_and(|it| it.path == path));
    let before = std::fs::read_to_string(&place.path).ok();
    if !is_ours && before.as_ref().is_some_and(|text| *text != found.text) {
        return Err(Failure::usage(format!("`{}` exists, and `kf import` did not write it", place.shown))
            .help("move it away"));
    }
    if before.as_ref() != Some(&found.text) {
        let folder = project.root.join(FOLDER);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&place.path, &found.text));
        written
            .map_err(|error| Failure::usage(format!("cannot write `{}`: {}", place.shown, reason(&error))))?;
    }
    Ok(Vendored { path, sha256: hash(&found.text) })
}

/// Deletes the source that was written for `entry`, unless somebody changed it.
///
/// # Errors
/// A file that cannot be deleted.
pub fn unvendor(project: &Project, entry: &Entry) -> Result<(), Failure> {
    let Some(file) = &entry.file else { return Ok(()) };
    let place = project.place.entry(&file.path);
    match std::fs::read_to_string(&place.path) {
        Ok(text) if is_as_written(file, &text) => std::fs::remove_file(&place.path)
            .map_err(|error| Failure::usage(format!("cannot delete `{}`: {}", place.shown, reason(&error)))),
        _ => Ok(()),
    }
}

/// As a `use` writes it: `ens`, `0xab.ens`; the DBID where an owner is no file name.
fn file_name(found: &Found) -> String {
    match &found.owner {
        None => found.name.to_string(),
        Some(owner) if Owner::spelled(&owner.0).is_some() => {
            format!("{}.{}", owner.0.to_ascii_lowercase(), found.name)
        }
        Some(_) => found.dbid.to_string(),
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// True if `text` is what `kf import` wrote.
fn is_as_written(file: &Vendored, text: &str) -> bool {
    hash(text) == file.sha256
}

fn changed(entry: &Entry, shown: &str) -> Failure {
    let message = format!("`{shown}` is not what `kf import` wrote for `{}`", entry.name);
    let mut failure = Failure::new(Exit::Source, message)
        .help("`kf import` writes it anew; to change a schema, change it where it is deployed from");
    failure.code = Some(Code::ImportChanged.id().to_owned());
    failure
}
