use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use super::dsn::{self, Parameters};
use super::problems;
use crate::deploy::DeployError;

/// Variables libpq takes for parameters that are not given.
const VARIABLES: &[(&str, &str)] = &[
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("port", "PGPORT"),
    ("dbname", "PGDATABASE"),
    ("user", "PGUSER"),
    ("password", "PGPASSWORD"),
    ("passfile", "PGPASSFILE"),
    ("options", "PGOPTIONS"),
    ("application_name", "PGAPPNAME"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("service", "PGSERVICE"),
];

/// How much of TLS is demanded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TlsMode {
    /// Never.
    Disable,
    /// If the server has it.
    Prefer,
    /// Encrypted, to whomever.
    Require,
    /// To a server with a certificate of a known authority.
    VerifyCa,
    /// That names the host too.
    VerifyFull,
}

/// One server to try.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// A name, an address, or the folder of a socket.
    pub name: String,
    /// A numeric address to use instead of looking the name up.
    pub address: Option<std::net::IpAddr>,
    /// TCP port, or the number in the socket's name.
    pub port: u16,
}

impl Host {
    /// True for the folder of a unix socket.
    pub fn is_socket(&self) -> bool {
        self.name.starts_with('/') || self.name.starts_with('@')
    }

    /// As shown in messages: `localhost:5432` or `/run/postgresql`.
    pub fn display(&self) -> String {
        match self.is_socket() {
            true => format!("`{}/.s.PGSQL.{}`", self.name, self.port),
            false => format!("`{}:{}`", self.name, self.port),
        }
    }
}

/// Everything that is known about a connection before it is made.
#[derive(Clone)]
pub struct Settings {
    /// Tried in order.
    pub hosts: Vec<Host>,
    /// The login.
    pub user: String,
    /// The database.
    pub database: String,
    /// Given, or none: then the password file is asked.
    pub password: Option<String>,
    /// The password file.
    pub passfile: PathBuf,
    /// `-c name=value ..` for the server.
    pub options: Option<String>,
    /// Shown in `pg_stat_activity`.
    pub application: String,
    /// Demanded security.
    pub tls: TlsMode,
    /// File with the trusted authorities, or `system`.
    pub root_certificate: Option<String>,
    /// File with our certificate.
    pub certificate: Option<String>,
    /// File with its key.
    pub key: Option<String>,
    /// For one host.
    pub timeout: Option<Duration>,
    /// Which kind of server will do.
    pub target: TargetSessionAttrs,
    /// Whether the password exchange is bound to the TLS session.
    pub binding: ChannelBinding,
}

impl std::fmt::Debug for Settings {
    /// Without the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.describe())
    }
}

impl Settings {
    /// Reads an address and completes it by `variable`, which looks up an environment variable, as libpq does.
    pub fn read(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Settings, DeployError> {
        let mut given = dsn::read(text)?;
        for (name, from) in VARIABLES {
            if let Some(value) = variable(from).filter(|value| !value.is_empty())
                && !given.contains_key(*name)
            {
                given.insert((*name).to_owned(), value);
            }
        }
        let home = PathBuf::from(variable("HOME").unwrap_or_default());
        let login = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "postgres".to_owned());
        let mut take = |name: &str| given.remove(name).filter(|value| !value.is_empty());
        let (host, address, port) = (take("host"), take("hostaddr"), take("port"));
        let user = take("user").unwrap_or(login);
        let settings = Settings {
            hosts: hosts(host, address, port)?,
            database: take("dbname").unwrap_or_else(|| user.clone()),
            user,
            password: take("password"),
            passfile: take("passfile").map_or_else(|| home.join(".pgpass"), PathBuf::from),
            options: take("options"),
            application: take("application_name")
                .or_else(|| take("fallback_application_name"))
                .unwrap_or_else(|| "kf".into()),
            tls: tls_mode(take("sslmode").as_deref())?,
            root_certificate: take("sslrootcert").or_else(|| existing(home.join(".postgresql/root.crt"))),
            certificate: take("sslcert").or_else(|| existing(home.join(".postgresql/postgresql.crt"))),
            key: take("sslkey").or_else(|| existing(home.join(".postgresql/postgresql.key"))),
            timeout: timeout(take("connect_timeout"))?,
            target: target(take("target_session_attrs").as_deref())?,
            binding: binding(take("channel_binding").as_deref())?,
        };
        refuse_rest(given)?;
        Ok(settings)
    }

