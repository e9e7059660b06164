use std::collections::BTreeSet;

/// What a source declares and imports, read without parsing it: enough to find the files an import needs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// `database NAME`, or `extern NAME` at the beginning, folded.
    pub name: Option<String>,
    /// `use NAME` and `use 0xOWNER.NAME`, and `tests NAME` at the beginning, folded.
    pub uses: Vec<String>,
    /// True if it imports by owner or DBID.
    pub by_identity: bool,
}

impl Outline {
    /// Scans the words of `text` outside comments, strings and braces.
    pub fn of(text: &str) -> Outline {
        let mut outline = Outline::default();
        let mut words = Words { rest: text, depth: 0 };
        let mut first = true;
        while let Some(word) = words.next() {
            let is_first = std::mem::take(&mut first);
            if is_first && word.eq_ignore_ascii_case("tests") {
                outline.uses.extend(words.next().map(str::to_ascii_lowercase));
                return outline;
            }
            let names =
                word.eq_ignore_ascii_case("database") || (is_first && word.eq_ignore_ascii_case("extern"));
            if names && outline.name.is_none() {
                outline.name = words.next().map(str::to_ascii_lowercase);
            } else if word.eq_ignore_ascii_case("use") {
                outline.by_identity |= words.rest.trim_start().starts_with('\'');
                let path = words.next().unwrap_or_default();
                outline.by_identity |= path.contains('.');
                let name = path.rsplit('.').next().unwrap_or(path);
                outline.uses.push(name.to_ascii_lowercase());
            }
        }
        outline
    }
}

/// The names and numbers of a text, in order; a dotted path is one word.
struct Words<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            let first = self.next_telling()?;
            if self.skip_silent() {
                continue;
            }
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
            let end = self.rest.bytes().position(|byte| !is_word(byte)).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at_checked(end.max(1))?;
            self.rest = rest;
            match first {
                b'{' => self.depth += 1,
                b'}' => self.depth = self.depth.saturating_sub(1),
                _ if self.depth == 0 && first.is_ascii_alphanumeric() => return Some(word),
                _ => {}
            }
        }
    }
}

impl Words<'_> {
    /// Steps to the next byte that may begin something, and tells it: most of a text is inside braces, where no word
    /// matters.
    fn next_telling(&mut self) -> Option<u8> {
        let begins_word =
            |byte: u8| self.depth == 0 && (byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        let tells = |byte: u8| matches!(byte, b'{' | b'}' | b'/' | b'-' | b'\'' | b'"') || begins_word(byte);
        let at = self.rest.bytes().position(tells)?;
        // what tells something is ASCII, so that a character begins there
        let (_, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        rest.bytes().next()
    }

    /// Steps over a comment or string at the front; false if there is none.
    fn skip_silent(&mut self) -> bool {
        let silent = [("//", "\n"), ("--", "\n"), ("/*", "*/"), ("'", "'"), ("\"", "\"")];
        for (open, close) in silent {
            if let Some(inside) = self.rest.strip_prefix(open) {
                self.rest = inside.split_once(close).map_or("", |(_, rest)| rest);
                return true;
            }
        }
        false
    }
}

/// Which schemas are at hand and which are imported.
#[derive(Debug, Default)]
pub(super) struct Known {
    declared: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl Known {
    /// Takes in one more source.
    pub fn add(&mut self, text: &str) {
        let outline = Outline::of(text);
        self.declared.extend(outline.name);
        self.used.extend(outline.uses);
    }

    /// The first imported schema that no source declares.
    pub fn missing(&self) -> Option<String> {
        self.used.difference(&self.declared).next().cloned()
    }

    /// `name` is nowhere to be found; the compiler will say so.
    pub fn give_up(&mut self, name: String) {
        self.declared.insert(name);
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;

    #[test]
    fn an_outline_passes_over_comments_strings_and_bodies() {
        let text = "// database no;\nDATABASE Yes; -- use no\n/* use no */ use Ens as e;\n\
                    use 0xab.Bank as b; use 'xdbid' as d;\naction a() public { use inner; }\nuse last as l;";
        let outline = Outline::of(text);
        assert_eq!(outline.name.as_deref(), Some("yes"));
        assert_eq!(outline.uses, ["ens", "bank", "as", "last"]);
        assert!(outline.by_identity && Outline::of("use 'x1' as a;").by_identity);
        assert!(!Outline::of("use a as b;").by_identity);
    }

    #[test]
    fn an_interface_is_known_by_its_first_word() {
        let name = |text: &str| Outline::of(text).name;
        assert_eq!(name("// math\nEXTERN Math in tools;").as_deref(), Some("math"));
        assert_eq!(name("database d; extern x").as_deref(), Some("d"));
    }

    #[test]
    fn tests_need_the_schema_they_test() {
        let outline = Outline::of("tests Notes;\ntest \"use it\" { use inner; database x; }");
        assert_eq!((outline.name, outline.uses), (None, vec!["notes".to_owned()]));
    }

    #[test]
    fn any_text_has_an_outline() {
        assert_eq!(Outline::of("'ä\u{0} {{{ }"), Outline::default());
        assert_eq!(Outline::of("日本 use"), Outline { uses: vec![String::new()], ..Outline::default() });
    }
}
