//! Groups.

use kuneiform::language::Type;

use super::Writer;
use super::literal::is_sortable;
use super::query::Query;

impl Writer<'_> {
    /// A query that groups, or makes one row of all.
    pub fn grouped(&mut self) -> Query {
        let from = self.joined();
        self.within(from.columns.clone(), |writer| {
            let keys = writer.group_keys(&from.columns);
            let mut items: Vec<(String, Type)> = keys.clone();
            for _ in 0..1 + writer.choices.below(3) {
                let aggregate = writer.fitting_aggregate();
                items.push(aggregate);
            }
            let columns: Vec<(String, Type)> =
                items.iter().map(|(_, ty)| (writer.fresh("o"), ty.clone())).collect();
            let list: Vec<String> = items
                .iter()
                .zip(&columns)
                .map(|((text, _), (name, _))| format!("{text} AS {name}"))
                .collect();
            let mut text = format!("SELECT {} FROM {}{}", list.join(", "), from.text, writer.filter(1));
            if !keys.is_empty() {
                let by: Vec<&str> = keys.iter().map(|(text, _)| text.as_str()).collect();
                text.push_str(&format!(" GROUP BY {}", by.join(", ")));
                text.push_str(&writer.having());
                text.push_str(writer.choices.word(&["", " ORDER BY count(*) DESC"]));
                text.push_str(&writer.limit());
            } else if writer.choices.chance(10) {
                text.push_str(&writer.having());
            }
            Query { text, columns }
        })
    }

    fn having(&mut self) -> String {
        match self.choices.below(6) {
            4 => " HAVING count(*) > 1".to_owned(),
            5 => {
                let (left, ty) = self.aggregate(false);
                let right = match is_sortable(&ty) {
                    true => format!("{left} IS NOT DISTINCT FROM {left}"),
                    false => format!("{left} IS NOT NULL"),
                };
                format!(" HAVING {right}")
            }
            _ => String::new(),
        }
    }

    /// Columns, or what is computed from one.
    fn group_keys(&mut self, columns: &[(String, Type)]) -> Vec<(String, Type)> {
        let mut keys: Vec<(String, Type)> = Vec::new();
        let sortable: Vec<&(String, Type)> = columns.iter().filter(|(_, ty)| is_sortable(ty)).collect();
        if sortable.is_empty() {
            return keys;
        }
        for _ in 0..self.choices.below(3) {
            let (text, ty) = (*self.choices.pick(&sortable)).clone();
            let text = match ty {
                Type::Int if self.choices.chance(25) => format!("({text} % 3)"),
                Type::Text if self.choices.chance(25) => format!("lower({text})"),
                _ => text,
            };
            if !keys.iter().any(|(known, _)| *known == text) {
                keys.push((text, ty));
            }
        }
        keys
    }

    /// An aggregate, perhaps inside an expression, with an order if that is asked for.
    fn fitting_aggregate(&mut self) -> (String, Type) {
        for _ in 0..5 {
            let (text, ty) = self.aggregate(false);
            if self.sorted && !is_sortable(&ty) {
                continue;
            }
            return match ty {
                Type::Int if self.choices.chance(25) => (format!("({text} + 1)"), ty),
                _ => (text, ty),
            };
        }
        ("count(*)".to_owned(), Type::Int)
    }
}
