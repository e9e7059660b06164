//! Rust, as one module.

use super::model::{Call, Gives, Literal, Module};
use super::names::{Names, pascal};
use super::{File, Over, header, pin};
use crate::interface::{Parameter, RowColumn};
use crate::language::Type;

/// Words that `r#` does not make names of, and what bodies of methods use.
const SPECIAL: &[&str] = &["crate", "given", "kf", "options", "row", "rows", "self", "super"];
/// Words that `r#` makes names of.
const RAW: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Types that generated files use.
const TYPES: &[&str] =
    &["Default", "Into", "None", "Ok", "Option", "Result", "S", "Self", "Some", "String", "Vec"];

/// `mod.rs` and a module for each dataset.
pub fn files(modules: &[Module<'_>], over: Over) -> Vec<File> {
    let transport = match over {
        Over::Sql => include_str!("sql.rs.in").replace("__PIN__", &pin()),
        Over::Rpc => include_str!("rpc.rs.in").to_owned(),
    };
    let mut names = Names::without(&["mod"]);
    let named: Vec<(String, &Module<'_>)> =
        modules.iter().map(|it| (file_name(&mut names, it.dataset.as_str()), it)).collect();
    let declared: String = named.iter().map(|(name, _)| format!("pub mod {};\n", word(name))).collect();
    let runtime =
        format!("{}\n{declared}\n{transport}{}", top("the command line"), include_str!("values.rs.in"));
    let mut files = vec![File { name: "mod.rs".to_owned(), text: runtime }];
    files.extend(named.iter().map(|(name, it)| File { name: format!("{name}.rs"), text: module(it) }));
    files
}

fn file_name(names: &mut Names, dataset: &str) -> String {
    let dataset = if SPECIAL.contains(&dataset) { format!("{dataset}_") } else { dataset.to_owned() };
    names.take(dataset)
}

fn top(what: &str) -> String {
    format!(
        "// {}\n#![cfg_attr(rustfmt, rustfmt_skip)]\n#![allow(dead_code, missing_docs, non_snake_case, clippy::all)]\n",
        header(what)
    )
}

fn word(name: &str) -> String {
    if RAW.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

fn module(module: &Module<'_>) -> String {
    let mut types = Names::without(TYPES);
    let class = types.take(pascal(module.dataset.as_str()));
    let mut methods = Names::without(&["crate", "self", "super", "new"]);
    let (mut rows, mut body, mut calls) = (String::new(), String::new(), String::new());
    for call in &module.calls {
        let name = methods.take(call.action.as_str());
        let row = call.gives.row().map(|columns| Structure::rows(&mut types, call, columns));
        let options = Structure::options(&mut types, call);
        rows.extend([&row, &options].into_iter().flatten().map(|it| it.text.as_str()));
        body.push_str(&method(call, &name, row.as_ref(), options.as_ref()));
        calls.push_str(&target(call, &constant(&name)));
    }
    let dataset = module.dataset;
    format!(
        "{}\nuse super as kf;\n\n{rows}/// Calls of `{dataset}`.\npub struct {class}<S> {{\n    session: S,\n}}\n\n\
         impl<S: kf::Calls> {class}<S> {{\n    /// Calls by `session`, or by `&mut session`.\n    pub fn new(session: S) -> Self {{\n        \
         Self {{ session }}\n    }}\n{body}}}\n{calls}",
        top(&format!("the interface of `{dataset}`"))
    )
}

/// Methods are unique, and so are these.
fn constant(method: &str) -> String {
    format!("CALL_{}", method.to_ascii_uppercase())
}

/// A struct: its name, its text, what its fields are called.
struct Structure {
    name: String,
    text: String,
    fields: Vec<String>,
}

impl Structure {
    fn rows(types: &mut Names, call: &Call<'_>, columns: &[RowColumn]) -> Structure {
        let name = types.take(pascal(call.action.as_str()) + "Row");
        let mut names = Names::without(&["crate", "self", "super"]);
        let fields: Vec<String> = columns.iter().map(|it| word(&names.take(it.name.as_str()))).collect();
        let lines = fields.iter().zip(columns).map(|(name, it)| format!("    pub {name}: {},\n", result(it)));
        let article = if matches!(call.gives, Gives::Row(_)) { "The" } else { "A" };
        let text = format!(
            "/// {article} row of `{}`.\n#[derive(Clone, PartialEq, Debug)]\npub struct {name} {{\n{}}}\n\n",
            call.action,
            lines.collect::<String>()
        );
        Structure { name, text, fields }
    }

    fn options(types: &mut Names, call: &Call<'_>) -> Option<Structure> {
        let optional: Vec<&Parameter> = call.parameters.iter().filter(|it| it.default.is_some()).collect();
        if optional.is_empty() {
            return None;
        }
        let name = types.take(pascal(call.action.as_str()) + "Options");
        let mut names = Names::without(&["crate", "self", "super"]);
        let fields: Vec<String> = optional.iter().map(|it| word(&names.take(it.name.as_str()))).collect();
        let line = |(name, it): (&String, &&Parameter)| {
            format!("    pub {name}: Option<Option<{}>>,\n", owned(&it.ty))
        };
        let lines: String = fields.iter().zip(&optional).map(line).collect();
        let text = format!(
            "/// What `{}` can do without: `None` is left out, `Some(None)` is null.\n\
             #[derive(Clone, Default, PartialEq, Debug)]\npub struct {name} {{\n{lines}}}\n\n",
            call.action
        );
        Some(Structure { name, text, fields })
    }
}

fn method(call: &Call<'_>, name: &str, row: Option<&Structure>, options: Option<&Structure>) -> String {
    let mut names = Names::without(SPECIAL);
    let (mut taken, mut puts, mut borrows) = (String::new(), String::new(), false);
    for it in call.parameters.iter().filter(|it| it.default.is_none()) {
        let name = word(&names.take(it.name.as_str()));
        let is_text = matches!(it.ty, Type::Text | Type::Null | Type::Unknown);
        borrows |= is_text;
        let (ty, owned) =
            if is_text { ("&'a str".to_owned(), ".map(str::to_owned)") } else { (owned(&it.ty), "") };
        taken.push_str(&format!(", {name}: impl Into<Option<{ty}>>"));
        puts.push_str(&format!("            kf::put{}({name}.into(){owned}),\n", list(&it.ty)));
    }
    let optional = call.parameters.iter().filter(|it| it.default.is_some());
    for (field, it) in options.iter().flat_map(|it| &it.fields).zip(optional) {
        puts.push_str(&format!(
            "            options.{field}.map_or(kf::Argument::LeftOut, kf::put{}),\n",
            list(&it.ty)
        ));
    }
    if let Some(options) = options {
        taken.push_str(&format!(", options: {}", options.name));
    }
    let (given, body) = answer(call.gives, row);
    format!(
        "\n{}    pub async fn {}{}(&mut self{taken}) -> Result<{given}, kf::Error> {{\n        let given = vec![\n{puts}        ];\n        \
         let rows = self.session.call(&{}, given).await?;\n{body}    }}\n",
        comment(call),
        word(name),
        if borrows { "<'a>" } else { "" },
        constant(name)
    )
}

/// The type of what a method gives, and how it is made of `rows`.
fn answer(gives: Gives<'_>, row: Option<&Structure>) -> (String, String) {
    match (gives, row) {
        (Gives::Value(it), _) => {
            (result(it), format!("        let row = kf::only(rows)?;\n        {}\n", got(it, 0)))
        }
        (Gives::Row(columns), Some(row)) => (
            row.name.clone(),
            format!("        let row = kf::only(rows)?;\n        Ok({})\n", made(row, columns, "        ")),
        ),
        (Gives::Rows(columns), Some(row)) => (
            format!("Vec<{}>", row.name),
            format!(
                "        rows.iter().map(|row| {{\n            Ok({})\n        }}).collect()\n",
                made(row, columns, "            ").replace("(&row, ", "(row, ")
            ),
        ),
        _ => ("()".to_owned(), "        drop(rows);\n        Ok(())\n".to_owned()),
    }
}

fn made(row: &Structure, columns: &[RowColumn], indent: &str) -> String {
    let field =
        |((name, it), at): ((&String, &RowColumn), usize)| format!("{indent}    {name}: {}?,\n", got(it, at));
    let fields: String = row.fields.iter().zip(columns).zip(0..).map(field).collect();
    format!("{} {{\n{fields}{indent}}}", row.name)
}

fn comment(call: &Call<'_>) -> String {
    let line = |text: &String| format!("    /// {text}").trim_end().to_owned() + "\n";
    let words: String = call.words.iter().map(line).collect();
    format!("{words}    ///\n    /// # Errors\n    /// Whatever keeps the call from being done.\n")
}

fn target(call: &Call<'_>, constant: &str) -> String {
    let mut text = format!("\nstatic {constant}: kf::Action = kf::Action {{\n");
    for (key, value) in &call.target {
        let value = match value {
            Literal::Text(text) => format!("{text:?}"),
            Literal::Bool(truth) => truth.to_string(),
            // Options where some may be null.
            Literal::List(texts) if *key == "defaults" => format!("&{texts:?}"),
            Literal::List(texts) => format!("&{:?}", texts.iter().flatten().collect::<Vec<_>>()),
        };
        text.push_str(&format!("    {key}: {value},\n"));
    }
    text + "};\n"
}

fn scalar(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "i64",
        Type::Text | Type::Null | Type::Unknown => "String",
        Type::Bool => "bool",
        Type::Blob => "Vec<u8>",
        Type::Uuid => "kf::Uuid",
        Type::Decimal(_) => "kf::Decimal",
        Type::Uint256 => "kf::Uint256",
        Type::Array(element) => scalar(element),
    }
}

fn owned(ty: &Type) -> String {
    let name = scalar(ty);
    if matches!(ty, Type::Array(_)) { format!("Vec<Option<{name}>>") } else { name.to_owned() }
}

fn result(column: &RowColumn) -> String {
    let name = owned(&column.ty);
    if column.nullable { format!("Option<{name}>") } else { name }
}

fn list(ty: &Type) -> &'static str {
    if matches!(ty, Type::Array(_)) { "_list" } else { "" }
}

fn got(column: &RowColumn, at: usize) -> String {
    let null = if column.nullable { "_or_none" } else { "" };
    format!("kf::get{}{null}(&row, {at})", list(&column.ty))
}
