//! TypeScript, as ES modules.

use super::model::{Call, Gives, Literal, Module};
use super::names::{Names, camel, pascal};
use super::words::quoted;
use super::{File, Over, header, pin};
use crate::interface::{Parameter, RowColumn};
use crate::language::Type;

/// What a class's methods may not be called: what objects have, and what makes a promise of one.
const METHODS: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "then",
    "toLocaleString",
    "toString",
    "valueOf",
];
/// Types that generated files use.
const TYPES: &[&str] = &["Promise", "Uint8Array"];

/// `_kf.ts` and a module for each dataset.
pub fn files(modules: &[Module<'_>], over: Over) -> Vec<File> {
    let transport = match over {
        Over::Sql => include_str!("sql.ts").replace("__PIN__", &pin()),
        Over::Rpc => include_str!("rpc.ts").to_owned(),
    };
    let runtime = format!("{}\n{transport}{}", top("the command line"), include_str!("values.ts"));
    let mut files = vec![File { name: "_kf.ts".to_owned(), text: runtime }];
    files.extend(modules.iter().map(|it| File { name: format!("{}.ts", it.dataset), text: module(it) }));
    files
}

fn top(what: &str) -> String {
    format!("// {}\n/* eslint-disable */\n", header(what))
}

fn module(module: &Module<'_>) -> String {
    let mut types = Names::without(TYPES);
    let class = types.take(pascal(module.dataset.as_str()));
    let mut methods = Names::without(METHODS);
    let (mut rows, mut body, mut calls) = (String::new(), String::new(), String::new());
    for call in &module.calls {
        let row = call.gives.row().map(|columns| Row::new(&mut types, call, columns));
        if let Some(row) = &row {
            rows.push_str(&row.interface(call));
        }
        body.push_str(&method(call, &methods.take(camel(call.action.as_str())), row.as_ref()));
        calls.push_str(&target(call));
    }
    let dataset = module.dataset;
    format!(
        "{}import * as kf from \"./_kf.js\";\n\n{rows}/** Calls of `{dataset}`. */\nexport class {class} {{\n  \
         readonly #session: kf.Session;\n\n  constructor(session: kf.Session) {{\n    this.#session = session;\n  }}\n{body}}}\n\n\
         const calls = {{\n{calls}}} as const;\n",
        top(&format!("the interface of `{dataset}`"))
    )
}

/// A type of rows: its name, and what its columns are called.
struct Row<'p> {
    name: String,
    fields: Vec<(String, &'p RowColumn)>,
}

impl<'p> Row<'p> {
    fn new(types: &mut Names, call: &Call<'_>, columns: &'p [RowColumn]) -> Row<'p> {
        let mut fields = Names::without(&[]);
        let name = types.take(pascal(call.action.as_str()) + "Row");
        Row { name, fields: columns.iter().map(|it| (fields.take(camel(it.name.as_str())), it)).collect() }
    }

    fn interface(&self, call: &Call<'_>) -> String {
        let fields: String =
            self.fields.iter().map(|(name, it)| format!("  {name}: {};\n", result(it))).collect();
        let article = if matches!(call.gives, Gives::Row(_)) { "The" } else { "A" };
        format!(
            "/** {article} row of `{}`. */\nexport interface {} {{\n{fields}}}\n\n",
            call.action, self.name
        )
    }

    /// `({ id: kf.get(kf.int, row[0]) })`
    fn made(&self) -> String {
        let fields =
            self.fields.iter().zip(0..).map(|((name, it), at)| format!("      {name}: {},\n", got(it, at)));
        format!("{{\n{}    }}", fields.collect::<String>())
    }
}

