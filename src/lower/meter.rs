//! Counting what an action does, where a request may do only so much: a step for each call, each pass of a loop and each
//! row that is written or given back. All of them are the same under every plan.
//!
//! ```sql
//! -- a charge of n steps; without an engine nothing is there to be charged
//! "@rest" := NULLIF(set_config('kf.rest', (NULLIF(current_setting('kf.rest', true), '')::int8 - n)::text, true), '')::int8;
//! IF "@rest" < 0 THEN RAISE EXCEPTION USING ERRCODE = 'KF009', ..; END IF;
//! -- at the beginning of the function: a charge of 1, and for loops
//! "@steps" := 0;
//! FOR .. LOOP
//!   "@steps" := "@steps" + 1;
//!   IF "@steps" >= 100 THEN (a charge of "@steps") "@steps" := 0; END IF;
//!   ..
//! END LOOP;
//! (a charge of "@steps") "@steps" := 0;
//! INSERT ..;
//! GET DIAGNOSTICS "@rows" = ROW_COUNT; (a charge of "@rows")
//! ```
//!
//! A function for the charge would cost ten times as much.

use super::statement::{raise, when};
use crate::pg::{
    Call, Expr, Function, Ident, Namespace, Parameter, PlBranch, PlStatement, PlStatementKind, Severity, Type,
};
use crate::source::Span;

/// How many passes of a loop are charged at once. A loop that is left by RETURN forgets less than that many.
const PASSES: &str = "100";
/// Raised when a request has no steps left.
const EXHAUSTED: &str = "KF009";

/// Makes a function count.
pub(super) fn meter(function: &mut Function) {
    let mut meter = Meter { loops: false, rows: false, depth: 0 };
    let body = meter.statements(std::mem::take(&mut function.body));
    let span = function.span;
    let mut begin = charge(number("1"), span).to_vec();
    function.variables.push(Parameter { name: rest(), ty: Type::Int8 });
    if meter.loops {
        begin.push(at(assign(number("0")), span));
        function.variables.push(Parameter { name: steps(), ty: Type::Int8 });
    }
    if meter.rows {
        function.variables.push(Parameter { name: rows(), ty: Type::Int8 });
    }
    begin.extend(body);
    function.body = begin;
}

/// What was met on the way.
struct Meter {
    loops: bool,
    rows: bool,
    /// How many loops are around.
    depth: u32,
}

impl Meter {
    fn statements(&mut self, all: Vec<PlStatement>) -> Vec<PlStatement> {
        let mut made = Vec::new();
        for PlStatement { kind, span } in all {
            let gives_rows = gives_rows(&kind);
            let (kind, is_loop) = self.statement(kind, span);
            made.push(at(kind, span));
            if gives_rows {
                self.rows = true;
                made.push(at(PlStatementKind::GetRowCount { target: rows() }, span));
                made.extend(charge(Expr::Variable(rows()), span));
            }
            if is_loop && self.depth == 0 {
                made.extend(settle(span));
            }
        }
        made
    }

    /// The statement with what it holds, and whether it is a loop.
    fn statement(&mut self, kind: PlStatementKind, span: Span) -> (PlStatementKind, bool) {
        match kind {
            PlStatementKind::If { branches, otherwise } => {
                let branch = |PlBranch { condition, body, span }| PlBranch {
                    condition,
                    body: self.statements(body),
                    span,
                };
                let branches = branches.into_iter().map(branch).collect();
                (PlStatementKind::If { branches, otherwise: self.statements(otherwise) }, false)
            }
            PlStatementKind::ForRange { counter, low, high, body } => {
                (PlStatementKind::ForRange { counter, low, high, body: self.passes(body, span) }, true)
            }
            PlStatementKind::ForEach { target, array, body } => {
                (PlStatementKind::ForEach { target, array, body: self.passes(body, span) }, true)
            }
            PlStatementKind::ForQuery { targets, query, body } => {
                (PlStatementKind::ForQuery { targets, query, body: self.passes(body, span) }, true)
            }
            PlStatementKind::While { label, condition, body } => {
                (PlStatementKind::While { label, condition, body: self.passes(body, span) }, true)
            }
            other => (other, false),
        }
    }

    /// The body of a loop, which counts its passes.
    fn passes(&mut self, body: Vec<PlStatement>, span: Span) -> Vec<PlStatement> {
        self.loops = true;
        self.depth += 1;
        let body = self.statements(body);
        self.depth -= 1;
        let binary = |operator, right| Expr::Binary {
            operator,
            left: Box::new(Expr::Variable(steps())),
            right: Box::new(number(right)),
        };
        let full = PlBranch { condition: binary(">=", PASSES), body: settle(span), span };
        let full = PlStatementKind::If { branches: vec![full], otherwise: Vec::new() };
        let mut made = vec![at(assign(binary("+", "1")), span), at(full, span)];
        made.extend(body);
        made
    }
}

/// True for what PostgreSQL counts rows of.
fn gives_rows(kind: &PlStatementKind) -> bool {
    matches!(
        kind,
        PlStatementKind::Insert(_)
            | PlStatementKind::Update(_)
            | PlStatementKind::Delete(_)
            | PlStatementKind::ReturnQuery(_)
            | PlStatementKind::PerformQuery(_)
    )
}

/// Charges the passes so far.
fn settle(span: Span) -> Vec<PlStatement> {
    let mut made = charge(Expr::Variable(steps()), span).to_vec();
    made.push(at(assign(number("0")), span));
    made
}

/// Takes from what the request has left, in the transaction's setting `kf.rest`.
fn charge(steps: Expr, span: Span) -> [PlStatement; 2] {
    let catalog = |name, arguments| Expr::Call(Box::new(Call::plain(Namespace::Catalog, name, arguments)));
    let number_or_null = |text| {
        let empty = Expr::Text(String::new());
        let call = Call::plain(Namespace::Grammar, "NULLIF", vec![text, empty]);
        Expr::Cast(Box::new(Expr::Call(Box::new(call))), Type::Int8)
    };
    let (setting, local) = (|| Expr::Text("kf.rest".to_owned()), || Expr::Bool(true));
    let before = number_or_null(catalog("current_setting", vec![setting(), local()]));
    let after = Expr::Binary { operator: "-", left: Box::new(before), right: Box::new(steps) };
    let after = Expr::Cast(Box::new(after), Type::Text);
    let value = number_or_null(catalog("set_config", vec![setting(), after, local()]));
    let spent =
        Expr::Binary { operator: "<", left: Box::new(Expr::Variable(rest())), right: Box::new(number("0")) };
    let message = Expr::Text("more steps than a request may use".to_owned());
    let refusal = raise(Severity::Exception, EXHAUSTED, message);
    [at(PlStatementKind::Assign { target: rest(), value }, span), at(when(spent, refusal, span), span)]
}

fn assign(value: Expr) -> PlStatementKind {
    PlStatementKind::Assign { target: steps(), value }
}

fn number(digits: &str) -> Expr {
    Expr::Number(digits.to_owned())
}

fn at(kind: PlStatementKind, span: Span) -> PlStatement {
    PlStatement { kind, span }
}

/// No author can spell these.
fn rest() -> Ident {
    Ident::new("@rest")
}

fn steps() -> Ident {
    Ident::new("@steps")
}

fn rows() -> Ident {
    Ident::new("@rows")
}
