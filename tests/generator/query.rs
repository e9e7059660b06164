//! Queries.

use kuneiform::language::Type;

use super::Writer;
use super::from::Relation;
use super::literal::{any_type, scalars, sortable};

/// A SELECT with the names and types of its columns.
pub struct Query {
    pub text: String,
    pub columns: Vec<(String, Type)>,
}

impl Writer<'_> {
    /// A SELECT, perhaps with common table expressions.
    pub fn select(&mut self) -> Query {
        let before = self.ctes.len();
        let with = self.with_clause();
        let query = match self.choices.below(10) {
            0..=4 => self.rows(),
            5 | 6 => self.grouped(),
            7 => self.united(),
            8 => self.distinct(),
            _ => self.values(),
        };
        self.ctes.truncate(before);
        Query { text: format!("{with}{}", query.text), ..query }
    }

    /// No FROM: values alone, which may raise.
    pub fn values(&mut self) -> Query {
        let is_pure = std::mem::replace(&mut self.pure, self.choices.chance(50));
        self.raised |= !self.pure;
        let query = self.riskily(|writer| writer.items(3, 3, &[]));
        self.pure = is_pure;
        Query { text: format!("SELECT {}", query.text), ..query }
    }

    /// A type for a column of a query.
    pub fn column_type(&mut self) -> Type {
        match self.sorted {
            true => sortable(&mut self.choices),
            false => any_type(&mut self.choices),
        }
    }

    /// A select list.
    pub fn items(&mut self, most: usize, depth: usize, first: &[(String, Type)]) -> Query {
        let mut columns = Vec::new();
        let mut texts = Vec::new();
        for (text, ty) in first {
            let name = self.fresh("o");
            texts.push(format!("{text} AS {name}"));
            columns.push((name, ty.clone()));
        }
        for _ in 0..1 + self.choices.below(most) {
            let (name, ty) = (self.fresh("o"), self.column_type());
            texts.push(format!("{} AS {name}", self.expression(&ty, depth)));
            columns.push((name, ty));
        }
        Query { text: texts.join(", "), columns }
    }

    pub fn filter(&mut self, depth: usize) -> String {
        if self.choices.chance(60) { format!(" WHERE {}", self.condition(depth)) } else { String::new() }
    }

    /// Rows of relations.
    pub fn rows(&mut self) -> Query {
        let from = self.joined();
        self.rows_of(&from)
    }

    /// Rows of one table.
    pub fn table_rows(&mut self) -> Query {
        let from = self.table_relation();
        self.rows_of(&from)
    }

    fn rows_of(&mut self, from: &Relation) -> Query {
        self.within(from.columns.clone(), |writer| {
            let (window, named) = writer.windowed(from);
            let items = writer.items(3, 2, &window);
            let filter = writer.filter(2);
            let order = writer.order(from, &items.columns);
            let limit = writer.limit();
            let text = format!("SELECT {} FROM {}{filter}{named}{order}{limit}", items.text, from.text);
            Query { text, columns: items.columns }
        })
    }

    /// Rows with the given types, for `return SELECT`.
    pub fn rows_giving(&mut self, types: &[Type]) -> Query {
        let from = self.joined();
        self.within(from.columns.clone(), |writer| {
            let mut columns = Vec::new();
            let mut texts = Vec::new();
            for ty in types {
                let name = writer.fresh("o");
                texts.push(format!("{} AS {name}", writer.expression(ty, 1)));
                columns.push((name, ty.clone()));
            }
            let (filter, order) = (writer.filter(1), writer.order(&from, &[]));
            let limit = writer.limit();
            let list = texts.join(", ");
            Query { text: format!("SELECT {list} FROM {}{filter}{order}{limit}", from.text), columns }
        })
    }

    /// ORDER BY that leaves nothing open, or that the compiler completes.
    fn order(&mut self, from: &Relation, output: &[(String, Type)]) -> String {
        let mut order: Vec<String> = Vec::new();
        if self.choices.chance(50) {
            let direction = self.choices.word(&[
                "",
                " DESC",
                " ASC",
                " DESC NULLS FIRST",
                " NULLS FIRST",
                " DESC NULLS LAST",
            ]);
            let ty = sortable(&mut self.choices);
            let named: Vec<&String> = output
                .iter()
                .filter(|(_, ty)| super::literal::is_sortable(ty))
                .map(|(name, _)| name)
                .collect();
            let by = match self.choices.below(4) {
                0 if !named.is_empty() => (*self.choices.pick(&named)).clone(),
                1 => self.expression(&ty, 1),
                _ => self.column_in_scope(&ty).unwrap_or_default(),
            };
            // A literal would be the number of a column.
            if by.contains('.') || by.starts_with('o') {
                order.push(format!("{by}{direction}"));
            }
        }
        if !(from.single && self.choices.chance(40)) {
            order.extend(from.key.iter().cloned());
        }
        if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) }
    }

    pub fn limit(&mut self) -> String {
        match self.choices.below(7) {
            4 => format!(" LIMIT {}", self.choices.between(0, 3)),
            5 => format!(" LIMIT {} OFFSET {}", self.choices.between(1, 3), self.choices.between(0, 2)),
            6 => " LIMIT (abs($id) % 4)".to_owned(),
            _ => String::new(),
        }
    }

    /// Rows that differ.
    fn distinct(&mut self) -> Query {
        let from = self.joined();
        self.within(from.columns.clone(), |writer| {
            let items = writer.items(2, 1, &[]);
            let (filter, limit) = (writer.filter(1), writer.limit());
            let (name, ty) = writer.choices.pick(&items.columns).clone();
            let order = match super::literal::is_sortable(&ty) && writer.choices.chance(50) {
                true => format!(" ORDER BY {name} DESC"),
                false => String::new(),
            };
            let text = format!("SELECT DISTINCT {} FROM {}{filter}{order}{limit}", items.text, from.text);
            Query { text, columns: items.columns }
        })
    }

    /// Queries joined by set operators.
    pub fn united(&mut self) -> Query {
        let count = 1 + self.choices.below(2);
        let mut columns = Vec::new();
        for _ in 0..count {
            let ty = match self.sorted {
                true => sortable(&mut self.choices),
                false => self.choices.pick(&scalars()).clone(),
            };
            columns.push((self.fresh("o"), ty));
        }
        let mut text = self.side(&columns);
        for _ in 0..1 + self.choices.below(2) {
            let operators = ["UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"];
            let operator = self.choices.word(&operators);
            let right = self.side(&columns);
            text = format!("{text} {operator} {right}");
        }
        let (name, ty) = self.choices.pick(&columns).clone();
        if super::literal::is_sortable(&ty) && self.choices.chance(40) {
            text = format!("{text} ORDER BY {name} DESC");
        }
        text.push_str(&self.limit());
        Query { text, columns }
    }

    fn side(&mut self, columns: &[(String, Type)]) -> String {
        let from = self.table_relation();
        self.within(from.columns, |writer| {
            let items: Vec<String> =
                columns.iter().map(|(name, ty)| format!("{} AS {name}", writer.expression(ty, 1))).collect();
            format!("SELECT {} FROM {}{}", items.join(", "), from.text, writer.filter(1))
        })
    }
}
