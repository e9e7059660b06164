use std::collections::BTreeMap;
use std::fmt;

use toml::{Table, Value};

use super::problems;

/// What is wrong with the table of an oracle, or of the list of them. Never holds a value: it may be a secret.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// In one sentence, with the key.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The variables of the environment, as a function.
pub type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// One oracle's own table of the node's TOML, with `${VARIABLE}` replaced. It says nothing of other oracles, and shows no
/// value when it is printed.
#[derive(Clone, PartialEq)]
pub struct OracleConfig {
    name: String,
    kind: String,
    keys: Table,
}

impl fmt::Debug for OracleConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&String> = self.keys.keys().collect();
        write!(formatter, "[oracles.{}] type = {:?}, keys {keys:?}", self.name, self.kind)
    }
}

impl OracleConfig {
    /// Reads the tables under `[oracles]`: one for each oracle, by its name.
    ///
    /// # Errors
    /// The first thing that is wrong, by its key.
    pub fn read_all(
        oracles: &Table,
        environment: Environment<'_>,
    ) -> Result<BTreeMap<String, OracleConfig>, ConfigError> {
        let mut all = BTreeMap::new();
        for (name, value) in oracles {
            let Value::Table(table) = value else { return Err(problems::no_table(name)) };
            all.insert(name.clone(), OracleConfig::read(name, table, environment)?);
        }
        Ok(all)
    }

    /// Reads one oracle's table. `type` says which implementation it is; without it, its name does.
    ///
    /// # Errors
    /// The first thing that is wrong, by its key.
    pub fn read(
        name: &str,
        table: &Table,
        environment: Environment<'_>,
    ) -> Result<OracleConfig, ConfigError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        {
            return Err(problems::bad_name(name));
        }
        let mut keys = Table::new();
        for (key, value) in table {
            keys.insert(key.clone(), expand(name, key, value, environment)?);
        }
        let kind = match keys.remove("type") {
            None => name.to_owned(),
            Some(Value::String(kind)) => kind,
            Some(_) => return Err(problems::wrong_type(name, "type", "a string")),
        };
        Ok(OracleConfig { name: name.to_owned(), kind, keys })
    }

    /// Its name: what stands behind `oracles.`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The implementation it wants.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its keys, each to be taken once.
    pub fn keys(&self) -> Keys {
        Keys { name: self.name.clone(), left: self.keys.clone() }
    }
}

/// The keys of a table that nobody has asked for yet.
pub struct Keys {
    name: String,
    left: Table,
}

impl Keys {
    /// Takes a key that must be there.
    ///
    /// # Errors
    /// If it is missing or not of this type.
    pub fn required<T: FromKey>(&mut self, key: &str) -> Result<T, ConfigError> {
        self.optional(key)?.ok_or_else(|| problems::missing(&self.name, key, T::EXPECTED))
    }

    /// Takes a key that may be left out.
    ///
    /// # Errors
    /// If it is not of this type.
    pub fn optional<T: FromKey>(&mut self, key: &str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.left.remove(key) else { return Ok(None) };
        T::from_key(value).map(Some).ok_or_else(|| problems::wrong_type(&self.name, key, T::EXPECTED))
    }

    /// Takes a list of tables, each with keys of its own: those of `events[0]` and so on. An empty list if it is left out.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn tables(&mut self, key: &str) -> Result<Vec<Keys>, ConfigError> {
        let tables: Vec<Table> = self.optional(key)?.unwrap_or_default();
        let keys = |(index, left)| Keys { name: format!("{}.{key}[{index}]", self.name), left };
        Ok(tables.into_iter().enumerate().map(keys).collect())
    }

    /// Takes a table with keys of its own: those of `on.created`. None if it is left out.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn table(&mut self, key: &str) -> Result<Option<Keys>, ConfigError> {
        let table: Option<Table> = self.optional(key)?;
        Ok(table.map(|left| Keys { name: format!("{}.{key}", self.name), left }))
    }

    /// Whose keys they are: the oracle's name, with the way into its table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says that `key` has a value that cannot be used.
    pub fn refuse(&self, key: &str, expected: &str) -> ConfigError {
        problems::wrong_type(&self.name, key, expected)
    }

    /// Nothing may be left. `known` are all keys there are, to suggest one.
    ///
    /// # Errors
    /// If there is a key that nobody asked for.
    pub fn end(self, known: &[&str]) -> Result<(), ConfigError> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(key) => Err(problems::unknown_key(&self.name, key, known)),
        }
    }
}

/// What a key may be read as.
pub trait FromKey: Sized {
    /// In words, for messages.
    const EXPECTED: &'static str;

    /// Reads a value.
    fn from_key(value: Value) -> Option<Self>;
}

impl FromKey for String {
    const EXPECTED: &'static str = "a string";

    fn from_key(value: Value) -> Option<String> {
        value.as_str().map(str::to_owned)
    }
}

