use serde::{Deserialize, Serialize};

/// A word after an action's parameters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modifier {
    /// Callable from outside and by importers.
    Public,
    /// Callable inside its own schema only; what an action without a visibility word is.
    Private,
    /// Callable only by the oracle path, with inputs the network agreed on.
    Oracle,
    /// Callable by any schema, never from outside.
    System,
    /// The transaction's caller must own the schema, however deep the call is.
    Owner,
    /// Reads only.
    View,
}

impl Modifier {
    /// Every modifier, in the order they are listed in messages.
    pub const ALL: &'static [Modifier] = &[
        Modifier::Public,
        Modifier::Private,
        Modifier::Oracle,
        Modifier::System,
        Modifier::Owner,
        Modifier::View,
    ];

    /// The word in the source.
    pub fn word(self) -> &'static str {
        match self {
            Modifier::Public => "public",
            Modifier::Private => "private",
            Modifier::Oracle => "oracle",
            Modifier::System => "system",
            Modifier::Owner => "owner",
            Modifier::View => "view",
        }
    }

    /// The modifier written `word`.
    pub fn from_word(word: &str) -> Option<Modifier> {
        Modifier::ALL.iter().copied().find(|modifier| modifier.word() == word)
    }

    /// The visibility it chooses, if it chooses one. Two words that choose differently exclude each other.
    pub fn visibility(self) -> Option<Visibility> {
        match self {
            Modifier::Public => Some(Visibility::Public),
            Modifier::Private => Some(Visibility::Private),
            Modifier::Oracle => Some(Visibility::Oracle),
            Modifier::System => Some(Visibility::System),
            Modifier::Owner | Modifier::View => None,
        }
    }
}

/// Who may call an action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Anybody: users and importers.
    Public,
    /// Its own schema.
    Private,
    /// The oracle path.
    Oracle,
    /// Any schema, but nobody outside.
    System,
}

impl Visibility {
    /// True if another schema may call the action.
    pub fn is_importable(self) -> bool {
        matches!(self, Visibility::Public | Visibility::System)
    }

    /// The word in the source.
    pub fn word(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Private => "private",
            Visibility::Oracle => "oracle",
            Visibility::System => "system",
        }
    }
}

/// The meaning of an action's modifiers together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Modifiers {
    /// Who may call it.
    pub visibility: Visibility,
    /// Only when the transaction's caller owns the schema.
    pub owner: bool,
    /// Reads only.
    pub view: bool,
}
