use crate::deploy::DeployError;
use crate::diagnostics::Code;

/// A newer kf has changed the event store.
pub fn later_store(found: i32, known: i32) -> DeployError {
    let message =
        format!("the database's event store has version {found}, and this `kf` knows versions up to {known}");
    DeployError::new(Code::DatabaseUnsuitable, message).help("use a newer `kf`")
}
