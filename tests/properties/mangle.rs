//! Sources of the repository with something wrong done to them.

use std::sync::OnceLock;

use proptest::prelude::*;

use crate::support::programs::texts;

/// One thing done to a text. Numbers are taken modulo what there is to choose from.
#[derive(Clone, Debug)]
pub enum Edit {
    Delete(u32),
    Duplicate(u32),
    Swap(u32, u32),
    /// A token in the place of another of its kind, both from this text.
    Replace(u32, u32),
    /// A token of another text before a token of this one.
    Graft(u32, u32, u32),
    Insert(u32, Vec<u8>),
    Truncate(u32),
    /// Another text after this one.
    Append(u32),
}

pub fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => any::<u32>().prop_map(Edit::Delete),
        2 => any::<u32>().prop_map(Edit::Duplicate),
        3 => any::<(u32, u32)>().prop_map(|(a, b)| Edit::Swap(a, b)),
        6 => any::<(u32, u32)>().prop_map(|(a, b)| Edit::Replace(a, b)),
        3 => any::<(u32, u32, u32)>().prop_map(|(a, b, c)| Edit::Graft(a, b, c)),
        2 => (any::<u32>(), proptest::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => any::<u32>().prop_map(Edit::Truncate),
        1 => any::<u32>().prop_map(Edit::Append),
    ]
}

/// A text of the repository, by number, with edits.
pub fn mangled() -> impl Strategy<Value = String> {
    (any::<u32>(), proptest::collection::vec(edit(), 1..5)).prop_map(|(seed, edits)| apply(seed, &edits))
}

/// Edits that leave the shape of a text alone, so that some of what comes out compiles.
pub fn retouched() -> impl Strategy<Value = String> {
    let replace = any::<(u32, u32)>().prop_map(|(a, b)| Edit::Replace(a, b));
    (any::<u32>(), proptest::collection::vec(replace, 1..3)).prop_map(|(seed, edits)| {
        let seeds = good_seeds();
        let mut text = seeds[seed as usize % seeds.len()].clone();
        edits.iter().for_each(|edit| text = edited(&text, edit));
        text
    })
}

fn apply(seed: u32, edits: &[Edit]) -> String {
    let mut text = chosen(seed).clone();
    edits.iter().for_each(|edit| text = edited(&text, edit));
    text
}

fn edited(text: &str, edit: &Edit) -> String {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return text.to_owned();
    }
    let at = |number: &u32| *number as usize % tokens.len();
    let mut parts: Vec<&str> = tokens.clone();
    match edit {
        Edit::Delete(a) => drop(parts.remove(at(a))),
        Edit::Duplicate(a) => parts.insert(at(a), tokens[at(a)]),
        Edit::Swap(a, b) => parts.swap(at(a), at(b)),
        Edit::Replace(a, b) => {
            let place = (at(a)..tokens.len())
                .chain(0..at(a))
                .find(|place| kind(tokens[*place]) != Kind::Space)
                .unwrap_or(0);
            let like: Vec<&str> =
                tokens.iter().copied().filter(|token| kind(token) == kind(tokens[place])).collect();
            parts[place] = like[*b as usize % like.len()];
        }
        Edit::Graft(a, from, b) => {
            let others = self::tokens(chosen(*from));
            if !others.is_empty() {
                parts.insert(at(a), others[*b as usize % others.len()]);
            }
        }
        Edit::Insert(a, bytes) => {
            let mut all = parts[..at(a)].concat().into_bytes();
            all.extend(bytes);
            all.extend(parts[at(a)..].concat().into_bytes());
            return String::from_utf8_lossy(&all).into_owned();
        }
        Edit::Truncate(a) => {
            let cut = *a as usize % text.len();
            return text
                .chars()
                .scan(0, |bytes, char| {
                    *bytes += char.len_utf8();
                    Some((*bytes, char))
                })
                .take_while(|(bytes, _)| *bytes <= cut)
                .map(|(_, char)| char)
                .collect();
        }
        Edit::Append(other) => parts.push(chosen(*other)),
    }
    parts.concat()
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Space,
    Comment,
    Word,
    Variable,
    Number,
    Text,
    Sign,
}

pub fn kind(token: &str) -> Kind {
    match token.chars().next() {
        None => Kind::Space,
        Some(first) if first.is_whitespace() => Kind::Space,
        Some(first) if first.is_alphabetic() || first == '_' => Kind::Word,
        Some(first) if first.is_ascii_digit() => Kind::Number,
        Some('$' | '@' | '#') => Kind::Variable,
        Some('\'') => Kind::Text,
        Some('/' | '-') if token.len() > 1 => Kind::Comment,
        Some(_) => Kind::Sign,
    }
}

/// A text in pieces that make it up again: spaces, comments, words, numbers, strings, signs.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |char: char| char.is_alphanumeric() || char == '_';
        let run = |from: usize, test: &dyn Fn(char) -> bool| {
            from + rest[from..].find(|char| !test(char)).unwrap_or(rest.len() - from)
        };
        let length = match first {
            _ if first.is_whitespace() => run(0, &char::is_whitespace),
            _ if word(first) => run(0, &word),
            '$' | '@' | '#' => run(1, &word),
            '\'' => string(rest),
            '/' | '-' if rest.starts_with("//") || rest.starts_with("--") => run(0, &|char| char != '\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// The length of a string, in which a quote is doubled.
fn string(rest: &str) -> usize {
    let mut end = 1;
    loop {
        match rest[end..].find('\'') {
            None => return rest.len(),
            Some(found) if rest[end + found + 1..].starts_with('\'') => end += found + 2,
            Some(found) => return end + found + 1,
        }
    }
}

fn chosen(number: u32) -> &'static String {
    let seeds = seeds();
    &seeds[number as usize % seeds.len()]
}

/// Every source of the repository: examples, pages of the reference, the corpus, what must be refused.
pub fn seeds() -> &'static Vec<String> {
    static SEEDS: OnceLock<Vec<String>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let folders = ["examples/network", "tests/corpus", "tests/badinputs", "tests/diagnostics"];
        let mut seeds: Vec<String> =
            folders.iter().flat_map(|folder| texts(folder)).map(|(_, text)| text).collect();
        seeds.extend(pages());
        seeds.retain(|text| text.len() < 20_000);
        assert!(seeds.len() > 100, "{}", seeds.len());
        seeds
    })
}

/// The sources that compile by themselves.
pub fn good_seeds() -> &'static Vec<String> {
    static SEEDS: OnceLock<Vec<String>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let good = seeds()
            .iter()
            .filter(|text| !crate::support::programs::compilation(&[text], Some("0xa")).packages.is_empty());
        let good: Vec<String> = good.cloned().collect();
        assert!(good.len() > 20, "{}", good.len());
        good
    })
}

/// The fenced `kf` blocks of the language's reference.
fn pages() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let pages = paths.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let blocks = |page: String| {
        let blocks = page.split("```kf\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
        blocks.collect::<Vec<_>>()
    };
    pages.flat_map(blocks).collect()
}
