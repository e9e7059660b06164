//! INSERT, UPDATE and DELETE.

use kuneiform::language::Type;

use super::table::{Column, Table};
use super::{Readable, Writer};

impl Writer<'_> {
    /// What a column is given: small numbers, so that they stay small when they are written again and again.
    fn stored(&mut self, column: &Column, depth: usize) -> String {
        let value = match column.ty {
            _ if column.name == "id" || column.refers => return self.choices.between(0, 6).to_string(),
            Type::Int => format!("({} % 1000)", self.expression(&Type::Int, depth)),
            Type::Uint256 => format!("({} % 1000::uint256)", self.expression(&Type::Uint256, depth)),
            Type::Text => format!("substring({}, 1, 14)", self.expression(&Type::Text, depth)),
            Type::Array(_) => format!("({})[1:6]", self.expression(&column.ty, depth)),
            Type::Blob => self.leaf(&Type::Blob),
            _ => self.expression(&column.ty, depth),
        };
        // The compiler refuses a null where it can see one.
        match column.required && (value.contains("null::") || self.choices.chance(60)) {
            true => format!("coalesce({value}, {})", self.present(&column.ty)),
            false => value,
        }
    }

    fn present(&mut self, ty: &Type) -> String {
        match ty {
            Type::Uuid => "'00000000-0000-0000-0000-000000000009'::uuid".into(),
            Type::Array(_) => format!("ARRAY[]::{ty}"),
            Type::Decimal(_) | Type::Uint256 => format!("1::{ty}"),
            _ => super::literal::plain(self.choices, ty),
        }
    }

    fn columns_of(table: &Table) -> Vec<Readable> {
        table.columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect()
    }

    /// A write, which stands in an action with a parameter `$id int`.
    pub fn write(&mut self) -> String {
        let table = self.choices.pick(&self.tables).clone();
        match self.choices.below(6) {
            0..=2 => self.insert(&table),
            3 | 4 => self.update(&table),
            _ => self.delete(&table),
        }
    }

    /// INSERT of the row `$id`.
    pub fn insert(&mut self, table: &Table) -> String {
        let given: Vec<Column> = table
            .columns
            .iter()
            .filter(|column| column.required || self.choices.chance(85))
            .cloned()
            .collect();
        let names: Vec<&str> = given.iter().map(|column| column.name.as_str()).collect();
        self.risky = self.choices.chance(30) && !self.pure;
        let values: Vec<String> = given
            .iter()
            .map(|column| match column.name.as_str() {
                "id" => "$id".to_owned(),
                _ => self.stored(column, 2),
            })
            .collect();
        self.risky = false;
        let conflict = match self.choices.below(5) {
            0 => " ON CONFLICT (id) DO NOTHING".to_owned(),
            1 => match given.iter().find(|column| column.name != "id" && !column.refers) {
                Some(column) => format!(" ON CONFLICT (id) DO UPDATE SET {0} = excluded.{0}", column.name),
                None => String::new(),
            },
            _ => String::new(),
        };
        format!("INSERT INTO {} ({}) VALUES ({}){conflict}", table.name, names.join(", "), values.join(", "))
    }

    /// UPDATE of one row, which may raise, or of several.
    fn update(&mut self, table: &Table) -> String {
        let columns: Vec<Column> = table.columns[1..].to_vec();
        let column = self.choices.pick(&columns).clone();
        let one = self.choices.chance(60);
        self.within(Self::columns_of(table), |writer| {
            writer.risky = one && writer.choices.chance(40) && !writer.pure;
            let value = writer.stored(&column, 2);
            writer.risky = false;
            let filter = if one { "id = $id".to_owned() } else { writer.condition(1) };
            format!("UPDATE {} SET {} = {value} WHERE {filter}", table.name, column.name)
        })
    }

    fn delete(&mut self, table: &Table) -> String {
        self.within(Self::columns_of(table), |writer| {
            let filter = match writer.choices.chance(50) {
                true => "id = $id".to_owned(),
                false => writer.condition(1),
            };
            format!("DELETE FROM {} WHERE id > 1 AND {filter}", table.name)
        })
    }
}
