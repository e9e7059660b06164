/// What a token is. Keywords are words: which words mean something depends on where they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// `[A-Za-z_][A-Za-z0-9_]*`
    Word,
    /// `12`, `1.50`
    Number,
    /// `0x..`
    Blob,
    /// `'..'`
    Text,
    /// `".."`
    Quoted,
    /// `$name`
    Variable,
    /// `@name`
    Context,
    /// `#name`
    Index,
    /// `(`, `[`, `{`
    Open,
    /// `)`, `]`, `}`
    Close,
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// Any other ASCII punctuation, one character each.
    Sign,
    /// Already reported: the piece it stands in is not read.
    Bad,
}

/// One token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// True if nothing but space and comments stands before it on its line.
    pub first_on_line: bool,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}
