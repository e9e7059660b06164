//! Python, as a package.

use super::model::{Call, Gives, Literal, Module};
use super::names::{Names, pascal};
use super::words::quoted;
use super::{File, Over, header, pin};
use crate::interface::{Parameter, RowColumn};
use crate::language::Type;

/// Words of Python, and names of types: in a class, a method of that name would hide the type from what follows.
const WORDS: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "bool",
    "break",
    "bytes",
    "class",
    "continue",
    "dataclass",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "int",
    "is",
    "kf",
    "lambda",
    "list",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "self",
    "str",
    "try",
    "while",
    "with",
    "yield",
];
/// Types that generated files use.
const TYPES: &[&str] = &["Decimal", "False", "None", "Sequence", "True", "UUID"];

/// `__init__.py`, `_kf.py` and a module for each dataset.
pub fn files(modules: &[Module<'_>], over: Over) -> Vec<File> {
    let transport = match over {
        Over::Sql => include_str!("sql.py").replace("__PIN__", &pin()),
        Over::Rpc => include_str!("rpc.py").to_owned(),
    };
    let what = top("the command line");
    let runtime = format!("{what}\n{transport}{}", include_str!("values.py"));
    let file = |name: &str, text| File { name: name.to_owned(), text };
    let mut files = vec![file("__init__.py", what), file("_kf.py", runtime)];
    let mut names = Names::without(WORDS);
    files.extend(modules.iter().map(|it| file(&(names.take(it.dataset.as_str()) + ".py"), module(it))));
    files
}

fn top(what: &str) -> String {
    format!("# {}\n# fmt: off\n# ruff: noqa\n", header(what))
}

fn module(module: &Module<'_>) -> String {
    let mut types = Names::without(TYPES);
    let class = types.take(pascal(module.dataset.as_str()));
    let mut methods = Names::without(WORDS);
    let (mut rows, mut body, mut calls) = (String::new(), String::new(), String::new());
    for call in &module.calls {
        let row = call.gives.row().map(|columns| (types.take(pascal(call.action.as_str()) + "Row"), columns));
        let row_name = row.as_ref().map_or("", |(name, _)| name.as_str());
        if let Some((name, columns)) = &row {
            rows.push_str(&dataclass(name, columns, call));
        }
        body.push_str(&method(call, &methods.take(call.action.as_str()), row_name));
        calls.push_str(&target(call));
    }
    let dataset = module.dataset;
    format!(
        "{}\nfrom __future__ import annotations\n\nfrom collections.abc import Sequence\nfrom dataclasses import dataclass\n\
         from decimal import Decimal\nfrom uuid import UUID\n\nfrom . import _kf as kf\n\n\n{rows}class {class}:\n    \
         \"\"\"Calls of `{dataset}`.\"\"\"\n\n    def __init__(self, session: kf.Session) -> None:\n        \
         self._session = session\n{body}\n\n_CALLS = {{\n{calls}}}\n",
        top(&format!("the interface of `{dataset}`"))
    )
}

fn dataclass(name: &str, columns: &[RowColumn], call: &Call<'_>) -> String {
    let mut fields = Names::without(WORDS);
    let mut field = |it: &RowColumn| format!("    {}: {}\n", fields.take(it.name.as_str()), result(it));
    let fields: String = columns.iter().map(&mut field).collect();
    let article = if matches!(call.gives, Gives::Row(_)) { "The" } else { "A" };
    format!(
        "@dataclass(frozen=True)\nclass {name}:\n    \"\"\"{article} row of `{}`.\"\"\"\n\n{fields}\n\n",
        call.action
    )
}

fn method(call: &Call<'_>, name: &str, row: &str) -> String {
    let mut parameters = Names::without(WORDS);
    let named: Vec<(String, &Parameter)> =
        call.parameters.iter().map(|it| (parameters.take(it.name.as_str()), it)).collect();
    let put: Vec<String> = named.iter().map(|(name, it)| put(name, &it.ty)).collect();
    let sent = format!("self._session.call(_CALLS[\"{}\"], [{}])", call.action, put.join(", "));
    // No parameter begins with `_`.
    let (given, body) = match call.gives {
        Gives::Nothing => ("None".to_owned(), format!("        {sent}\n")),
        Gives::Value(it) => {
            (result(it), format!("        _row = kf.only({sent})\n        return {}\n", got(it, 0)))
        }
        Gives::Row(columns) => (
            row.to_owned(),
            format!("        _row = kf.only({sent})\n        return {}\n", made(row, columns, "        ")),
        ),
        Gives::Rows(columns) => (
            format!("list[{row}]"),
            format!(
                "        _rows = {sent}\n        return [\n            {}\n            for _row in _rows\n        ]\n",
                made(row, columns, "            ")
            ),
        ),
    };
    let taken: String = named.iter().map(|(name, it)| format!(", {}", parameter(name, it))).collect();
    format!("\n    def {name}(self{taken}) -> {given}:\n{}{body}", comment(call))
}

/// `ListItemsRow(kf.get(kf.INT, _row[0]))`
fn made(row: &str, columns: &[RowColumn], indent: &str) -> String {
    let values = columns.iter().zip(0..).map(|(it, at)| format!("{indent}    {},\n", got(it, at)));
    format!("{row}(\n{}{indent})", values.collect::<String>())
}

fn parameter(name: &str, it: &Parameter) -> String {
    let ty = argument(&it.ty);
    match it.default {
        None => format!("{name}: {ty} | None"),
        Some(_) => format!("{name}: {ty} | None | kf.Unset = kf.UNSET"),
    }
}

/// A docstring. A backslash and three quotes would mean something else there.
fn comment(call: &Call<'_>) -> String {
    let safe = |line: &String| line.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let lines: Vec<String> = call.words.iter().map(safe).collect();
    let (first, rest) = lines.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    if rest.is_empty() {
        return format!("        \"\"\"{first}\"\"\"\n");
    }
    let rest: String =
        rest.iter().map(|line| format!("        {line}").trim_end().to_owned() + "\n").collect();
    // What begins or ends with a quote is kept apart from those of the docstring.
    let space = if first.starts_with('"') { " " } else { "" };
    format!("        \"\"\"{space}{first}\n{rest}        \"\"\"\n")
}

fn target(call: &Call<'_>) -> String {
    let mut text = format!("    \"{}\": kf.Action(\n", call.action);
    for (key, value) in &call.target {
        let value = match value {
            Literal::Text(text) => quoted(text),
            Literal::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
            Literal::List(texts) => {
                let text =
                    |it: &Option<String>| it.as_deref().map_or_else(|| "None".to_owned(), quoted) + ",";
                format!("({})", texts.iter().map(text).collect::<Vec<_>>().join(" "))
            }
        };
        text.push_str(&format!("        {key}={value},\n"));
    }
    text + "    ),\n"
}

/// The type of a value, and the codec it travels by.
fn scalar(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::Int => ("int", "kf.INT"),
        Type::Text | Type::Null | Type::Unknown => ("str", "kf.TEXT"),
        Type::Bool => ("bool", "kf.BOOL"),
        Type::Blob => ("bytes", "kf.BLOB"),
        Type::Uuid => ("UUID", "kf.UUIDS"),
        Type::Decimal(_) => ("Decimal", "kf.DECIMAL"),
        Type::Uint256 => ("int", "kf.UINT256"),
        Type::Array(element) => scalar(element),
    }
}

fn argument(ty: &Type) -> String {
    let (name, _) = scalar(ty);
    if matches!(ty, Type::Array(_)) { format!("Sequence[{name} | None]") } else { name.to_owned() }
}

fn result(column: &RowColumn) -> String {
    let (name, _) = scalar(&column.ty);
    let name =
        if matches!(column.ty, Type::Array(_)) { format!("list[{name} | None]") } else { name.to_owned() };
    if column.nullable { name + " | None" } else { name }
}

fn put(name: &str, ty: &Type) -> String {
    let list = if matches!(ty, Type::Array(_)) { "_list" } else { "" };
    format!("kf.put{list}({}, {name})", scalar(ty).1)
}

fn got(column: &RowColumn, at: usize) -> String {
    let list = if matches!(column.ty, Type::Array(_)) { "_list" } else { "" };
    let null = if column.nullable { "_or_none" } else { "" };
    format!("kf.get{list}{null}({}, _row[{at}])", scalar(&column.ty).1)
}
