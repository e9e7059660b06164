use super::{shown, syntax, told};
use crate::diagnostics::Diagnostic;
use crate::source::Span;

/// A statement that begins with the variable `name` and goes on with neither a type nor `:=`.
pub fn lone_variable(at: Span, name: &str, found: &str) -> Diagnostic {
    let name = shown(name);
    syntax(at, format!("expected a type or `:=` after `{name}`, found `{}`", shown(found)))
        .help(format!("a declaration is `{name} TYPE;`, an assignment `{name} := value;`"))
}

/// `found` stands after `before` where `:=` should.
pub fn expected_assignment(before: Span, found: &str) -> Diagnostic {
    syntax(before, format!("expected `:=` after this, found {}", told(found)))
}

pub fn missing_assignment(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `:=` after these, found {}", told(found)))
        .help("a call's values are received by `$a, _ := f(..);`")
}

pub fn expected_call(at: Span) -> Diagnostic {
    syntax(at, "expected one call, found another value")
        .help("several values come from an action: `$a, _ := f(..);`")
}

pub fn after_receiver(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `,` or `:=`, found `{}`", shown(found)))
}

pub fn expected_receiver(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected a variable (`$name`) or `_`, found `{}`", shown(found)))
}

pub fn typed_receiver(at: Span) -> Diagnostic {
    syntax(at, "types do not stand in a list of receivers")
        .help("leave them out, or declare the variables before: `$a int; $a, $b := f(..);`")
}

pub fn assign_to_slice(at: Span, array: &str) -> Diagnostic {
    let array = shown(array);
    syntax(at, "a slice cannot be assigned")
        .help(format!("assign its elements, `{array}[i] := ..`, or the whole array, `{array} := ..`"))
}

pub fn assign_to_field(at: Span) -> Diagnostic {
    syntax(at, "a field of a row cannot be assigned").help("keep the value in a variable: `$x := ..`")
}

/// `name sign= ..`
pub fn update_operator(at: Span, name: &str, sign: &str) -> Diagnostic {
    let name = shown(name);
    syntax(at, format!("`{sign}=` is not part of the language")).fix(
        format!("write `{name} := {name} {sign} ..`"),
        false,
        at,
        format!(":= {name} {sign}"),
    )
}
