/// The known name a misspelt one was probably meant to be, or nothing if none is near.
///
/// Near is at most a third of the letters wrong (Damerau-Levenshtein), so `addres` finds `address` and `x` finds
/// nothing. Ties go to the name that comes first in `known`.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wrong = wrong.to_ascii_lowercase();
    let allowed = (wrong.chars().count() / 3).max(usize::from(wrong.len() > 1));
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let distance = strsim::damerau_levenshtein(&wrong, &name.to_ascii_lowercase());
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_leaves_strangers_alone() {
        assert_eq!(nearest("addres", ["name", "address"]), Some("address"));
        assert_eq!(nearest("colleciton", ["collection"]), Some("collection"));
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("wallets", ["names"]), None);
    }
}
