//! Statements.

use kuneiform::language::Type;

use super::action::{Action, Shape};
use super::literal::{any_type, literal};
use super::{Readable, Writer};

/// A call may run about so many statements.
pub const HEAVY: usize = 120;

impl Writer<'_> {
    /// The arguments of a call, as they are written.
    pub fn call_arguments(&mut self, action: &Action) -> String {
        let dropped = self.choices.below(action.defaults.len() + 1);
        let given = action.parameters.len() - dropped;
        let all: Vec<String> = action.parameters[..given]
            .iter()
            .map(|(name, ty)| match name.as_str() {
                "n" => self.choices.between(-1, 5).to_string(),
                _ => self.expression(ty, 1),
            })
            .collect();
        all.join(", ")
    }

    /// Statements with a scope of their own, each on a line.
    pub fn block(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        let (before, mut text) = (self.scope.len(), String::new());
        let outer = std::mem::replace(&mut self.block, before);
        for _ in 0..1 + self.choices.below(4) {
            let statement = self.statement(writes, depth, indent);
            self.weight += self.passes;
            text.push_str(&format!("{indent}{statement}\n"));
        }
        self.block = outer;
        if depth < 2 {
            self.scope.truncate(before);
        }
        text
    }

    /// One statement.
    fn statement(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        match self.choices.below(24) {
            0..=2 => self.declaration(),
            3 | 4 => self.assignment(),
            5 => self.element(),
            6 | 7 => self.received(writes),
            8..=10 if depth > 0 => self.branches(writes, depth - 1, indent),
            11..=14 if depth > 0 && self.loops < 2 => self.looped(writes, depth - 1, indent),
            15 | 16 => self.way_out(),
            17 | 18 if writes => format!("{};", self.write()),
            19 if writes && !self.pure => self.call(writes),
            20 if !self.pure => self.guard(),
            21 => format!("{};", self.select_away()),
            _ if self.pure => self.declaration(),
            _ => format!("NOTICE({});", self.riskily(|writer| writer.expression(&Type::Text, 3))),
        }
    }

    /// Raises where a condition holds.
    fn guard(&mut self) -> String {
        self.raised = true;
        let (condition, message) = (self.condition(2), self.leaf(&Type::Text));
        match self.choices.below(3) {
            0 => format!("SELECT CASE WHEN {condition} THEN ERROR({message}) END;"),
            1 => format!("if {condition} {{ ERROR({message}); }}"),
            _ => {
                let name = self.fresh("g");
                format!("${name} int := CASE WHEN {condition} THEN ERROR({message}) ELSE 1 END;")
            }
        }
    }

    /// A query whose rows nobody sees.
    fn select_away(&mut self) -> String {
        self.safely(|writer| writer.rows()).text
    }

    /// An expression of a statement, which may be a call.
    pub fn step_expression(&mut self, ty: &Type) -> String {
        let all: Vec<Action> = self
            .callable
            .iter()
            .filter(|it| {
                it.shape == Shape::Value
                    && it.pure
                    && it.visibility != "oracle"
                    && it.columns.len() == 1
                    && it.columns[0].1 == *ty
            })
            .filter(|it| it.weight * self.passes < HEAVY)
            .cloned()
            .collect();
        if all.is_empty() || self.choices.chance(50) {
            return self.riskily(|writer| writer.expression(ty, 2));
        }
        let action = self.choices.pick(&all).clone();
        self.weight += action.weight * self.passes;
        let arguments = self.safely(|writer| writer.call_arguments(&action));
        format!("{}({arguments})", action.name)
    }

    /// A value that may raise, but is small if it is there: what is read again must not overflow.
    pub fn small(&mut self, ty: &Type, depth: usize) -> String {
        let value = match depth {
            0 => self.step_expression(ty),
            _ => self.riskily(|writer| writer.expression(ty, depth)),
        };
        match ty {
            Type::Int => format!("({value} % 1000)"),
            Type::Uint256 => format!("({value} % 1000::uint256)"),
            Type::Decimal(_) => format!("({value} % 1000::{ty})"),
            Type::Text => format!("substring({value}, 1, 30)"),
            Type::Array(_) => format!("({value})[1:9]"),
            Type::Blob => format!("coalesce({}, {value})", self.leaf(ty)),
            _ => value,
        }
    }

    fn declaration(&mut self) -> String {
        let ty = any_type(&mut self.choices);
        let mut name = format!("${}", self.fresh("d"));
        let outer: Vec<String> = self.scope[..self.block]
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| {
                name.starts_with("$d") && !self.scope[self.block..].iter().any(|(own, _)| own == name)
            })
            .collect();
        // A block may name a variable as one around it is named.
        if !outer.is_empty() && self.choices.chance(15) {
            name = self.choices.pick(&outer).clone();
        }
        let sign = self.choices.word(&[":=", "="]);
        let text = match self.choices.below(8) {
            0 => format!("{name} {ty};"),
            1 if !self.scope.iter().any(|(known, _)| *known == name) => {
                format!("{name} {sign} {};", self.small(&ty, 1))
            }
            _ => format!("{name} {ty} {sign} {};", self.small(&ty, 0)),
        };
        self.scope.push((name, ty));
        text
    }

    /// A variable, not a column of a row or of a relation.
    fn variable(&mut self, fits: impl Fn(&Type) -> bool) -> Option<Readable> {
        let all: Vec<Readable> = self
            .scope
            .iter()
            .filter(|(name, ty)| (name.starts_with("$d") || name.starts_with("$p")) && fits(ty))
            .filter(|(name, ty)| self.readable(ty).contains(name))
            .cloned()
            .collect();
        (!all.is_empty()).then(|| self.choices.pick(&all).clone())
    }

    fn assignment(&mut self) -> String {
        let Some((name, ty)) = self.variable(|_| true) else { return self.declaration() };
        format!("{name} := {};", self.small(&ty, 0))
    }

    fn element(&mut self) -> String {
        let Some((name, ty)) = self.variable(|ty| matches!(ty, Type::Array(_))) else {
            return self.assignment();
        };
        let Type::Array(element) = ty else { return self.assignment() };
        let value = self.expression(&element, 1);
        let index = match !self.pure && self.choices.chance(20) {
            true => {
                self.raised = true;
                format!("({} % 7)", self.leaf(&Type::Int))
            }
            false => self.choices.between(1, 6).to_string(),
        };
        format!("{name}[{index}] := {value};")
    }

    /// `$a, _ := f(..);`
    fn received(&mut self, writes: bool) -> String {
        let Some(action) = self.callee(writes, &[Shape::Value, Shape::Stream, Shape::Rows]) else {
            return self.declaration();
        };
        // A second row raises.
        if action.shape != Shape::Value && self.pure {
            return self.declaration();
        }
        self.raised |= action.shape != Shape::Value;
        let mut receivers = Vec::new();
        for (_, ty) in &action.columns {
            let known = self
                .variable(|of| of == ty)
                .filter(|(name, _)| !receivers.contains(&(name.clone(), ty.clone())));
            let name = match known {
                _ if self.choices.chance(20) => "_".to_owned(),
                Some((name, _)) if self.choices.chance(25) => name,
                _ => format!("${}", self.fresh("d")),
            };
            receivers.push((name, ty.clone()));
        }
        let names: Vec<&str> = receivers.iter().map(|(name, _)| name.as_str()).collect();
        let text = format!("{} := {}({});", names.join(", "), action.name, self.call_arguments(&action));
        let fresh = receivers.into_iter().filter(|(name, _)| name != "_");
        let fresh: Vec<Readable> =
            fresh.filter(|(name, _)| !self.scope.iter().any(|(known, _)| known == name)).collect();
        self.scope.extend(fresh);
        text
    }

    fn branches(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        let inner = format!("{indent}    ");
        let block = |writer: &mut Self| {
            let before = writer.scope.len();
            let text = writer.block(writes, depth, &inner);
            writer.scope.truncate(before);
            text
        };
        let condition = self.condition(2);
        let mut text = format!("if {condition} {{\n{}{indent}}}", block(self));
        if self.choices.chance(30) {
            let word = self.choices.word(&["elseif", "else if"]);
            let condition = self.condition(2);
            text.push_str(&format!(" {word} {condition} {{\n{}{indent}}}", block(self)));
        }
        if self.choices.chance(50) {
            text.push_str(&format!(" else {{\n{}{indent}}}", block(self)));
        }
        text
    }

    /// `return`, `return next`, `break` or `continue`, under a condition where nothing could follow.
    fn way_out(&mut self) -> String {
        let condition = self.condition(1);
        match self.result {
            _ if self.loops > 0 && self.choices.chance(40) => {
                format!("if {condition} {{ {}; }}", self.choices.word(&["break", "continue"]))
            }
            Shape::Stream if self.choices.chance(20) => {
                format!("if {condition} {{ {} }}", self.returned_query())
            }
            Shape::Stream if self.choices.chance(85) => self.returned(),
            Shape::Value => format!("if {condition} {{ {} }}", self.returned()),
            _ if !self.columns.is_empty() && self.result != Shape::Stream => self.declaration(),
            _ => format!("if {condition} {{ return; }}"),
        }
    }

    /// The statement that gives a row.
    pub fn returned(&mut self) -> String {
        let columns = self.columns.clone();
        let values: Vec<String> = columns.iter().map(|(_, ty)| self.small(ty, 0)).collect();
        let next = if self.result == Shape::Stream { "next " } else { "" };
        format!("return {next}{};", values.join(", "))
    }

    /// `return SELECT ..;`
    pub fn returned_query(&mut self) -> String {
        let types: Vec<Type> = self.columns.iter().map(|(_, ty)| ty.clone()).collect();
        let query = self.safely(|writer| writer.rows_giving(&types));
        format!("return {};", query.text)
    }

    /// An action that stands before this one and may be called here.
    pub fn callee(&mut self, writes: bool, shapes: &[Shape]) -> Option<Action> {
        let (pure, passes) = (self.pure, self.passes);
        let all: Vec<Action> = self
            .callable
            .iter()
            .filter(|action| action.visibility != "oracle")
            .filter(|action| (writes || action.view) && (!pure || action.pure))
            .filter(|action| shapes.contains(&action.shape) && action.weight * passes < HEAVY)
            .cloned()
            .collect();
        let action = (!all.is_empty()).then(|| self.choices.pick(&all).clone())?;
        self.weight += action.weight * passes;
        self.raised |= !action.pure;
        Some(action)
    }

    /// A call whose result, if any, is dropped.
    fn call(&mut self, writes: bool) -> String {
        match self.callee(writes, &[Shape::Steps, Shape::Value, Shape::Written]) {
            Some(action) => {
                let arguments = self.riskily(|writer| writer.call_arguments(&action));
                format!("{}({arguments});", action.name)
            }
            None => format!("NOTICE({});", literal(&mut self.choices, &Type::Text)),
        }
    }
}
