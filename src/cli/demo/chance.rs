/// Numbers by chance that a seed decides: SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// Another one, whose numbers say nothing of these.
    pub(super) fn apart(&mut self) -> Chance {
        Chance(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        let count = most.saturating_sub(least).saturating_add(1);
        least + self.next() % count
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.between(1, times) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_all_numbers_and_all_are_reached() {
        let rolled = |seed| {
            let mut chance = Chance::new(seed);
            (0..200).map(|_| chance.between(3, 5)).collect::<Vec<_>>()
        };
        assert_eq!(rolled(7), rolled(7));
        assert_ne!(rolled(7), rolled(8));
        assert!(
            (3..=5).all(|number| rolled(7).contains(&number))
                && rolled(7).iter().all(|it| (3..=5).contains(it))
        );
    }
}
