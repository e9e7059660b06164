use crate::deploy::DeployError;
use crate::diagnostics::Code;

/// The address of the database is wrong; `why` carries none of its values.
pub fn address(why: &str) -> DeployError {
    DeployError::new(Code::DatabaseAddress, format!("the database's address cannot be read: {why}"))
        .help("write `postgresql://user@host:5432/name` or `host=.. dbname=..`")
}

/// A parameter libpq has and we have not, or nobody has.
pub fn parameter(name: &str) -> DeployError {
    DeployError::new(Code::DatabaseAddress, format!("connection parameter `{name}` is not supported"))
}

/// A parameter's value is none of those it may have.
pub fn value(name: &str, value: &str, allowed: &str) -> DeployError {
    let message = format!("connection parameter `{name}` is `{value}`, which is not {allowed}");
    DeployError::new(Code::DatabaseAddress, message)
}

/// A certificate or key could not be used.
pub fn certificate(path: &str, why: &str) -> DeployError {
    DeployError::new(Code::DatabaseAddress, format!("cannot use certificate file `{path}`: {why}"))
}

/// None of the hosts let us in; `tried` says for each of them why.
pub fn unreachable(tried: Vec<(String, String)>) -> DeployError {
    let mut tried = tried.into_iter();
    let (place, why) = tried.next().unwrap_or_default();
    let first = DeployError::new(Code::DatabaseUnreachable, format!("cannot connect to {place}: {why}"));
    tried.fold(first, |error, (place, why)| error.note(format!("nor to {place}: {why}")))
}
