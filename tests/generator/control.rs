//! Statements.

use kuneiform::language::Type;

use super::Writer;
use super::action::{Action, Shape};

impl Writer<'_> {
    /// The arguments of a call, as they are written.
    pub fn call_arguments(&mut self, action: &Action) -> String {
        let all: Vec<String> = action.parameters.iter().map(|(_, ty)| self.expression(ty, 1)).collect();
        all.join(", ")
    }

    /// Statements that give nothing back.
    pub fn statement(&mut self, writes: bool) -> String {
        match self.choices.below(8) {
            0 => format!("NOTICE({});", self.raising_text()),
            1 => {
                format!("SELECT CASE WHEN {} THEN ERROR({}) END;", self.condition(2), self.leaf(&Type::Text))
            }
            2 | 3 => self.call(writes),
            _ if writes => format!("{};", self.write()),
            _ => format!("NOTICE({});", self.expression(&Type::Text, 2)),
        }
    }

    fn raising_text(&mut self) -> String {
        self.risky = true;
        let text = self.expression(&Type::Text, 3);
        self.risky = false;
        text
    }

    /// A call of an action that stands before this one.
    fn call(&mut self, writes: bool) -> String {
        let all: Vec<Action> = self
            .callable
            .iter()
            .filter(|action| writes || action.view)
            .filter(|it| it.shape != Shape::Rows)
            .cloned()
            .collect();
        if all.is_empty() {
            return format!("NOTICE({});", self.leaf(&Type::Text));
        }
        let action = self.choices.pick(&all).clone();
        format!("{}({});", action.name, self.call_arguments(&action))
    }
}
