use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::super::Failure;
use super::{Config, File, Value};
use crate::interface::{Expose, Exposure, Identity, Integers, Rows};
use crate::language::Name;

const KEYS: &[&str] =
    &["schema", "login", "claim", "hasura", "anonymous", "rows", "integers", "roles", "datasets", "prefix"];
const ROLE_KEYS: &[&str] = &["view", "action", "owner"];
const DATASET_KEYS: &[&str] = &["actions", "prefix"];

impl File<'_> {
    /// `[expose]`: how gateways see the project's schemas.
    pub(super) fn expose(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("expose", value, "a table"))?;
        self.known(table, KEYS)?;
        let mut expose = Expose::in_schema("api");
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "schema" => expose.schema = self.plain("schema", value)?,
                "login" => expose.logins = self.texts("login", value)?,
                "claim" => expose.identity = Identity::Claim(self.texts("claim", value)?),
                "hasura" => {
                    expose.identity = Identity::HasuraSession(self.text("hasura", value)?.to_lowercase());
                    expose.rows = Rows::Table;
                }
                "anonymous" => expose.anonymous = Some(self.text("anonymous", value)?.into_owned()),
                "prefix" => expose.prefix = Some(Name::new(&self.plain("prefix", value)?)),
                "integers" => expose.integers = self.integers(value)?,
                "roles" => self.roles(value, &mut expose)?,
                _ => {}
            }
        }
        if let Some(value) = table.get("rows") {
            expose.rows = self.rows(value)?;
        }
        if let (Some(_), Some((key, _))) =
            (table.get("hasura"), table.iter().find(|(key, _)| key.get_ref() == "claim"))
        {
            return Err(self.fault(key.span(), "two answers", "either a claim or a variable of Hasura"));
        }
        config.expose = Some(self.exposure(table, expose)?);
        Ok(())
    }

    /// `[expose.datasets]`: `NAME` to `true`, `false`, a list of actions or `{ actions = [..], prefix = ".." }`. Without
    /// it everything is exposed; with it what it lists.
    fn exposure(&self, table: &DeTable<'_>, expose: Expose) -> Result<Exposure, Failure> {
        let Some(value) = table.get("datasets") else {
            return Ok(Exposure { others: Some(expose), ..Exposure::default() });
        };
        let listed = value.get_ref().as_table().ok_or_else(|| self.wrong("datasets", value, "a table"))?;
        let mut exposure = Exposure::default();
        for (key, value) in listed {
            if !Name::is_well_formed(key.get_ref()) {
                return Err(self.fault(key.span(), "not a schema", "the name of a schema of the project"));
            }
            let chosen = self.dataset(key.get_ref(), value, &expose)?;
            exposure.datasets.insert(Name::new(key.get_ref()), chosen);
        }
        Ok(exposure)
    }

    fn dataset(&self, name: &str, value: &Value<'_>, expose: &Expose) -> Result<Expose, Failure> {
        let mut expose = expose.clone();
        match value.get_ref() {
            DeValue::Boolean(true) => {}
            DeValue::Boolean(false) => expose = Expose::nothing(),
            DeValue::Array(_) => expose.actions = Some(self.actions(name, value)?),
            DeValue::Table(table) => {
                self.known(table, DATASET_KEYS)?;
                if let Some(value) = table.get("actions") {
                    expose.actions = Some(self.actions("actions", value)?);
                }
                if let Some(value) = table.get("prefix") {
                    expose.prefix = Some(Name::new(&self.plain("prefix", value)?));
                }
            }
            _ => return Err(self.wrong(name, value, "`true`, `false`, a list of actions or a table")),
        }
        Ok(expose)
    }

    fn actions(&self, key: &str, value: &Value<'_>) -> Result<BTreeSet<Name>, Failure> {
        Ok(self.texts(key, value)?.iter().map(|name| Name::new(name)).collect())
    }

    fn roles(&self, value: &Value<'_>, expose: &mut Expose) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("roles", value, "a table"))?;
        self.known(table, ROLE_KEYS)?;
        for (key, value) in table {
            let roles = self.texts(key.get_ref(), value)?;
            match key.get_ref().as_ref() {
                "view" => expose.roles.view = roles,
                "action" => expose.roles.action = roles,
                _ => expose.roles.owner = roles,
            }
        }
        Ok(())
    }

    /// A string that PostgreSQL and URLs take without quotes.
    pub(super) fn plain(&self, key: &str, value: &Value<'_>) -> Result<String, Failure> {
        let text = self.text(key, value)?.to_ascii_lowercase();
        match Name::is_well_formed(&text) {
            true => Ok(text),
            false => Err(self.fault(
                value.span(),
                &format!("`{text}` is not a name"),
                "letters, digits and `_` only",
            )),
        }
    }

    /// A string or a list of strings, none of them empty.
    pub(super) fn texts(&self, key: &str, value: &Value<'_>) -> Result<Vec<String>, Failure> {
        let texts: Option<Vec<&str>> = match value.get_ref() {
            DeValue::Array(values) => values.iter().map(|value| value.get_ref().as_str()).collect(),
            other => other.as_str().map(|text| vec![text]),
        };
        match texts {
            Some(texts) if texts.iter().all(|text| !text.is_empty()) => {
                Ok(texts.into_iter().map(str::to_owned).collect())
            }
            Some(_) => Err(self.fault(value.span(), &format!("`{key}` has an empty name"), "empty")),
            None => Err(self.wrong(key, value, "a string or a list of strings")),
        }
    }

    fn rows(&self, value: &Value<'_>) -> Result<Rows, Failure> {
        match self.text("rows", value)?.as_ref() {
            "type" => Ok(Rows::Type),
            "table" => Ok(Rows::Table),
            "numbered" => Ok(Rows::Numbered),
            other => Err(self.fault(
                value.span(),
                &format!("unknown kind of rows `{other}`"),
                "`type`, `table` or `numbered`",
            )),
        }
    }

    fn integers(&self, value: &Value<'_>) -> Result<Integers, Failure> {
        match self.text("integers", value)?.as_ref() {
            "number" => Ok(Integers::Number),
            "text" => Ok(Integers::Text),
            other => Err(self.fault(
                value.span(),
                &format!("unknown look of integers `{other}`"),
                "`number` or `text`",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    #[test]
    fn everything_or_what_is_listed() {
        let parse = |text: &str| Config::parse(text, "kf.toml").unwrap().expose.unwrap();
        let all =
            parse("[expose]\nschema = \"rest\"\nclaim = [\"app\", \"wallet\"]\nanonymous = \"nobody\"\n");
        let ens = all.of(&Name::new("ens"));
        assert_eq!((ens.schema.as_str(), ens.anonymous.as_deref()), ("rest", Some("nobody")));
        assert_eq!(ens.identity, Identity::Claim(vec!["app".into(), "wallet".into()]));
        let text = "[expose.roles]\naction = \"web\"\nowner = [\"web\"]\n[expose.datasets]\nens = [\"A\"]\nbank = { prefix = \"b\" }\nold = false\n";
        let listed = parse(text);
        assert_eq!(listed.of(&Name::new("ens")).actions, Some([Name::new("a")].into()));
        assert_eq!(listed.of(&Name::new("bank")).prefix, Some(Name::new("b")));
        assert_eq!(listed.of(&Name::new("bank")).roles.owner, ["web"]);
        assert!(listed.of(&Name::new("old")).is_nothing() && listed.of(&Name::new("other")).is_nothing());
        let hasura = parse("[expose]\nhasura = \"X-Hasura-User-Id\"\n").of(&Name::new("ens"));
        assert_eq!(hasura.identity, Identity::HasuraSession("x-hasura-user-id".into()));
        assert_eq!(hasura.rows, Rows::Table);
    }

    #[test]
    fn slips_are_named_and_placed() {
        for (line, told) in [
            ("shema = \"x\"", "did you mean `schema`?"),
            ("schema = \"a-b\"", "`a-b` is not a name"),
            ("login = 3", "`login` must be a string or a list of strings"),
            ("login = [\"\"]", "`login` has an empty name"),
            ("rows = \"view\"", "`type`, `table` or `numbered`"),
            ("integers = \"big\"", "`number` or `text`"),
            ("roles = { public = \"x\" }", "known here: `view`, `action`, `owner`"),
            ("datasets = { ens = 3 }", "`true`, `false`, a list of actions or a table"),
            ("datasets = { \"a b\" = true }", "the name of a schema of the project"),
            ("hasura = \"x\"\nclaim = \"y\"", "either a claim or a variable of Hasura"),
        ] {
            let shown =
                Config::parse(&format!("[expose]\n{line}\n"), "kf.toml").unwrap_err().render(Style::PLAIN);
            assert!(shown.contains(told) && shown.contains("kf.toml:"), "{line}: {shown}");
        }
    }
}
