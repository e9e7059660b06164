//! Actions.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, plain};

/// What an action is for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Shape {
    /// A view of one query.
    Rows,
    /// Statements that give nothing back.
    Steps,
    /// Statements that give one row.
    Value,
    /// Statements that give rows one by one, or those of a query.
    Stream,
    /// Statements of which the last is a write that gives rows.
    Written,
}

/// An action as callers see it.
#[derive(Clone, Debug)]
pub struct Action {
    pub name: String,
    /// `public`, `private`, `system` or `oracle`.
    pub visibility: &'static str,
    pub owner: bool,
    /// Without `$`.
    pub parameters: Vec<(String, Type)>,
    /// The values of parameters at the end that may be left out.
    pub defaults: Vec<String>,
    pub columns: Vec<(String, Type)>,
    pub view: bool,
    pub shape: Shape,
    /// It says nothing and raises nothing: it does not matter whether or how often it is called.
    pub pure: bool,
    /// About how many statements a call runs.
    pub weight: usize,
}

impl Action {
    /// Its rows may stand in FROM.
    pub fn is_joinable(&self) -> bool {
        let gives_rows = matches!(self.shape, Shape::Rows | Shape::Stream);
        let sorts = self.columns.iter().all(|(_, ty)| super::literal::is_sortable(ty));
        gives_rows && self.visibility != "oracle" && self.view && self.pure && self.weight < 40 && sorts
    }

    /// It may be called from outside.
    pub fn is_open(&self) -> bool {
        matches!(self.visibility, "public" | "oracle")
    }

    /// As a foreign procedure, with its declaration: one that looks for the action when it is called.
    pub fn foreign(&self, dbid: &str) -> Option<(Action, String)> {
        // What a query gives is inferred: its declaration would have to be found out.
        if matches!(self.shape, Shape::Rows | Shape::Written) {
            return None;
        }
        let parameters: Vec<String> = self.parameters.iter().map(|(_, ty)| ty.to_string()).collect();
        let columns: Vec<String> = self.columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
        let returns = match (self.columns.is_empty(), self.shape) {
            (true, _) => String::new(),
            (false, Shape::Value) => format!(" returns ({})", columns.join(", ")),
            (false, _) => format!(" returns table({})", columns.join(", ")),
        };
        let name = format!("far_{}", self.name);
        let declared = format!("foreign procedure {name}({}){returns};\n\n", parameters.join(", "));
        let called = format!("{name}[{dbid}, '{}']", self.name);
        // It may raise: nothing is known of what it calls.
        let action = Action { name: called, defaults: Vec::new(), pure: false, ..self.imported()? };
        Some((action, declared))
    }

    /// As an importer sees it, if it does.
    pub fn imported(&self) -> Option<Action> {
        let is_seen = matches!(self.visibility, "public" | "system");
        is_seen.then(|| Action { name: format!("lib.{}", self.name), ..self.clone() })
    }
}

