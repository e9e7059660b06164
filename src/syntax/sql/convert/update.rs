use sqlparser::ast as sq;

use super::Converter;
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{Assignment, RelationKind, Update, With};

impl Converter<'_, '_, '_> {
    pub(super) fn update(&mut self, with: Option<With>, update: sq::Update) -> Option<Update> {
        let sq::Update {
            update_token,
            optimizer_hints,
            table,
            assignments,
            from,
            selection,
            returning,
            output,
            or,
            order_by,
            limit,
        } = update;
        let at = self.span(update_token.0.span);
        let known = optimizer_hints.is_empty() && output.is_none() && or.is_none();
        self.require(known, at, "a clause of this `UPDATE`", "")?;
        let ordered = !order_by.is_empty() || limit.is_some();
        self.require(!ordered, at, "`ORDER BY` or `LIMIT` in `UPDATE`", "choose the rows in `WHERE`")?;
        let target = self.only_table(table, at, "an `UPDATE` of a join", "join other tables in `FROM`");
        let assignments = self.each(assignments, Self::assignment);
        let from = match from {
            Some(sq::UpdateTableFromKind::AfterSet(tables)) => self.relations(tables),
            Some(sq::UpdateTableFromKind::BeforeSet(_)) => {
                self.refuse(at, "`FROM` before `SET`", "put `FROM` after `SET`")
            }
            None => Some(None),
        };
        let filter = self.maybe(selection, Self::expr);
        let returning = self.each(returning.unwrap_or_default(), Self::item);
        let (table, alias) = target?;
        Some(Update {
            with,
            table,
            alias,
            assignments: assignments?,
            from: from?,
            filter: filter?,
            returning: returning?,
        })
    }

    /// `column = value`
    pub(super) fn assignment(&mut self, assignment: sq::Assignment) -> Option<Assignment> {
        let sq::Assignment { target, value } = assignment;
        let column = match target {
            sq::AssignmentTarget::ColumnName(name) => self.target(name),
            sq::AssignmentTarget::Tuple(names) => {
                let at = names.first().map_or(self.lexemes.span, |name| self.place(name));
                return self.refuse(at, "an assignment of a row", "assign the columns one by one");
            }
        };
        let value = self.expr(value);
        Some(Assignment { column: column?, value: value? })
    }

    /// The one table that a statement changes, with its alias.
    pub(super) fn only_table(
        &mut self,
        table: sq::TableWithJoins,
        at: Span,
        clause: &str,
        help: &str,
    ) -> Option<(Ident, Option<Ident>)> {
        let sq::TableWithJoins { relation, joins } = table;
        self.require(joins.is_empty(), at, clause, help)?;
        let relation = self.relation(relation)?;
        match relation.kind {
            RelationKind::Named(name) if relation.columns.is_empty() => Some((name, relation.alias)),
            _ => self.refuse(relation.span, "a change of anything but a table", "name a table"),
        }
    }
}
