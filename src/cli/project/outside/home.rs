use std::collections::BTreeMap;
use std::path::Path;

use super::super::super::Failure;
use super::super::super::config::{self, Config};
use super::super::lock::Lock;
use super::super::paths::Place;
use super::super::{bytes, walk};
use super::uses::Uses;
use super::{Found, From};
use crate::interface::{Dbid, Owner};
use crate::language::Name;

/// Another project that imports are read from.
pub(super) struct Home {
    /// Where `[imports]` of its `kf.toml` begin.
    pub folder: Place,
    /// What its `kf.toml` says.
    pub config: Config,
    owner: Option<Owner>,
    schemas: BTreeMap<Name, (Place, String, Uses)>,
    /// Interface files.
    externs: BTreeMap<Name, String>,
}

impl Home {
    /// Reads the project at `path`, which is a schema file or a folder, as `folder` sees it. Its schemas are `owner`'s.
    pub fn read(folder: &Place, path: &Path, owner: Option<&Owner>) -> Result<Home, Failure> {
        let place = folder.below(path)?;
        let data = std::fs::metadata(&place.path).map_err(|error| place.unreadable(&error))?;
        let folder = place.folder()?;
        let files = if data.is_dir() { others(&folder)? } else { vec![place] };
        let mut schemas = BTreeMap::new();
        let mut externs = BTreeMap::new();
        for file in files {
            let bytes = bytes::of(&file.path).map_err(|error| file.unreadable(&error))?;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let uses = Uses::of(&text);
            if let Some(name) = uses.declares.clone() {
                externs.entry(name).or_insert(text);
            } else if let Some(name) = uses.name.clone() {
                schemas.entry(name).or_insert((file, text, uses));
            }
        }
        let config = folder.entry(config::FILE);
        let config = match config.path.is_file() {
            true => Config::read(&config.path, &config.shown)?,
            false => Config::default(),
        };
        Ok(Home { folder, config, owner: owner.cloned(), schemas, externs })
    }

    /// The schema that is `dbid`.
    pub fn find(&self, dbid: &Dbid) -> Option<Found> {
        let is_it = |name: &&Name| Dbid::of(name, self.owner.as_ref()) == *dbid;
        let name = self.schemas.keys().find(is_it)?;
        let (place, text, uses) = self.schemas.get(name)?;
        let owner = self.owner.as_ref();
        let beside = |dbid: &Dbid| self.schemas.keys().any(|name| Dbid::of(name, owner) == *dbid);
        Some(Found {
            dbid: dbid.clone(),
            name: name.clone(),
            owner: self.owner.clone(),
            from: From::Path,
            shown: place.shown.clone(),
            text: text.clone(),
            aliases: uses.bound(owner, beside, &self.config.names),
            externs: uses.externs(&self.externs),
            version: None,
            interface: None,
        })
    }

    /// The names of its schemas.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.schemas.keys().map(Name::as_str)
    }
}

/// The schemas in a folder that `kf import` did not write there.
fn others(folder: &Place) -> Result<Vec<Place>, Failure> {
    let lock = Lock::read(folder)?;
    let vendored: Vec<_> = lock.files().map(|file| folder.path.join(&file.path)).collect();
    let mut files = walk::schemas(folder)?;
    files.retain(|file| !vendored.contains(&file.path));
    Ok(files)
}
