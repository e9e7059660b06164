//! From an address, in any form libpq takes, to a session.

pub mod ask;
mod dsn;
mod listen;
mod passfile;
mod problems;
mod session;
mod settings;
mod tls;

pub use listen::{Heard, Listener, listen};
pub use session::{Canceller, Notice, Notices, Session};
pub use settings::{Host, Settings, TlsMode};
use tokio_postgres::config::{Config, SslMode};

use super::DeployError;

/// Connects to the first host that lets us in. `address` is `postgresql://..` or `keyword=value ..`; what it leaves
/// out comes from the `PG..` variables, the password file and libpq's defaults. Must run in a tokio runtime.
pub async fn connect(address: &str) -> Result<Session, DeployError> {
    connect_to(&Settings::from_environment(address)?).await
}

/// Connects to the first host that lets us in.
pub async fn connect_to(settings: &Settings) -> Result<Session, DeployError> {
    let connector = tls::connector(settings)?;
    let mut tried = Vec::new();
    for host in &settings.hosts {
        match configure(settings, host).connect(connector.clone()).await {
            Ok((client, connection)) => return Ok(Session::new(settings.clone(), client, connection)),
            Err(error) => tried.push((host.display(), reason(&error))),
        }
    }
    Err(problems::unreachable(tried))
}

impl Settings {
    /// Reads an address and completes it by the process's environment.
    pub fn from_environment(address: &str) -> Result<Settings, DeployError> {
        Settings::read(address, &|name| std::env::var(name).ok())
    }
}

fn configure(settings: &Settings, host: &Host) -> Config {
    let mut config = Config::new();
    config.user(&settings.user).dbname(&settings.database).port(host.port);
    config.application_name(&settings.application);
    config.target_session_attrs(settings.target).channel_binding(settings.binding);
    match host.is_socket() {
        true => config.host(&host.name).ssl_mode(SslMode::Disable),
        false => config.host(&host.name).ssl_mode(ssl_mode(settings.tls)),
    };
    if let Some(address) = host.address {
        config.hostaddr(address);
    }
    let from_file = || passfile::find(&settings.passfile, host, &settings.database, &settings.user);
    if let Some(password) = settings.password.clone().or_else(from_file) {
        config.password(password);
    }
    if let Some(options) = &settings.options {
        config.options(options);
    }
    if let Some(timeout) = settings.timeout {
        config.connect_timeout(timeout);
    }
    config
}

/// What tokio-postgres must insist on; whom to trust is the verifier's matter.
fn ssl_mode(mode: TlsMode) -> SslMode {
    match mode {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    }
}

/// The innermost words of an error: the server's message or the system's.
pub(crate) fn reason(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
