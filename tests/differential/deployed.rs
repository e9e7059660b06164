//! Programs in a database, call by call.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kuneiform::deploy::call::{Answer, Call, CallError, Context, Given, Role, call};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::diagnostics::Severity;
use kuneiform::interface::Owner;
use kuneiform::language::Type;
use kuneiform::{Options, Sources, hir};

use crate::compare::difference;
use crate::coverage;
use crate::generator::action::Action;
use crate::generator::arguments::argument;
use crate::generator::choices::Choices;
use crate::generator::plan::{Part, Plan};
use crate::generator::{self, Program};
use crate::interpreter::Machine;
use crate::interpreter::cast::{cast, literal};
use crate::interpreter::values::{Fault, Row, Value};
use crate::tables;
use crate::tally::Tally;

/// Who owns the schemas of a program that has an owner.
const OWNER: &str = "0xcc";

/// What is wrong with a program.
pub struct Failure {
    /// In a few words, which stay the same while the program is made smaller.
    pub kind: String,
    pub shown: String,
}

impl Failure {
    fn new(kind: &str, shown: String) -> Failure {
        Failure { kind: kind.to_owned(), shown }
    }
}

/// A program with its names, and whether it has an owner.
pub struct Trial<'t> {
    pub plan: &'t Plan,
    pub suffix: &'t str,
    pub owned: bool,
}

/// One action that is called from outside.
struct Made {
    schema: usize,
    action: Action,
    arguments: Vec<serde_json::Value>,
    context: Context,
}

impl Trial<'_> {
    pub fn program(&self) -> Program {
        generator::program(self.plan, self.suffix, self.owned.then_some(OWNER))
    }

    /// Compiles, deploys and calls a program; the first thing that is wrong.
    pub async fn run(&self, db: &mut Session, tally: &mut Tally) -> Option<Failure> {
        let program = self.program();
        let mut sources = Sources::new();
        for schema in &program.schemas {
            sources.add(format!("{}.kf", schema.name), schema.text.clone());
        }
        let owner = self.owned.then(|| Owner(OWNER.into()));
        let options = Options { owner: owner.clone(), ..Options::default() };
        let compilation = kuneiform::compile(&sources, &options);
        let errors: Vec<String> = compilation
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|error| format!("{} {}", error.code.id(), error.message))
            .collect();
        if let Some(first) = errors.first() {
            return Some(Failure::new(&format!("compile {}", &first[..6]), format!("{errors:#?}")));
        }
        if let Err(errors) = deploy_packages(db, &compilation.packages, &mut |_| {}).await {
            return Some(Failure::new("deploy", format!("{errors:#?}")));
        }
        let checked = kuneiform::check(&sources, &options);
        let checked = checked.program().unwrap();
        coverage::note(checked, &mut tally.seen);
        self.calls(db, &program, checked, tally).await
    }

    async fn calls(
        &self,
        db: &mut Session,
        program: &Program,
        checked: &hir::Program,
        tally: &mut Tally,
    ) -> Option<Failure> {
        let owner = self.owned.then(|| OWNER.to_owned());
        let (mut machine, reader) = (Machine::new(checked, owner), tables::reader(checked));
        let fill = Made {
            schema: program.schemas.len() - 1,
            action: program.schemas.last().unwrap().actions[0].clone(),
            arguments: vec![serde_json::json!(1)],
            context: context("0xdd"),
        };
        let calls = self.plan.of(Part::Call).into_iter().map(|choices| made(program, choices));
        for (place, made) in std::iter::once(fill).chain(calls).enumerate() {
            let shown = made.shown(program);
            if let Some(failure) = made.run(db, program, &mut machine, tally).await {
                let shown = format!("call {place}, {shown}: {}", failure.shown);
                return Some(Failure { shown, ..failure });
            }
            // From here on the database and the machine may hold different rows.
            if machine.open {
                return None;
            }
            if let Some(found) = tables::difference(db, &reader, checked, &machine).await {
                return Some(Failure::new("tables", format!("after call {place}, {shown}: {found}")));
            }
        }
        None
    }
}