fn method(call: &Call<'_>, name: &str, row: Option<&Row<'_>>) -> String {
    let mut properties = Names::without(&[]);
    let named: Vec<(String, &Parameter)> =
        call.parameters.iter().map(|it| (properties.take(camel(it.name.as_str())), it)).collect();
    let put: Vec<String> = named.iter().map(|(name, it)| put(name, &it.ty)).collect();
    let sent = format!("this.#session.call(calls.{}, [{}])", call.action, put.join(", "));
    let row_name = row.map_or("", |row| row.name.as_str());
    let (given, body) = match call.gives {
        Gives::Nothing => ("void".to_owned(), format!("    await {sent};\n")),
        Gives::Value(it) => {
            (result(it), format!("    const row = kf.only(await {sent});\n    return {};\n", got(it, 0)))
        }
        Gives::Row(_) => (
            row_name.to_owned(),
            format!(
                "    const row = kf.only(await {sent});\n    return {};\n",
                row.map_or_else(String::new, Row::made)
            ),
        ),
        Gives::Rows(_) => (
            format!("{row_name}[]"),
            format!(
                "    const rows = await {sent};\n    return rows.map((row) => ({}));\n",
                row.map_or_else(String::new, Row::made)
            ),
        ),
    };
    let comment = comment(call);
    format!("\n{comment}  async {name}({}): Promise<{given}> {{\n{body}  }}\n", taken(&named))
}

/// `args: { id: bigint | null; note?: string | null }`
fn taken(named: &[(String, &Parameter)]) -> String {
    if named.is_empty() {
        return String::new();
    }
    let property = |(name, it): &(String, &Parameter)| match it.default {
        None => format!("{name}: {} | null", argument(&it.ty)),
        Some(_) => format!("{name}?: {} | null | undefined", argument(&it.ty)),
    };
    let all: Vec<String> = named.iter().map(property).collect();
    let rest = if named.iter().all(|(_, it)| it.default.is_some()) { " = {}" } else { "" };
    format!("args: {{ {} }}{rest}", all.join("; "))
}

fn comment(call: &Call<'_>) -> String {
    let line = |text: &String| format!("   * {}", text.replace("*/", "*\\/")).trim_end().to_owned() + "\n";
    format!("  /**\n{}   */\n", call.words.iter().map(line).collect::<String>())
}

fn target(call: &Call<'_>) -> String {
    let mut text = format!("  {}: {{\n", call.action);
    for (key, value) in &call.target {
        let value = match value {
            Literal::Text(text) => quoted(text),
            Literal::Bool(truth) => truth.to_string(),
            Literal::List(texts) => {
                let texts = texts.iter().map(|it| it.as_deref().map_or_else(|| "null".to_owned(), quoted));
                format!("[{}]", texts.collect::<Vec<_>>().join(", "))
            }
        };
        text.push_str(&format!("    {key}: {value},\n"));
    }
    text + "  },\n"
}

/// The type of a value, and the codec it travels by.
fn scalar(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::Int => ("bigint", "kf.int"),
        Type::Text | Type::Null | Type::Unknown => ("string", "kf.text"),
        Type::Bool => ("boolean", "kf.bool"),
        Type::Blob => ("Uint8Array", "kf.blob"),
        Type::Uuid => ("string", "kf.uuid"),
        Type::Decimal(_) => ("kf.Decimal", "kf.decimal"),
        Type::Uint256 => ("bigint", "kf.uint256"),
        Type::Array(element) => scalar(element),
    }
}

fn argument(ty: &Type) -> String {
    let (name, _) = scalar(ty);
    if matches!(ty, Type::Array(_)) { format!("readonly ({name} | null)[]") } else { name.to_owned() }
}

fn result(column: &RowColumn) -> String {
    let (name, _) = scalar(&column.ty);
    let name =
        if matches!(column.ty, Type::Array(_)) { format!("({name} | null)[]") } else { name.to_owned() };
    if column.nullable { name + " | null" } else { name }
}

fn put(name: &str, ty: &Type) -> String {
    let list = if matches!(ty, Type::Array(_)) { "List" } else { "" };
    format!("kf.put{list}({}, args.{name})", scalar(ty).1)
}

fn got(column: &RowColumn, at: usize) -> String {
    let list = if matches!(column.ty, Type::Array(_)) { "List" } else { "" };
    let null = if column.nullable { "OrNull" } else { "" };
    format!("kf.get{list}{null}({}, row[{at}])", scalar(&column.ty).1)
}
