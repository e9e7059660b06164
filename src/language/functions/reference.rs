//! The reference page, made from the rows.

use super::{Accepts, Function, Gives, Kind, Nulls, all};

/// Whether a function stands in a section.
type Belongs = fn(&Function) -> bool;

/// `docs/reference/functions.md`
pub fn reference() -> String {
    let mut page = String::from(
        "# Functions\n\nMade from the table the compiler reads (`src/language/functions`); a function that is not here does \
         not exist.\n",
    );
    let sections: [(&str, Belongs); 4] = [
        ("Values", |function| function.kind == Kind::Scalar),
        ("Aggregates", |function| matches!(function.kind, Kind::Aggregate { .. })),
        ("Rows, in FROM", |function| function.kind == Kind::Rows),
        ("Window functions", |function| matches!(function.kind, Kind::Window { .. })),
    ];
    for (title, belongs) in sections {
        page.push_str(&format!(
            "\n## {title}\n\n| function | gives | null | what it does |\n|---|---|---|---|\n"
        ));
        for function in all().filter(|function| belongs(function)) {
            let (signature, gives, nulls) = (signature(function), gives(function), nulls(function));
            page.push_str(&format!("| `{signature}` | {gives} | {nulls} | {} |\n", function.doc));
        }
    }
    page.push_str(
        "\n`ERROR(text)` and `NOTICE(text)` are described with the [statements](../language/actions.md).\n",
    );
    page
}

/// `lpad(text, int [, text])`
fn signature(function: &Function) -> String {
    let (least, _) = function.arity();
    let mut shown = String::new();
    for (position, accepts) in function.arguments.iter().enumerate() {
        let separator = if position > 0 { ", " } else { "" };
        let word = accepted(*accepts);
        if position >= least {
            shown.push_str(&format!(" [{separator}{word}]"));
        } else {
            shown.push_str(&format!("{separator}{word}"));
        }
    }
    let more = if function.variadic { ", .." } else { "" };
    format!("{}({}{more})", function.name, shown.trim_start())
}

fn accepted(accepts: Accepts) -> &'static str {
    match accepts {
        Accepts::Int | Accepts::Int4 => "int",
        Accepts::Text => "text",
        Accepts::OneOf(_) => "literal",
        Accepts::Blob => "blob",
        Accepts::Bool => "bool",
        Accepts::Uuid => "uuid",
        Accepts::Decimal(..) => "decimal(16,6)",
        Accepts::Numeric => "number",
        Accepts::Orderable => "number or text",
        Accepts::Any => "T",
        Accepts::Array | Accepts::ArrayOf(_) => "T[]",
        Accepts::Same(_) => "same",
        Accepts::ElementOf(_) => "T",
    }
}

fn gives(function: &Function) -> String {
    let argument = |index: usize| function.arguments.get(index).map_or("T", |accepts| accepted(*accepts));
    match function.gives {
        Gives::Int => "`int`".into(),
        Gives::Text => "`text`".into(),
        Gives::Blob => "`blob`".into(),
        Gives::Bool => "`bool`".into(),
        Gives::Uuid => "`uuid`".into(),
        Gives::Decimal(precision, scale) => format!("`decimal({precision},{scale})`"),
        Gives::Same(index) => format!("the same {}", argument(index)),
        Gives::ArrayOf(index) => format!("`{}[]`", argument(index)),
        Gives::Elements => "rows of `T`, ..".into(),
        Gives::Sum(_) => "`decimal(1000,s)` with the argument's `s`".into(),
        Gives::Mean(_) => "`decimal(1000,16)`, or more digits if the argument has more".into(),
    }
}

fn nulls(function: &Function) -> &'static str {
    match function.nulls {
        Nulls::IfAny => "if an argument is",
        Nulls::If(_) => "if the first is",
        Nulls::IfAll => "if all arguments are",
        Nulls::Never => "never",
        Nulls::Maybe => "as described",
    }
}
