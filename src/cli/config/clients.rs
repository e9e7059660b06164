use std::ops::Range;
use std::path::PathBuf;

use toml::de::{DeTable, DeValue};

use super::super::Failure;
use super::super::project::plain;
use super::{Config, File, Value};
use crate::client::{Language, Over};
use crate::diagnostics::nearest;
use crate::interface::Owner;
use crate::language::Name;

const KEYS: &[&str] = &["lang", "output", "over", "only", "expose", "owner"];
const LANGUAGES: &[(&str, Language)] = &[
    ("typescript", Language::TypeScript),
    ("python", Language::Python),
    ("go", Language::Go),
    ("rust", Language::Rust),
];

/// A client that is kept up to date with the project's schemas.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// In which language.
    pub language: Language,
    /// What calls travel over.
    pub over: Over,
    /// Its folder, from the folder of `kf.toml`.
    pub output: PathBuf,
    /// The schemas that are wanted; all if there are none.
    pub only: Vec<Name>,
    /// Over RPC: the PostgreSQL schema that `--expose` would name.
    pub expose: Option<String>,
    /// Who owns the schemas; none for network schemas.
    pub owner: Option<Owner>,
}

impl File<'_> {
    /// `[[clients]]`: `lang` and `output`, and what else `kf client` can be told.
    pub(super) fn clients(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let expected = || self.wrong("clients", value, "an array of tables").help("written as `[[clients]]`");
        let DeValue::Array(listed) = value.get_ref() else { return Err(expected()) };
        for value in listed {
            let table = value.get_ref().as_table().ok_or_else(expected)?;
            let client = self.client(value.span(), table)?;
            if let Some(other) = config.clients.iter().find(|it| share_a_folder(it, &client)) {
                let place = table.get("output").map_or(value.span(), Value::span);
                let shown = other.output.display();
                let failure = self.fault(place, "two clients would be in one folder", "another one is there");
                return Err(failure.help(format!("choose another folder than `{shown}`")));
            }
            config.clients.push(client);
        }
        Ok(())
    }

    fn client(&self, place: Range<usize>, table: &DeTable<'_>) -> Result<Client, Failure> {
        self.known(table, KEYS)?;
        let needed = |key: &str, help: &str| {
            let missing = || self.fault(place.clone(), &format!("a client without `{key}`"), "it needs one");
            table.get(key).ok_or_else(|| missing().help(help))
        };
        let language = self.language(needed("lang", "as `lang = \"typescript\"`")?)?;
        let output = self.folder(needed("output", "a folder: `output = \"client\"`")?)?;
        let over = table.get("over").map_or(Ok(Over::Sql), |value| self.over(value))?;
        let only = table.get("only").map_or(Ok(Vec::new()), |value| self.only(value))?;
        let expose = table.get("expose").map(|value| self.exposed(value, over)).transpose()?;
        let owner = table.get("owner").map(|value| self.owner(value)).transpose()?;
        Ok(Client { language, over, output, only, expose, owner })
    }

    fn language(&self, value: &Value<'_>) -> Result<Language, Failure> {
        let text = self.text("lang", value)?;
        if let Some((_, language)) = LANGUAGES.iter().find(|(word, _)| *word == text) {
            return Ok(*language);
        }
        let words = || LANGUAGES.iter().map(|(word, _)| *word);
        let list = words().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let failure =
            self.fault(value.span(), &format!("no clients in `{text}`"), "not one of the languages");
        Err(match nearest(&text, words()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("there are {list}")),
        })
    }

    fn folder(&self, value: &Value<'_>) -> Result<PathBuf, Failure> {
        let text = self.text("output", value)?;
        match text.is_empty() {
            true => Err(self.fault(value.span(), "`output` is empty", "a folder, `.` for this one")),
            false => Ok(PathBuf::from(text.as_ref())),
        }
    }

    fn over(&self, value: &Value<'_>) -> Result<Over, Failure> {
        match self.text("over", value)?.as_ref() {
            "sql" => Ok(Over::Sql),
            "rpc" => Ok(Over::Rpc),
            other => Err(self.fault(value.span(), &format!("no calls over `{other}`"), "`sql` or `rpc`")),
        }
    }

    fn only(&self, value: &Value<'_>) -> Result<Vec<Name>, Failure> {
        let texts = self.texts("only", value)?;
        if let Some(wrong) = texts.iter().find(|text| !Name::is_well_formed(text)) {
            return Err(self.fault(value.span(), &format!("`{wrong}` is not a name"), "names of schemas"));
        }
        Ok(texts.iter().map(|text| Name::new(text)).collect())
    }

    fn exposed(&self, value: &Value<'_>, over: Over) -> Result<String, Failure> {
        if over == Over::Sql {
            let failure = self.fault(value.span(), "`expose` is of clients over rpc", "this one is over sql");
            return Err(failure.help("add `over = \"rpc\"`, or leave it out"));
        }
        self.plain("expose", value)
    }

    fn owner(&self, value: &Value<'_>) -> Result<Owner, Failure> {
        let text = self.text("owner", value)?;
        match text.is_empty() {
            true => Err(self.fault(value.span(), "`owner` is empty", "who owns the schemas, as `0xab`")),
            false => Ok(Owner(text.into_owned())),
        }
    }
}

