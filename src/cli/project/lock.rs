//! `kf.lock`: what imports were when they were taken. Written by `kf import` and `kf deploy`, meant to be kept beside the
//! sources and reviewed with them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::Failure;
use super::paths::{Place, reason};
use crate::interface::{Dbid, Interface, Pinned};
use crate::language::Name;

/// The name of the file.
pub const FILE: &str = "kf.lock";

const VERSION: u32 = 1;
const HEAD: &str =
    "# What imports were when they were taken. `kf import` writes this file; keep it with the sources.\n";

/// What `kf.lock` says; empty where there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    #[serde(default, rename = "import", skip_serializing_if = "Vec::is_empty")]
    imports: Vec<Entry>,
}

/// One import as it was taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The schema's name.
    pub name: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// Its owner; none for a network schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Which version of it, if it was taken from a database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// Hash of its interface.
    pub interface: String,
    /// Where its source was written, from the folder of the lock, and the hash of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Vendored>,
    /// What its own imports are bound to, by alias.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<Name, Dbid>,
    /// Where the interface files of the externs it uses were written, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub externs: BTreeMap<Name, Vendored>,
    /// Its actions that can be imported, as they are called.
    pub actions: Vec<String>,
}

/// A source that `kf import` wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendored {
    /// With `/`, from the folder of the lock.
    pub path: String,
    /// SHA-256, in hex, of its bytes.
    pub sha256: String,
}

impl Entry {
    /// What the import has to be from now on.
    pub fn pinned(&self) -> Pinned {
        let name = |line: &String| Name::new(line.split('(').next().unwrap_or(line));
        let actions = self.actions.iter().map(|line| (name(line), line.clone())).collect();
        Pinned { by: FILE.to_owned(), interface: self.interface.clone(), actions }
    }

    /// An entry for `interface`, which was not taken from a database and is not written anywhere.
    pub fn of(interface: &Interface, owner: Option<String>, aliases: BTreeMap<Name, Dbid>) -> Entry {
        Entry {
            name: interface.name.clone(),
            dbid: interface.dbid.clone(),
            owner,
            version: None,
            interface: interface.hash(),
            file: None,
            aliases,
            externs: BTreeMap::new(),
            actions: interface.rendered().into_values().collect(),
        }
    }
}

impl Lock {
    /// Reads the lock in `folder`.
    ///
    /// # Errors
    /// A file that cannot be read or is not a lock.
    pub(super) fn read(folder: &Place) -> Result<Lock, Failure> {
        let place = folder.entry(FILE);
        let text = match std::fs::read_to_string(&place.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Lock::default()),
            read => read.map_err(|error| place.unreadable(&error))?,
        };
        Lock::parse(&text, &place.shown)
    }

    fn parse(text: &str, shown: &str) -> Result<Lock, Failure> {
        let help = "undo the change, or delete the file and let `kf import` write it anew";
        let lock: Lock = toml::from_str(text).map_err(|error| {
            let label = error.message().replace('\n', ", ");
            let failure = Failure::usage(format!("`{shown}` cannot be read"));
            failure.at(shown, text, error.span().unwrap_or(0..0), label).help(help)
        })?;
        if lock.version > VERSION {
            return Err(
                Failure::usage(format!("`{shown}` was written by a later `kf`")).help("use a newer `kf`")
            );
        }
        Ok(lock)
    }

    /// The entry of a dataset.
    pub fn entry(&self, dbid: &Dbid) -> Option<&Entry> {
        self.imports.iter().find(|entry| entry.dbid == *dbid)
    }

    /// Every entry, by name.
    pub fn entries(&self) -> &[Entry] {
        &self.imports
    }

    /// Every file that `kf import` wrote.
    pub fn files(&self) -> impl Iterator<Item = &Vendored> {
        self.imports.iter().flat_map(|entry| entry.file.iter().chain(entry.externs.values()))
    }

    /// Puts an entry in the place of the one its dataset has.
    pub fn put(&mut self, entry: Entry) {
        self.imports.retain(|known| known.dbid != entry.dbid);
        self.imports.push(entry);
        self.imports.sort_by(|left, right| (&left.name, &left.dbid).cmp(&(&right.name, &right.dbid)));
    }

    /// Keeps the entries `wanted` holds for, and gives the others.
    pub fn retain(&mut self, wanted: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let (kept, dropped) = std::mem::take(&mut self.imports).into_iter().partition(wanted);
        self.imports = kept;
        dropped
    }

    /// The file's text: the same for the same entries.
    pub fn text(&self) -> String {
        let lock = Lock { version: VERSION, imports: self.imports.clone() };
        // Texts, numbers and lists always serialise.
        format!("{HEAD}{}", toml::to_string_pretty(&lock).unwrap_or_default())
    }

    /// Writes the lock into `folder`, if it differs from what is there. A lock without entries is not begun.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<bool, Failure> {
        let path = folder.join(FILE);
        let before = std::fs::read_to_string(&path).ok();
        let text = self.text();
        if before.as_ref() == Some(&text) || (before.is_none() && self.imports.is_empty()) {
            return Ok(false);
        }
        let failed =
            |error: std::io::Error| Failure::usage(format!("cannot write `{FILE}`: {}", reason(&error)));
        std::fs::write(&path, text).map_err(failed)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    fn entry(name: &str, dbid: &str) -> Entry {
        Entry {
            name: Name::new(name),
            dbid: Dbid::recorded(dbid),
            owner: None,
            version: Some(3),
            interface: "ab".into(),
            file: Some(Vendored { path: format!("imports/{name}.kf"), sha256: "cd".into() }),
            aliases: BTreeMap::from([(Name::new("b"), Dbid::recorded("base"))]),
            externs: BTreeMap::new(),
            actions: vec!["f($a text default 'it''s \"x\"') public".into(), "g() public view".into()],
        }
    }

    #[test]
    fn a_lock_reads_what_it_writes_in_one_order() {
        let mut lock = Lock::default();
        lock.put(entry("ens", "x2"));
        lock.put(entry("bank", "bank"));
        lock.put(entry("ens", "x1"));
        let text = lock.text();
        let mut other = Lock::default();
        for (name, dbid) in [("ens", "x1"), ("ens", "x2"), ("bank", "bank"), ("ens", "x1")] {
            other.put(entry(name, dbid));
        }
        assert_eq!(other.text(), text);
        let read = Lock::parse(&text, "kf.lock").unwrap();
        assert_eq!(read.text(), text);
        assert_eq!(read.entry(&Dbid::recorded("x2")), Some(&entry("ens", "x2")));
        let first = text.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n");
        insta::assert_snapshot!(first, @r##"
        # What imports were when they were taken. `kf import` writes this file; keep it with the sources.
        version = 1

        [[import]]
        name = "bank"
        dbid = "bank"
        version = 3
        interface = "ab"
        actions = [
            """f($a text default 'it''s "x"') public""",
            "g() public view",
        ]
        "##);
    }

    #[test]
    fn what_is_no_lock_is_shown_where_it_is_wrong() {
        let told = |text: &str| Lock::parse(text, "kf.lock").unwrap_err().render(Style::PLAIN);
        let merge = told("version = 1\n<<<<<<< HEAD\n");
        assert!(merge.contains("`kf.lock` cannot be read") && merge.contains("kf.lock:2:9"), "{merge}");
        assert!(told("version = 9").contains("a later `kf`"));
        assert!(told("version = 1\n[[import]]\nnme = 1\n").contains("unknown field"));
    }
}
