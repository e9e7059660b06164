use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Dbid, Expose, ExternFunction};
use crate::language::Name;

/// A table an action touches, with the columns it names. `columns` is empty where whole rows are touched (DELETE).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Access {
    /// The dataset the table belongs to; an importee's where a view was spliced.
    pub dataset: Dbid,
    /// The table.
    pub table: Name,
    /// The columns, in name order.
    pub columns: BTreeSet<Name>,
}

/// A call from one action to another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct CallEdge {
    /// The callee's dataset.
    pub dataset: Dbid,
    /// The callee.
    pub action: Name,
    /// True if the callee's query was taken into the caller's, false if it is called as a function.
    pub spliced: bool,
}

/// What makes the rows an action returns come in one order on every replica.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Determinism {
    /// Returns no rows, or at most one.
    Single,
    /// The author's ORDER BY is already total.
    Ordered,
    /// The compiler completed the order.
    Completed,
    /// Profile `app`: order is PostgreSQL's choice.
    Free,
}

/// What one action does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActionManifest {
    /// Tables read, spliced views' tables included.
    pub reads: BTreeSet<Access>,
    /// Tables written.
    pub writes: BTreeSet<Access>,
    /// Actions called.
    pub calls: BTreeSet<CallEdge>,
    /// Functions of externs called, as `extern.function`; spliced views' calls included.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub externs: BTreeSet<String>,
    /// How its result is ordered.
    pub determinism: Determinism,
    /// The comment above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// SHA-256, in hex, of the emitted function.
    pub hash: String,
}

/// What a dataset does, per action, without its text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The schema's name.
    pub name: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// Hash of its interface.
    pub interface: String,
    /// Datasets it imports, with the interface hash each was checked against.
    pub imports: BTreeMap<Dbid, String>,
    /// What its `use` items are bound to, by alias: a name is never looked up again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<Name, Dbid>,
    /// The actions of imports that its actions call, with the hash of the signature each was checked against.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relies: BTreeMap<Dbid, BTreeMap<Name, String>>,
    /// What has to be installed before it is deployed: the functions of externs its actions call.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub externs: BTreeMap<String, ExternFunction>,
    /// The interface files of the externs it uses, by name: its source cannot be compiled without them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extern_files: BTreeMap<Name, String>,
    /// Its actions.
    pub actions: BTreeMap<Name, ActionManifest>,
    /// How gateways see it; none if nobody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expose: Option<Expose>,
}
