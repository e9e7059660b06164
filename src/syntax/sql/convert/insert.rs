use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::super::problems;
use super::Converter;
use super::query::is_bare;
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{Arbiter, Conflict, ConflictAction, Expr, Insert, InsertSource, With};

impl Converter<'_, '_, '_> {
    pub(super) fn insert(&mut self, with: Option<With>, insert: sq::Insert) -> Option<Insert> {
        let at = self.span(insert.insert_token.0.span);
        self.require(is_plain(&insert), at, "a clause of this `INSERT`", "")?;
        if !insert.into {
            return self.missing_word(at, "`INTO`");
        }
        let table = match insert.table {
            sq::TableObject::TableName(name) => self.table(name),
            sq::TableObject::TableFunction(_) | sq::TableObject::TableQuery(_) => {
                self.refuse(at, "an `INSERT` into a query", "name a table")
            }
        };
        let alias = self.maybe(insert.table_alias, Self::insert_alias);
        let columns = self.each(insert.columns, Self::target);
        let source = self.source(insert.source, at);
        let conflict = self.maybe(insert.on, Self::conflict);
        let returning = self.each(insert.returning.unwrap_or_default(), Self::item);
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

    /// `AS alias`; sqlparser takes one without AS too.
    fn insert_alias(&mut self, alias: sq::TableAliasWithoutColumns) -> Option<Ident> {
        let sq::TableAliasWithoutColumns { explicit, alias } = alias;
        let before = self.preceding(self.span(alias.span));
        let table =
            before.and_then(|before| self.lexemes.get(before)).map(|table| self.lexemes.span_of(table));
        match table.filter(|_| !explicit) {
            Some(table) => self.missing_word(table, "`AS`, `(`, `VALUES` or `SELECT`"),
            None => self.name(alias, "a name"),
        }
    }

    /// Reports that `word` does not follow `at`.
    fn missing_word<T>(&mut self, at: Span, word: &str) -> Option<T> {
        let (at, found) = self.lexemes.found(self.after(at));
        self.report(problems::expected(at, word, &found))
    }

    /// `VALUES ..` or a query.
    fn source(&mut self, source: Option<Box<sq::Query>>, at: Span) -> Option<InsertSource> {
        let Some(query) = source else {
            return self.refuse(at, "an `INSERT` without values", "write `VALUES (..)` or `SELECT ..`");
        };
        if !matches!(*query.body, sq::SetExpr::Values(_)) {
            return self.query(*query).map(|query| InsertSource::Query(Box::new(query)));
        }
        self.require(is_bare(&query), at, "`ORDER BY` or `LIMIT` after `VALUES`", "leave it out")?;
        self.require(query.with.is_none(), at, "`WITH` before `VALUES`", "put it before `INSERT`")?;
        let sq::SetExpr::Values(sq::Values { explicit_row, value_keyword, rows }) = *query.body else {
            return None;
        };
        self.require(
            !explicit_row && !value_keyword,
            at,
            "this form of `VALUES`",
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
            return self.refuse(clause, "ON DUPLICATE KEY", "write `ON CONFLICT`");
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

/// True if an INSERT has nothing but what [`Converter::insert`] reads.
fn is_plain(insert: &sq::Insert) -> bool {
    let sq::Insert {
        insert_token: _,
        optimizer_hints,
        or,
        ignore,
        into: _,
        table: _,
        table_alias: _,
        columns: _,
        overwrite,
        source: _,
        assignments,
        partitioned,
        after_columns,
        has_table_keyword,
        on: _,
        returning: _,
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
    let flags = [*ignore, *overwrite, *has_table_keyword, *replace_into];
    !flags.contains(&true)
        && optimizer_hints.is_empty()
        && or.is_none()
        && assignments.is_empty()
        && partitioned.is_none()
        && after_columns.is_empty()
        && output.is_none()
        && priority.is_none()
        && insert_alias.is_none()
        && settings.is_none()
        && format_clause.is_none()
        && multi_table_insert_type.is_none()
        && multi_table_into_clauses.is_empty()
        && multi_table_when_clauses.is_empty()
        && multi_table_else_clause.is_none()
}
