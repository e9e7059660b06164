//! What an untrusted login cannot do, what no deployed object may be, and texts that stay data.

mod census;
mod decimals;
mod lints;
mod literals;
mod login;
mod shadows;
mod views;