impl FromKey for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn from_key(value: Value) -> Option<bool> {
        match value {
            Value::Boolean(truth) => Some(truth),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// From the environment a number comes as text.
impl FromKey for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn from_key(value: Value) -> Option<i64> {
        match value {
            Value::Integer(number) => Some(number),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl FromKey for u64 {
    const EXPECTED: &'static str = "a whole number that is not negative";

    fn from_key(value: Value) -> Option<u64> {
        i64::from_key(value).and_then(|number| u64::try_from(number).ok())
    }
}

impl FromKey for Vec<String> {
    const EXPECTED: &'static str = "a list of strings";

    fn from_key(value: Value) -> Option<Vec<String>> {
        match value {
            Value::Array(values) => values.into_iter().map(String::from_key).collect(),
            _ => None,
        }
    }
}

impl FromKey for Vec<Table> {
    const EXPECTED: &'static str = "a list of tables";

    fn from_key(value: Value) -> Option<Vec<Table>> {
        match value {
            Value::Array(values) => values.into_iter().map(Table::from_key).collect(),
            _ => None,
        }
    }
}

impl FromKey for Table {
    const EXPECTED: &'static str = "a table";

    fn from_key(value: Value) -> Option<Table> {
        match value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// Replaces `${VARIABLE}` in every string of a value; `$${` stays as `${`.
fn expand(
    oracle: &str,
    key: &str,
    value: &Value,
    environment: Environment<'_>,
) -> Result<Value, ConfigError> {
    Ok(match value {
        Value::String(text) => Value::String(expand_text(oracle, key, text, environment)?),
        Value::Array(values) => {
            let values: Result<_, _> =
                values.iter().map(|value| expand(oracle, key, value, environment)).collect();
            Value::Array(values?)
        }
        Value::Table(table) => {
            let mut expanded = Table::new();
            for (inner, value) in table {
                let path = format!("{key}.{inner}");
                expanded.insert(inner.clone(), expand(oracle, &path, value, environment)?);
            }
            Value::Table(expanded)
        }
        other => other.clone(),
    })
}

fn expand_text(
    oracle: &str,
    key: &str,
    text: &str,
    environment: Environment<'_>,
) -> Result<String, ConfigError> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            expanded.push_str(before);
            expanded.push_str("${");
            rest = after;
            continue;
        }
        let (variable, behind) = after.split_once('}').ok_or_else(|| problems::open_variable(oracle, key))?;
        expanded.push_str(before);
        let found = environment(variable);
        expanded.push_str(&found.ok_or_else(|| problems::unset_variable(oracle, key, variable))?);
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        match name {
            "TOKEN" => Some("s3cret".into()),
            "N" => Some("12".into()),
            _ => None,
        }
    }

    fn read(text: &str) -> Result<BTreeMap<String, OracleConfig>, String> {
        let table: Table = text.parse().unwrap();
        OracleConfig::read_all(&table, &environment).map_err(|error| error.message)
    }

    fn one(text: &str) -> OracleConfig {
        read(&format!("[deposits]\n{text}")).unwrap().remove("deposits").unwrap()
    }

    #[test]
    fn an_oracle_has_its_own_table_and_nothing_else() {
        let all = read("[a]\ntype = 'evm'\nurl = 'x'\n[b]\nurl = 'y'").unwrap();
        assert_eq!((all["a"].kind(), all["b"].kind(), all["b"].name()), ("evm", "b", "b"));
        let mut keys = all["b"].keys();
        assert_eq!(keys.required::<String>("url").unwrap(), "y");
        assert_eq!(keys.end(&["url"]), Ok(()));
    }

    #[test]
    fn the_environment_is_put_in_and_never_shown() {
        let config = one(
            "url = 'https://${TOKEN}@x/$${TOKEN}'\nn = '${N}'\nlist = ['${N}']\n[deposits.in]\nner = '${TOKEN}'",
        );
        let mut keys = config.keys();
        assert_eq!(keys.required::<String>("url").unwrap(), "https://s3cret@x/${TOKEN}");
        assert_eq!(keys.required::<u64>("n").unwrap(), 12);
        assert_eq!(keys.required::<Vec<String>>("list").unwrap(), ["12"]);
        assert_eq!(keys.required::<Table>("in").unwrap()["ner"].as_str(), Some("s3cret"));
        let shown = format!("{config:?}");
        assert!(!shown.contains("s3cret") && shown.contains("url"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key() {
        let said = |text: &str| read(text).unwrap_err();
        assert!(said("a = 1").contains("`oracles.a`"));
        assert!(said("[a]\nurl = '${NONE}'").contains("`url`"));
        assert!(said("[a]\nurl = '${NONE}'").contains("`NONE`"));
        assert!(said("[a.x]\ny = '${NONE}'").contains("`x.y`"));
        assert!(said("[a]\nurl = '${'").contains("`url`"));
        assert!(said("['a b']").contains("`a b`"));
        let config = one("url = 5\nsecret = 's3cret'\nn = -1");
        let mut keys = config.keys();
        let wrong = keys.required::<String>("url").unwrap_err().message;
        assert!(wrong.contains("`url`") && wrong.contains("`oracles.deposits`"), "{wrong}");
        let wrong = keys.required::<u64>("secret").unwrap_err().message;
        assert!(!wrong.contains("s3cret"), "{wrong}");
        assert!(keys.optional::<u64>("n").is_err());
        assert!(keys.required::<String>("rpc_url").unwrap_err().message.contains("`rpc_url`"));
        let error = one("rcp_url = 'x'").keys().end(&["rpc_url", "chunk"]).unwrap_err();
        assert!(error.message.contains("`rcp_url`") && error.help.unwrap().contains("`rpc_url`"));
    }
}
