//! Names of NEAR accounts: what they are, and which of them somebody asks for.

/// True if `id` can be an account: 2 to 64 characters, parts of `a-z0-9` that are joined by single `-`, `_` and `.`.
pub fn is_account(id: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (2..=64).contains(&id.len()) && id.split(['-', '_', '.']).all(is_part)
}

/// Where an account has its id from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Somebody chose it.
    Named,
    /// It is a public key: 64 hexadecimal digits.
    Implicit,
    /// It is an address as Ethereum has them: `0x` and 40 hexadecimal digits.
    Ethereum,
    /// It is the hash of a contract's first state: `0s` and 40 hexadecimal digits.
    Deterministic,
}

impl Kind {
    /// The kind of the account `id`.
    pub fn of(id: &str) -> Kind {
        let is_hex = |text: &str, count| {
            text.len() == count
                && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        };
        match id.split_at_checked(2) {
            _ if is_hex(id, 64) => Kind::Implicit,
            Some(("0x", rest)) if is_hex(rest, 40) => Kind::Ethereum,
            Some(("0s", rest)) if is_hex(rest, 40) => Kind::Deterministic,
            _ => Kind::Named,
        }
    }

    /// As actions get it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Named => "named",
            Kind::Implicit => "implicit",
            Kind::Ethereum => "ethereum",
            Kind::Deterministic => "deterministic",
        }
    }
}

/// The implicit account that the owner of a public key has: the 32 bytes behind `ed25519:` in hexadecimal. None for keys of
/// another curve.
pub fn implicit_account(public_key: &str) -> Option<String> {
    let bytes = base58(public_key.strip_prefix("ed25519:")?)?;
    (bytes.len() == 32).then(|| hex::encode(bytes))
}

const DIGITS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Bytes of Bitcoin's base 58; none for other characters, or for more than a key can have.
fn base58(text: &str) -> Option<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    for digit in text.bytes() {
        let mut carry = u32::try_from(DIGITS.iter().position(|known| *known == digit)?).ok()?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry & 0xff).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.insert(0, u8::try_from(carry).ok()?);
        }
        if bytes.len() > 64 {
            return None;
        }
    }
    let zeros = text.bytes().take_while(|digit| *digit == b'1').count();
    Some([vec![0; zeros], bytes].concat())
}

/// Which accounts are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watched(Vec<Pattern>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Pattern {
    All,
    One(String),
    /// With the dot.
    Under(String),
}

impl Watched {
    /// Reads `alice.near`, `*.example.near` for every account below, `*` for all; none if one of them is nothing of these.
    pub fn parse(texts: &[String]) -> Option<Watched> {
        let pattern = |text: &String| match text.strip_prefix('*') {
            Some("") => Some(Pattern::All),
            Some(rest) => is_account(rest.strip_prefix('.')?).then(|| Pattern::Under(rest.to_owned())),
            None => is_account(text).then(|| Pattern::One(text.clone())),
        };
        let patterns: Vec<Pattern> = texts.iter().map(pattern).collect::<Option<_>>()?;
        (!patterns.is_empty()).then_some(Watched(patterns))
    }

    /// True if `account` is one of them.
    pub fn has(&self, account: &str) -> bool {
        self.0.iter().any(|pattern| match pattern {
            Pattern::All => true,
            Pattern::One(one) => one == account,
            Pattern::Under(suffix) => account.ends_with(suffix.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_of_four_kinds() {
        let hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        assert_eq!(Kind::of(hex), Kind::Implicit);
        assert_eq!(Kind::of(&hex.to_uppercase()), Kind::Named);
        assert_eq!(Kind::of(&format!("0x{}", &hex[..40])), Kind::Ethereum);
        assert_eq!(Kind::of(&format!("0s{}", &hex[..40])), Kind::Deterministic);
        assert_eq!((Kind::of("alice.near"), Kind::of("é")), (Kind::Named, Kind::Named));
    }

    #[test]
    fn a_key_of_ed25519_has_an_implicit_account() {
        // The example of NEAR's own documentation.
        let account = "98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de";
        assert_eq!(
            implicit_account("ed25519:BGCCDDHfysuuVnaNVtEhhqeT4k9Muyem3Kpgq2U1m9HX").as_deref(),
            Some(account)
        );
        assert_eq!(implicit_account(&format!("ed25519:{}", "1".repeat(32))), Some("0".repeat(64)));
        for wrong in [
            "secp256k1:5r22SrjrDvgY3wdQsnjgxkeAbU1VcM71FYvALEQWihjM3Xk4Be1CpETTqFccChQr4iJwDroSDVmgaWZv2AcXvYeL",
            "ed25519:abc",
            "ed25519:0OIl",
            "abc",
            "",
        ] {
            assert_eq!(implicit_account(wrong), None, "{wrong}");
        }
        assert_eq!(implicit_account(&format!("ed25519:{}", "z".repeat(10_000))), None);
    }

    #[test]
    fn patterns_pick_accounts() {
        let watched =
            |texts: &[&str]| Watched::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let some = watched(&["alice.near", "*.example.near"]).unwrap();
        for (account, is_watched) in [
            ("alice.near", true),
            ("bob.near", false),
            ("x.example.near", true),
            ("a.b.example.near", true),
            ("example.near", false),
            ("anexample.near", false),
        ] {
            assert_eq!(some.has(account), is_watched, "{account}");
        }
        assert!(watched(&["*"]).unwrap().has("bob.near"));
        for wrong in [&[][..], &["Alice"], &["a"], &["a..b"], &["*x"], &["*."], &["-a"], &["a.near", ""]] {
            assert_eq!(watched(wrong), None, "{wrong:?}");
        }
    }
}
