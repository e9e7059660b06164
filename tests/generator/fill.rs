//! The action that puts rows into every table.

use kuneiform::language::Type;

use super::Writer;
use super::action::{Action, Shape};
use super::table::{Column, Table};

impl Writer<'_> {
    /// `fill($id)`: a few rows for each table, which raises nothing. An importer fills what it imports too.
    pub fn fill(&mut self) -> (Action, String) {
        let mut body = String::new();
        if self.import.is_some() {
            body.push_str("    lib.fill($id);\n");
        }
        for table in self.tables.clone() {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let values: Vec<String> =
                table.columns.iter().map(|column| self.filling(&table, column)).collect();
            let (name, names, values) = (&table.name, names.join(", "), values.join(", "));
            body.push_str(&format!(
                "    for $i in 1..5 {{\n        INSERT INTO {name} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING;\n    }}\n"
            ));
        }
        let action = Action {
            name: "fill".to_owned(),
            visibility: "public",
            owner: false,
            parameters: vec![("id".to_owned(), Type::Int)],
            defaults: Vec::new(),
            columns: Vec::new(),
            view: false,
            shape: Shape::Steps,
            pure: false,
            weight: 100,
        };
        let source = format!("action fill($id int) public {{\n{body}}}\n\n");
        (action, source)
    }

    fn filling(&mut self, table: &Table, column: &Column) -> String {
        if let Some((own, parent, keys)) = &table.reference
            && let Some(place) = own.iter().position(|name| *name == column.name)
        {
            let (wanted, order) = (&keys[place], keys.join(", p."));
            let id = if *parent == table.name { "$i - 1" } else { "$i" };
            return format!(
                "(SELECT p.{wanted} FROM {parent} AS p WHERE p.id = {id} ORDER BY p.{order} LIMIT 1)"
            );
        }
        if column.name == "id" {
            return "$i".to_owned();
        }
        let by = self.choices.between(0, 3);
        let value = match &column.ty {
            Type::Int => format!("($i * {by})"),
            Type::Text => {
                format!("({} || ($i % 4)::text)", self.choices.word(&["'a'", "'ab'", "'x y'", "'Zed'"]))
            }
            Type::Bool => format!("($i > {by})"),
            Type::Decimal(_) | Type::Uint256 => format!("($i + {by})::{}", column.ty),
            ty => self.present(ty),
        };
        match !column.required && self.choices.chance(30) {
            true => format!("CASE WHEN $i <> {} THEN {value} END", by + 1),
            false => value,
        }
    }
}
