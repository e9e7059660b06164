use super::Owner;

/// Which rules hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// Replicas run the same calls: whatever could differ between two of them is refused or rewritten.
    #[default]
    Node,
    /// One database: types and safety stay, the rules of order are dropped.
    App,
}

/// What a compilation is told besides its sources.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Which rules hold.
    pub profile: Profile,
    /// Who will own the datasets; none makes network schemas.
    pub owner: Option<Owner>,
}
