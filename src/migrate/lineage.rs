use std::collections::BTreeMap;

use crate::interface::{Table, TableColumn};
use crate::language::Name;

/// What the tables and columns of a new version were in the old one. What is not in it is new.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lineage {
    tables: BTreeMap<Name, Name>,
    columns: BTreeMap<Name, BTreeMap<Name, Name>>,
}

impl Lineage {
    /// As the new version says it: what has the same name, and what is `@renamed_from` an old one.
    pub fn told(old: &[Table], new: &[Table]) -> Lineage {
        let mut lineage = Lineage::default();
        for (name, was) in matched(&tables(old), &tables(new)) {
            let find = |tables: &[Table], name: &Name| tables.iter().find(|it| it.name == *name).cloned();
            lineage.add_table(&name, &was);
            if let Some((old, new)) = find(old, &was).zip(find(new, &name)) {
                let columns = matched(&columns(&old.columns), &columns(&new.columns));
                columns.iter().for_each(|(column, was)| lineage.add_column(&name, column, was));
            }
        }
        lineage
    }

    /// Says that the new table `name` was `was`.
    pub fn add_table(&mut self, name: &Name, was: &Name) {
        self.tables.insert(name.clone(), was.clone());
    }

    /// Says that a column of the new table `table` was `was`.
    pub fn add_column(&mut self, table: &Name, column: &Name, was: &Name) {
        self.columns.entry(table.clone()).or_default().insert(column.clone(), was.clone());
    }

    /// What the new table `name` was.
    pub fn table(&self, name: &Name) -> Option<&Name> {
        self.tables.get(name)
    }

    /// What a column of the new table `table` was.
    pub fn column(&self, table: &Name, column: &Name) -> Option<&Name> {
        self.columns.get(table)?.get(column)
    }
}

/// A name, and the one it is said to be renamed from.
#[derive(Clone, Copy)]
struct Said<'a> {
    name: &'a Name,
    from: Option<&'a Name>,
}

fn tables(tables: &[Table]) -> Vec<Said<'_>> {
    tables.iter().map(|it| Said { name: &it.name, from: it.renamed_from.as_ref() }).collect()
}

fn columns(columns: &[TableColumn]) -> Vec<Said<'_>> {
    columns.iter().map(|it| Said { name: &it.name, from: it.renamed_from.as_ref() }).collect()
}

/// New names with their old ones.
fn matched(old: &[Said<'_>], new: &[Said<'_>]) -> Vec<(Name, Name)> {
    let renamed = renamed(old, new);
    let taken: Vec<&Name> = renamed.values().copied().collect();
    let was = |name| match renamed.get(name) {
        Some(from) => Some(*from),
        None => find(old, name).map(|it| it.name).filter(|name| !taken.contains(name)),
    };
    new.iter().filter_map(|it| Some((it.name.clone(), was(it.name)?.clone()))).collect()
}

/// Names that are renamed now. A rename that the old version says too was done with it. The old name must be free: gone, or of
/// something that is renamed itself. So must the new one, so that two can be renamed into each other.
fn renamed<'a>(old: &[Said<'a>], new: &[Said<'a>]) -> BTreeMap<&'a Name, &'a Name> {
    let meant = |it: &Said<'a>| {
        let from = find(old, it.from?)?.name;
        let done = find(old, it.name).is_some_and(|was| was.from == it.from);
        (!done && from != it.name).then_some((it.name, from))
    };
    let mut renamed: BTreeMap<&Name, &Name> = new.iter().filter_map(meant).collect();
    loop {
        let left = renamed.clone();
        renamed.retain(|name, from| {
            let is_left = left.contains_key(from) || find(new, from).is_none();
            is_left && (find(old, name).is_none() || left.values().any(|it| it == name))
        });
        if renamed.len() == left.len() {
            return renamed;
        }
    }
}

fn find<'a>(all: &[Said<'a>], name: &Name) -> Option<Said<'a>> {
    all.iter().find(|it| it.name == name).copied()
}

#[cfg(test)]
mod tests {
    use super::{Said, matched};
    use crate::language::Name;

    fn said(all: &[(Name, Option<Name>)]) -> Vec<Said<'_>> {
        all.iter().map(|(name, from)| Said { name, from: from.as_ref() }).collect()
    }

    /// `a b<c`: a name, and one renamed from another.
    fn lineage(old: &str, new: &str) -> String {
        let read = |text: &str| -> Vec<(Name, Option<Name>)> {
            let one = |word: &str| match word.split_once('<') {
                Some((name, from)) => (Name::new(name), Some(Name::new(from))),
                None => (Name::new(word), None),
            };
            text.split_whitespace().map(one).collect()
        };
        let (old, new) = (read(old), read(new));
        matched(&said(&old), &said(&new))
            .iter()
            .map(|(name, was)| format!("{name}={was}"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn names_are_followed_as_they_are_told() {
        assert_eq!(lineage("a b", "a c<b"), "a=a c=b");
        assert_eq!(lineage("a c<b", "a c<b"), "a=a c=c");
        assert_eq!(lineage("a", "a c<b"), "a=a");
        assert_eq!(lineage("a b", "a<b b<a"), "a=b b=a");
        assert_eq!(lineage("a<b b<a", "a<b b<a"), "a=a b=b");
        assert_eq!(lineage("a b c", "b<a c<b a<c"), "b=a c=b a=c");
        assert_eq!(lineage("a b", "a<b t<a"), "a=b t=a");
        assert_eq!(lineage("a b", "a<b"), "a=a");
        // `c` is not there any more, so nothing makes room.
        assert_eq!(lineage("a b", "t<a a<b b<c"), "a=a b=b");
        assert_eq!(lineage("b<a", "a<b"), "a=b");
    }
}
