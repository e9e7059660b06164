use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Interface, Signature};
use crate::language::{Name, Visibility};

/// What gateways are to see of the datasets of a compilation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exposure {
    /// How datasets are exposed that are not listed; none for not at all.
    pub others: Option<Expose>,
    /// How each of these is exposed.
    pub datasets: BTreeMap<Name, Expose>,
}

impl Exposure {
    /// How the dataset `name` is exposed.
    pub fn of(&self, name: &Name) -> Expose {
        self.datasets.get(name).or(self.others.as_ref()).cloned().unwrap_or_else(Expose::nothing)
    }
}

/// How gateways see a dataset: functions with plain names in a schema that datasets may share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Expose {
    /// The PostgreSQL schema; empty if nothing is exposed.
    pub schema: String,
    /// The actions; none for all that can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<BTreeSet<Name>>,
    /// What stands before each name, with a `_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<Name>,
    /// Who may call.
    pub roles: Roles,
    /// Logins of gateways: only their claims count.
    pub logins: Vec<String>,
    /// Where a gateway says who calls.
    pub identity: Identity,
    /// Who calls where the claims do not say; none refuses the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<String>,
    /// What types of rows are made of.
    #[serde(default)]
    pub rows: Rows,
    /// How `int` comes and goes.
    #[serde(default)]
    pub integers: Integers,
}

/// The PostgreSQL roles that may call, by what is called.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Roles {
    /// Public views.
    pub view: Vec<String>,
    /// Public actions that are no views.
    pub action: Vec<String>,
    /// Actions and views for the owner only; if there is no role, they are not exposed.
    pub owner: Vec<String>,
}

impl Roles {
    /// Every role, once.
    pub fn all(&self) -> BTreeSet<&str> {
        [&self.view, &self.action, &self.owner].into_iter().flatten().map(String::as_str).collect()
    }
}

/// Where a gateway says who calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// `request.jwt.claims`, which PostgREST sets for the transaction: the path to the claim.
    Claim(Vec<String>),
    /// An argument that Hasura fills with the session's variables: the variable.
    HasuraSession(String),
}

/// What the type of a function's rows is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// A composite type.
    #[default]
    Type,
    /// A table that stays empty; what gives one value or nothing gives rows too.
    Table,
    /// The same, with the number of the row as its key, by which pg_graphql orders and pages.
    Numbered,
}

/// How `int` comes and goes: a JSON number of more than 53 bits does not survive JavaScript.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integers {
    /// As `int8`.
    #[default]
    Number,
    /// As text.
    Text,
}

/// An action that is exposed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposed<'i> {
    /// The action.
    pub action: &'i Name,
    /// As callers see it.
    pub signature: &'i Signature,
    /// What gateways know it by.
    pub name: String,
    /// Who may call it.
    pub roles: &'i [String],
}

impl Expose {
    /// Exposes nothing.
    pub fn nothing() -> Expose {
        Expose::in_schema("")
    }

    /// Everything that can be, in `schema`, to the roles `anon` (views) and `authenticated`, by the claim `sub` of what the
    /// login `authenticator` verified.
    pub fn in_schema(schema: &str) -> Expose {
        let role = |name: &str| name.to_owned();
        Expose {
            schema: schema.to_owned(),
            actions: None,
            prefix: None,
            roles: Roles {
                view: vec![role("anon"), role("authenticated")],
                action: vec![role("authenticated")],
                owner: Vec::new(),
            },
            logins: vec![role("authenticator")],
            identity: Identity::Claim(vec![role("sub")]),
            anonymous: None,
            rows: Rows::default(),
            integers: Integers::default(),
        }
    }

    /// True if it exposes nothing whatever the dataset has.
    pub fn is_nothing(&self) -> bool {
        self.schema.is_empty()
    }

    /// What is exposed of a dataset, in name order.
    pub fn functions<'i>(&'i self, interface: &'i Interface) -> Vec<Exposed<'i>> {
        let chosen = |name: &&Name| self.actions.as_ref().is_none_or(|actions| actions.contains(*name));
        let actions = interface.actions.iter().filter(|(name, _)| chosen(name) && !self.is_nothing());
        actions.filter_map(|(name, signature)| self.one(name, signature)).collect()
    }

    fn one<'i>(&'i self, action: &'i Name, signature: &'i Signature) -> Option<Exposed<'i>> {
        if signature.modifiers.visibility != Visibility::Public {
            return None;
        }
        let roles = match (signature.modifiers.owner, signature.modifiers.view) {
            (true, _) if self.roles.owner.is_empty() => return None,
            (true, _) => &self.roles.owner,
            (false, true) => &self.roles.view,
            (false, false) => &self.roles.action,
        };
        let name = match &self.prefix {
            Some(prefix) => format!("{prefix}_{action}"),
            None => action.to_string(),
        };
        Some(Exposed { action, signature, name, roles })
    }
}
