use sqlparser::ast as sq;

use super::Converter;
use crate::syntax::ast::{Delete, With};

impl Converter<'_, '_, '_> {
    pub(super) fn delete(&mut self, with: Option<With>, delete: sq::Delete) -> Option<Delete> {
        let sq::Delete {
            delete_token,
            optimizer_hints,
            tables,
            from,
            using,
            selection,
            returning,
            output,
            order_by,
            limit,
        } = delete;
        let at = self.span(delete_token.0.span);
        self.require(optimizer_hints.is_empty() && output.is_none(), at, "a clause of this `DELETE`", "")?;
        self.require(tables.is_empty(), at, "a `DELETE` from several tables", "write `DELETE FROM table`")?;
        let used = using.as_ref().and_then(|tables| tables.first()).map_or(at, |table| self.place(table));
        let help = "choose the rows in `WHERE`, by `IN` or `EXISTS` with a query";
        self.require(using.is_none(), used, "`USING` in `DELETE`", help)?;
        let ordered = !order_by.is_empty() || limit.is_some();
        self.require(!ordered, at, "`ORDER BY` or `LIMIT` in `DELETE`", "choose the rows in `WHERE`")?;
        let (sq::FromTable::WithFromKeyword(mut tables) | sq::FromTable::WithoutKeyword(mut tables)) = from;
        let table = tables.pop()?;
        self.require(tables.is_empty(), at, "a `DELETE` from several tables", help)?;
        let target = self.only_table(table, at, "a `DELETE` from a join", help);
        let filter = self.maybe(selection, Self::expr);
        let returning = self.each(returning.unwrap_or_default(), Self::item);
        let (table, alias) = target?;
        Some(Delete { with, table, alias, filter: filter?, returning: returning? })
    }
}
