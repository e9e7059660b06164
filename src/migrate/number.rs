use std::cmp::Ordering;

/// Compares two numbers as the language writes them: digits with an optional sign and point.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (Parts::of(left), Parts::of(right));
    match (left.negative, right.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => left.size(&right),
        (true, true) => right.size(&left),
    }
}

struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

impl Parts<'_> {
    fn of(text: &str) -> Parts<'_> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        Parts { negative: negative && !zero, whole, fraction }
    }

    fn size(&self, other: &Parts<'_>) -> Ordering {
        let whole = self.whole.len().cmp(&other.whole.len()).then_with(|| self.whole.cmp(other.whole));
        whole.then_with(|| self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        for (left, right, order) in [
            ("1", "2", Ordering::Less),
            ("10", "9", Ordering::Greater),
            ("-10", "-9", Ordering::Less),
            ("-0", "0.00", Ordering::Equal),
            ("1.5", "1.50", Ordering::Equal),
            ("1.05", "1.5", Ordering::Less),
            ("-1.5", "1", Ordering::Less),
            ("007", "7", Ordering::Equal),
        ] {
            assert_eq!(compare(left, right), order, "{left} {right}");
        }
    }
}
