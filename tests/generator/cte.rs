//! Common table expressions.

use kuneiform::language::Type;

use super::Writer;

/// A common table expression as it is written, its name and its columns.
type Common = (String, String, Vec<(String, Type)>);

impl Writer<'_> {
    /// Sometimes `WITH a AS (..), b AS lib.view(..) `; what follows may read them.
    pub fn with_clause(&mut self) -> String {
        if !self.choices.chance(25) {
            return String::new();
        }
        let mut texts = Vec::new();
        let recursive = self.choices.chance(35);
        for _ in 0..1 + self.choices.below(2) {
            let (text, name, columns) = match self.choices.below(3) {
                0 => self.view_cte().unwrap_or_else(|| self.query_cte()),
                1 if recursive => self.recursive_cte(),
                _ => self.query_cte(),
            };
            self.ctes.push((name, columns));
            texts.push(text);
        }
        format!("WITH {}{} ", if recursive { "RECURSIVE " } else { "" }, texts.join(", "))
    }

    fn query_cte(&mut self) -> Common {
        let name = self.fresh("w");
        let before = std::mem::replace(&mut self.sorted, true);
        let query = self.safely(|writer| match writer.choices.below(4) {
            0 => writer.grouped(),
            1 => writer.united(),
            _ => writer.rows(),
        });
        self.sorted = before;
        if self.choices.chance(30) {
            let columns: Vec<(String, Type)> =
                query.columns.iter().map(|(_, ty)| (self.fresh("m"), ty.clone())).collect();
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            return (format!("{name}({}) AS ({})", names.join(", "), query.text), name, columns);
        }
        (format!("{name} AS ({})", query.text), name, query.columns)
    }

    /// `v AS view(arguments)`
    fn view_cte(&mut self) -> Option<Common> {
        let views: Vec<_> = self.callable.iter().filter(|action| action.is_joinable()).cloned().collect();
        if views.is_empty() {
            return None;
        }
        let view = self.choices.pick(&views).clone();
        self.weight += view.weight * self.passes;
        let tables = std::mem::take(&mut self.tables);
        let arguments = self.safely(|writer| writer.call_arguments(&view));
        self.tables = tables;
        let name = self.fresh("w");
        Some((format!("{name} AS {}({arguments})", view.name), name, view.columns))
    }

    /// Counts up to a few, perhaps through the rows of a table.
    fn recursive_cte(&mut self) -> Common {
        let (name, number, other) = (self.fresh("w"), self.fresh("m"), self.fresh("m"));
        let ty = self.choices.pick(&[Type::Int, Type::Text]).clone();
        let (start, value) = (self.choices.between(0, 2), self.safely(|writer| writer.expression(&ty, 1)));
        let all = self.choices.word(&["", " ALL"]);
        let own = vec![("r.".to_owned() + &number, Type::Int), ("r.".to_owned() + &other, ty.clone())];
        let step = self.within(own, |writer| match writer.choices.chance(40) {
            true => {
                let table = writer.table_relation();
                let id = table.key[0].clone();
                writer.within(table.columns, |writer| {
                    let value = writer.safely(|writer| writer.expression(&ty, 1));
                    format!(
                        "r.{number} + 1, {value} FROM {} JOIN {name} AS r ON {id} = r.{number}",
                        table.text
                    )
                })
            }
            false => {
                let value = writer.safely(|writer| writer.expression(&ty, 1));
                format!("r.{number} + 1, {value} FROM {name} AS r")
            }
        });
        let text = format!(
            "{name}({number}, {other}) AS (SELECT {start}, {value} UNION{all} SELECT {step} WHERE r.{number} < 4)"
        );
        (text, name, vec![(number, Type::Int), (other, ty)])
    }
}
