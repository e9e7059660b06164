//! What became of every table and column of a dataset over its versions, so that one can go back to an earlier version and
//! keep rows where they are, whatever they are called by now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::registry::Version;
use crate::interface::Table;
use crate::language::Name;
use crate::migrate::Lineage;

/// Something that stays the same under all its names.
type Identity = usize;
/// A table, or a column of it.
type Place = (Name, Option<Name>);

/// What a version has, by name.
type Places = BTreeMap<Place, Identity>;

/// The versions of a dataset, with what is the same in them.
#[derive(Debug)]
pub struct History {
    versions: BTreeMap<i32, (i32, Arc<Places>)>,
    last: i32,
    /// What the present version does not have: the version it went with, and whether rows or values went with it.
    gone: BTreeMap<Identity, (i32, bool)>,
}

/// Why a version cannot be gone back to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoWay {
    /// There is none before the present one.
    First,
    /// There is no such version; the first and the last that are remembered.
    Unknown(i32, i32),
}

/// A thing that an earlier version has, whose rows or values are gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lost {
    /// The table.
    pub table: Name,
    /// The column, if it is one.
    pub column: Option<Name>,
    /// The version that took them away.
    pub with: i32,
}

impl History {
    /// Follows everything through all versions, which come in order.
    pub fn of(versions: &[Version]) -> History {
        let mut history = History { versions: BTreeMap::new(), last: 0, gone: BTreeMap::new() };
        let (mut before, mut tables): (Arc<Places>, &[Table]) = Default::default();
        let mut count = 0;
        for version in versions {
            let again = history.versions.get(&version.content).map(|(_, places)| Arc::clone(places));
            let places = match (&version.tables, again) {
                (_, Some(places)) => places,
                (None, None) => Arc::clone(&before),
                (Some(new), None) => Arc::new(follow(&before, tables, new, &mut count)),
            };
            history.leave(&before, &places, version);
            history.versions.insert(version.version, (version.content, Arc::clone(&places)));
            history.last = version.version;
            before = places;
            tables = version.tables.as_deref().unwrap_or(tables);
        }
        history
    }

    /// Notes what goes from one version to the next, and what comes back.
    fn leave(&mut self, before: &Places, after: &Places, version: &Version) {
        let after: BTreeSet<Identity> = after.values().copied().collect();
        let left = before.values().filter(|it| !after.contains(it));
        self.gone.extend(left.map(|it| (*it, (version.version, version.destroyed))));
        self.gone.retain(|it, _| !after.contains(it));
    }

    /// The version whose source is to be deployed again: that of version `to`, else of the last one that is not the
    /// present version's own.
    ///
    /// # Errors
    /// If there is none.
    pub fn target(&self, to: Option<i32>) -> Result<i32, NoWay> {
        let content = |version: &i32| self.versions.get(version).map(|(content, _)| *content);
        let first = self.versions.keys().next().copied().unwrap_or(self.last);
        match to {
            Some(to) => content(&to).ok_or(NoWay::Unknown(first, self.last)),
            None => content(&self.last).and_then(|now| content(&(now - 1))).ok_or(NoWay::First),
        }
    }

    /// What the tables of `version` are called now.
    pub fn lineage(&self, version: i32) -> Lineage {
        let mut lineage = Lineage::default();
        let now: BTreeMap<Identity, &Place> =
            self.places(self.last).map(|(place, it)| (*it, place)).collect();
        for ((table, column), it) in self.places(version) {
            match (column, now.get(it)) {
                (None, Some((was, _))) => lineage.add_table(table, was),
                (Some(column), Some((_, Some(was)))) => lineage.add_column(table, column, was),
                _ => {}
            }
        }
        lineage
    }

    /// What `version` had and lost since, with its rows or values.
    pub fn lost(&self, version: i32) -> Vec<Lost> {
        let lost = |((table, column), it): (&Place, &Identity)| {
            let (with, destroyed) = self.gone.get(it)?;
            let (table, column) = (table.clone(), column.clone());
            destroyed.then_some(Lost { table, column, with: *with })
        };
        let all: Vec<Lost> = self.places(version).filter_map(lost).collect();
        // A table went with its columns.
        let whole: Vec<Name> =
            all.iter().filter(|it| it.column.is_none()).map(|it| it.table.clone()).collect();
        all.into_iter().filter(|it| it.column.is_none() || !whole.contains(&it.table)).collect()
    }

    fn places(&self, version: i32) -> impl Iterator<Item = (&Place, &Identity)> {
        self.versions.get(&version).into_iter().flat_map(|(_, places)| places.iter())
    }
}

/// The places of `new`, which `old` with its places became.
fn follow(before: &Places, old: &[Table], new: &[Table], count: &mut usize) -> Places {
    let lineage = Lineage::told(old, new);
    let mut places = Places::new();
    let mut put = |place: Place, was: Option<Place>| {
        let known = was.and_then(|was| before.get(&was)).copied();
        *count += usize::from(known.is_none());
        places.insert(place, known.unwrap_or(*count));
    };
    for table in new {
        let was = lineage.table(&table.name);
        put((table.name.clone(), None), was.map(|was| (was.clone(), None)));
        for column in &table.columns {
            let from = was.zip(lineage.column(&table.name, &column.name));
            let from = from.map(|(table, column)| (table.clone(), Some(column.clone())));
            put((table.name.clone(), Some(column.name.clone())), from);
        }
    }
    places
}
