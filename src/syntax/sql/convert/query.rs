use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::Converter;
use crate::source::Span;
use crate::syntax::ast::{Cte, CteBody, Expr, OrderBy, Query, QueryBody, RelationKind, SetOperator, With};

/// What follows the rows of a query.
struct Tail {
    order_by: Vec<OrderBy>,
    limit: Option<Expr>,
    offset: Option<Expr>,
}

const AROUND: &str = "write `SELECT * FROM (..) AS name` and put them after it";

impl Converter<'_, '_, '_> {
    /// A query with everything around its rows.
    pub(super) fn query(&mut self, query: sq::Query) -> Option<Query> {
        let at = self.lexemes.span;
        self.require(is_known(&query), at, "a clause after this query", "leave it out, or write `LIMIT n`")?;
        let with = self.maybe(query.with, Self::with);
        let body = self.body(*query.body);
        let order_by = self.maybe(query.order_by, Self::order)?.unwrap_or_default();
        let (limit, offset) = self.maybe(query.limit_clause, Self::limit)?.unwrap_or_default();
        let (with, body) = (with?, body?);
        self.around(with, body, Tail { order_by, limit, offset })
    }

    /// Puts what stands around a body on it. A body in parentheses may have its own, but not both the same.
    fn around(&mut self, with: Option<With>, body: Query, tail: Tail) -> Option<Query> {
        let start = with.as_ref().map_or(body.span, |with| with.span);
        let Tail { order_by, limit, offset } = tail;
        let tailed = !order_by.is_empty() || limit.is_some() || offset.is_some();
        let own = !body.order_by.is_empty() || body.limit.is_some() || body.offset.is_some();
        self.require(!(tailed && own), body.span, "a second `ORDER BY`, `LIMIT` or `OFFSET`", AROUND)?;
        self.require(
            with.is_none() || body.with.is_none(),
            body.span,
            "a second `WITH`",
            "join the two lists",
        )?;
        let span = if with.is_some() || tailed { self.extent(start, false) } else { body.span };
        let Query {
            with: own_with,
            body,
            order_by: own_order,
            limit: own_limit,
            offset: own_offset,
            span: _,
        } = body;
        Some(Query {
            with: with.or(own_with),
            body,
            order_by: if tailed { order_by } else { own_order },
            limit: if tailed { limit } else { own_limit },
            offset: if tailed { offset } else { own_offset },
            span,
        })
    }

    /// The rows of a query, as a query with nothing around them unless it stood in parentheses.
    fn body(&mut self, body: sq::SetExpr) -> Option<Query> {
        let (body, span) = match body {
            sq::SetExpr::Select(select) => {
                let select = self.select(*select)?;
                let span = select.span;
                (QueryBody::Select(Box::new(select)), span)
            }
            sq::SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.operation(*left, op, set_quantifier, *right)?
            }
            sq::SetExpr::Query(query) => {
                let query = self.query(*query)?;
                let span = self.bracketed(query.span);
                return Some(Query { span, ..query });
            }
            sq::SetExpr::Values(values) => {
                let rows = values.rows.first().map(|row| self.span(row.opening_token.0.span));
                let at = rows.map_or(self.lexemes.span, |row| self.with_keyword(row, Keyword::VALUES));
                let help = "write `SELECT .. UNION ALL SELECT ..`; `VALUES` stands in `INSERT` only";
                return self.refuse(at, "`VALUES` as a query", help);
            }
            sq::SetExpr::Table(_) => {
                return self.refuse(self.lexemes.span, "TABLE", "write `SELECT * FROM ..`");
            }
            sq::SetExpr::Insert(change)
            | sq::SetExpr::Update(change)
            | sq::SetExpr::Delete(change)
            | sq::SetExpr::Merge(change) => {
                let at = self.place(&change);
                return self.refuse(
                    at,
                    "a query that changes data",
                    "change the data in a statement of its own",
                );
            }
        };
        Some(Query { with: None, body, order_by: Vec::new(), limit: None, offset: None, span })
    }

    fn operation(
        &mut self,
        left: sq::SetExpr,
        op: sq::SetOperator,
        quantifier: sq::SetQuantifier,
        right: sq::SetExpr,
    ) -> Option<(QueryBody, Span)> {
        let left = self.body(left);
        let right = self.body(right);
        let (left, right) = (Box::new(left?), Box::new(right?));
        let span = left.span.to(right.span);
        let operator = match op {
            sq::SetOperator::Union => SetOperator::Union,
            sq::SetOperator::Intersect => SetOperator::Intersect,
            sq::SetOperator::Except => SetOperator::Except,
            sq::SetOperator::Minus => return self.refuse(span, "MINUS", "write `EXCEPT`"),
        };
        let all = match quantifier {
            sq::SetQuantifier::All => true,
            sq::SetQuantifier::None | sq::SetQuantifier::Distinct => false,
            sq::SetQuantifier::ByName | sq::SetQuantifier::AllByName | sq::SetQuantifier::DistinctByName => {
                return self.refuse(span, "BY NAME", "write the columns in the same order on both sides");
            }
        };
        Some((QueryBody::Operation { operator, all, left, right }, span))
    }

    /// `ORDER BY keys`
    fn order(&mut self, order: sq::OrderBy) -> Option<Vec<OrderBy>> {
        let sq::OrderBy { kind, interpolate } = order;
        match (kind, interpolate) {
            (sq::OrderByKind::Expressions(keys), None) => self.each(keys, Self::order_by),
            _ => self.refuse(self.lexemes.span, "this `ORDER BY`", "name the keys"),
        }
    }

    /// `LIMIT` and `OFFSET`.
    fn limit(&mut self, clause: sq::LimitClause) -> Option<(Option<Expr>, Option<Expr>)> {
        let sq::LimitClause::LimitOffset { limit, offset, limit_by } = clause else {
            return self.refuse(self.lexemes.span, "`LIMIT` with a comma", "write `LIMIT n OFFSET m`");
        };
        let limit = self.maybe(limit, Self::expr);
        let offset = self.maybe(offset, |this, offset| {
            let sq::Offset { value, rows } = offset;
            let value = this.expr(value)?;
            let after = this.lexemes.span_between(this.after(value.span), this.after(value.span));
            this.require(rows == sq::OffsetRows::None, after, "`ROWS` after `OFFSET`", "leave it out")?;
            Some(value)
        });
        self.require(limit_by.is_empty(), self.lexemes.span, "LIMIT BY", "")?;
        Some((limit?, offset?))
    }

    /// `WITH [RECURSIVE] ctes`
    pub(super) fn with(&mut self, with: sq::With) -> Option<With> {
        let sq::With { with_token, recursive, cte_tables } = with;
        let start = self.span(with_token.0.span);
        let end = cte_tables.last().map_or(start, |cte| self.span(cte.closing_paren_token.0.span));
        let ctes = self.each(cte_tables, Self::cte)?;
        Some(With { recursive, ctes, span: start.to(end) })
    }

    fn cte(&mut self, cte: sq::Cte) -> Option<Cte> {
        let sq::Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
        let (name, columns) = self.alias(alias)?;
        self.require(materialized.is_none() && from.is_none(), name.span, "MATERIALIZED", "leave it out")?;
        let body = match self.wrapped_call(*query) {
            Ok(call) => match self.relation(call)?.kind {
                RelationKind::Call(call) => CteBody::Call(call),
                RelationKind::Named(_)
                | RelationKind::Query { .. }
                | RelationKind::Unnest { .. }
                | RelationKind::Nested(_) => {
                    return self.refuse(
                        name.span,
                        "this `WITH`",
                        "write `AS (SELECT ..)` or `AS alias.view(..)`",
                    );
                }
            },
            Err(query) => CteBody::Query(Box::new(self.query(*query)?)),
        };
        Some(Cte { name, columns, body })
    }

    /// The call in a query that was made around one: its SELECT stands where the source has none.
    fn wrapped_call(&self, query: sq::Query) -> Result<sq::TableFactor, Box<sq::Query>> {
        let made = match query.body.as_ref() {
            sq::SetExpr::Select(select) => {
                let at = self.first(self.span(select.select_token.0.span));
                self.lexemes.keyword(at) != Keyword::SELECT
            }
            _ => false,
        };
        let mut query = query;
        if let (true, sq::SetExpr::Select(select)) = (made, query.body.as_mut())
            && let Some(table) = select.from.pop()
        {
            return Ok(table.relation);
        }
        Err(Box::new(query))
    }
}

/// True if nothing stands around a query but WITH.
pub(super) fn is_bare(query: &sq::Query) -> bool {
    is_known(query) && query.order_by.is_none() && query.limit_clause.is_none()
}

/// True if nothing stands around a query but what [`Converter::query`] reads.
fn is_known(query: &sq::Query) -> bool {
    let sq::Query {
        with: _,
        body: _,
        order_by: _,
        limit_clause: _,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    fetch.is_none()
        && locks.is_empty()
        && for_clause.is_none()
        && settings.is_none()
        && format_clause.is_none()
        && pipe_operators.is_empty()
}