fn share_a_folder(one: &Client, other: &Client) -> bool {
    one.language == other.language && plain(&one.output) == plain(&other.output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    #[test]
    fn clients_are_read_in_their_order() {
        let text = "[[clients]]\nlang = \"go\"\noutput = \"ens\"\nonly = \"ens\"\nowner = \"0xab\"\n\
                    [[clients]]\nlang = \"typescript\"\noutput = \"src/kf\"\nover = \"rpc\"\nexpose = \"API\"\n";
        let clients = Config::parse(text, "kf.toml").unwrap().clients;
        assert_eq!(clients[0].only, [Name::new("ens")]);
        assert_eq!((clients[0].over, clients[0].owner.clone()), (Over::Sql, Some(Owner("0xab".to_owned()))));
        assert_eq!((clients[1].language, clients[1].over), (Language::TypeScript, Over::Rpc));
        assert_eq!((clients[1].output.to_str(), clients[1].expose.as_deref()), (Some("src/kf"), Some("api")));
    }

    #[test]
    fn slips_are_named_and_placed() {
        let go = "lang = \"go\"\noutput = \"x\"\n";
        for (lines, told) in [
            ("lang = \"golang\"\noutput = \"x\"", "there are `typescript`, `python`, `go`, `rust`"),
            ("lang = \"pyton\"\noutput = \"x\"", "did you mean `python`?"),
            ("lang = 1\noutput = \"x\"", "`lang` must be a string"),
            ("lang = \"go\"", "a client without `output`"),
            ("output = \"x\"", "a client without `lang`"),
            ("lang = \"go\"\noutput = \"\"", "`output` is empty"),
            ("lang = \"go\"\noutptu = \"x\"", "did you mean `output`?"),
            (&format!("{go}over = \"http\""), "`sql` or `rpc`"),
            (&format!("{go}only = [\"a-b\"]"), "`a-b` is not a name"),
            (&format!("{go}expose = \"api\""), "`expose` is of clients over rpc"),
            (&format!("{go}owner = \"\""), "`owner` is empty"),
            (
                &format!("{go}[[clients]]\nlang = \"go\"\noutput = \"./x/\""),
                "two clients would be in one folder",
            ),
        ] {
            let failure = Config::parse(&format!("[[clients]]\n{lines}\n"), "kf.toml").unwrap_err();
            let shown = failure.render(Style::PLAIN);
            assert!(shown.contains(told) && shown.contains("kf.toml:"), "{lines}: {shown}");
        }
        for text in ["clients = 1", "clients = [1]", "[clients]\nlang = \"go\""] {
            let shown = Config::parse(text, "kf.toml").unwrap_err().render(Style::PLAIN);
            assert!(
                shown.contains("must be an array of tables") && shown.contains("`[[clients]]`"),
                "{shown}"
            );
        }
    }
}
