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
}

impl Action {
    /// Its rows may stand in FROM.
    pub fn is_joinable(&self) -> bool {
        self.shape == Shape::Rows
            && self.columns.iter().all(|(_, ty)| !matches!(ty, Type::Array(_) | Type::Bool))
    }
}

impl Writer<'_> {
    /// An action and its source.
    pub fn action(&mut self, place: usize) -> (Action, String) {
        let name = format!("a{place}");
        let mut parameters = vec![("id".to_owned(), Type::Int)];
        for _ in 0..self.choices.below(4) {
            parameters.push((self.fresh("p"), any_type(self.choices)));
        }
        let readable = parameters.iter().map(|(name, ty)| (format!("${name}"), ty.clone())).collect();
        let inserts = place < self.tables.len();
        let shape = if inserts || self.choices.chance(40) { Shape::Steps } else { Shape::Rows };
        let view = shape == Shape::Rows || (!inserts && self.choices.chance(20));
        let (columns, body) = self.within(readable, |writer| writer.body(place, shape, view));
        let action = Action { name, parameters, columns, view, shape };
        let source = source(&action, &body);
        (action, source)
    }

    fn body(&mut self, place: usize, shape: Shape, view: bool) -> (Vec<(String, Type)>, String) {
        if shape == Shape::Rows {
            let query = self.select();
            return (query.columns, format!("    {};\n", query.text));
        }
        let mut body = String::new();
        if let Some(table) = self.tables.get(place).cloned() {
            body.push_str(&format!("    {};\n", self.insert(&table)));
            return (Vec::new(), body);
        }
        for _ in 0..1 + self.choices.below(4) {
            body.push_str(&format!("    {}\n", self.statement(!view)));
        }
        (Vec::new(), body)
    }
}

fn source(action: &Action, body: &str) -> String {
    let parameters: Vec<String> =
        action.parameters.iter().map(|(name, ty)| format!("${name} {ty}")).collect();
    let view = if action.view { " view" } else { "" };
    format!("action {}({}) public{view} {{\n{body}}}\n\n", action.name, parameters.join(", "))
}
