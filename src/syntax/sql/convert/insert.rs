use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::super::problems;
use super::Converter;
use crate::source::Span;
use crate::syntax::ast::{Arbiter, Conflict, ConflictAction, Expr, Insert, InsertSource, With};

impl Converter<'_, '_, '_> {
    pub(super) fn insert(&mut self, with: Option<With>, insert: sq::Insert) -> Option<Insert> {
        let sq::Insert {
            insert_token,
            optimizer_hints,
            or,
            ignore,
            into,
            table,
            table_alias,
            columns,
            overwrite,
            source,
            assignments,
            partitioned,
            after_columns,
            has_table_keyword,
            on,
            returning,
            output,
            replace_into,
            priority,
            insert_alias,
            settings,
            format_clause,
            multi_table_insert_type,
            multi_table_into_clauses,
            multi_table_when_clauses,
            multi_table_else_clause,
        } = insert;
        let at = self.span(insert_token.0.span);
        let known = optimizer_hints.is_empty()
            && or.is_none()
            && !ignore
            && !overwrite
            && assignments.is_empty()
            && partitioned.is_none()
            && after_columns.is_empty()
            && !has_table_keyword
            && output.is_none()
            && !replace_into
            && priority.is_none()
            && insert_alias.is_none()
            && settings.is_none()
            && format_clause.is_none()
            && multi_table_insert_type.is_none()
            && multi_table_into_clauses.is_empty()
            && multi_table_when_clauses.is_empty()
            && multi_table_else_clause.is_none();
        self.require(known, at, "a clause of this INSERT", "")?;
        if !into {
            return self.missing_word(at, "`INTO`");
        }
        let table = match table {
            sq::TableObject::TableName(name) => self.table(name),
            sq::TableObject::TableFunction(_) | sq::TableObject::TableQuery(_) => {
                self.refuse(at, "an INSERT into a query", "name a table")
            }
        };
        let alias = self.maybe(table_alias, |this, alias| {
            let sq::TableAliasWithoutColumns { explicit, alias } = alias;
            let before = this.preceding(this.span(alias.span));
            let table =
                before.and_then(|before| this.lexemes.get(before)).map(|table| this.lexemes.span_of(table));
            if let Some(table) = table.filter(|_| !explicit) {
                return this.missing_word(table, "`AS`, `(`, `VALUES` or `SELECT`");
            }
            this.name(alias, "a name")
        });
        let columns = self.each(columns, Self::target);
        let source = self.source(source, at);
        let conflict = self.maybe(on, Self::conflict);
        let returning = self.each(returning.unwrap_or_default(), Self::item);
        Some(Insert {
            with,
            table: table?,
            alias: alias?,
            columns: columns?,
            source: source?,
            conflict: conflict?,
            returning: returning?,
        })
    }

    /// Reports that `word` does not follow `at`.
    fn missing_word<T>(&mut self, at: Span, word: &str) -> Option<T> {
        let (at, found) = self.lexemes.found(self.after(at));
        self.report(problems::expected(at, word, &found))
    }

    /// `VALUES ..` or a query.
    fn source(&mut self, source: Option<Box<sq::Query>>, at: Span) -> Option<InsertSource> {
        let Some(query) = source else {
            return self.refuse(at, "an INSERT without values", "write `VALUES (..)` or `SELECT ..`");
        };
        if !matches!(*query.body, sq::SetExpr::Values(_)) {
            return self.query(*query).map(|query| InsertSource::Query(Box::new(query)));
        }
        let sq::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = *query;
        let bare = order_by.is_none()
            && limit_clause.is_none()
            && fetch.is_none()
            && locks.is_empty()
            && for_clause.is_none()
            && settings.is_none()
            && format_clause.is_none()
            && pipe_operators.is_empty();
        self.require(bare, at, "ORDER BY or LIMIT after VALUES", "leave it out")?;
        self.require(with.is_none(), at, "WITH before VALUES", "put it before INSERT")?;
        let sq::SetExpr::Values(sq::Values { explicit_row, value_keyword, rows }) = *body else {
            return None;
        };
        self.require(
            !explicit_row && !value_keyword,
            at,
            "this form of VALUES",
            "write `VALUES (..), (..)`",
        )?;
        self.each(rows, Self::row).map(InsertSource::Values)
    }

    fn row(&mut self, row: sq::Parens<Vec<sq::Expr>>) -> Option<Vec<Expr>> {
        let sq::Parens { opening_token: _, content, closing_token: _ } = row;
        self.expressions(content)
    }

    /// `ON CONFLICT ..`
    fn conflict(&mut self, on: sq::OnInsert) -> Option<Conflict> {
        let clause = self.conflict_span();
        let sq::OnInsert::OnConflict(conflict) = on else {
            return self.refuse(clause, "ON DUPLICATE KEY", "write ON CONFLICT");
        };
        let sq::OnConflict { conflict_target, action } = conflict;
        let arbiter = self.maybe(conflict_target, |this, target| match target {
            sq::ConflictTarget::Columns(columns) => {
                let columns = this.names(columns, "a column")?;
                let first = columns.first()?.span;
                let open = this.preceding(first)?;
                let span = this.closed(this.down_to(first, Some(open)), open);
                Some(Arbiter { columns, span })
            }
            sq::ConflictTarget::OnConstraint(_) => {
                this.refuse(clause, "ON CONSTRAINT", "name the key's columns: `ON CONFLICT (..)`")
            }
        });
        let action = match action {
            sq::OnConflictAction::DoNothing => Some(ConflictAction::Nothing),
            sq::OnConflictAction::DoUpdate(sq::DoUpdate { assignments, selection }) => {
                let assignments = self.each(assignments, Self::assignment);
                let filter = self.maybe(selection, Self::expr);
                Some(ConflictAction::Update { assignments: assignments?, filter: filter? })
            }
        };
        Some(Conflict { arbiter: arbiter?, action: action?, span: clause })
    }

    /// From `ON CONFLICT` to RETURNING or the end: the last such words of the statement outside brackets.
    fn conflict_span(&self) -> Span {
        let mut index = 0;
        let mut found = None;
        while let Some(lexeme) = self.lexemes.get(index) {
            let conflict =
                lexeme.keyword == Keyword::ON && self.lexemes.keyword(index + 1) == Keyword::CONFLICT;
            found = if conflict { Some(index) } else { found };
            index = lexeme.partner.filter(|partner| *partner > index).unwrap_or(index) + 1;
        }
        let first = found.unwrap_or(0);
        // The second word is not ON CONFLICT any more, so the extent runs past it.
        let rest = self.extent(self.lexemes.span_between(first + 1, first + 1), false);
        self.down_to(rest, Some(first))
    }
}
