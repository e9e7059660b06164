use std::fmt;

use hyper::Uri;
use toml::Value;

use crate::oracle::FromKey;

/// What is shown instead of something that may be a secret.
const HIDDEN: &str = "***";
/// Parts of an address that are shorter are words like `v2` and no keys.
const SHORTEST_SECRET: usize = 6;

/// The address of a server. It may hold a key of its user's in any part of it, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub(super) uri: Uri,
    /// Longest first.
    secrets: Vec<String>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HIDDEN)
    }
}

impl Endpoint {
    /// Reads an `http` or `https` address without a user's name in it.
    pub fn parse(text: &str) -> Option<Endpoint> {
        let uri: Uri = text.trim().parse().ok()?;
        let authority = uri.authority()?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        if !is_web || authority.host().is_empty() || authority.as_str().contains('@') {
            return None;
        }
        let secrets = secrets(&uri);
        Some(Endpoint { uri, secrets })
    }

    /// The same address with one more `name=value` in its query; none if that is too long for an address.
    pub fn with_query(&self, name: &str, value: &str) -> Option<Endpoint> {
        let mut parts = self.uri.clone().into_parts();
        let before = self.uri.path_and_query().map_or("/", |before| before.as_str());
        let and = if before.contains('?') { '&' } else { '?' };
        let query = format!("{before}{and}{}={}", encode(name), encode(value));
        parts.path_and_query = Some(query.parse().ok()?);
        Some(Endpoint { uri: Uri::from_parts(parts).ok()?, secrets: self.secrets.clone() })
    }

    /// `text` without any part of the address, on one line, and not longer than a line of a log.
    pub fn hide_in(&self, text: &str) -> String {
        let hidden = self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN));
        let line = hidden.chars().map(|char| if char.is_control() { ' ' } else { char });
        line.take(300).collect()
    }
}

/// Every byte that is not a letter, a digit or one of `-._~` as `%` and two digits.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Whole address, host, and every long part of path and query.
fn secrets(uri: &Uri) -> Vec<String> {
    let rest = uri.path_and_query().map_or("", |rest| rest.as_str());
    let mut secrets: Vec<String> = rest
        .split(['/', '?', '&', '=', ';'])
        .filter(|part| part.len() >= SHORTEST_SECRET)
        .map(str::to_owned)
        .collect();
    secrets.push(uri.to_string());
    secrets.extend(uri.authority().map(|authority| authority.as_str().to_owned()));
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

impl FromKey for Endpoint {
    const EXPECTED: &'static str = "an `http://` or `https://` address without a user in it";

    fn from_key(value: Value) -> Option<Endpoint> {
        Endpoint::parse(value.as_str()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_taken() {
        for good in
            ["http://localhost:8545", "https://node.example/v2/0123456789?key=abcdefgh", "http://[::1]:1/"]
        {
            assert!(Endpoint::parse(good).is_some(), "{good}");
        }
        for bad in ["", "localhost:8545", "/path", "ws://node.example", "https://u:p@node.example", "http://"]
        {
            assert!(Endpoint::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_query_grows_and_keeps_what_it_has() {
        let with =
            |url: &str| Endpoint::parse(url).unwrap().with_query("since", "a b&é/1").unwrap().uri.to_string();
        assert_eq!(with("http://feed.example"), "http://feed.example/?since=a%20b%26%C3%A9%2F1");
        assert_eq!(
            with("http://feed.example/x?key=1"),
            "http://feed.example/x?key=1&since=a%20b%26%C3%A9%2F1"
        );
    }

    #[test]
    fn nothing_of_an_address_is_shown() {
        let endpoint = Endpoint::parse("https://node.example/v2/s3cretkey?token=0p3nsesame").unwrap();
        assert_eq!(format!("{endpoint:?}"), "***");
        let text = "no access\nto https://node.example/v2/s3cretkey?token=0p3nsesame with 0p3nsesame at node.example";
        let shown = endpoint.hide_in(text);
        assert_eq!(shown, "no access to *** with *** at ***");
    }
}
