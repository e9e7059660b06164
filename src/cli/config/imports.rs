use std::path::PathBuf;

use toml::de::DeTable;

use super::super::Failure;
use super::{Config, File, Value};
use crate::interface::{Dbid, Owner};
use crate::language::Name;

const IMPORT_KEYS: &[&str] = &["path", "registry", "dbid"];

/// Where one import comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportFrom {
    /// Who owns it; none for a network schema.
    pub owner: Option<Owner>,
    /// Where from.
    pub origin: Origin,
}

/// A place imports come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A schema file, or a folder of them, from the folder of `kf.toml`.
    Path(PathBuf),
    /// The database that is deployed to, or what `kf import` took from one.
    Registry,
}

impl File<'_> {
    /// `[imports]`: `NAME` or `"0xOWNER.NAME"` to `{ path = ".." }`, `{ registry = true }` or `{ dbid = ".." }`.
    pub(super) fn imports(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("imports", value, "a table"))?;
        for (key, value) in table {
            let (owner, name) = read_key(key.get_ref())
                .ok_or_else(|| self.fault(key.span(), "not an import", "a name, or \"0xOWNER.NAME\""))?;
            let from = value.get_ref().as_table().ok_or_else(|| {
                let help = "as `{ path = \"../ens\" }` or `{ registry = true }`";
                self.wrong(key.get_ref(), value, "a table").help(help)
            })?;
            self.known(from, IMPORT_KEYS)?;
            let dbid = Dbid::of(&name, owner.as_ref());
            if let Some(meant) = self.dbid(from)? {
                if owner.is_some() {
                    return Err(self.fault(value.span(), "two answers", "owner and name make the DBID"));
                }
                config.names.insert(name, meant);
            } else {
                let origin = self.origin(value, from)?;
                config.imports.insert(dbid, ImportFrom { owner, origin });
            }
        }
        Ok(())
    }

    /// `dbid = ".."`, which must stand without a path.
    fn dbid(&self, from: &DeTable<'_>) -> Result<Option<Dbid>, Failure> {
        let Some(value) = from.get("dbid") else { return Ok(None) };
        let text = self.text("dbid", value)?.to_ascii_lowercase();
        if !Name::is_well_formed(&text) {
            return Err(self
                .fault(value.span(), &format!("`{text}` is not a DBID"), "not a DBID")
                .help("`kf list` shows the DBIDs of what is deployed"));
        }
        if let Some((key, _)) = from.iter().find(|(key, _)| key.get_ref() == "path") {
            return Err(self.fault(key.span(), "two answers", "either a path or a DBID"));
        }
        Ok(Some(Dbid::recorded(text)))
    }

    fn origin(&self, whole: &Value<'_>, from: &DeTable<'_>) -> Result<Origin, Failure> {
        match (from.get("path"), from.get("registry")) {
            (Some(path), None) => Ok(Origin::Path(PathBuf::from(self.text("path", path)?.as_ref()))),
            (None, Some(flag)) => match flag.get_ref().as_bool() {
                Some(true) => Ok(Origin::Registry),
                _ => Err(self.wrong("registry", flag, "`true`")),
            },
            _ => Err(self.fault(whole.span(), "where from?", "one of `path`, `registry` and `dbid`")),
        }
    }
}

/// `ens` or `0xab.ens`.
fn read_key(key: &str) -> Option<(Option<Owner>, Name)> {
    let (owner, name) = match key.split_once('.') {
        Some((owner, name)) => (Some(Owner::spelled(owner)?), name),
        None => (None, key),
    };
    Name::is_well_formed(name).then(|| (owner, Name::new(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    #[test]
    fn imports_come_from_paths_registries_and_dbids() {
        let text = "[imports]\nens = { path = \"../ens\" }\n\"0xAB.Bank\" = { registry = true }\n\
                    names = { dbid = \"X12\" }\n";
        let config = Config::parse(text, "kf.toml").unwrap();
        let bank = Dbid::owned(&Name::new("bank"), &Owner("0xab".into()));
        let origin = |dbid: &Dbid| config.imports[dbid].origin.clone();
        assert_eq!(origin(&Dbid::recorded("ens")), Origin::Path("../ens".into()));
        assert_eq!((origin(&bank), config.imports.len()), (Origin::Registry, 2));
        assert_eq!(config.names[&Name::new("names")].as_str(), "x12");
    }

    #[test]
    fn slips_are_named_and_placed() {
        let wrong = |line: &str| {
            let text = format!("[imports]\n{line}\n");
            Config::parse(&text, "kf.toml").unwrap_err().render(Style::PLAIN)
        };
        for (line, told) in [
            ("ens = { paht = \"x\" }", "did you mean `path`?"),
            ("ens = \"x\"", "`ens` must be a table"),
            ("ens = {}", "one of `path`, `registry` and `dbid`"),
            ("ens = { path = \"x\", registry = true }", "one of `path`, `registry` and `dbid`"),
            ("ens = { registry = false }", "`registry` must be `true`"),
            ("\"0xzz.ens\" = { registry = true }", "a name, or \"0xOWNER.NAME\""),
            ("ens = { dbid = \"x'\" }", "`x'` is not a DBID"),
            ("ens = { dbid = \"x1\", path = \"y\" }", "either a path or a DBID"),
            ("\"0xab.ens\" = { dbid = \"x1\" }", "owner and name make the DBID"),
        ] {
            let shown = wrong(line);
            assert!(shown.contains(told) && shown.contains("kf.toml:2:"), "{line}: {shown}");
        }
    }
}
