use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::super::lexeme::Sign;
use super::super::rewrite::FOREIGN;
use super::Converter;
use super::function::without;
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{Call, From, Join, JoinCondition, JoinKind, Relation, RelationKind};

/// What to write instead of WITH ORDINALITY.
const NUMBERED: &str = "number the rows with `row_number() OVER (..)`";

impl Converter<'_, '_, '_> {
    /// FROM with its joins; nothing for a SELECT without FROM.
    pub(super) fn relations(&mut self, tables: Vec<sq::TableWithJoins>) -> Option<Option<From>> {
        let mut converted = self.each(tables, Self::from)?.into_iter();
        let first = converted.next();
        if let Some(second) = converted.next() {
            let help = "write `CROSS JOIN`, or `JOIN .. ON ..` with the condition that joins them";
            return self.refuse(second.first.span, "a comma between relations", help);
        }
        Some(first)
    }

    fn from(&mut self, table: sq::TableWithJoins) -> Option<From> {
        let sq::TableWithJoins { relation, joins } = table;
        let first = self.relation(relation);
        let joins = self.each(joins, Self::join);
        Some(From { first: first?, joins: joins? })
    }

    fn join(&mut self, join: sq::Join) -> Option<Join> {
        let sq::Join { relation, global, join_operator } = join;
        let relation = self.relation(relation)?;
        let start = self.join_start(relation.span);
        let (kind, constraint) = match join_operator {
            sq::JoinOperator::Join(on) | sq::JoinOperator::Inner(on) => (JoinKind::Inner, on),
            sq::JoinOperator::Left(on) | sq::JoinOperator::LeftOuter(on) => (JoinKind::Left, on),
            sq::JoinOperator::Right(on) | sq::JoinOperator::RightOuter(on) => (JoinKind::Right, on),
            sq::JoinOperator::FullOuter(on) => (JoinKind::Full, on),
            sq::JoinOperator::CrossJoin(on) => (JoinKind::Cross, on),
            _ => {
                return self.refuse(
                    start,
                    "this join",
                    "use `INNER`, `LEFT`, `RIGHT`, `FULL` or `CROSS JOIN`",
                );
            }
        };
        self.require(!global, start, "GLOBAL", "leave it out")?;
        let (condition, span) = self.condition(kind, constraint, start)?;
        Some(Join { kind, relation, condition, span })
    }

    /// From the first word of a join to its relation.
    fn join_start(&self, relation: Span) -> Span {
        use Keyword::{CROSS, FULL, INNER, JOIN, LEFT, OUTER, RIGHT};
        [JOIN, OUTER, LEFT, RIGHT, FULL, INNER, CROSS]
            .into_iter()
            .fold(relation, |span, keyword| self.with_keyword(span, keyword))
    }

    fn condition(
        &mut self,
        kind: JoinKind,
        constraint: sq::JoinConstraint,
        start: Span,
    ) -> Option<(JoinCondition, Span)> {
        match (constraint, kind) {
            (sq::JoinConstraint::None, JoinKind::Cross) => Some((JoinCondition::None, start)),
            (sq::JoinConstraint::On(on), _) => {
                let on = self.expr(on)?;
                let span = start.to(on.span);
                Some((JoinCondition::On(on), span))
            }
            (sq::JoinConstraint::Using(columns), _) => {
                let columns = self.each(columns, Self::target)?;
                let span = columns.first().map_or(start, |column| {
                    self.closed(start, self.preceding(column.span).unwrap_or(usize::MAX))
                });
                Some((JoinCondition::Using(columns), span))
            }
            (sq::JoinConstraint::Natural, _) => {
                self.refuse(start, "NATURAL JOIN", "name the columns: `JOIN .. USING (..)`")
            }
            (sq::JoinConstraint::None, _) => {
                let help = "write `ON` and the condition, or `CROSS JOIN`";
                self.refuse(start, "a join without a condition", help)
            }
        }
    }

    /// Something to select from.
    pub(super) fn relation(&mut self, table: sq::TableFactor) -> Option<Relation> {
        match table {
            sq::TableFactor::Derived { lateral, subquery, alias, sample } => {
                let query = self.boxed_query(*subquery)?;
                let mut span = self.bracketed(query.span);
                if lateral {
                    span = self.with_keyword(span, Keyword::LATERAL);
                }
                self.require(sample.is_none(), span, "TABLESAMPLE", "")?;
                self.aliased(RelationKind::Query { query, lateral }, span, alias)
            }
            sq::TableFactor::Function { lateral, name, args, with_ordinality, alias } => {
                let call = self.call(name, args)?;
                let span = if lateral { self.with_keyword(call.span, Keyword::LATERAL) } else { call.span };
                let kind = self.rows_of(call, with_ordinality)?;
                self.aliased(kind, span, alias)
            }
            sq::TableFactor::NestedJoin { table_with_joins, alias } => {
                let from = self.from(*table_with_joins)?;
                let end = from.joins.last().map_or(from.first.span, |join| join.span);
                let span = self.bracketed(from.first.span.to(end));
                self.aliased(RelationKind::Nested(Box::new(from)), span, alias)
            }
            table @ sq::TableFactor::Table { .. } => self.plain_table(table),
            other => {
                let at = self.place(&other);
                self.refuse(at, "this relation", "select from a table, a call or a query in parentheses")
            }
        }
    }

    /// A table, a CTE or a call.
    fn plain_table(&mut self, table: sq::TableFactor) -> Option<Relation> {
        let sq::TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } = table
        else {
            return None;
        };
        let at = self.place(&name);
        let plain = with_hints.is_empty()
            && version.is_none()
            && partitions.is_empty()
            && json_path.is_none()
            && index_hints.is_empty();
        self.require(plain, at, "a clause after this table", "")?;
        self.require(sample.is_none(), at, "TABLESAMPLE", "replicas would choose different rows")?;
        let (kind, span) = match args {
            Some(sq::TableFunctionArgs { args, settings }) => {
                self.require(settings.is_none(), at, "SETTINGS", "")?;
                let call = self.call(name, args)?;
                let span = call.span;
                (self.rows_of(call, with_ordinality)?, span)
            }
            None => {
                self.require(!with_ordinality, at, "WITH ORDINALITY", NUMBERED)?;
                let table = self.table(name)?;
                let span = table.span;
                (RelationKind::Named(table), span)
            }
        };
        self.aliased(kind, span, alias)
    }

    /// What a call in FROM is: the rows of arrays, or of a view.
    fn rows_of(&mut self, call: Call, ordinality: bool) -> Option<RelationKind> {
        if call.alias.is_none() && call.name.name.as_str() == "unnest" {
            return Some(RelationKind::Unnest { arrays: call.arguments, ordinality });
        }
        self.require(!ordinality, call.span, "WITH ORDINALITY", NUMBERED)?;
        Some(RelationKind::Call(call))
    }

    fn call(&mut self, name: sq::ObjectName, arguments: Vec<sq::FunctionArg>) -> Option<Call> {
        let (name, foreign) = without(name, FOREIGN);
        let (alias, name, start) = self.callee(name)?;
        let span = self.closed(start, self.opening(name.span, foreign));
        let arguments = self.values(arguments, span)?;
        Some(Call { alias, name, foreign, arguments, span })
    }

    /// `kind` at `span` with its alias.
    fn aliased(&mut self, kind: RelationKind, span: Span, alias: Option<sq::TableAlias>) -> Option<Relation> {
        let Some(alias) = alias else {
            return Some(Relation { kind, alias: None, columns: Vec::new(), span });
        };
        let (alias, columns) = self.alias(alias)?;
        let mut span = span.to(alias.span);
        if !columns.is_empty() && self.is_followed_by(alias.span, Sign::Open) {
            span = self.closed(span, self.after(alias.span));
        }
        Some(Relation { kind, alias: Some(alias), columns, span })
    }

    /// `name [(columns)]` after AS, or before it in WITH.
    pub(super) fn alias(&mut self, alias: sq::TableAlias) -> Option<(Ident, Vec<Ident>)> {
        let sq::TableAlias { explicit: _, name, columns, at } = alias;
        let name = self.name(name, "a name")?;
        self.require(at.is_none(), name.span, "`AT` after an alias", "")?;
        let columns = self.each(columns, |this, column| {
            let sq::TableAliasColumnDef { name, data_type } = column;
            let name = this.name(name, "a column")?;
            let help = "a call's columns have the types that its action returns";
            this.require(data_type.is_none(), name.span, "a type after a column's new name", help)?;
            Some(name)
        })?;
        Some((name, columns))
    }
}
