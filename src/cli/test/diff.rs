//! What was wanted beside what was found, line by line.

use similar::{Algorithm, Change, ChangeTag, capture_diff_slices};

/// Lines beyond which nobody looks for what is common.
const MOST: usize = 2000;

/// A line of a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Line<'l> {
    /// In both.
    Both(&'l str),
    /// Wanted and not found.
    Missing(&'l str),
    /// Found and not wanted.
    Extra(&'l str),
}

/// What turns `wanted` into `found`; for very long ones all of one, then all of the other.
pub(super) fn diff<'l>(wanted: &'l [String], found: &'l [String]) -> Vec<Line<'l>> {
    let lines = |texts: &'l [String]| texts.iter().map(String::as_str).collect::<Vec<&'l str>>();
    let (wanted, found) = (lines(wanted), lines(found));
    if wanted.len() > MOST || found.len() > MOST {
        return wanted.into_iter().map(Line::Missing).chain(found.into_iter().map(Line::Extra)).collect();
    }
    let steps = capture_diff_slices(Algorithm::Myers, &wanted, &found);
    let changes = steps.iter().flat_map(|step| step.iter_changes(&wanted, &found));
    let line = |change: Change<&'l str>| match change.tag() {
        ChangeTag::Equal => Line::Both(change.value()),
        ChangeTag::Delete => Line::Missing(change.value()),
        ChangeTag::Insert => Line::Extra(change.value()),
    };
    changes.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{Line::*, diff};

    #[test]
    fn what_is_common_is_kept() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (wanted, found) = (lines("a b c d"), lines("a c x d"));
        assert_eq!(diff(&wanted, &found), [Both("a"), Missing("b"), Both("c"), Extra("x"), Both("d")]);
        assert_eq!(diff(&[], &found).len(), 4);
        assert_eq!(diff(&wanted, &[]).len(), 4);
    }
}
