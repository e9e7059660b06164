use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Dbid, ExternFunction};
use crate::language::{Modifiers, Name, Type};

/// A column of a table or of a result.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct RowColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// True if it may be null.
    pub nullable: bool,
}

/// A parameter as callers see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Without the `$`.
    pub name: Name,
    /// Declared or inferred.
    #[serde(rename = "type")]
    pub ty: Type,
    /// SQL text of the default, as `language` literals are written, if the argument may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// What a call gives back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returns {
    /// Nothing.
    Nothing,
    /// Exactly one row of values; the columns of an unnamed `returns (T, ..)` are `col0`, `col1`, ...
    Row(Vec<RowColumn>),
    /// Any number of rows.
    Table(Vec<RowColumn>),
}

impl Returns {
    /// The columns of a row or table; none for nothing.
    pub fn columns(&self) -> &[RowColumn] {
        match self {
            Returns::Nothing => &[],
            Returns::Row(columns) | Returns::Table(columns) => columns,
        }
    }
}

/// An action as callers see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    /// In order.
    pub parameters: Vec<Parameter>,
    /// What a call gives back.
    pub returns: Returns,
    /// Who may call it, and whether it only reads.
    #[serde(flatten)]
    pub modifiers: Modifiers,
    /// True if it or something it calls can raise an author's ERROR: such a view is a guard, and must not be put
    /// where PostgreSQL may skip it.
    pub may_raise: bool,
    /// True if it, or an action of its schema that it calls, reads `@foreign_caller`.
    pub reads_foreign_caller: bool,
    /// True if an importer's query can take the view's own query in its place.
    pub composable: bool,
    /// `@name(key = literal, ..)` before it, for those who read interfaces: the literals as the language writes them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<Name, BTreeMap<Name, String>>,
}

impl Signature {
    /// SHA-256, in hex, over its canonical JSON.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }

    /// `name($a text, $b int) public view returns table(c text)`: one line for messages and `kf call`.
    pub fn render(&self, name: &str) -> String {
        let parameter = |parameter: &Parameter| match &parameter.default {
            Some(default) => format!("${} {} default {default}", parameter.name, parameter.ty),
            None => format!("${} {}", parameter.name, parameter.ty),
        };
        let parameters: Vec<String> = self.parameters.iter().map(parameter).collect();
        let mut line = format!("{name}({}) {}", parameters.join(", "), self.modifiers.visibility.word());
        for (word, holds) in [("owner", self.modifiers.owner), ("view", self.modifiers.view)] {
            if holds {
                line.push(' ');
                line.push_str(word);
            }
        }
        let columns = |columns: &[RowColumn]| {
            let column = |column: &RowColumn| format!("{} {}", column.name, column.ty);
            columns.iter().map(column).collect::<Vec<_>>().join(", ")
        };
        match &self.returns {
            Returns::Nothing => {}
            Returns::Row(row) => line.push_str(&format!(" returns ({})", columns(row))),
            Returns::Table(row) => line.push_str(&format!(" returns table({})", columns(row))),
        }
        line
    }
}

/// What other schemas see of a schema.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interface {
    /// The schema's name.
    pub name: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// Every action, private ones too, so that a message can say why one cannot be called.
    pub actions: BTreeMap<Name, Signature>,
    /// The functions of externs that its actions call, as `extern.function`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub externs: BTreeMap<String, ExternFunction>,
}

impl Interface {
    /// The actions another schema may call, each as [`Signature::render`] shows it.
    pub fn rendered(&self) -> BTreeMap<Name, String> {
        let importable = self.actions.iter().filter(|(_, it)| it.modifiers.visibility.is_importable());
        importable.map(|(name, signature)| (name.clone(), signature.render(name.as_str()))).collect()
    }

    /// How this interface differs from one whose actions are `before`, a sentence for each action.
    pub fn differences(&self, before: &BTreeMap<Name, String>) -> Vec<String> {
        let now = self.rendered();
        let names: BTreeSet<&Name> = before.keys().chain(now.keys()).collect();
        let told = |name: &Name| match (before.get(name), now.get(name)) {
            (Some(before), None) => Some(format!("gone: `{before}`")),
            (None, Some(now)) => Some(format!("new: `{now}`")),
            (Some(before), Some(now)) if before != now => Some(format!("was `{before}`, is `{now}`")),
            _ => None,
        };
        let differences: Vec<String> = names.into_iter().filter_map(told).collect();
        if differences.is_empty() {
            return vec![
                "signatures read the same; what may be null, raise or be spliced, or the externs they call, do not".to_owned(),
            ];
        }
        differences
    }

    /// SHA-256, in hex, over the canonical JSON of the actions another schema may call, and of the externs they rest on.
    pub fn hash(&self) -> String {
        let importable =
            |(_, signature): &(&Name, &Signature)| signature.modifiers.visibility.is_importable();
        let actions: BTreeMap<&Name, &Signature> = self.actions.iter().filter(importable).collect();
        let json = match self.externs.is_empty() {
            true => serde_json::to_vec(&actions),
            false => serde_json::to_vec(&(&actions, &self.externs)),
        };
        let json = json.unwrap_or_default();
        hex::encode(Sha256::digest(json))
    }
}