impl Writer<'_> {
    /// An action and its source.
    pub fn action(&mut self, place: usize) -> (Action, String) {
        let shape = match self.choices.below(12) {
            0..=3 => Shape::Rows,
            4..=6 => Shape::Steps,
            7 | 8 => Shape::Value,
            9 => Shape::Written,
            _ => Shape::Stream,
        };
        let gives = matches!(shape, Shape::Value | Shape::Stream);
        self.pure = shape == Shape::Rows || (gives && self.choices.chance(60));
        self.raised = false;
        let writes = shape == Shape::Written;
        let (parameters, defaults) = self.parameters();
        let mut action = Action {
            name: format!("a{place}"),
            visibility: self
                .choices
                .word(&["public", "public", "public", "public", "private", "system", "oracle"]),
            owner: !self.pure && self.choices.chance(10),
            parameters,
            defaults,
            columns: Vec::new(),
            view: self.pure || (!writes && self.choices.chance(25)),
            shape,
            pure: self.pure,
            weight: 0,
        };
        self.weight = 1;
        let readable = action.parameters.iter().map(|(name, ty)| (format!("${name}"), ty.clone())).collect();
        let body = self.within(readable, |writer| writer.body(&mut action));
        action.weight = self.weight;
        action.pure &= !self.raised && !action.owner;
        let source = source(&action, &body);
        (action, source)
    }

    fn parameters(&mut self) -> (Vec<(String, Type)>, Vec<String>) {
        let mut parameters = vec![("id".to_owned(), Type::Int)];
        let mut defaults = Vec::new();
        for _ in 0..self.choices.below(4) {
            let ty = any_type(&mut self.choices);
            let has_default = !matches!(ty, Type::Array(_)) && self.choices.chance(15);
            if has_default || !defaults.is_empty() {
                if matches!(ty, Type::Array(_)) {
                    break;
                }
                defaults.push(plain(&mut self.choices, &ty));
            }
            parameters.push((self.fresh("p"), ty));
        }
        (parameters, defaults)
    }

    fn body(&mut self, action: &mut Action) -> String {
        self.block = self.scope.len();
        match action.shape {
            Shape::Rows => {
                let query = self.select();
                action.columns = query.columns;
                format!("    {};\n", query.text)
            }
            Shape::Steps => self.block(!action.view, 2, "    "),
            Shape::Written => {
                let (write, columns) = self.returning_write();
                action.columns = columns;
                format!("{}    {write};\n", self.block(true, 1, "    "))
            }
            Shape::Value | Shape::Stream => {
                let count = 1 + self.choices.below(2);
                action.columns = (0..count).map(|_| (self.fresh("o"), any_type(&mut self.choices))).collect();
                self.columns = action.columns.clone();
                self.result = action.shape;
                let body = match action.shape {
                    Shape::Value if self.choices.chance(25) => self.recursion(action),
                    _ => {
                        let block = self.block(!action.view, 2, "    ");
                        format!("{block}    {}\n", self.last())
                    }
                };
                self.result = Shape::Steps;
                body
            }
        }
    }

    /// How an action with a result ends.
    fn last(&mut self) -> String {
        match self.result == Shape::Stream && self.choices.chance(40) {
            true => self.returned_query(),
            false => self.returned(),
        }
    }

    /// A body that calls itself until its parameter `$n` is zero, or is stopped.
    fn recursion(&mut self, action: &mut Action) -> String {
        action.defaults.clear();
        action.parameters.push(("n".to_owned(), Type::Int));
        let arguments: Vec<String> = action.parameters.iter().map(|(name, _)| format!("${name}")).collect();
        let arguments = format!("{} - 1", arguments.join(", "));
        self.raised = true;
        self.weight += 30;
        let base = self.returned();
        let receivers: Vec<(String, Type)> =
            action.columns.iter().map(|(name, ty)| (format!("$r{name}"), ty.clone())).collect();
        let names: Vec<&str> = receivers.iter().map(|(name, _)| name.as_str()).collect();
        let received = format!("{} := {}({arguments});", names.join(", "), action.name);
        let last = self.within(receivers.clone(), |writer| writer.returned());
        format!("    if $n <= 0 {{ {base} }}\n    {received}\n    {last}\n")
    }
}

fn source(action: &Action, body: &str) -> String {
    let required = action.parameters.len() - action.defaults.len();
    let parameter = |(place, (name, ty)): (usize, &(String, Type))| match place.checked_sub(required) {
        Some(place) => format!("${name} {ty} default {}", action.defaults[place]),
        None => format!("${name} {ty}"),
    };
    let parameters: Vec<String> = action.parameters.iter().enumerate().map(parameter).collect();
    let columns: Vec<String> = action.columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
    let view = if action.view { " view" } else { "" };
    let owner = if action.owner { " owner" } else { "" };
    let returns = match action.shape {
        Shape::Rows | Shape::Steps | Shape::Written => String::new(),
        Shape::Value => format!(" returns ({})", columns.join(", ")),
        Shape::Stream => format!(" returns table({})", columns.join(", ")),
    };
    let (name, visibility, parameters) = (&action.name, action.visibility, parameters.join(", "));
    format!("action {name}({parameters}) {visibility}{owner}{view}{returns} {{\n{body}}}\n\n")
}
