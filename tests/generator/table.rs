//! Tables.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, plain};

/// A table whose primary key is `id int`.
#[derive(Clone)]
pub struct Table {
    pub name: String,
    /// `id` first.
    pub columns: Vec<Column>,
}

#[derive(Clone)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    pub required: bool,
    /// Refers to another table's `id`.
    pub refers: bool,
}

impl Writer<'_> {
    /// A table of its own, as it is declared.
    pub fn table(&mut self) -> String {
        let name = self.fresh("t");
        let mut columns = vec![Column { name: "id".into(), ty: Type::Int, required: true, refers: false }];
        let mut entries = vec!["id int primary".to_owned()];
        for _ in 0..2 + self.choices.below(3) {
            let (column, entry) = self.column();
            columns.push(column);
            entries.push(entry);
        }
        if let Some(parent) = self.tables.first().map(|table| table.name.clone())
            && self.choices.chance(50)
        {
            let column = self.fresh("r");
            let on_delete = self.choices.pick(&["", " on_delete cascade", " on_delete set_null"]).to_owned();
            entries.push(format!("{column} int references {parent}(id){on_delete}"));
            columns.push(Column { name: column, ty: Type::Int, required: false, refers: true });
        }
        self.tables.push(Table { name: name.clone(), columns });
        format!("table {name} {{\n    {}\n}}\n\n", entries.join(",\n    "))
    }

    fn column(&mut self) -> (Column, String) {
        let (name, ty) = (self.fresh("c"), any_type(self.choices));
        let required = self.choices.chance(25);
        let mut entry = format!("{name} {ty}");
        if required {
            entry.push_str(" not_null");
        }
        match ty {
            Type::Array(_) | Type::Uuid => {}
            Type::Int if self.choices.chance(20) => entry.push_str(" min(-100)"),
            Type::Text if self.choices.chance(20) => entry.push_str(" maxlen(12)"),
            Type::Int if self.choices.chance(10) => entry.push_str(" unique"),
            _ if self.choices.chance(30) => {
                let value = plain(self.choices, &ty);
                entry.push_str(&format!(" default {value}"));
            }
            _ => {}
        }
        (Column { name, ty, required, refers: false }, entry)
    }
}
