//! A small interpreter of the checked program. It computes what docs/language says, with no database, and knows nothing
//! of what the compiler makes of the program.

pub mod aggregate;
pub mod bytes;
pub mod cast;
pub mod decimal;
pub mod expression;
pub mod foreign_keys;
pub mod format;
pub mod from;
pub mod functions;
pub mod hash;
pub mod operators;
pub mod query;
pub mod sort;
pub mod statement;
pub mod table;
pub mod values;
pub mod window;
pub mod write;

use std::collections::BTreeMap;
use std::rc::Rc;

use kuneiform::deploy::call::Context;
use kuneiform::hir::{Action, Callee, CteId, Origin, Program, RelationId, Schema};
use kuneiform::interface::{Dbid, Owner};
use kuneiform::language::{ContextValue, Name};

use statement::Flow;
use values::{Fault, Row, Value, fault};

/// Calls inside one another, where actions call themselves.
const DEEPEST: usize = 200;

/// The tables of a program, and what its actions say.
pub struct Machine<'p> {
    program: &'p Program,
    /// Who owns the schemas.
    owner: Option<String>,
    /// By schema and table.
    tables: BTreeMap<(Name, Name), Vec<Row>>,
    /// The tables as the statement that is writing to them sees them.
    seen: Option<BTreeMap<(Name, Name), Vec<Row>>>,
    /// What `NOTICE(..)` said in the current call.
    pub notices: Vec<String>,
    /// Set where a null and an error stand beside one another, which leaves open whether the error is met.
    pub open: bool,
    context: Context,
    depth: usize,
}

/// One running action.
pub struct Frame<'p> {
    schema: &'p Schema,
    action: &'p Action,
    locals: Vec<Value>,
    rows: Vec<Row>,
    foreign_caller: String,
}

/// What names mean at a place of a query: the current row of every relation, the rows of every CTE.
#[derive(Clone, Default)]
pub struct Scope {
    rows: BTreeMap<RelationId, Row>,
    ctes: BTreeMap<CteId, Rc<Vec<Row>>>,
}

impl<'p> Machine<'p> {
    pub fn new(program: &'p Program, owner: Option<String>) -> Machine<'p> {
        let mut tables = BTreeMap::new();
        for schema in &program.schemas {
            for table in &schema.tables {
                tables.insert((schema.name.clone(), table.name.clone()), Vec::new());
            }
        }
        let context = Context {
            caller: String::new(),
            txid: String::new(),
            height: 0,
            block_timestamp: 0,
            authenticator: String::new(),
        };
        Machine { program, owner, tables, seen: None, notices: Vec::new(), open: false, context, depth: 0 }
    }

    /// What a table holds.
    pub fn rows_of(&self, schema: &Schema, table: &kuneiform::hir::Table) -> &[Row] {
        &self.tables[&(schema.name.clone(), table.name.clone())]
    }

    /// An action by name.
    pub fn find(&self, schema: &str, action: &str) -> (&'p Schema, &'p Action) {
        let schema = self.program.schemas.iter().find(|it| it.name.as_str() == schema).expect("a schema");
        (schema, schema.action(&Name::new(action)).expect("an action"))
    }

    /// One transaction: what it did is undone if it raises.
    pub fn transact(
        &mut self,
        schema: &'p Schema,
        action: &'p Action,
        arguments: Vec<Value>,
        context: &Context,
    ) -> Result<Vec<Row>, Fault> {
        self.context = context.clone();
        (self.notices, self.open, self.depth, self.seen) = (Vec::new(), false, 0, None);
        let before = self.tables.clone();
        let outcome = self.run(schema, action, arguments, String::new());
        if outcome.is_err() {
            self.tables = before;
        }
        outcome
    }

    /// Calls an action from another.
    fn call(&mut self, frame: &Frame<'p>, callee: &Callee, arguments: Vec<Value>) -> Result<Vec<Row>, Fault> {
        let schema = self.program.schema(&callee.dbid).expect("an import");
        let action = schema.action(&callee.action).expect("an action");
        let foreign = if schema.dbid == frame.schema.dbid {
            frame.foreign_caller.clone()
        } else {
            frame.schema.dbid.as_str().to_owned()
        };
        self.run(schema, action, arguments, foreign)
    }

    fn run(
        &mut self,
        schema: &'p Schema,
        action: &'p Action,
        mut locals: Vec<Value>,
        foreign_caller: String,
    ) -> Result<Vec<Row>, Fault> {
        if action.origin == Origin::Foreign {
            let [dbid, name, given @ ..] = locals.as_slice() else { panic!("no target: {locals:?}") };
            let target = self.program.schema(&Dbid::recorded(dbid.text())).expect("a schema");
            let action = target.action(&Name::new(name.text())).expect("an action");
            return self.run(target, action, given.to_vec(), schema.dbid.as_str().to_owned());
        }
        if action.signature.modifiers.owner && self.owner.as_ref() != Some(&self.context.caller) {
            let message = format!("only the owner of `{}` may call `{}`", schema.name, action.name);
            return Err(Fault { message, ..fault("KF002") });
        }
        let deeper = usize::from(action.recursive);
        if self.depth + deeper > DEEPEST {
            let message = format!("`{}` calls itself more than {DEEPEST} times", action.name);
            return Err(Fault { message, ..fault("KF007") });
        }
        self.depth += deeper;
        locals.resize(action.locals.len(), Value::Null);
        let mut frame = Frame { schema, action, locals, rows: Vec::new(), foreign_caller };
        let flow = self.statements(&mut frame, &action.body)?;
        assert!(matches!(flow, Flow::Next | Flow::Return));
        self.depth -= deeper;
        Ok(frame.rows)
    }

    fn context(&self, frame: &Frame<'p>, value: ContextValue) -> Value {
        let context = &self.context;
        match value {
            ContextValue::Caller => Value::Text(context.caller.clone()),
            ContextValue::Signer => Value::Blob(Owner(context.caller.clone()).bytes()),
            ContextValue::Txid => Value::Text(context.txid.clone()),
            ContextValue::Height => Value::Int(context.height),
            ContextValue::BlockTimestamp => Value::Int(context.block_timestamp),
            ContextValue::Authenticator => Value::Text(context.authenticator.clone()),
            ContextValue::ForeignCaller => Value::Text(frame.foreign_caller.clone()),
        }
    }
}
