//! Who may call what: every modifier against every way to call, the owner however deep, and what a context can and
//! cannot be made to say.

mod caller;
mod deputy;
mod matrix;
