use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{EventId, Threshold};

/// A validator, as the consensus engine names it: the hex of an address or key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Validator(pub String);

impl fmt::Display for Validator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The validators of a height and their powers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Powers(BTreeMap<Validator, u64>);

impl Powers {
    /// A validator that is alone.
    pub fn solo(validator: Validator) -> Powers {
        Powers(BTreeMap::from([(validator, 1)]))
    }

    /// The power of one; nothing for those who are no validators.
    pub fn of(&self, validator: &Validator) -> u64 {
        self.0.get(validator).copied().unwrap_or(0)
    }

    /// The power of all.
    pub fn total(&self) -> u128 {
        self.0.values().map(|power| u128::from(*power)).sum()
    }

    /// Those with power.
    pub fn validators(&self) -> impl Iterator<Item = &Validator> {
        self.0.iter().filter(|(_, power)| **power > 0).map(|(validator, _)| validator)
    }
}

impl FromIterator<(Validator, u64)> for Powers {
    fn from_iter<T: IntoIterator<Item = (Validator, u64)>>(powers: T) -> Powers {
        Powers(powers.into_iter().collect())
    }
}

/// That a validator has seen an event.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Vote {
    /// What it has seen.
    pub id: EventId,
    /// Who.
    pub validator: Validator,
}

/// The events that enough of the power has seen. `threshold` knows the open events; votes for others, of those who are no
/// validators, and repeated ones count nothing.
pub fn tally<'a>(
    votes: impl IntoIterator<Item = &'a Vote>,
    powers: &Powers,
    threshold: impl Fn(&EventId) -> Option<Threshold>,
) -> BTreeSet<EventId> {
    let votes: BTreeSet<&Vote> = votes.into_iter().collect();
    let mut seen: BTreeMap<EventId, u128> = BTreeMap::new();
    for vote in votes {
        *seen.entry(vote.id).or_default() += u128::from(powers.of(&vote.validator));
    }
    let total = powers.total();
    let passes = |(id, power): &(EventId, u128)| threshold(id).is_some_and(|it| *power >= it.needed(total));
    seen.into_iter().filter(passes).map(|(id, _)| id).collect()
}

/// True if an event that came up at `first_height` and was not approved is given up at `height`.
pub fn is_expired(first_height: i64, height: i64, lifetime: i64) -> bool {
    height.saturating_sub(first_height) >= lifetime
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> EventId {
        EventId([number; 32])
    }

    fn vote(number: u8, validator: &str) -> Vote {
        Vote { id: id(number), validator: Validator(validator.into()) }
    }

    fn powers(powers: &[(&str, u64)]) -> Powers {
        powers.iter().map(|(name, power)| (Validator((*name).into()), *power)).collect()
    }

    fn passing(votes: &[Vote], powers: &Powers) -> Vec<EventId> {
        tally(votes, powers, |it| (*it != id(9)).then_some(Threshold::TWO_THIRDS)).into_iter().collect()
    }

    #[test]
    fn strictly_more_than_two_thirds_pass() {
        let three = powers(&[("a", 1), ("b", 1), ("c", 1)]);
        assert!(passing(&[vote(1, "a"), vote(1, "b")], &three).is_empty());
        assert_eq!(passing(&[vote(1, "a"), vote(1, "b"), vote(1, "c")], &three), [id(1)]);
        let four = powers(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
        assert_eq!(passing(&[vote(1, "a"), vote(1, "b"), vote(1, "c")], &four), [id(1)]);
        let uneven = powers(&[("a", 70), ("b", 29), ("c", 1)]);
        assert_eq!(passing(&[vote(1, "a"), vote(2, "b"), vote(2, "c")], &uneven), [id(1)]);
    }

    #[test]
    fn strangers_repetitions_and_unknown_events_count_nothing() {
        let four = powers(&[("a", 1), ("b", 1), ("c", 1), ("d", 1), ("gone", 0)]);
        let votes = ["a", "a", "a", "b", "b", "x", "y", "gone"].map(|name| vote(1, name));
        assert!(passing(&votes, &four).is_empty());
        let unknown = ["a", "b", "c", "d"].map(|name| vote(9, name));
        assert!(passing(&unknown, &four).is_empty());
        assert!(passing(&[vote(1, "a")], &Powers::default()).is_empty());
    }

    #[test]
    fn raised_thresholds_and_the_largest_powers() {
        let four = powers(&[("a", u64::MAX), ("b", u64::MAX), ("c", u64::MAX), ("d", u64::MAX)]);
        let votes = ["a", "b", "c"].map(|name| vote(1, name));
        let at = |over, of| tally(&votes, &four, |_| Threshold::raised(over, of)).len();
        assert_eq!((at(2, 3), at(74, 100), at(3, 4)), (1, 1, 0));
    }

    #[test]
    fn an_event_lives_as_many_heights_as_said() {
        assert!(!is_expired(10, 19, 10));
        assert!(is_expired(10, 20, 10));
        assert!(!is_expired(i64::MAX, i64::MIN, 1));
    }
}
