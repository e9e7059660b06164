//! Floor 9: databases. A private PostgreSQL, connections, the registry of what is deployed, deploying and calling.

mod api;
mod apply;
mod back;
mod batch;
pub mod call;
pub mod connect;
mod consent;
mod dependents;
pub mod embedded;
mod error;
mod explain;
mod externs;
mod groups;
mod history;
mod known;
mod outcome;
mod patience;
mod plan;
mod prepare;
pub(crate) mod problems;
mod profiles;
mod record;
pub mod registry;
mod switch;
mod unplanned;

pub use apply::{Done, Outcome, apply, deploy_packages};
pub use back::prepare_back;
pub use consent::Consent;
pub use error::DeployError;
pub use patience::Manner;
pub use plan::{Back, Break, Change, DatasetPlan, Plan, plan};
pub use prepare::{Prepared, prepare};
pub use problems::two_of_a_name;
pub use registry::ensure;
