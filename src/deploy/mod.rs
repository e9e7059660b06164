//! Floor 8: databases. A private PostgreSQL, connections, the registry of what is deployed, deploying and calling.

pub mod connect;
pub mod embedded;
mod error;

pub use error::DeployError;
