//! `kf.toml`: what a project says about itself. A key nobody knows is an error, so that a slip cannot pass for a
//! setting.

mod clients;
mod expose;
mod imports;
mod links;
mod lints;
mod test;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Failure;
use crate::diagnostics::nearest;
use crate::interface::{Dbid, Profile};
use crate::language::Name;

pub use clients::Client;
pub use imports::{ImportFrom, Origin};
pub use lints::{Level, Lints};

/// The name of the file.
pub const FILE: &str = "kf.toml";

const KEYS: &[&str] =
    &["name", "profile", "database", "imports", "expose", "clients", "lints", "links", "test"];
const DATABASE_KEYS: &[&str] = &["url"];

/// What `kf.toml` says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// The project's name.
    pub name: Option<String>,
    /// Which rules hold.
    pub profile: Profile,
    /// Where `kf deploy` and `kf call` go unless told otherwise.
    pub database_url: Option<String>,
    /// What gateways are to see.
    pub expose: Option<crate::interface::Exposure>,
    /// The clients that are kept up to date, in the order of the file.
    pub clients: Vec<Client>,
    /// Where imports come from that are not among the project's files, by what the `use` in a source means.
    pub imports: BTreeMap<Dbid, ImportFrom>,
    /// Datasets that `use NAME` means instead of the network schema of that name.
    pub names: BTreeMap<Name, Dbid>,
    /// What is made of warnings and remarks.
    pub lints: Lints,
    /// Files of SQL that databases for tests begin with, from the folder of `kf.toml`.
    pub installed: Vec<String>,
    /// Where the pages of codes are, for links.
    pub error_pages: Option<String>,
}

impl Config {
    /// Reads the file at `path`, shown as `shown`.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, or says something unknown or of the wrong type.
    pub fn read(path: &Path, shown: &str) -> Result<Config, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("cannot read `{shown}`: {}", super::project::reason(&error)))
        })?;
        Config::parse(&text, shown)
    }

    /// Reads `text`, shown as `shown`.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str, shown: &str) -> Result<Config, Failure> {
        let file = File { text, shown };
        let table = DeTable::parse(text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            file.fault(range, "not TOML", &error.message().replace('\n', ", "))
        })?;
        file.known(table.get_ref(), KEYS)?;
        let mut config = Config::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "name" => config.name = Some(file.name(value)?),
                "profile" => config.profile = file.profile(value)?,
                "database" => config.database_url = file.database(value)?,
                "expose" => file.expose(value, &mut config)?,
                "clients" => file.clients(value, &mut config)?,
                "lints" => file.lints(value, &mut config)?,
                "links" => file.links(value, &mut config)?,
                "test" => file.test(value, &mut config)?,
                _ => file.imports(value, &mut config)?,
            }
        }
        Ok(config)
    }
}

/// The file being read, for messages.
struct File<'t> {
    text: &'t str,
    shown: &'t str,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl File<'_> {
    fn fault(&self, range: Range<usize>, message: &str, label: &str) -> Failure {
        Failure::usage(message).at(self.shown, self.text, range, label)
    }

    fn known(&self, table: &DeTable<'_>, keys: &[&str]) -> Result<(), Failure> {
        let Some(key) = table.keys().find(|key| !keys.contains(&key.get_ref().as_ref())) else {
            return Ok(());
        };
        let message = format!("unknown key `{}`", key.get_ref());
        let failure = self.fault(key.span(), &message, "not a setting");
        let list = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        Err(match nearest(key.get_ref(), keys.iter().copied()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("known here: {list}")),
        })
    }

    fn text<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<Cow<'v, str>, Failure> {
        let text = value.get_ref().as_str().map(Cow::Borrowed);
        text.ok_or_else(|| self.wrong(key, value, "a string"))
    }

    fn wrong(&self, key: &str, value: &Value<'_>, expected: &str) -> Failure {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.fault(value.span(), &format!("`{key}` must be {expected}"), &format!("this is {found}"))
    }

    fn name(&self, value: &Value<'_>) -> Result<String, Failure> {
        let name = self.text("name", value)?;
        if Name::is_well_formed(&name) {
            return Ok(name.into_owned());
        }
        let failure =
            self.fault(value.span(), &format!("`{name}` is not a name"), "letters, digits and `_` only");
        Err(failure.help("a name begins with a letter"))
    }

    fn profile(&self, value: &Value<'_>) -> Result<Profile, Failure> {
        match self.text("profile", value)?.as_ref() {
            "node" => Ok(Profile::Node),
            "metered" => Ok(Profile::Metered),
            "app" => Ok(Profile::App),
            other => {
                let known = "`node`, `metered` or `app`";
                Err(self.fault(value.span(), &format!("unknown profile `{other}`"), known))
            }
        }
    }

    fn database(&self, value: &Value<'_>) -> Result<Option<String>, Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("database", value, "a table"))?;
        self.known(table, DATABASE_KEYS)?;
        let mut url = None;
        for value in table.values() {
            url = Some(self.text("url", value)?.into_owned());
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    fn wrong(text: &str) -> String {
        Config::parse(text, "kf.toml").unwrap_err().render(Style::PLAIN)
    }

    #[test]
    fn every_key_is_read() {
        let text = "name = \"notes\"\nprofile = \"app\"\n[database]\nurl = \"postgres://x\"\n[imports]\n";
        let config = Config::parse(text, "kf.toml").unwrap();
        assert_eq!(config.name.as_deref(), Some("notes"));
        assert_eq!(config.profile, Profile::App);
        assert_eq!(config.database_url.as_deref(), Some("postgres://x"));
        let linked = Config::parse("[links]\nerrors = \"https://a.b\"\n", "kf.toml").unwrap();
        assert_eq!(linked.error_pages.as_deref(), Some("https://a.b"));
        assert_eq!(Config::parse("", "kf.toml").unwrap(), Config::default());
    }

    #[test]
    fn slips_are_named_and_placed() {
        let shown = wrong("name = \"notes\"\nprofil = \"app\"\n");
        assert!(shown.contains("error: unknown key `profil`"), "{shown}");
        assert!(shown.contains("kf.toml:2:1") && shown.contains("did you mean `profile`?"), "{shown}");
        assert!(wrong("[database]\nuri = \"x\"\n").contains("did you mean `url`?"));
        let known = wrong("[zzz]\n").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(known.contains("known here: `name`, `profile`, `database`, "), "{known}");
        assert!(known.contains("`links`, `test`"), "{known}");
        assert!(wrong("profile = \"nodes\"").contains("unknown profile `nodes`"));
        assert!(wrong("[links]\nerrors = \"here\"").contains("`errors` is not an address"));
        assert!(wrong("name = 3").contains("`name` must be a string"));
        assert!(wrong("name = \"a-b\"").contains("`a-b` is not a name"));
        assert!(wrong("name = \"a\n").contains("not TOML"));
    }
}