    /// The address in the keyword form, without its password: for other programs, and to be shown.
    pub fn without_password(&self) -> String {
        let join = |part: &dyn Fn(&Host) -> String| self.hosts.iter().map(part).collect::<Vec<_>>().join(",");
        let tls = match self.tls {
            TlsMode::Disable => "disable",
            TlsMode::Prefer => "prefer",
            TlsMode::Require => "require",
            TlsMode::VerifyCa => "verify-ca",
            TlsMode::VerifyFull => "verify-full",
        };
        let mut words = vec![
            ("host", join(&|host| host.name.clone())),
            ("port", join(&|host| host.port.to_string())),
            ("dbname", self.database.clone()),
            ("user", self.user.clone()),
            ("sslmode", tls.to_owned()),
        ];
        words.extend(self.root_certificate.clone().map(|file| ("sslrootcert", file)));
        let quote = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
        words.iter().map(|(name, value)| format!("{name}={}", quote(value))).collect::<Vec<_>>().join(" ")
    }

    /// The database in words, without its password: `dbname on host:5432 as user`.
    pub fn describe(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(|host| host.display().replace('`', "")).collect();
        format!("{} on {} as {}", self.database, hosts.join(","), self.user)
    }
}

/// Parameters that change nothing here, and anything else, which is refused.
fn refuse_rest(rest: Parameters) -> Result<(), DeployError> {
    const HARMLESS: &[(&str, &[&str])] = &[
        ("client_encoding", &["UTF8", "utf8", "auto"]),
        ("gssencmode", &["disable", "prefer"]),
        ("keepalives", &["1"]),
        ("load_balance_hosts", &["disable"]),
        ("sslnegotiation", &["postgres"]),
        ("sslcompression", &["0"]),
    ];
    for (name, value) in rest.into_iter().filter(|(_, value)| !value.is_empty()) {
        let harmless =
            HARMLESS.iter().any(|(known, values)| *known == name && values.contains(&value.as_str()));
        if !harmless {
            return Err(problems::parameter(&name));
        }
    }
    Ok(())
}

fn existing(path: PathBuf) -> Option<String> {
    path.exists().then(|| path.to_string_lossy().into_owned())
}

/// The lists of hosts, addresses and ports, which go together; one port serves all.
fn hosts(
    names: Option<String>,
    addresses: Option<String>,
    ports: Option<String>,
) -> Result<Vec<Host>, DeployError> {
    let list = |text: Option<String>| -> Vec<String> {
        text.map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
    };
    let (names, addresses, ports) = (list(names), list(addresses), list(ports));
    let count = names.len().max(addresses.len()).max(1);
    for (what, length) in [("host", names.len()), ("hostaddr", addresses.len()), ("port", ports.len())] {
        if length > 1 && length != count {
            return Err(problems::address(&format!("the lists `{what}` and `host` differ in length")));
        }
    }
    (0..count).map(|index| host(index, &names, &addresses, &ports)).collect()
}

fn host(index: usize, names: &[String], addresses: &[String], ports: &[String]) -> Result<Host, DeployError> {
    let port = ports.get(index).or(ports.last()).filter(|port| !port.is_empty());
    let port = match port {
        Some(text) => text.parse().map_err(|_| problems::value("port", text, "a number from 1 to 65535"))?,
        None => 5432,
    };
    let address = match addresses.get(index).filter(|address| !address.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| problems::value("hostaddr", text, "a numeric address"))?),
        None => None,
    };
    let name = names.get(index).filter(|name| !name.is_empty()).cloned();
    let name = name.or_else(|| address.map(|address: std::net::IpAddr| address.to_string()));
    Ok(Host { name: name.unwrap_or_else(|| default_host(port)), address, port })
}

