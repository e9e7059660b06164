//! Floor 8: what turns a deployed dataset into its next version: steps, each with a verdict, the SQL that makes it and
//! the questions to ask of the rows first. Pure functions of the two versions.

mod action;
mod api;
mod check;
mod column;
mod convert;
mod foreign_key;
mod index;
mod key;
mod lineage;
mod number;
mod online;
mod pair;
mod probe;
mod rename;
mod shape;
mod sql;
mod step;
mod table;

pub use action::{Function, actions};
pub use api::{Api, api};
pub use lineage::Lineage;
pub use online::{Online, When, Work, WorkKind, build, validation};
pub use step::{Move, Phase, Place, Probe, Step, StepKind, Verdict};
pub use table::{created, dropped, tables};
