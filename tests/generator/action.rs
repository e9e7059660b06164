//! Actions.

use kuneiform::language::Type;

use super::Writer;
use super::literal::any_type;

/// What an action is for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Shape {
    /// A view of one query.
    Rows,
    /// Statements that give nothing back.
    Steps,
    /// Statements that give one row.
    Value,
    /// Statements that give rows one by one.
    Stream,
}

/// An action as callers see it.
#[derive(Clone, Debug)]
pub struct Action {
    pub name: String,
    /// Without `$`.
    pub parameters: Vec<(String, Type)>,
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
        let sorts = |(_, ty): &(String, Type)| !matches!(ty, Type::Array(_) | Type::Bool);
        let gives_rows = matches!(self.shape, Shape::Rows | Shape::Stream);
        gives_rows && self.view && self.pure && self.weight < 40 && self.columns.iter().all(sorts)
    }
}

impl Writer<'_> {
    /// An action and its source.
    pub fn action(&mut self, place: usize) -> (Action, String) {
        let mut parameters = vec![("id".to_owned(), Type::Int)];
        for _ in 0..self.choices.below(4) {
            parameters.push((self.fresh("p"), any_type(self.choices)));
        }
        let inserts = place < self.tables.len();
        let shape = match self.choices.below(10) {
            _ if inserts => Shape::Steps,
            0..=2 => Shape::Rows,
            3..=5 => Shape::Steps,
            6 | 7 => Shape::Value,
            _ => Shape::Stream,
        };
        self.pure = shape == Shape::Rows || (shape != Shape::Steps && self.choices.chance(60));
        let view = shape == Shape::Rows || self.pure || (!inserts && self.choices.chance(25));
        self.weight = 1;
        let mut action = Action {
            name: format!("a{place}"),
            parameters,
            columns: Vec::new(),
            view,
            shape,
            pure: self.pure,
            weight: 0,
        };
        let readable = action.parameters.iter().map(|(name, ty)| (format!("${name}"), ty.clone())).collect();
        let body = self.within(readable, |writer| writer.body(place, &mut action));
        // A guard among the values of a view may raise.
        action.weight = self.weight;
        action.pure &= !self.raised;
        self.raised = false;
        let source = source(&action, &body);
        (action, source)
    }

    fn body(&mut self, place: usize, action: &mut Action) -> String {
        match action.shape {
            Shape::Rows => {
                let query = self.select();
                action.columns = query.columns;
                format!("    {};\n", query.text)
            }
            Shape::Steps => match self.tables.get(place).cloned() {
                Some(table) => format!("    {};\n", self.insert(&table)),
                None => self.block(!action.view, 2, "    "),
            },
            Shape::Value | Shape::Stream => {
                let count = 1 + self.choices.below(2);
                action.columns = (0..count).map(|_| (self.fresh("o"), any_type(self.choices))).collect();
                self.columns = action.columns.clone();
                self.result = action.shape;
                let body = match action.shape {
                    Shape::Value if self.choices.chance(25) => self.recursion(action),
                    _ => format!("{}    {}\n", self.block(!action.view, 2, "    "), self.returned()),
                };
                self.result = Shape::Steps;
                body
            }
        }
    }

    /// A body that calls itself until its parameter `$n` is zero, or is stopped.
    fn recursion(&mut self, action: &mut Action) -> String {
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
    let parameters: Vec<String> =
        action.parameters.iter().map(|(name, ty)| format!("${name} {ty}")).collect();
    let columns: Vec<String> = action.columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
    let view = if action.view { " view" } else { "" };
    let returns = match action.shape {
        Shape::Rows | Shape::Steps => String::new(),
        Shape::Value => format!(" returns ({})", columns.join(", ")),
        Shape::Stream => format!(" returns table({})", columns.join(", ")),
    };
    format!("action {}({}) public{view}{returns} {{\n{body}}}\n\n", action.name, parameters.join(", "))
}
