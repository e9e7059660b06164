//! How large things may be. What every node refuses alike is part of the protocol: changing one of these is a fork.

/// Calls one event makes. They are one savepoint, and one oracle's word for all of them.
pub const TARGETS: usize = 16;
/// Bytes of a DBID or of an action's name: what the language allows for names.
pub const NAME_BYTES: usize = crate::language::limits::NAME_BYTES;
/// Inputs of one call: what the language allows for parameters.
pub const INPUTS: usize = crate::language::limits::PARAMETERS;
/// Bytes of what tells two equal events apart: a transaction's hash with an index takes under a hundred.
pub const SOURCE_BYTES: usize = 256;
/// Bytes of a topic: it is a key of an index in every store.
pub const TOPIC_BYTES: usize = 128;
/// Bytes of an event in its canonical encoding. Two of this size fit in an extension.
pub const EVENT_BYTES: usize = 64 * 1024;

/// Events a vote extension brings for the first time.
pub const EXTENSION_BODIES: usize = 50;
/// Events a vote extension votes for by id alone, because the chain has them.
pub const EXTENSION_IDS: usize = 100;
/// Bytes of a vote extension. A consensus message of CometBFT may have 1 MiB, and a proposal carries one of each validator.
pub const EXTENSION_BYTES: usize = 128 * 1024 + 8 * 1024;

/// Events that one validator has brought and that are still open. Beyond it, what it brings is passed over until others
/// were decided: a liar cannot fill the disk of the honest faster than its events expire.
pub const OPEN_CLAIMS: usize = 1000;
/// Heights after which an event that too few have seen is given up; at six seconds a block, a day.
pub const LIFETIME: i64 = 14_400;

/// Bytes of a cursor's key.
pub const CURSOR_KEY_BYTES: usize = 256;
/// Bytes of a cursor's value: a position, not a data set.
pub const CURSOR_VALUE_BYTES: usize = 64 * 1024;
/// Events submitted in one go.
pub const BATCH: usize = 10_000;
