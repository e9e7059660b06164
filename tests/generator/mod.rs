//! Random programs that are well typed by construction: two schemas, of which the second imports the first.

pub mod action;
pub mod arguments;
pub mod choices;
pub mod condition;
pub mod control;
pub mod cte;
pub mod expression;
pub mod fill;
pub mod from;
pub mod functions;
pub mod group;
pub mod literal;
pub mod loops;
pub mod plan;
pub mod query;
pub mod subquery;
pub mod table;
pub mod window;
pub mod write;

use kuneiform::language::Type;

use action::{Action, Shape};
use choices::Choices;
use plan::{Part, Plan};
use table::Table;

/// A program: one text for each schema, and what may be called from outside.
pub struct Program {
    pub schemas: Vec<Schema>,
}

/// One schema.
pub struct Schema {
    pub name: String,
    pub text: String,
    pub actions: Vec<Action>,
}

/// What can be read at a place: how it is written, and its type.
pub type Readable = (String, Type);

/// The state of writing one schema.
pub struct Writer<'s> {
    pub choices: Choices,
    pub tables: Vec<Table>,
    /// Actions so far, imported ones under their alias.
    pub callable: Vec<Action>,
    /// Parameters and variables, and the columns of relations in scope; the last of a name hides those before.
    pub scope: Vec<Readable>,
    /// Where in the scope the block begins whose statements are written.
    pub block: usize,
    /// Common table expressions that may be read, with their columns.
    pub ctes: Vec<(String, Vec<(String, Type)>)>,
    /// Columns of queries have an order.
    pub sorted: bool,
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
    /// What the schema imports.
    pub import: Option<&'s Schema>,
}

/// The program a plan stands for. Names of its schemas end in `suffix`, so that programs share a database.
/// `owner` is what owns them, if anything does, as a blob.
pub fn program(plan: &Plan, suffix: &str, owner: Option<&str>) -> Program {
    let base = schema(plan, 0, &format!("base{suffix}"), None, owner);
    let top = schema(plan, 1, &format!("top{suffix}"), Some(&base), owner);
    Program { schemas: vec![base, top] }
}

fn schema(plan: &Plan, number: usize, name: &str, import: Option<&Schema>, owner: Option<&str>) -> Schema {
    let mut writer = Writer::new(import);
    let mut text = format!("database {name};\n\n");
    if let Some(import) = import {
        text.push_str(&format!("use {} as lib;\n\n", import.name));
        writer.callable = import.actions.iter().filter_map(Action::imported).collect();
        let dbid = match owner {
            Some(owner) => format!("generate_dbid('{}', {owner})", import.name),
            None => format!("'{}'", import.name),
        };
        let far = import.actions.iter().filter_map(|action| action.foreign(&dbid)).take(2);
        for (action, declared) in far {
            text.push_str(&declared);
            writer.callable.push(action);
        }
    }
    for choices in parts(plan, Part::Table(number)) {
        writer.choices = Choices::new(choices);
        text.push_str(&writer.table());
    }
    let (fill, source) = writer.fill();
    let mut actions = vec![fill];
    text.push_str(&source);
    for (place, choices) in parts(plan, Part::Action(number)).into_iter().enumerate() {
        writer.choices = Choices::new(choices);
        let (action, source) = writer.action(place);
        text.push_str(&source);
        writer.callable.push(action.clone());
        actions.push(action);
    }
    Schema { name: name.to_owned(), text, actions }
}

/// The lists of choices for a kind of part: at least one.
fn parts(plan: &Plan, part: Part) -> Vec<&[u64]> {
    let all = plan.of(part);
    if all.is_empty() { vec![&[]] } else { all }
}

impl<'s> Writer<'s> {
    fn new(import: Option<&'s Schema>) -> Writer<'s> {
        Writer {
            choices: Choices::new(&[]),
            tables: Vec::new(),
            callable: Vec::new(),
            scope: Vec::new(),
            block: 0,
            ctes: Vec::new(),
            sorted: false,
            risky: false,
            pure: false,
            raised: false,
            columns: Vec::new(),
            result: Shape::Steps,
            loops: 0,
            passes: 1,
            weight: 0,
            counter: 0,
            import,
        }
    }

    /// A name nothing else has.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}{}", self.counter)
    }

    /// What is in scope and of type `ty`, less what is hidden.
    pub fn readable(&self, ty: &Type) -> Vec<String> {
        let is_hidden = |place: usize| {
            let name = &self.scope[place].0;
            self.scope[place + 1..].iter().any(|(later, _)| later == name)
        };
        let all = (0..self.scope.len()).filter(|place| self.scope[*place].1 == *ty && !is_hidden(*place));
        all.map(|place| self.scope[place].0.clone()).collect()
    }

    /// A column of a relation in scope.
    pub fn column_in_scope(&mut self, ty: &Type) -> Option<String> {
        let mut all = self.readable(ty);
        all.retain(|text| text.contains('.') && !text.starts_with('$'));
        (!all.is_empty()).then(|| self.choices.pick(&all).clone())
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
        self.raised |= self.risky;
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
