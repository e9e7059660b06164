//! Floor 8: databases. A private PostgreSQL, connections, the registry of what is deployed, deploying and calling.

mod apply;
mod batch;
pub mod call;
pub mod connect;
pub mod embedded;
mod error;
mod externs;
mod groups;
mod plan;
mod problems;
mod record;
pub mod registry;

pub use apply::{Done, Outcome, deploy_packages};
pub use error::DeployError;
