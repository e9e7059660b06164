//! Random programs that are well typed by construction: two schemas, of which the second imports the first.

pub mod action;
pub mod arguments;
pub mod choices;
pub mod control;
pub mod expression;
pub mod literal;
pub mod query;
pub mod table;
pub mod write;

use kuneiform::language::Type;

use action::{Action, Shape};
use choices::Choices;
use table::Table;

/// A program: one text for each schema, and what may be called from outside.
pub struct Program {
    pub schemas: Vec<Schema>,
}

/// One schema.
pub struct Schema {
    pub name: String,
    pub text: String,
    pub tables: Vec<Table>,
    pub actions: Vec<Action>,
}

/// What can be read at a place: how it is written, and its type.
pub type Readable = (String, Type);

/// The state of writing one schema.
pub struct Writer<'c> {
    pub choices: &'c mut Choices,
    pub tables: Vec<Table>,
    /// Actions so far, imported ones under their alias.
    pub callable: Vec<Action>,
    /// Parameters and variables, and the columns of relations in scope.
    pub scope: Vec<Readable>,
    /// What is written may raise, which is only so where nothing decides whether it is computed.
    pub risky: bool,
    /// What is written says nothing and raises nothing.
    pub pure: bool,
    /// A guard or a risky expression was written.
    pub raised: bool,
    /// What `return` gives, and how.
    pub columns: Vec<(String, Type)>,
    pub result: Shape,
    /// How deep in loops, and how many passes they make together.
    pub loops: usize,
    pub passes: usize,
    /// About how many statements a call of this action runs.
    pub weight: usize,
    /// For names that must differ.
    pub counter: usize,
}

/// The program a number stands for. Names of its schemas end in `number`, so that programs share a database.
pub fn program(number: u64) -> Program {
    let mut choices = Choices::new(number);
    let base = schema(&mut choices, &format!("base{number}"), None);
    let top = schema(&mut choices, &format!("top{number}"), Some(&base));
    Program { schemas: vec![base, top] }
}

fn schema(choices: &mut Choices, name: &str, import: Option<&Schema>) -> Schema {
    let mut writer = Writer {
        choices,
        tables: Vec::new(),
        callable: Vec::new(),
        scope: Vec::new(),
        risky: false,
        pure: false,
        raised: false,
        columns: Vec::new(),
        result: Shape::Steps,
        loops: 0,
        passes: 1,
        weight: 0,
        counter: 0,
    };
    let mut text = format!("database {name};\n\n");
    if let Some(import) = import {
        text.push_str(&format!("use {} as lib;\n\n", import.name));
        let imported = import
            .actions
            .iter()
            .map(|action| Action { name: format!("lib.{}", action.name), ..action.clone() });
        writer.callable.extend(imported);
    }
    for _ in 0..1 + writer.choices.below(2) {
        text.push_str(&writer.table());
    }
    let mut actions = Vec::new();
    let count = 6 + writer.choices.below(5);
    for place in 0..count {
        let (action, source) = writer.action(place);
        text.push_str(&source);
        writer.callable.push(action.clone());
        actions.push(action);
    }
    Schema { name: name.to_owned(), text, tables: writer.tables, actions }
}

impl Writer<'_> {
    /// A name nothing else has.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}{}", self.counter)
    }

    /// Writes something with more to read than before.
    pub fn within<T>(&mut self, more: Vec<Readable>, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.scope.len();
        self.scope.extend(more);
        let written = write(self);
        self.scope.truncate(before);
        written
    }

    /// Writes something that may raise, if the action may.
    pub fn riskily<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.risky, !self.pure);
        let written = write(self);
        self.risky = before;
        written
    }

    /// Writes something that must not raise.
    pub fn safely<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.risky, false);
        let written = write(self);
        self.risky = before;
        written
    }
}
