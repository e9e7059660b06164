//! Statements.

use kuneiform::language::Type;

use super::action::{Action, Shape};
use super::literal::any_type;
use super::{Readable, Writer};

/// A call may run about so many statements.
const HEAVY: usize = 120;

impl Writer<'_> {
    /// The arguments of a call, as they are written.
    pub fn call_arguments(&mut self, action: &Action) -> String {
        let all: Vec<String> = action
            .parameters
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
        for _ in 0..1 + self.choices.below(4) {
            let statement = self.statement(writes, depth, indent);
            self.weight += self.passes;
            text.push_str(&format!("{indent}{statement}\n"));
        }
        self.scope.truncate(before);
        text
    }

    /// One statement.
    fn statement(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        match self.choices.below(20) {
            0 | 1 => self.declaration(),
            2 | 3 => self.assignment(),
            4 => self.element(),
            5 | 6 => self.received(writes),
            7..=9 if depth > 0 => self.branches(writes, depth - 1, indent),
            10..=13 if depth > 0 && self.loops < 2 => self.looped(writes, depth - 1, indent),
            14 | 15 => self.way_out(),
            16 if writes => format!("{};", self.write()),
            17 if writes && !self.pure => self.call(writes),
            18 if !self.pure => {
                format!("SELECT CASE WHEN {} THEN ERROR({}) END;", self.condition(2), self.leaf(&Type::Text))
            }
            _ if self.pure => self.declaration(),
            _ => format!("NOTICE({});", self.riskily(|writer| writer.expression(&Type::Text, 3))),
        }
    }

    /// An expression of a statement, which may be a call.
    fn step_expression(&mut self, ty: &Type) -> String {
        let all: Vec<Action> = self
            .callable
            .iter()
            .filter(|it| {
                it.shape == Shape::Value && it.pure && it.columns.len() == 1 && it.columns[0].1 == *ty
            })
            .filter(|it| it.weight * self.passes < HEAVY)
            .cloned()
            .collect();
        if all.is_empty() || self.choices.chance(50) {
            return self.riskily(|writer| writer.expression(ty, 2));
        }
        let action = self.choices.pick(&all).clone();
        self.weight += action.weight * self.passes;
        format!("{}({})", action.name, self.call_arguments(&action))
    }

    fn declaration(&mut self) -> String {
        let (name, ty) = (format!("${}", self.fresh("d")), any_type(self.choices));
        let text = match self.choices.chance(15) {
            true => format!("{name} {ty};"),
            false => format!("{name} {ty} := {};", self.step_expression(&ty)),
        };
        self.scope.push((name, ty));
        text
    }

    /// A variable, not a column of a row or a parameter.
    fn variable(&mut self, fits: impl Fn(&Type) -> bool) -> Option<Readable> {
        let is_variable = |name: &str| name.starts_with("$d");
        let all: Vec<Readable> =
            self.scope.iter().filter(|(name, ty)| is_variable(name) && fits(ty)).cloned().collect();
        (!all.is_empty()).then(|| self.choices.pick(&all).clone())
    }

    /// What is assigned again and again stays small.
    fn assignment(&mut self) -> String {
        let Some((name, ty)) = self.variable(|_| true) else { return self.declaration() };
        let value = match ty {
            Type::Int => format!("({} % 1000)", self.riskily(|writer| writer.expression(&ty, 2))),
            Type::Uint256 => format!("({} % 1000::uint256)", self.expression(&ty, 2)),
            Type::Text => format!("substring({}, 1, 30)", self.expression(&ty, 2)),
            Type::Array(_) => format!("({})[1:9]", self.expression(&ty, 2)),
            Type::Blob => self.leaf(&ty),
            _ => self.step_expression(&ty),
        };
        format!("{name} := {value};")
    }

    fn element(&mut self) -> String {
        let Some((name, ty)) = self.variable(|ty| matches!(ty, Type::Array(_))) else {
            return self.assignment();
        };
        let Type::Array(element) = ty else { return self.assignment() };
        let value = self.expression(&element, 1);
        format!("{name}[{}] := {value};", self.choices.between(1, 6))
    }

    /// `$a, _ := f(..);`
    fn received(&mut self, writes: bool) -> String {
        let Some(action) = self.callee(writes, &[Shape::Value, Shape::Stream]) else {
            return self.declaration();
        };
        let mut receivers = Vec::new();
        for (_, ty) in &action.columns {
            let name = format!("${}", self.fresh("d"));
            match self.choices.chance(20) {
                true => receivers.push(("_".to_owned(), ty.clone())),
                false => receivers.push((name, ty.clone())),
            }
        }
        let names: Vec<&str> = receivers.iter().map(|(name, _)| name.as_str()).collect();
        let text = format!("{} := {}({});", names.join(", "), action.name, self.call_arguments(&action));
        // A second row raises.
        self.raised |= action.shape == Shape::Stream;
        self.scope.extend(receivers.into_iter().filter(|(name, _)| name != "_"));
        text
    }

    fn branches(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        let inner = format!("{indent}    ");
        let mut text =
            format!("if {} {{\n{}{indent}}}", self.condition(2), self.block(writes, depth, &inner));
        if self.choices.chance(30) {
            let word = self.choices.pick(&["elseif", "else if"]).to_owned();
            text.push_str(&format!(
                " {word} {} {{\n{}{indent}}}",
                self.condition(2),
                self.block(writes, depth, &inner)
            ));
        }
        if self.choices.chance(50) {
            text.push_str(&format!(" else {{\n{}{indent}}}", self.block(writes, depth, &inner)));
        }
        text
    }

    fn looped(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        let inner = format!("{indent}    ");
        let (head, readable) = self.head(writes);
        self.loops += 1;
        self.passes *= 4;
        let body = self.within(readable, |writer| writer.block(writes, depth, &inner));
        self.loops -= 1;
        self.passes /= 4;
        format!("for {head} {{\n{body}{indent}}}")
    }

    /// `$i in 1..3`, and what the body can read.
    fn head(&mut self, writes: bool) -> (String, Vec<Readable>) {
        let name = format!("${}", self.fresh("i"));
        match self.choices.below(5) {
            0 => {
                let low = self.choices.between(-2, 3);
                let high = format!("({} % 5)", self.expression(&Type::Int, 1));
                (format!("{name} in {low}..{high}"), vec![(name, Type::Int)])
            }
            1 | 2 => {
                let element = self.choices.pick(&[Type::Int, Type::Text]).clone();
                let array = format!("({})[1:4]", self.expression(&Type::array(element.clone()), 2));
                (format!("{name} in array {array}"), vec![(name, element)])
            }
            3 => match self.callee(writes, &[Shape::Rows, Shape::Stream]) {
                Some(action) => {
                    let columns = &action.columns;
                    let readable =
                        columns.iter().map(|(of, ty)| (format!("{name}.{of}"), ty.clone())).collect();
                    (format!("{name} in {}({})", action.name, self.call_arguments(&action)), readable)
                }
                None => self.over_query(&name),
            },
            _ => self.over_query(&name),
        }
    }

    fn over_query(&mut self, name: &str) -> (String, Vec<Readable>) {
        let query = self.safely(|writer| writer.rows());
        let readable = query.columns.iter().map(|(of, ty)| (format!("{name}.{of}"), ty.clone())).collect();
        (format!("{name} in {}", query.text), readable)
    }

    /// `return`, `return next`, `break` or `continue`, under a condition where nothing could follow.
    fn way_out(&mut self) -> String {
        let condition = self.condition(1);
        match self.result {
            _ if self.loops > 0 && self.choices.chance(40) => {
                format!("if {condition} {{ {}; }}", self.choices.pick(&["break", "continue"]))
            }
            Shape::Stream if self.choices.chance(85) => self.returned(),
            Shape::Value => format!("if {condition} {{ {} }}", self.returned()),
            _ => format!("if {condition} {{ return; }}"),
        }
    }

    /// The statement that gives a row.
    pub fn returned(&mut self) -> String {
        let columns = self.columns.clone();
        let values: Vec<String> = columns.iter().map(|(_, ty)| self.step_expression(ty)).collect();
        let next = if self.result == Shape::Stream { "next " } else { "" };
        format!("return {next}{};", values.join(", "))
    }

    /// An action that stands before this one and may be called here.
    fn callee(&mut self, writes: bool, shapes: &[Shape]) -> Option<Action> {
        let (pure, passes) = (self.pure, self.passes);
        let all: Vec<Action> = self
            .callable
            .iter()
            .filter(|action| (writes || action.view) && (!pure || action.pure))
            .filter(|action| shapes.contains(&action.shape) && action.weight * passes < HEAVY)
            .cloned()
            .collect();
        let action = (!all.is_empty()).then(|| self.choices.pick(&all).clone())?;
        self.weight += action.weight * passes;
        Some(action)
    }

    /// A call whose result, if any, is dropped.
    fn call(&mut self, writes: bool) -> String {
        match self.callee(writes, &[Shape::Steps, Shape::Value]) {
            Some(action) => format!("{}({});", action.name, self.call_arguments(&action)),
            None => format!("NOTICE({});", self.leaf(&Type::Text)),
        }
    }
}