/// Where a server on this machine listens: its socket if there is one, else `localhost`.
fn default_host(port: u16) -> String {
    let folders = ["/var/run/postgresql", "/tmp"];
    let has_socket = |folder: &&&str| PathBuf::from(folder).join(format!(".s.PGSQL.{port}")).exists();
    folders.iter().find(has_socket).map_or_else(|| "localhost".to_owned(), |folder| (*folder).to_owned())
}

fn tls_mode(text: Option<&str>) -> Result<TlsMode, DeployError> {
    Ok(match text {
        Some("disable") => TlsMode::Disable,
        None | Some("allow" | "prefer") => TlsMode::Prefer,
        Some("require") => TlsMode::Require,
        Some("verify-ca") => TlsMode::VerifyCa,
        Some("verify-full") => TlsMode::VerifyFull,
        Some(other) => {
            let allowed = "one of disable, allow, prefer, require, verify-ca, verify-full";
            return Err(problems::value("sslmode", other, allowed));
        }
    })
}

/// Seconds; 0 and less mean for ever, and libpq takes 1 for 2.
fn timeout(text: Option<String>) -> Result<Option<Duration>, DeployError> {
    let Some(text) = text else { return Ok(None) };
    let seconds: i64 =
        text.parse().map_err(|_| problems::value("connect_timeout", &text, "a number of seconds"))?;
    Ok(u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(|seconds| Duration::from_secs(seconds.max(2))))
}

fn target(text: Option<&str>) -> Result<TargetSessionAttrs, DeployError> {
    match text {
        None | Some("any") => Ok(TargetSessionAttrs::Any),
        Some("read-write" | "primary") => Ok(TargetSessionAttrs::ReadWrite),
        Some("read-only" | "standby") => Ok(TargetSessionAttrs::ReadOnly),
        Some(other) => Err(problems::value(
            "target_session_attrs",
            other,
            "one of any, read-write, read-only, primary, standby",
        )),
    }
}

fn binding(text: Option<&str>) -> Result<ChannelBinding, DeployError> {
    match text {
        None | Some("prefer") => Ok(ChannelBinding::Prefer),
        Some("disable") => Ok(ChannelBinding::Disable),
        Some("require") => Ok(ChannelBinding::Require),
        Some(other) => Err(problems::value("channel_binding", other, "one of disable, prefer, require")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, DeployError> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(text, &find)
    }

    #[test]
    fn variables_complete_what_is_not_given() {
        let variables =
            [("PGHOST", "db.example"), ("PGPORT", "6000"), ("PGUSER", "app"), ("PGPASSWORD", "secret")];
        let settings = read("postgresql:///shop", &variables).unwrap();
        assert_eq!(settings.describe(), "shop on db.example:6000 as app");
        assert_eq!(settings.password.as_deref(), Some("secret"));
        assert!(!format!("{settings:?}").contains("secret"));
        let settings = read("host=other user=me", &variables).unwrap();
        assert_eq!(settings.describe(), "me on other:6000 as me");
    }

    #[test]
    fn several_hosts_pair_with_their_ports() {
        let settings = read("host=a,b,/run/x port=1,,3 user=me connect_timeout=1", &[]).unwrap();
        assert_eq!(settings.describe(), "me on a:1,b:5432,/run/x/.s.PGSQL.3 as me");
        assert_eq!(settings.timeout, Some(Duration::from_secs(2)));
        assert!(settings.hosts.last().unwrap().is_socket());
        assert!(read("host=a,b port=1,2,3", &[]).is_err());
    }

    #[test]
    fn what_we_cannot_do_is_refused_by_name() {
        for (text, name) in [
            ("host=a service=x", "service"),
            ("host=a sslmode=maybe", "sslmode"),
            ("host=a gssencmode=require", "gssencmode"),
            ("host=a port=http", "port"),
            ("host=a nonsense=1", "nonsense"),
        ] {
            assert!(read(text, &[]).unwrap_err().message.contains(name), "{text}");
        }
        assert_eq!(read("host=a sslmode=verify-full", &[]).unwrap().tls, TlsMode::VerifyFull);
    }
}
