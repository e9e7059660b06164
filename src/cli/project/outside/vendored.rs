use std::collections::BTreeMap;

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

/// Reads the source that `kf import` wrote for `entry`, with the interface files it needs; none if it wrote none.
pub(super) fn read(folder: &Place, entry: &Entry) -> Result<Option<Found>, Failure> {
    let Some(file) = &entry.file else { return Ok(None) };
    let owner = entry.owner.clone().map(Owner);
    if Dbid::of(&entry.name, owner.as_ref()) != entry.dbid {
        return Err(changed(entry, &folder.entry(&file.path).shown));
    }
    let mut externs = BTreeMap::new();
    for (name, file) in &entry.externs {
        externs.insert(name.clone(), read_file(folder, entry, file)?);
    }
    Ok(Some(Found {
        dbid: entry.dbid.clone(),
        name: entry.name.clone(),
        owner,
        from: From::Vendored,
        shown: folder.entry(&file.path).shown,
        text: read_file(folder, entry, file)?,
        aliases: entry.aliases.clone(),
        externs,
        version: entry.version,
        interface: None,
    }))
}

fn read_file(folder: &Place, entry: &Entry, file: &Vendored) -> Result<String, Failure> {
    let place = folder.entry(&file.path);
    let text = std::fs::read_to_string(&place.path).map_err(|error| {
        let message =
            format!("cannot read the import `{}` at `{}`: {}", entry.name, place.shown, reason(&error));
        Failure::usage(message).help("`kf import` writes it anew")
    })?;
    if is_as_written(file, &text) { Ok(text) } else { Err(changed(entry, &place.shown)) }
}

/// Writes the source of `found` and its interface files where imports are kept, and says so in `entry`.
///
/// # Errors
/// A file in that place that is not an import's, or that cannot be written.
pub fn vendor(project: &Project, found: &Found, lock: &Lock, entry: &mut Entry) -> Result<(), Failure> {
    let name = file_name(found);
    entry.file = Some(write_file(project, lock, format!("{FOLDER}/{name}.kf"), &found.text)?);
    for (declared, text) in &found.externs {
        let file = write_file(project, lock, format!("{FOLDER}/{name}.{declared}.kf"), text)?;
        entry.externs.insert(declared.clone(), file);
    }
    Ok(())
}

fn write_file(project: &Project, lock: &Lock, path: String, text: &str) -> Result<Vendored, Failure> {
    let place = project.place.entry(&path);
    let before = std::fs::read_to_string(&place.path).ok();
    let is_same = before.as_deref() == Some(text);
    if before.is_some() && !is_same && lock.files().all(|file| file.path != path) {
        return Err(Failure::usage(format!("`{}` exists, and `kf import` did not write it", place.shown))
            .help("move it away"));
    }
    if !is_same {
        let folder = project.root.join(FOLDER);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&place.path, text));
        written
            .map_err(|error| Failure::usage(format!("cannot write `{}`: {}", place.shown, reason(&error))))?;
    }
    Ok(Vendored { path, sha256: hash(text) })
}

/// Deletes what was written for `entry`, but for what somebody changed.
///
/// # Errors
/// A file that cannot be deleted.
pub fn unvendor(project: &Project, entry: &Entry) -> Result<(), Failure> {
    for file in entry.file.iter().chain(entry.externs.values()) {
        let place = project.place.entry(&file.path);
        let ours = std::fs::read_to_string(&place.path).is_ok_and(|text| is_as_written(file, &text));
        if ours {
            std::fs::remove_file(&place.path).map_err(|error| {
                Failure::usage(format!("cannot delete `{}`: {}", place.shown, reason(&error)))
            })?;
        }
    }
    Ok(())
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
