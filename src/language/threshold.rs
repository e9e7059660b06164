use std::fmt;
use std::str::FromStr;

/// A text is no threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a threshold is a fraction from 2/3 to less than 1, as `3/4`")]
pub struct NoThreshold;

/// How much of the power must have seen an event: strictly more than `over / of`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threshold {
    over: u32,
    of: u32,
}

impl Threshold {
    /// More than two thirds: with less, two events that exclude each other could both pass.
    pub const TWO_THIRDS: Threshold = Threshold { over: 2, of: 3 };

    /// More than `over / of`; none if this is less than two thirds, or cannot be reached.
    pub fn raised(over: u32, of: u32) -> Option<Threshold> {
        let (wide_over, wide_of) = (u64::from(over), u64::from(of));
        (wide_over * 3 >= wide_of * 2 && over < of).then_some(Threshold { over, of })
    }

    /// The power that is enough. `total` is the sum of at most 2^32 powers, so nothing overflows.
    pub fn needed(self, total: u128) -> u128 {
        total * u128::from(self.over) / u128::from(self.of) + 1
    }

    /// The one that asks for more.
    pub fn stricter(self, other: Threshold) -> Threshold {
        let own = u64::from(self.over) * u64::from(other.of);
        if own >= u64::from(other.over) * u64::from(self.of) { self } else { other }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.over, self.of)
    }
}

impl FromStr for Threshold {
    type Err = NoThreshold;

    /// `3/4`
    fn from_str(text: &str) -> Result<Threshold, NoThreshold> {
        let parts = text.split_once('/').and_then(|(over, of)| Some((over.parse().ok()?, of.parse().ok()?)));
        let threshold = parts.and_then(|(over, of)| Threshold::raised(over, of));
        threshold.ok_or(NoThreshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_two_thirds_in_whole_powers() {
        let needed = |total| Threshold::TWO_THIRDS.needed(total);
        let expected =
            [(0, 1), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (100, 67), (300, 201)];
        for (total, power) in expected {
            assert_eq!(needed(total), power, "of {total}");
        }
        let most = u128::from(u64::MAX) * u128::from(u32::MAX);
        assert_eq!(
            Threshold { over: u32::MAX - 1, of: u32::MAX }.needed(most),
            most - u128::from(u64::MAX) + 1
        );
    }

    #[test]
    fn thresholds_are_raised_only() {
        assert_eq!("3/4".parse(), Ok(Threshold { over: 3, of: 4 }));
        assert_eq!("2/3".parse(), Ok(Threshold::TWO_THIRDS));
        for refused in ["1/2", "665/1000", "1/1", "4/3", "0/0", "", "3", "a/b", "-3/4"] {
            assert!(refused.parse::<Threshold>().is_err(), "{refused}");
        }
        let quarters = Threshold { over: 3, of: 4 };
        assert_eq!(Threshold::TWO_THIRDS.stricter(quarters), quarters);
        assert_eq!(quarters.stricter(Threshold::TWO_THIRDS), quarters);
    }
}
