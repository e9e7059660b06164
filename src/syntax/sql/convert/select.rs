use sqlparser::ast as sq;

use super::super::problems;
use super::Converter;
use crate::source::Span;
use crate::syntax::ast::{Expr, Select, SelectItem};

impl Converter<'_, '_, '_> {
    pub(super) fn select(&mut self, select: sq::Select) -> Option<Select> {
        let at = self.span(select.select_token.0.span);
        let span = self.extent(at, true);
        self.require(is_plain(&select), at, "a clause of this `SELECT`", "")?;
        self.require(select.top.is_none(), at, "TOP", "write `LIMIT n`")?;
        self.require(select.into.is_none(), at, "SELECT INTO", "values are assigned by `$x := ..`")?;
        let qualified = select.qualify.as_ref().map_or(at, |condition| self.place(condition));
        self.require(select.qualify.is_none(), qualified, "QUALIFY", "filter in a query around this one")?;
        let distinct = self.distinct(select.distinct, at);
        let items = self.items(select.projection, at);
        let from = self.relations(select.from);
        let filter = self.maybe(select.selection, Self::expr);
        let group_by = self.group_by(select.group_by, at);
        let having = self.maybe(select.having, Self::expr);
        let windows = self.each(select.named_window, Self::named_window);
        Some(Select {
            distinct: distinct?,
            items: items?,
            from: from?,
            filter: filter?,
            group_by: group_by?,
            having: having?,
            windows: windows?,
            span,
        })
    }

    fn distinct(&mut self, distinct: Option<sq::Distinct>, at: Span) -> Option<bool> {
        match distinct {
            None | Some(sq::Distinct::All) => Some(false),
            Some(sq::Distinct::Distinct) => Some(true),
            Some(sq::Distinct::On(_)) => {
                self.refuse(at, "DISTINCT ON", "number the rows with `row_number() OVER (..)`")
            }
        }
    }

    fn items(&mut self, items: Vec<sq::SelectItem>, at: Span) -> Option<Vec<SelectItem>> {
        if items.is_empty() {
            let next = self.after(at);
            let (at, found) = self.lexemes.found(next);
            return self.report(problems::expected(at, "an expression", &found));
        }
        self.each(items, Self::item)
    }

    /// An entry of a select list or of RETURNING.
    pub(super) fn item(&mut self, item: sq::SelectItem) -> Option<SelectItem> {
        match item {
            sq::SelectItem::UnnamedExpr(expr) => {
                Some(SelectItem::Expr { expr: self.expr(expr)?, alias: None })
            }
            sq::SelectItem::ExprWithAlias { expr, alias } => {
                let expr = self.expr(expr);
                let alias = self.name(alias, "a name");
                Some(SelectItem::Expr { expr: expr?, alias: Some(alias?) })
            }
            sq::SelectItem::ExprWithAliases { expr, aliases: _ } => {
                let at = self.place(&expr);
                self.refuse(at, "a list of names", "give each column one name")
            }
            sq::SelectItem::Wildcard(options) => self.star(options).map(SelectItem::Star),
            sq::SelectItem::QualifiedWildcard(kind, options) => {
                let star = self.star(options)?;
                let sq::SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
                    return self.refuse(star, "`*` after a value", "name the columns");
                };
                let table = self.table(name)?;
                let span = table.span.to(star);
                Some(SelectItem::TableStar { table, span })
            }
        }
    }

    /// A `*` without anything after it.
    fn star(&mut self, options: sq::WildcardAdditionalOptions) -> Option<Span> {
        let sq::WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let span = self.span(wildcard_token.0.span);
        let plain = opt_ilike.is_none()
            && opt_exclude.is_none()
            && opt_except.is_none()
            && opt_replace.is_none()
            && opt_rename.is_none();
        self.require(plain, span, "a clause after `*`", "name the columns")?;
        if let Some(alias) = opt_alias {
            let at = self.span(alias.span);
            return self.report(problems::unexpected(at, &format!("`{}`", alias.value.escape_debug())));
        }
        // sqlparser reads `(*)` as `*`.
        if self.bracketed(span) != span {
            return self.report(problems::unexpected(span, "`*`"));
        }
        Some(span)
    }

    fn group_by(&mut self, group_by: sq::GroupByExpr, at: Span) -> Option<Vec<Expr>> {
        match group_by {
            sq::GroupByExpr::Expressions(keys, modifiers) => {
                self.require(modifiers.is_empty(), at, "GROUPING SETS", "join queries by `UNION ALL`")?;
                self.expressions(keys)
            }
            sq::GroupByExpr::All(_) => self.refuse(at, "GROUP BY ALL", "name the columns"),
        }
    }
}

/// True if a SELECT has nothing but what [`Converter::select`] reads or names when it refuses it.
fn is_plain(select: &sq::Select) -> bool {
    let sq::Select {
        select_token: _,
        optimizer_hints,
        distinct: _,
        select_modifiers,
        top: _,
        top_before_distinct: _,
        projection: _,
        exclude,
        into: _,
        from: _,
        lateral_views,
        prewhere,
        selection: _,
        connect_by,
        group_by: _,
        cluster_by,
        distribute_by,
        sort_by,
        having: _,
        named_window: _,
        qualify: _,
        window_before_qualify: _,
        value_table_mode,
        flavor,
    } = select;
    optimizer_hints.is_empty()
        && select_modifiers.is_none()
        && exclude.is_none()
        && lateral_views.is_empty()
        && prewhere.is_none()
        && connect_by.is_empty()
        && cluster_by.is_empty()
        && distribute_by.is_empty()
        && sort_by.is_empty()
        && value_table_mode.is_none()
        && matches!(flavor, sq::SelectFlavor::Standard)
}
