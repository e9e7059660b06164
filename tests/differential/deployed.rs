//! Programs in a database, call by call.

use kuneiform::deploy::call::{Call, CallError, Context, Given, Role, call};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::diagnostics::Severity;
use kuneiform::{Options, Sources};

use crate::compare::difference;
use crate::generator::arguments::argument;
use crate::generator::choices::Choices;
use crate::generator::{self, Program, Schema};
use crate::interpreter::Machine;
use crate::interpreter::cast::cast;
use crate::interpreter::values::Value;
use crate::support::{block_on, database, session};
use crate::tables;

/// What a run came to.
#[derive(Default)]
pub struct Tally {
    pub programs: u64,
    pub calls: u64,
    /// Calls that raised nothing.
    pub answers: u64,
    /// Calls that gave rows.
    pub with_rows: u64,
    /// Calls whose outcome the language leaves open.
    pub open: u64,
    /// What was found, and the program it was found in.
    pub differences: Vec<(String, String)>,
}

impl Tally {
    pub fn shown(&self) -> String {
        let Tally { programs, calls, answers, with_rows, open, differences } = self;
        let count = differences.len();
        format!(
            "{programs} programs, {calls} calls: {answers} answered, {with_rows} with rows, {open} left open, {count} differ"
        )
    }

    pub fn add(&mut self, other: Tally) {
        self.programs += other.programs;
        self.calls += other.calls;
        self.answers += other.answers;
        self.with_rows += other.with_rows;
        self.open += other.open;
        self.differences.extend(other.differences);
    }
}

/// Runs programs in a database of their own.
pub fn run(numbers: &[u64], calls: u64) -> Tally {
    block_on(async {
        let mut tally = Tally::default();
        let mut db = session(&database().await).await;
        db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
        for number in numbers {
            program(&mut db, *number, calls, &mut tally).await;
            tally.programs += 1;
        }
        db.close().await;
        tally
    })
}

async fn program(db: &mut Session, number: u64, calls: u64, tally: &mut Tally) {
    let program = generator::program(number);
    let text = program.schemas.iter().map(|schema| schema.text.as_str()).collect::<Vec<_>>().join("\n");
    let mut sources = Sources::new();
    for schema in &program.schemas {
        sources.add(format!("{}.kf", schema.name), schema.text.clone());
    }
    let options = Options::default();
    let compilation = kuneiform::compile(&sources, &options);
    let errors: Vec<_> =
        compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    if !errors.is_empty() {
        let shown: Vec<String> =
            errors.iter().map(|error| format!("{} {}", error.code.id(), error.message)).collect();
        tally.differences.push((format!("program {number} does not compile: {shown:#?}"), text));
        return;
    }
    if let Err(errors) = deploy_packages(db, &compilation.packages, &mut |_| {}).await {
        tally.differences.push((format!("program {number} does not deploy: {errors:#?}"), text));
        return;
    }
    let found = findings(db, &program).await;
    if !found.is_empty() {
        tally.differences.push((format!("program {number}: {found:#?}"), text.clone()));
    }
    let checked = kuneiform::check(&sources, &options);
    let checked = checked.program().unwrap();
    let (mut machine, reader) = (Machine::new(checked), tables::reader(checked));
    let mut choices = Choices::new(number ^ 0xca11);
    for place in 0..calls {
        if let Some(difference) = one_call(db, &program, &mut machine, &mut choices, place, tally).await {
            tally.differences.push((format!("program {number}: {difference}"), text));
            return;
        }
        let tables = match machine.open {
            false => tables::difference(db, &reader, checked, &machine).await,
            true => None,
        };
        if let Some(difference) = tables {
            tally.differences.push((format!("program {number}: after call {place}: {difference}"), text));
            return;
        }
        // From here on the database and the machine may hold different rows.
        if machine.open {
            return;
        }
    }
}

/// What plpgsql_check says, but for parameters and variables nobody reads, of which the compiler warns, and for constants that raise:
/// it computes those, and they raise when they are called too.
async fn findings(db: &Session, program: &Program) -> Vec<String> {
    let sql = "SELECT p.proname || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.level || ' ' || c.message
                 || coalesce(' ' || c.detail, '') || coalesce(' ' || c.query, '')
               FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
               CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, performance_warnings => false, security_warnings => true) AS c
               WHERE n.nspname = ANY($1) AND c.message !~ '^(unused parameter|unused variable|never read variable)'
                 AND coalesce(c.sqlstate, '') NOT LIKE '22%' ORDER BY 1";
    let schemas: Vec<String> = program.schemas.iter().map(|schema| format!("ds_{}", schema.name)).collect();
    db.client.query(sql, &[&schemas]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn one_call(
    db: &mut Session,
    program: &Program,
    machine: &mut Machine<'_>,
    choices: &mut Choices,
    place: u64,
    tally: &mut Tally,
) -> Option<String> {
    let schema = choices.pick(&program.schemas);
    // The first calls fill the tables.
    let first = if place < 5 { schema.tables.len() } else { schema.actions.len() };
    let action = &schema.actions[choices.below(first)];
    let arguments: Vec<serde_json::Value> =
        action.parameters.iter().map(|(name, ty)| argument(choices, name, ty)).collect();
    let context = Context {
        caller: "0xcc".into(),
        txid: "tx".into(),
        height: 7,
        block_timestamp: 1_700_000_000,
        authenticator: "test".into(),
    };
    let made = format!("{}.{}({})", schema.name, action.name, serde_json::Value::Array(arguments.clone()));
    let wanted = wanted(machine, schema, &action.name, &arguments, &context);
    let made_call = Call {
        dataset: schema.name.clone(),
        action: action.name.clone(),
        arguments: Given::Json(arguments),
        context,
        role: Role::Public,
    };
    let found = call(db, &made_call).await;
    tally.calls += 1;
    tally.answers += u64::from(found.is_ok());
    tally.with_rows += u64::from(found.as_ref().is_ok_and(|answer| !answer.rows.is_empty()));
    if machine.open && !matches!(&found, Err(CallError::Refused(_))) {
        tally.open += 1;
        return None;
    }
    difference(&found, &wanted, &machine.notices)
        .map(|difference| format!("call {place} {made}: {difference}"))
}

fn wanted(
    machine: &mut Machine<'_>,
    schema: &Schema,
    action: &str,
    arguments: &[serde_json::Value],
    context: &Context,
) -> Result<Vec<crate::interpreter::values::Row>, crate::interpreter::values::Fault> {
    let (schema, action) = machine.find(&schema.name, action);
    let parameters = &action.locals[..action.parameters];
    let values = arguments.iter().zip(parameters).map(|(given, local)| read(given, &local.ty)).collect();
    machine.transact(schema, action, values, context)
}

/// An argument as a value.
fn read(given: &serde_json::Value, ty: &kuneiform::language::Type) -> Value {
    use kuneiform::language::Type;
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
