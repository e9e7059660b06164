use std::collections::BTreeMap;

use super::problems;
use crate::deploy::DeployError;

/// Parameters of a connection as libpq names them. The first of equal names in a URI and the last in the keyword form
/// count, as in libpq.
pub type Parameters = BTreeMap<String, String>;

/// Reads `postgresql://..` or `host=.. dbname=..`.
pub fn read(text: &str) -> Result<Parameters, DeployError> {
    let uri = ["postgresql://", "postgres://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match uri {
        Some(rest) => read_uri(rest),
        None if text.contains('=') => read_keywords(text),
        None if text.trim().is_empty() => Err(problems::address("it is empty")),
        None => Err(problems::address("it is neither `postgresql://..` nor `keyword=value ..`")),
    }
}

/// `[user[:password]@][host[:port],..][/dbname][?name=value&..]`
fn read_uri(rest: &str) -> Result<Parameters, DeployError> {
    let mut found = Parameters::new();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A socket's folder may stand unescaped only after the `@`, so the first `/` ends the hosts.
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    for (name, value) in [("user", user), ("password", password), ("dbname", database)] {
        if !value.is_empty() {
            found.insert(name.into(), unescape(value)?);
        }
    }
    read_hosts(hosts, &mut found)?;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| problems::address("a parameter after `?` has no `=`"))?;
        let (name, value) = match (name, value) {
            ("ssl", "true") => ("sslmode".to_owned(), "require".to_owned()),
            (name, value) => (unescape(name)?, unescape(value)?),
        };
        found.insert(name, value);
    }
    Ok(found)
}

/// `host:port,[::1]:port,..`: two comma-separated lists of one length.
fn read_hosts(text: &str, found: &mut Parameters) -> Result<(), DeployError> {
    if text.is_empty() {
        return Ok(());
    }
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for part in text.split(',') {
        let bracketed = part.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (host, port) = match bracketed {
            Some((address, rest)) => (address, rest.strip_prefix(':').unwrap_or("")),
            None => part.split_once(':').unwrap_or((part, "")),
        };
        hosts.push(unescape(host)?);
        ports.push(port);
    }
    found.insert("host".into(), hosts.join(","));
    if ports.iter().any(|port| !port.is_empty()) {
        found.insert("port".into(), ports.join(","));
    }
    Ok(())
}

/// Undoes `%XX`.
fn unescape(text: &str) -> Result<String, DeployError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        let digits = after.get(..2).unwrap_or("");
        let byte = u8::from_str_radix(digits, 16)
            .map_err(|_| problems::address("`%` is not followed by two hex digits"))?;
        if byte == 0 {
            return Err(problems::address("`%00` is not allowed"));
        }
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(byte);
        rest = after.get(2..).unwrap_or("");
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).map_err(|_| problems::address("what `%` spells is not UTF-8"))
}

/// `name = value name = 'quoted \' value'`
fn read_keywords(text: &str) -> Result<Parameters, DeployError> {
    let mut found = Parameters::new();
    let mut letters = text.chars().peekable();
    loop {
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        if letters.peek().is_none() {
            return Ok(found);
        }
        let mut name = String::new();
        while let Some(letter) = letters.next_if(|letter| *letter != '=' && !letter.is_whitespace()) {
            name.push(letter);
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        if letters.next() != Some('=') {
            return Err(problems::address(&format!("`=` is missing after `{name}`")));
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        found.insert(name, read_value(&mut letters)?);
    }
}

fn read_value(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, DeployError> {
    let quoted = letters.next_if_eq(&'\'').is_some();
    let mut value = String::new();
    loop {
        match letters.next() {
            None if quoted => return Err(problems::address("a quoted value does not end")),
            None => return Ok(value),
            Some('\'') if quoted => return Ok(value),
            Some('\\') => value.extend(letters.next()),
            Some(letter) if !quoted && letter.is_whitespace() => return Ok(value),
            Some(letter) => value.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> String {
        let found = read(text).unwrap();
        found.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn uris_are_read_as_libpq_reads_them() {
        assert_eq!(pairs("postgresql://"), "");
        assert_eq!(pairs("postgres://me@h/db"), "dbname=db host=h user=me");
        assert_eq!(
            pairs("postgresql://u:p%40ss@h1:1,h2/db?sslmode=require"),
            "dbname=db host=h1,h2 password=p@ss port=1, sslmode=require user=u"
        );
        assert_eq!(pairs("postgresql://kf@%2Ftmp%2Fa/postgres"), "dbname=postgres host=/tmp/a user=kf");
        assert_eq!(pairs("postgresql://[::1]:5433/x"), "dbname=x host=::1 port=5433");
        assert_eq!(pairs("postgresql:///x?host=/run/pg&ssl=true"), "dbname=x host=/run/pg sslmode=require");
        assert_eq!(pairs("postgresql://u:a@b@h/d"), "dbname=d host=h password=a@b user=u");
    }

    #[test]
    fn keywords_are_read_as_libpq_reads_them() {
        assert_eq!(pairs("host=/run/pg dbname = x"), "dbname=x host=/run/pg");
        assert_eq!(pairs(r"password='it\'s \\ x' user=me"), r"password=it's \ x user=me");
        assert_eq!(pairs("user=a user=b password=''"), "password= user=b");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "mydb",
            "host",
            "host=a b",
            "password='x",
            "postgresql://%zz/",
            "postgresql://h/d?x",
            "postgresql://a%00b/",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
