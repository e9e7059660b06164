//! FROM.

use kuneiform::language::Type;

use super::literal::scalars;
use super::{Readable, Writer};

/// Something in FROM.
pub struct Relation {
    pub text: String,
    pub columns: Vec<Readable>,
    /// What tells its rows apart, or makes those it does not equal.
    pub key: Vec<String>,
    /// True if the key is a key: no two rows share it.
    pub keyed: bool,
    /// True if it is one table, whose order the compiler completes by itself.
    pub single: bool,
}

impl Writer<'_> {
    pub fn table_relation(&mut self) -> Relation {
        let table = self.choices.pick(&self.tables).clone();
        let alias = self.fresh("x");
        let columns: Vec<Readable> = table
            .columns
            .iter()
            .map(|column| (format!("{alias}.{}", column.name), column.ty.clone()))
            .collect();
        let key = table.key.iter().map(|column| format!("{alias}.{column}")).collect();
        Relation { text: format!("{} AS {alias}", table.name), columns, key, keyed: true, single: true }
    }

    /// A table, the rows of a view or of a query, the elements of arrays. Where `beside` something it may read that.
    fn relation(&mut self, beside: bool) -> Relation {
        if !self.ctes.is_empty() && self.choices.chance(50) {
            return self.cte_relation();
        }
        match self.choices.below(10) {
            6 | 7 => self.view_relation().unwrap_or_else(|| self.table_relation()),
            8 => self.elements(beside),
            9 => self.query_relation(beside),
            _ => self.table_relation(),
        }
    }

    fn named(alias: &str, text: String, columns: &[(String, Type)]) -> Relation {
        let columns: Vec<Readable> =
            columns.iter().map(|(name, ty)| (format!("{alias}.{name}"), ty.clone())).collect();
        let key = columns.iter().map(|(text, _)| text.clone()).collect();
        Relation { text, columns, key, keyed: false, single: false }
    }

    fn cte_relation(&mut self) -> Relation {
        let (name, columns) = self.choices.pick(&self.ctes).clone();
        let alias = self.fresh("w");
        Self::named(&alias, format!("{name} AS {alias}"), &columns)
    }

    /// `view(arguments) AS v`
    fn view_relation(&mut self) -> Option<Relation> {
        let views: Vec<_> = self.callable.iter().filter(|action| action.is_joinable()).cloned().collect();
        if views.is_empty() {
            return None;
        }
        let view = self.choices.pick(&views).clone();
        self.weight += view.weight * self.passes;
        let arguments = self.constants(|writer| writer.call_arguments(&view));
        let alias = self.fresh("v");
        Some(Self::named(&alias, format!("{}({arguments}) AS {alias}", view.name), &view.columns))
    }

    /// Writes something that reads no relation.
    fn constants<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let scope = self.scope.clone();
        self.scope.retain(|(text, _)| text.starts_with('$'));
        let tables = std::mem::take(&mut self.tables);
        let written = self.safely(write);
        (self.scope, self.tables) = (scope, tables);
        written
    }

    /// `unnest(a, b) WITH ORDINALITY AS u(e, f, n)`
    fn elements(&mut self, beside: bool) -> Relation {
        let all: Vec<Type> = scalars().into_iter().filter(super::literal::is_sortable).collect();
        let mut columns = Vec::new();
        let mut arrays = Vec::new();
        for _ in 0..1 + self.choices.below(2) {
            let ty = self.choices.pick(&all).clone();
            let array = Type::array(ty.clone());
            arrays.push(match beside {
                true => self.safely(|writer| writer.expression(&array, 1)),
                false => self.constants(|writer| writer.expression(&array, 1)),
            });
            columns.push((self.fresh("e"), ty));
        }
        let mut numbered = "";
        if self.choices.chance(50) {
            numbered = " WITH ORDINALITY";
            columns.push((self.fresh("n"), Type::Int));
        }
        let (alias, arrays) = (self.fresh("u"), arrays.join(", "));
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let text = format!("unnest({arrays}){numbered} AS {alias}({})", names.join(", "));
        Self::named(&alias, text, &columns)
    }

    /// `(SELECT ..) AS s`, LATERAL where it reads what stands beside it.
    fn query_relation(&mut self, beside: bool) -> Relation {
        let lateral = beside && self.choices.chance(60);
        let before = std::mem::replace(&mut self.sorted, true);
        let scope = self.scope.clone();
        if !lateral {
            self.scope.retain(|(text, _)| text.starts_with('$'));
        }
        let query = self.safely(|writer| match writer.choices.below(4) {
            // An aggregate of what stands beside it alone would belong to the query around it.
            0 if !lateral => writer.grouped(),
            1 => writer.united(),
            _ => writer.table_rows(),
        });
        (self.sorted, self.scope) = (before, scope);
        let (alias, word) = (self.fresh("s"), if lateral { "LATERAL " } else { "" });
        Self::named(&alias, format!("{word}({}) AS {alias}", query.text), &query.columns)
    }

    /// One relation or several.
    pub fn joined(&mut self) -> Relation {
        let mut all = self.relation(false);
        for _ in 0..self.choices.below(3).min(self.choices.below(3)) {
            let before = self.scope.len();
            self.scope.extend(all.columns.clone());
            self.join(&mut all);
            self.scope.truncate(before);
        }
        all
    }

    fn join(&mut self, all: &mut Relation) {
        let kinds = ["JOIN", "LEFT JOIN", "CROSS JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN"];
        let kind = self.choices.word(&kinds);
        let optional = matches!(kind, "RIGHT JOIN" | "FULL JOIN");
        let second = self.relation(!optional);
        let on = self.on(kind, all, &second);
        all.text = format!("{} {kind} {}{on}", all.text, second.text);
        all.columns.extend(second.columns);
        all.key.extend(second.key);
        // Where an outer join fills in nulls a key may be null, and two nulls are not told apart.
        all.keyed &= second.keyed && matches!(kind, "JOIN" | "CROSS JOIN" | "INNER JOIN");
        all.single = false;
    }

    fn on(&mut self, kind: &str, first: &Relation, second: &Relation) -> String {
        if kind == "CROSS JOIN" {
            return String::new();
        }
        let is_id = |relation: &Relation| relation.single && relation.key.len() == 1;
        if is_id(first) && is_id(second) && kind != "FULL JOIN" && self.choices.chance(20) {
            return " USING (id)".to_owned();
        }
        let pairs: Vec<(&Readable, &Readable)> = first
            .columns
            .iter()
            .flat_map(|left| second.columns.iter().map(move |right| (left, right)))
            .filter(|(left, right)| left.1 == right.1)
            .collect();
        if !pairs.is_empty() && (kind == "FULL JOIN" || self.choices.chance(50)) {
            let (left, right) = *self.choices.pick(&pairs);
            return format!(" ON {} = {}", left.0, right.0);
        }
        if kind == "FULL JOIN" {
            return " ON true".to_owned();
        }
        let columns = second.columns.clone();
        format!(" ON {}", self.within(columns, |writer| writer.condition(1)))
    }
}
