//! What was wanted beside what was found, line by line.

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

/// The shortest way from `wanted` to `found`.
pub(super) fn diff<'l>(wanted: &'l [String], found: &'l [String]) -> Vec<Line<'l>> {
    let same = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    let (head, wanted) = wanted.split_at(same);
    let found = found.get(same..).unwrap_or_default();
    let mut lines: Vec<Line<'l>> = head.iter().map(|line| Line::Both(line)).collect();
    if wanted.len() > MOST || found.len() > MOST {
        lines.extend(wanted.iter().map(|line| Line::Missing(line)));
        lines.extend(found.iter().map(|line| Line::Extra(line)));
        return lines;
    }
    let common = lengths(wanted, found);
    let at = |a: usize, b: usize| common.get(a * (found.len() + 1) + b).copied().unwrap_or(0);
    let (mut a, mut b) = (0, 0);
    loop {
        match (wanted.get(a), found.get(b)) {
            (None, None) => return lines,
            (Some(left), Some(right)) if left == right => {
                lines.push(Line::Both(left));
                (a, b) = (a + 1, b + 1);
            }
            (Some(left), right) if right.is_none() || at(a + 1, b) >= at(a, b + 1) => {
                lines.push(Line::Missing(left));
                a += 1;
            }
            (_, Some(right)) => {
                lines.push(Line::Extra(right));
                b += 1;
            }
            (Some(_), None) => return lines,
        }
    }
}

/// How many lines the rests from each pair of places have in common, row by row.
fn lengths(wanted: &[String], found: &[String]) -> Vec<u32> {
    let width = found.len() + 1;
    let mut common = vec![0u32; (wanted.len() + 1) * width];
    for (a, left) in wanted.iter().enumerate().rev() {
        for (b, right) in found.iter().enumerate().rev() {
            let get = |index: usize| common.get(index).copied().unwrap_or(0);
            let (down, across) = ((a + 1) * width + b, a * width + b + 1);
            let best = if left == right { get(down + 1) + 1 } else { get(down).max(get(across)) };
            if let Some(cell) = common.get_mut(a * width + b) {
                *cell = best;
            }
        }
    }
    common
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
