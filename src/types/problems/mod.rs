//! The words of this room's diagnostics.

mod calls;
mod control;
mod elsewhere;
mod names;
mod queries;
mod values;

pub(super) use calls::*;
pub(super) use control::*;
pub(super) use names::*;
pub(super) use queries::*;
pub(super) use values::*;

/// `a, b and c`, each in backticks.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".into(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 argument`, `2 arguments`
fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
