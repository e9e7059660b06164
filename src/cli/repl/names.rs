//! What may be named at the prompt.

use serde_json::Value;

use super::super::Failure;
use super::line::Typed;
use crate::deploy::call::Given;
use crate::deploy::look::Known;
use crate::diagnostics::nearest;
use crate::interface::{Parameter, Signature};
use crate::language::Name;

/// Words of queries that are offered.
const KEYWORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "JOIN",
    "LEFT JOIN",
    "ON",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "WITH",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS NULL",
    "count(*)",
    "sum(",
    "DISTINCT",
];

/// What sets who calls, when and how.
pub(super) const CONTEXT: &[&str] = &["@caller", "@height", "@txid", "@block_timestamp"];

/// What is deployed, as it was when it was last looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(pub Vec<Known>);

impl Names {
    /// The dataset that `text` names: its name, `OWNER.NAME` or its DBID.
    pub fn dataset(&self, text: &str) -> Option<&Known> {
        let exact = |known: &&Known| known.dbid.as_str() == text;
        let owned = |known: &&Known| {
            known.owner.as_ref().is_some_and(|owner| format!("{owner}.{}", known.name) == text)
        };
        let named = |known: &&Known| known.name.eq_ignore_ascii_case(text);
        let all = || self.0.iter();
        all().find(exact).or_else(|| all().find(owned)).or_else(|| all().find(named))
    }

    /// As [`Names::dataset`], with what was meant.
    pub fn must(&self, text: &str) -> Result<&Known, Failure> {
        self.dataset(text).ok_or_else(|| {
            let failure = Failure::usage(format!("no dataset `{text}` is deployed in this database"));
            match nearest(text, self.0.iter().map(|known| known.name.as_str())) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`.tables` lists what is there"),
            }
        })
    }

    /// The schema in the database that holds the table of a dataset.
    pub fn place(&self, dataset: &str, table: &str) -> Option<String> {
        let known = self.dataset(dataset)?;
        known.tables.contains_key(&table.to_ascii_lowercase()).then(|| known.dbid.pg_schema())
    }

    /// Arguments in the order of the parameters.
    pub fn given(&self, typed: &Typed) -> Result<Given, Failure> {
        if typed.named.is_empty() {
            return Ok(Given::Json(typed.arguments.clone()));
        }
        let known = self.must(&typed.dataset)?;
        let signature = known.interface.actions.get(&Name::new(&typed.action));
        let signature = signature
            .ok_or_else(|| Failure::usage(format!("`{}` has no action `{}`", typed.dataset, typed.action)))?;
        arranged(typed, signature).map(Given::Json).map_err(Failure::usage)
    }

    /// What may stand for the unfinished word at the end of `before`: where the word begins, and candidates.
    pub fn complete(&self, before: &str, commands: &[&str]) -> (usize, Vec<String>) {
        let begin = before.rfind(|letter: char| !(letter.is_alphanumeric() || "_.@$".contains(letter)));
        let start = begin.map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let word = before.get(start..).unwrap_or_default();
        let lower = word.to_ascii_lowercase();
        let mut found: Vec<String> = match lower.rsplit_once('.') {
            Some(("", _)) => commands.iter().map(|command| format!(".{command}")).collect(),
            Some((dataset, _)) => self.members(dataset),
            None => self.words(before),
        };
        found.retain(|candidate| candidate.to_ascii_lowercase().starts_with(&lower));
        found.sort();
        found.dedup();
        (start, found)
    }

    /// `ens.get_ownership(`, `ens.names`
    fn members(&self, dataset: &str) -> Vec<String> {
        let Some(known) = self.dataset(dataset) else { return Vec::new() };
        let importable =
            known.interface.actions.iter().filter(|(_, it)| it.modifiers.visibility.is_importable());
        let actions = importable.map(|(name, _)| format!("{dataset}.{name}("));
        actions.chain(known.tables.keys().map(|table| format!("{dataset}.{table}"))).collect()
    }

    /// Datasets; in a query columns and keywords too.
    fn words(&self, before: &str) -> Vec<String> {
        let mut words: Vec<String> = self.0.iter().map(|known| known.name.clone()).collect();
        words.extend(CONTEXT.iter().map(|name| format!("{name} := ")));
        let is_query =
            before.trim_start().contains(char::is_whitespace) && !before.trim_start().starts_with(['.', '@']);
        if is_query {
            let tables = self.0.iter().flat_map(|known| known.tables.values());
            words.extend(tables.flatten().map(|(column, _)| column.clone()));
        }
        words.extend(KEYWORDS.iter().map(|&keyword| keyword.to_owned()));
        words
    }
}

/// Values in the order of the parameters; those behind the last that is given take their defaults.
fn arranged(typed: &Typed, signature: &Signature) -> Result<Vec<Value>, String> {
    let mut left = typed.named.clone();
    let mut values: Vec<Option<Value>> = typed.arguments.iter().cloned().map(Some).collect();
    for parameter in signature.parameters.iter().skip(values.len()) {
        let place = left.iter().position(|(name, _)| name_of(parameter) == *name);
        values.push(place.map(|place| left.remove(place).1));
    }
    if let Some((name, _)) = left.first() {
        return Err(format!(
            "`{}` has no parameter `${name}` that is not given already",
            signature.render(&typed.action)
        ));
    }
    while values.last() == Some(&None) {
        values.pop();
    }
    let missing = values.iter().position(Option::is_none).and_then(|index| signature.parameters.get(index));
    match missing {
        Some(parameter) => Err(format!("`${}` is missing", name_of(parameter))),
        None => Ok(values.into_iter().flatten().collect()),
    }
}

fn name_of(parameter: &Parameter) -> String {
    parameter.name.as_str().trim_start_matches('$').to_owned()
}
