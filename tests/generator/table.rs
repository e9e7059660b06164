//! Tables.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, plain};

/// A table whose first column is `id int`, which is its key or begins it.
#[derive(Clone)]
pub struct Table {
    pub name: String,
    /// `id` first.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
    /// The columns of its other keys.
    pub uniques: Vec<Vec<String>>,
    /// The columns that refer to another table, its name and its columns.
    pub reference: Option<(Vec<String>, String, Vec<String>)>,
}

#[derive(Clone)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    pub required: bool,
    /// Part of a foreign key.
    pub refers: bool,
}

impl Table {
    /// A column that is there.
    pub fn column(&self, name: &str) -> &Column {
        self.columns.iter().find(|column| column.name == name).expect("a column")
    }

    /// Neither key nor reference.
    pub fn is_free(&self, column: &Column) -> bool {
        !column.refers && !self.key.contains(&column.name)
    }
}

const ACTIONS: &[&str] = &["no_action", "restrict", "cascade", "set_null", "set_default"];

impl Writer<'_> {
    /// A table of its own, as it is declared.
    pub fn table(&mut self) -> String {
        let name = self.fresh("t");
        let mut table = Table {
            name: name.clone(),
            columns: vec![Column { name: "id".into(), ty: Type::Int, required: true, refers: false }],
            key: vec!["id".to_owned()],
            uniques: Vec::new(),
            reference: None,
        };
        let mut entries = Vec::new();
        for _ in 0..2 + self.choices.below(4) {
            let (column, entry) = self.column(&mut table.uniques);
            table.columns.push(column);
            entries.push(entry);
        }
        if self.choices.chance(25) {
            self.second_key(&mut table, &mut entries);
        } else {
            entries.insert(0, "id int primary".to_owned());
        }
        if self.choices.chance(45) {
            self.reference(&mut table, &mut entries);
        }
        self.indexes(&mut table, &mut entries);
        self.tables.push(table);
        format!("table {name} {{\n    {}\n}}\n\n", entries.join(",\n    "))
    }

    /// `id` and another column make the key together.
    fn second_key(&mut self, table: &mut Table, entries: &mut Vec<String>) {
        let (name, ty) = (self.fresh("k"), self.choices.pick(&[Type::Int, Type::Text, Type::Uuid]).clone());
        entries.insert(0, format!("{name} {ty}"));
        entries.insert(0, "id int".to_owned());
        entries.push(format!("#key primary(id, {name})"));
        table.columns.insert(1, Column { name: name.clone(), ty, required: true, refers: false });
        table.key.push(name);
    }

    fn reference(&mut self, table: &mut Table, entries: &mut Vec<String>) {
        let mut parents = self.tables.clone();
        if table.key.len() == 1 {
            parents.push(table.clone());
        }
        if parents.is_empty() {
            return;
        }
        let parent = self.choices.pick(&parents).clone();
        let actions =
            format!("on_delete {} on_update {}", self.choices.word(ACTIONS), self.choices.word(ACTIONS));
        let mut own = Vec::new();
        for name in &parent.key {
            let (column, ty) = (self.fresh("r"), parent.column(name).ty.clone());
            let default = if ty == Type::Int { " default 1" } else { "" };
            entries.insert(1, format!("{column} {ty}{default}"));
            table.columns.push(Column { name: column.clone(), ty, required: false, refers: true });
            own.push(column);
        }
        let (columns, keys) = (own.join(", "), parent.key.join(", "));
        let (name, word) = (&parent.name, self.choices.word(&["references", "ref"]));
        entries.push(format!("foreign_key({columns}) {word} {name}({keys}) {actions}"));
        table.reference = Some((own, parent.name.clone(), parent.key.clone()));
    }

    fn indexes(&mut self, table: &mut Table, entries: &mut Vec<String>) {
        let free: Vec<String> = table
            .columns
            .iter()
            .filter(|column| table.is_free(column) && !matches!(column.ty, Type::Array(_)))
            .map(|column| column.name.clone())
            .collect();
        if free.len() > 1 && self.choices.chance(15) {
            let columns = free[..2].to_vec();
            entries.push(format!("#both unique({})", columns.join(", ")));
            table.uniques.push(columns);
        }
        if let Some(column) = free.first()
            && self.choices.chance(15)
        {
            entries.push(format!("#look index({column})"));
        }
    }

    fn column(&mut self, uniques: &mut Vec<Vec<String>>) -> (Column, String) {
        let (name, ty) = (self.fresh("c"), any_type(&mut self.choices));
        let required = self.choices.chance(20);
        let mut entry = format!("{name} {ty}");
        if required {
            entry.push_str(" not_null");
        }
        match ty {
            Type::Array(_) => {}
            Type::Int | Type::Decimal(_) if self.choices.chance(20) => entry.push_str(" min(-100)"),
            Type::Int | Type::Decimal(_) | Type::Uint256 if self.choices.chance(20) => {
                entry.push_str(" max(700)");
            }
            Type::Text | Type::Blob if self.choices.chance(15) => entry.push_str(" maxlen(12)"),
            Type::Text | Type::Blob if self.choices.chance(10) => entry.push_str(" minlen(1)"),
            _ => {}
        }
        if !matches!(ty, Type::Array(_) | Type::Bool) && self.choices.chance(10) {
            entry.push_str(" unique");
            uniques.push(vec![name.clone()]);
        }
        if !matches!(ty, Type::Array(_)) && self.choices.chance(25) {
            // Within all bounds.
            let value = if ty == Type::Text { "'a'".to_owned() } else { plain(&mut self.choices, &ty) };
            entry.push_str(&format!(" default {value}"));
        }
        (Column { name, ty, required, refers: false }, entry)
    }
}
