use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Dbid, Exposure, Owner};
use crate::language::Name;
use crate::source::SourceId;

/// Which rules hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Replicas run the same calls: whatever could differ between two of them is refused or rewritten.
    #[default]
    Node,
    /// As `Node`, and what actions do is counted, so that a request that does too much is stopped alike everywhere.
    Metered,
    /// One database: types and safety stay, the rules of order are dropped.
    App,
}

/// What a compilation is told besides its sources.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Which rules hold.
    pub profile: Profile,
    /// Who will own the datasets; none makes network schemas.
    pub owner: Option<Owner>,
    /// Sources that others import and that are deployed elsewhere: checked against, never emitted, and nothing is said
    /// about what is in them. A source of the compilation that is the same dataset wins.
    pub imported: BTreeMap<SourceId, Imported>,
    /// Datasets that `use NAME` means in the sources to be emitted, where it is not the network schema `NAME`. A source of
    /// that name wins.
    pub names: BTreeMap<Name, Dbid>,
    /// True if functions are to tell what they come through. Such packages are for tests alone.
    pub coverage: bool,
    /// What gateways are to see; none leaves deployed datasets as they were exposed.
    pub expose: Option<Exposure>,
}

/// A dataset whose source is only imported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Who owns it; with its name in the source, this is its DBID.
    pub owner: Option<Owner>,
    /// What its aliases were bound to when it was deployed. An alias that is left out is bound as in other sources.
    pub aliases: BTreeMap<Name, Dbid>,
    /// What its interface must be.
    pub pinned: Option<Pinned>,
}

/// An interface that was relied on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pinned {
    /// Who says so, for messages: `kf.lock`.
    pub by: String,
    /// [`Interface::hash`](super::Interface::hash).
    pub interface: String,
    /// [`Signature::render`](super::Signature::render) of every action that can be imported, to tell what differs.
    pub actions: BTreeMap<Name, String>,
}
