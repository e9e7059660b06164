//! Names of the language as other languages write them.

use std::collections::BTreeSet;

/// Names that are taken in one place. What is given away is never given twice, and is no word of the language.
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Where `reserved` may not be used.
    pub fn without(reserved: &[&str]) -> Names {
        Names { taken: reserved.iter().map(|word| (*word).to_owned()).collect() }
    }

    /// `wanted`, with as many `_` behind it as keep it apart.
    pub fn take(&mut self, wanted: impl Into<String>) -> String {
        let mut name = wanted.into();
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// `list_items` as `ListItems`.
pub fn pascal(name: &str) -> String {
    name.split('_').map(capital).collect()
}

/// `list_items` as `listItems`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| camel + &capital(word))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_converted() {
        assert_eq!(pascal("list_items"), "ListItems");
        assert_eq!(camel("list_items"), "listItems");
        assert_eq!((pascal("a__b_"), camel("a__b_")), ("AB".to_owned(), "aB".to_owned()));
        assert_eq!(camel("x1_2"), "x12");
    }

    #[test]
    fn no_two_names_become_one() {
        let mut names = Names::without(&["class"]);
        assert_eq!(names.take("class"), "class_");
        assert_eq!(names.take("class_"), "class__");
        assert_eq!(names.take(camel("a_b")), "aB");
        assert_eq!(names.take(camel("a__b")), "aB_");
    }
}
