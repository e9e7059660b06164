use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::super::problems;
use super::super::rewrite::{FOREIGN, ITSELF, PREFIXES, SWAPPED};
use super::Converter;
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind, FunctionCall, OrderBy, Over, UnaryOp};

/// What stands between a call's parentheses.
#[derive(Default)]
struct Arguments {
    star: bool,
    distinct: bool,
    values: Vec<Expr>,
    order_by: Vec<OrderBy>,
}

impl Converter<'_, '_, '_> {
    /// A call, or a prefix sign that was rewritten to one.
    pub(super) fn function(&mut self, function: sq::Function) -> Option<Expr> {
        let sq::Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = function;
        if is_itself(&name) {
            return self.arguments(args, self.lexemes.span)?.values.pop();
        }
        if let Some(operator) = prefix(&name) {
            return self.prefix(operator, name, args);
        }
        let (name, swapped) = without(name, SWAPPED);
        let (name, foreign) = without(name, FOREIGN);
        let (alias, name, start) = self.callee(name)?;
        let span = self.closed(start, self.opening(name.span, foreign));
        let plain = !uses_odbc_syntax
            && matches!(parameters, sq::FunctionArguments::None)
            && within_group.is_empty()
            && null_treatment.is_none();
        self.require(plain, span, "this form of a call", "")?;
        let arguments = self.arguments(args, span);
        let filter = self.maybe(filter, |this, filter| this.expr(*filter));
        let (over, whole) = self.after_call(span, over)?;
        let Arguments { star, distinct, mut values, order_by } = arguments?;
        if swapped {
            values.reverse();
        }
        let call = Call { alias, name, foreign, arguments: values, span };
        let call = FunctionCall { call, star, distinct, order_by, filter: filter?, over };
        Some(Expr { kind: ExprKind::Function(Box::new(call)), span: whole })
    }

    /// `-e`, `+e` and `!e`.
    fn prefix(
        &mut self,
        operator: UnaryOp,
        name: sq::ObjectName,
        arguments: sq::FunctionArguments,
    ) -> Option<Expr> {
        let (_, sign) = self.parts(name)?;
        let operand = self.arguments(arguments, sign)?.values.pop()?;
        let span = sign.to(operand.span);
        Some(Expr { kind: ExprKind::Unary { operator, operand: Box::new(operand) }, span })
    }

    /// The OVER of a call that ends with `call`, and the place of both with the FILTER between them.
    fn after_call(&mut self, call: Span, over: Option<sq::WindowType>) -> Option<(Option<Over>, Span)> {
        let mut span = call;
        if self.lexemes.keyword(self.after(span)) == Keyword::FILTER {
            span = self.closed(span, self.after(span) + 1);
        }
        let Some(over) = over else { return Some((None, span)) };
        let window = self.after(span) + 1;
        let whole = self.closed(span, window);
        let over = match over {
            sq::WindowType::NamedWindow(name) => Over::Named(self.name(name, "a window")?),
            sq::WindowType::WindowSpec(spec) => Over::Spec(self.window(spec, window)?),
        };
        Some((Some(over), whole))
    }

    /// Index of the parenthesis that opens the arguments of the call of `name`.
    pub(super) fn opening(&self, name: Span, foreign: bool) -> usize {
        let next = self.after(name);
        if !foreign {
            return next;
        }
        self.lexemes.partner(next).map_or(next, |close| close + 1)
    }

    /// `[alias.]name`, and where it stands.
    pub(super) fn callee(&mut self, name: sq::ObjectName) -> Option<(Option<Ident>, Ident, Span)> {
        let (mut idents, span) = self.parts(name)?;
        let name = idents.pop()?;
        let alias = idents.pop();
        let system = |ident: &sq::Ident| {
            let word = ident.value.to_ascii_lowercase();
            word.starts_with("pg_") || word == "information_schema"
        };
        if !idents.is_empty() || alias.as_ref().is_some_and(system) {
            let text = self.lexemes.plain(span);
            return self.report(problems::qualified_function(span, &text));
        }
        let alias = self.maybe(alias, |this, alias| this.name(alias, "an imported schema"));
        let name = self.name(name, "a function");
        Some((alias?, name?, span))
    }

    fn arguments(&mut self, arguments: sq::FunctionArguments, at: Span) -> Option<Arguments> {
        let list = match arguments {
            sq::FunctionArguments::List(list) => list,
            sq::FunctionArguments::None => return Some(Arguments::default()),
            sq::FunctionArguments::Subquery(_) => {
                return self.refuse(at, "a query as the argument", "put the query in parentheses of its own");
            }
        };
        let sq::FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        let distinct = matches!(duplicate_treatment, Some(sq::DuplicateTreatment::Distinct));
        let star = matches!(args.as_slice(), [sq::FunctionArg::Unnamed(sq::FunctionArgExpr::Wildcard)]);
        let values = if star { Some(Vec::new()) } else { self.values(args, at) };
        let mut order_by = Vec::new();
        for clause in clauses {
            match clause {
                sq::FunctionArgumentClause::OrderBy(keys) => order_by = self.each(keys, Self::order_by)?,
                _ => return self.refuse(at, "this clause inside a call", ""),
            }
        }
        Some(Arguments { star, distinct, values: values?, order_by })
    }

    /// Plain arguments, neither named nor `*`.
    pub(super) fn values(&mut self, arguments: Vec<sq::FunctionArg>, at: Span) -> Option<Vec<Expr>> {
        self.each(arguments, |this, argument| match argument {
            sq::FunctionArg::Unnamed(sq::FunctionArgExpr::Expr(expr)) => this.expr(expr),
            sq::FunctionArg::Unnamed(
                sq::FunctionArgExpr::Wildcard
                | sq::FunctionArgExpr::QualifiedWildcard(_)
                | sq::FunctionArgExpr::WildcardWithOptions(_),
            ) => this.refuse(at, "`*` among arguments", "count rows with `count(*)`"),
            sq::FunctionArg::Named { .. } | sq::FunctionArg::ExprNamed { .. } => {
                this.refuse(at, "a named argument", "arguments go by their position")
            }
        })
    }
}

/// The name without `mark` at its end, and whether it had one.
pub(super) fn without(mut name: sq::ObjectName, mark: &str) -> (sq::ObjectName, bool) {
    let Some(sq::ObjectNamePart::Identifier(last)) = name.0.last_mut() else { return (name, false) };
    let Some(plain) = last.value.strip_suffix(mark).map(str::to_owned) else { return (name, false) };
    last.value = plain;
    (name, true)
}

/// True for the call that stands for its argument.
fn is_itself(name: &sq::ObjectName) -> bool {
    matches!(name.0.as_slice(), [sq::ObjectNamePart::Identifier(ident)] if ident.value == ITSELF)
}

/// The operator that a call stands for.
fn prefix(name: &sq::ObjectName) -> Option<UnaryOp> {
    let [sq::ObjectNamePart::Identifier(ident)] = name.0.as_slice() else { return None };
    PREFIXES.iter().find(|(sign, _)| *sign == ident.value).map(|(sign, _)| match *sign {
        "-" => UnaryOp::Minus,
        "+" => UnaryOp::Plus,
        _ => UnaryOp::Not,
    })
}
