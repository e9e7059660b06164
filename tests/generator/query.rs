//! Queries.

use kuneiform::language::Type;

use super::literal::any_type;
use super::{Readable, Writer};

/// A SELECT with the names and types of its columns.
pub struct Query {
    pub text: String,
    pub columns: Vec<(String, Type)>,
}

/// Something in FROM.
struct Relation {
    text: String,
    columns: Vec<Readable>,
    /// What tells its rows apart.
    key: Vec<String>,
}

impl Writer<'_> {
    fn table_relation(&mut self) -> Relation {
        let table = self.choices.pick(&self.tables).clone();
        let alias = self.fresh("x");
        let columns: Vec<Readable> = table
            .columns
            .iter()
            .map(|column| (format!("{alias}.{}", column.name), column.ty.clone()))
            .collect();
        Relation { text: format!("{} AS {alias}", table.name), columns, key: vec![format!("{alias}.id")] }
    }

    /// A table, or the rows of a view.
    fn relation(&mut self) -> Relation {
        let views: Vec<_> = self.callable.iter().filter(|action| action.is_joinable()).cloned().collect();
        if views.is_empty() || self.choices.chance(70) {
            return self.table_relation();
        }
        let view = self.choices.pick(&views).clone();
        let alias = self.fresh("v");
        let arguments = self.safely(|writer| writer.call_arguments(&view));
        let columns: Vec<Readable> =
            view.columns.iter().map(|(name, ty)| (format!("{alias}.{name}"), ty.clone())).collect();
        let key = columns.iter().map(|(text, _)| text.clone()).collect();
        Relation { text: format!("{}({arguments}) AS {alias}", view.name), columns, key }
    }

    /// A SELECT.
    pub fn select(&mut self) -> Query {
        match self.choices.below(10) {
            0 | 1 => self.values(),
            2 | 3 => self.grouped(),
            4 => self.united(),
            _ => self.rows(),
        }
    }

    /// No FROM: values alone, which may raise.
    pub fn values(&mut self) -> Query {
        let is_pure = std::mem::replace(&mut self.pure, self.choices.chance(50));
        self.raised |= !self.pure;
        let query = self.riskily(|writer| writer.items(3, 3, &[]));
        self.pure = is_pure;
        Query { text: format!("SELECT {}", query.text), ..query }
    }

    /// A select list.
    fn items(&mut self, most: usize, depth: usize, first: &[(String, Type)]) -> Query {
        let mut columns = Vec::new();
        let mut texts = Vec::new();
        for (text, ty) in first {
            let name = self.fresh("o");
            texts.push(format!("{text} AS {name}"));
            columns.push((name, ty.clone()));
        }
        for _ in 0..1 + self.choices.below(most) {
            let (name, ty) = (self.fresh("o"), any_type(self.choices));
            texts.push(format!("{} AS {name}", self.expression(&ty, depth)));
            columns.push((name, ty));
        }
        Query { text: texts.join(", "), columns }
    }

    fn filter(&mut self, depth: usize) -> String {
        if self.choices.chance(60) { format!(" WHERE {}", self.condition(depth)) } else { String::new() }
    }

    /// Rows of one relation or two.
    pub fn rows(&mut self) -> Query {
        let first = self.relation();
        let (mut from, mut key) = (first.text, first.key);
        self.within(first.columns, |writer| {
            let more = if writer.choices.chance(40) { Some(writer.relation()) } else { None };
            let joins = more.is_some();
            let mut columns = Vec::new();
            if let Some(second) = more {
                let kind = writer.choices.pick(&["JOIN", "LEFT JOIN", "CROSS JOIN"]).to_owned();
                let is_cross = kind == "CROSS JOIN";
                let text = second.text;
                columns = second.columns;
                key.extend(second.key);
                let on = writer.within(columns.clone(), |writer| writer.condition(1));
                from = match is_cross {
                    true => format!("{from} {kind} {text}"),
                    false => format!("{from} {kind} {text} ON {on}"),
                };
            }
            writer.within(columns, |writer| writer.rows_of(&from, &key, joins))
        })
    }

    fn rows_of(&mut self, from: &str, key: &[String], joins: bool) -> Query {
        let window = self.windowed(key);
        let items = self.items(3, 2, &window);
        let filter = self.filter(2);
        let keyless = !joins && key.len() == 1 && key[0].starts_with('x') && self.choices.chance(40);
        let mut order: Vec<String> = Vec::new();
        if self.choices.chance(50) {
            let ty = super::literal::sortable(self.choices);
            let direction = self
                .choices
                .pick(&["", " DESC", " DESC NULLS FIRST", " NULLS FIRST", " DESC NULLS LAST"])
                .to_owned();
            let by = self.leaf_of_scope(&ty);
            order.extend(by.map(|by| format!("{by}{direction}")));
        }
        if !keyless {
            order.extend(key.iter().cloned());
        }
        let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
        let limit = self.limit();
        Query {
            text: format!("SELECT {} FROM {from}{filter}{order}{limit}", items.text),
            columns: items.columns,
        }
    }

    fn limit(&mut self) -> String {
        match self.choices.below(6) {
            0 => format!(" LIMIT {}", self.choices.between(0, 3)),
            1 => format!(" LIMIT {} OFFSET {}", self.choices.between(1, 3), self.choices.between(0, 2)),
            _ => String::new(),
        }
    }

    /// A column in scope, not a literal.
    fn leaf_of_scope(&mut self, ty: &Type) -> Option<String> {
        let all: Vec<String> = self
            .scope
            .iter()
            .filter(|(text, of)| of == ty && text.contains('.'))
            .map(|(text, _)| text.clone())
            .collect();
        (!all.is_empty()).then(|| self.choices.pick(&all).clone())
    }

    /// Sometimes a function over a window.
    fn windowed(&mut self, key: &[String]) -> Vec<(String, Type)> {
        if !self.choices.chance(20) {
            return Vec::new();
        }
        let total = key.join(", ");
        let partition = match self.leaf_of_scope(&Type::Int) {
            Some(by) if self.choices.chance(50) => format!("PARTITION BY {by} "),
            _ => String::new(),
        };
        let Some(by) = self.leaf_of_scope(&Type::Int) else { return Vec::new() };
        let text = match self.choices.below(5) {
            0 => format!("row_number() OVER ({partition}ORDER BY {by}, {total})"),
            1 => format!("rank() OVER ({partition}ORDER BY {by})"),
            2 => format!("dense_rank() OVER ({partition}ORDER BY {by} DESC)"),
            3 => format!("lag({by}) OVER ({partition}ORDER BY {total})"),
            _ => format!("lead({by}) OVER ({partition}ORDER BY {total})"),
        };
        vec![(text, Type::Int)]
    }

    fn grouped(&mut self) -> Query {
        let relation = self.relation();
        let from = relation.text;
        let key = relation.key.join(", ");
        let own = relation.columns.clone();
        self.within(relation.columns, |writer| {
            let by = writer.choices.pick(&own).clone();
            let aggregates: Vec<(String, Type)> =
                (0..1 + writer.choices.below(3)).map(|_| writer.aggregated(&key)).collect();
            let is_sorted = !matches!(by.1, Type::Array(_) | Type::Bool);
            let groups = is_sorted && writer.choices.chance(75);
            let filter = writer.filter(1);
            let mut items: Vec<(String, Type)> = if groups { vec![by.clone()] } else { Vec::new() };
            items.extend(aggregates);
            let columns: Vec<(String, Type)> =
                items.iter().map(|(_, ty)| (writer.fresh("o"), ty.clone())).collect();
            let list: Vec<String> = items
                .iter()
                .zip(&columns)
                .map(|((text, _), (name, _))| format!("{text} AS {name}"))
                .collect();
            let mut text = format!("SELECT {} FROM {from}{filter}", list.join(", "));
            if groups {
                text.push_str(&format!(" GROUP BY {}", by.0));
                if writer.choices.chance(30) {
                    text.push_str(" HAVING count(*) > 1");
                }
                let order: &str = writer.choices.pick::<&str>(&["", " ORDER BY count(*) DESC"]);
                text.push_str(order);
            }
            Query { text, columns }
        })
    }

    /// An aggregate over the relations in scope.
    pub fn aggregated(&mut self, key: &str) -> (String, Type) {
        let sorted = super::literal::sortable(self.choices);
        let any = any_type(self.choices);
        match self.choices.below(8) {
            0 => ("count(*)".into(), Type::Int),
            1 => (format!("count({})", self.expression(&any, 1)), Type::Int),
            2 => (format!("count(DISTINCT {})", self.expression(&sorted, 1)), Type::Int),
            3 => (format!("sum({})", self.expression(&Type::Int, 1)), Type::decimal(1000, 0)),
            4 => (
                format!("{}({})", self.choices.pick(&["min", "max"]).to_owned(), self.expression(&sorted, 1)),
                sorted,
            ),
            5 => (format!("avg({})", self.expression(&Type::decimal(8, 2), 1)), Type::decimal(1000, 16)),
            6 => (
                format!("array_agg({} ORDER BY {key})", self.expression(&Type::Int, 1)),
                Type::array(Type::Int),
            ),
            _ => (format!("string_agg({}, '-' ORDER BY {key})", self.expression(&Type::Text, 1)), Type::Text),
        }
    }

    fn united(&mut self) -> Query {
        let ty = super::literal::sortable(self.choices);
        let operator = self.choices.pick(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]).to_owned();
        let name = self.fresh("o");
        let mut side = || {
            let relation = self.table_relation();
            let from = relation.text;
            self.within(relation.columns, |writer| {
                format!("SELECT {} AS {name} FROM {from}{}", writer.expression(&ty, 1), writer.filter(1))
            })
        };
        let (left, right) = (side(), side());
        Query { text: format!("{left} {operator} {right}"), columns: vec![(name, ty)] }
    }

    /// A scalar subquery.
    pub fn query_value(&mut self, ty: &Type, depth: usize) -> String {
        if self.tables.is_empty() || depth == 0 {
            return self.leaf(ty);
        }
        let relation = self.table_relation();
        let (from, key) = (relation.text, relation.key.join(", "));
        let own = relation
            .columns
            .iter()
            .find(|(_, of)| of == ty)
            .map_or_else(|| "null".into(), |(text, _)| text.clone());
        if own == "null" {
            return self.leaf(ty);
        }
        self.safely(|writer| {
            writer.within(relation.columns, |writer| {
                let value = match ty {
                    Type::Int if writer.choices.chance(50) => "count(*)".to_owned(),
                    _ if writer.choices.chance(50) => {
                        return format!(
                            "(SELECT {} FROM {from}{} ORDER BY {key} LIMIT 1)",
                            writer.expression(ty, 1),
                            writer.filter(1)
                        );
                    }
                    // An aggregate of outer columns alone would belong to the outer query.
                    _ => format!("max({own})"),
                };
                format!("(SELECT {value} FROM {from}{})", writer.filter(1))
            })
        })
    }

    /// EXISTS and IN.
    pub fn query_condition(&mut self, depth: usize) -> String {
        if self.tables.is_empty() {
            return self.leaf(&Type::Bool);
        }
        let not = if self.choices.chance(30) { "NOT " } else { "" };
        let ty = super::literal::sortable(self.choices);
        let value = self.expression(&ty, depth.min(1));
        let relation = self.table_relation();
        let from = relation.text;
        self.within(relation.columns, |writer| match writer.choices.chance(50) {
            true => format!("({not}EXISTS (SELECT 1 FROM {from} WHERE {}))", writer.condition(1)),
            false => format!(
                "({value} {not}IN (SELECT {} FROM {from}{}))",
                writer.expression(&ty, 1),
                writer.filter(1)
            ),
        })
    }
}