fn context(caller: &str) -> Context {
    Context {
        caller: caller.into(),
        txid: "tx".into(),
        height: 7,
        block_timestamp: 1_700_000_000,
        authenticator: "test".into(),
    }
}

/// A call of an action that users or the oracle may call.
fn made(program: &Program, choices: &[u64]) -> Made {
    let mut choices = Choices::new(choices);
    let schema = program.schemas.len() - 1 - usize::from(choices.chance(35));
    let open: Vec<&Action> =
        program.schemas[schema].actions.iter().filter(|action| action.is_open()).collect();
    // The first fills the tables, which is done.
    let action = open[open.len() - 1 - choices.below(open.len() - usize::from(open.len() > 1))].clone();
    let dropped = choices.below(action.defaults.len() + 1);
    let given = &action.parameters[..action.parameters.len() - dropped];
    let arguments = given.iter().map(|(name, ty)| argument(&mut choices, name, ty)).collect();
    let context = context(if choices.chance(60) { OWNER } else { "0xdd" });
    Made { schema, action, arguments, context }
}

impl Made {
    fn shown(&self, program: &Program) -> String {
        let (schema, arguments) = (&program.schemas[self.schema].name, serde_json::json!(self.arguments));
        format!("{schema}.{}({arguments}) as {}", self.action.name, self.context.caller)
    }

    async fn run(
        &self,
        db: &mut Session,
        program: &Program,
        machine: &mut Machine<'_>,
        tally: &mut Tally,
    ) -> Option<Failure> {
        let schema = &program.schemas[self.schema].name;
        let wanted = catch_unwind(AssertUnwindSafe(|| self.wanted(machine, schema)));
        let Ok(wanted) = wanted else {
            return Some(Failure::new("interpreter", "the interpreter gives up".to_owned()));
        };
        let made = Call {
            dataset: schema.clone(),
            action: self.action.name.clone(),
            arguments: Given::Json(self.arguments.clone()),
            context: self.context.clone(),
            role: if self.action.visibility == "oracle" { Role::Oracle } else { Role::Public },
        };
        let found: Result<Answer, CallError> = call(db, &made).await;
        tally.calls += 1;
        tally.answers += u64::from(found.is_ok());
        tally.with_rows += u64::from(found.as_ref().is_ok_and(|answer| !answer.rows.is_empty()));
        if machine.open && !matches!(&found, Err(CallError::Refused(_))) {
            tally.open += 1;
            return None;
        }
        let shown = difference(&found, &wanted, &machine.notices)?;
        let kind = shown.split([' ', '\n']).next().unwrap_or_default().to_owned();
        Some(Failure { kind, shown })
    }

    fn wanted(&self, machine: &mut Machine<'_>, schema: &str) -> Result<Vec<Row>, Fault> {
        let (schema, action) = machine.find(schema, &self.action.name);
        let mut values = Vec::new();
        for (place, local) in action.locals[..action.parameters].iter().enumerate() {
            values.push(match (self.arguments.get(place), &local.default) {
                (Some(given), _) => read(given, &local.ty),
                (None, Some(default)) => literal(default, &local.ty).unwrap(),
                (None, None) => Value::Null,
            });
        }
        machine.transact(schema, action, values, &self.context)
    }
}

/// An argument as a value.
fn read(given: &serde_json::Value, ty: &Type) -> Value {
    match (given, ty) {
        (serde_json::Value::Null, _) => Value::Null,
        (serde_json::Value::Array(all), Type::Array(element)) => {
            Value::Array(all.iter().map(|one| read(one, element)).collect())
        }
        (serde_json::Value::Bool(truth), _) => Value::Bool(*truth),
        (serde_json::Value::String(text), Type::Blob) => Value::Blob(hex::decode(&text[2..]).unwrap()),
        (serde_json::Value::String(text), _) => cast(Value::Text(text.clone()), ty).unwrap(),
        (number, _) => Value::Int(number.as_i64().unwrap()),
    }
}
