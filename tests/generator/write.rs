//! INSERT, UPDATE and DELETE.

use kuneiform::language::Type;

use super::table::{Column, Table};
use super::{Readable, Writer};

impl Writer<'_> {
    /// What a column is given: small numbers, so that they stay small when they are written again and again.
    fn stored(&mut self, table: &Table, column: &Column, depth: usize) -> String {
        let value = match &column.ty {
            _ if column.refers => return self.referred(table, column),
            Type::Int => format!("({} % 900)", self.expression(&Type::Int, depth)),
            Type::Uint256 => format!("({} % 900::uint256)", self.expression(&Type::Uint256, depth)),
            Type::Decimal(_) => format!("({} % 900::{})", self.expression(&column.ty, depth), column.ty),
            Type::Text => format!("substring({}, 1, 14)", self.expression(&Type::Text, depth)),
            Type::Array(_) => format!("({})[1:6]", self.expression(&column.ty, depth)),
            Type::Blob => self.leaf(&Type::Blob),
            ty => self.expression(ty, depth),
        };
        // The compiler refuses a null where it can see one.
        match column.required && (value.contains("null::") || self.choices.chance(60)) {
            true => format!("coalesce({value}, {})", self.present(&column.ty)),
            false => value,
        }
    }

    /// A row that is there, or may be missing.
    fn referred(&mut self, table: &Table, column: &Column) -> String {
        let Some((own, parent, keys)) = &table.reference else { return "null".to_owned() };
        let place = own.iter().position(|name| *name == column.name).unwrap_or(0);
        let id = self.choices.between(0, 6);
        match own.len() == 1 && self.choices.chance(40) {
            true => id.to_string(),
            false => {
                let order = keys.join(", p.");
                format!(
                    "(SELECT p.{} FROM {parent} AS p WHERE p.id = $id ORDER BY p.{order} LIMIT 1)",
                    keys[place]
                )
            }
        }
    }

    fn columns_of(table: &Table, name: &str) -> Vec<Readable> {
        table.columns.iter().map(|column| (format!("{name}.{}", column.name), column.ty.clone())).collect()
    }

    /// A write, which stands in an action with a parameter `$id int`.
    pub fn write(&mut self) -> String {
        let table = self.choices.pick(&self.tables).clone();
        let returned = self.choices.chance(15);
        let (text, name) = self.any_write(&table);
        match returned {
            true => format!("{text} RETURNING {name}.id"),
            false => text,
        }
    }

    /// A write with RETURNING, and what that gives.
    pub fn returning_write(&mut self) -> (String, Vec<(String, Type)>) {
        let table = self.choices.pick(&self.tables).clone();
        let (text, name) = self.any_write(&table);
        let items =
            self.within(Self::columns_of(&table, &name), |writer| writer.safely(|it| it.items(3, 1, &[])));
        (format!("{text} RETURNING {}", items.text), items.columns)
    }

    /// A write, and by what name its table goes in it.
    fn any_write(&mut self, table: &Table) -> (String, String) {
        let before = self.ctes.len();
        let with = self.with_clause();
        let (text, name) = match self.choices.below(8) {
            0..=2 => self.insert(table),
            3..=5 => self.update(table),
            6 => self.rekey(table),
            _ => self.delete(table),
        };
        self.ctes.truncate(before);
        (format!("{with}{text}"), name)
    }

    /// INSERT of the row `$id`, of two rows, or of those of a query.
    fn insert(&mut self, table: &Table) -> (String, String) {
        let given: Vec<Column> = table
            .columns
            .iter()
            .filter(|column| column.required || column.refers || self.choices.chance(85))
            .cloned()
            .collect();
        let names: Vec<&str> = given.iter().map(|column| column.name.as_str()).collect();
        let source = match self.choices.below(4) {
            0 => self.inserted_query(table, &given),
            count => {
                let rows: Vec<String> =
                    (0..1 + count / 3).map(|number| self.inserted_row(table, &given, number)).collect();
                format!("VALUES {}", rows.join(", "))
            }
        };
        let (alias, name) = match self.choices.chance(30) {
            true => {
                let alias = self.fresh("x");
                (format!(" AS {alias}"), alias)
            }
            false => (String::new(), table.name.clone()),
        };
        let conflict = self.conflict(table, &given, &name);
        (format!("INSERT INTO {}{alias} ({}) {source}{conflict}", table.name, names.join(", ")), name)
    }

    fn inserted_row(&mut self, table: &Table, given: &[Column], number: usize) -> String {
        let is_risky = self.choices.chance(30) && !self.pure;
        self.raised |= is_risky;
        let before = std::mem::replace(&mut self.risky, is_risky);
        let values: Vec<String> = given
            .iter()
            .map(|column| match column.name.as_str() {
                "id" if number == 0 => "$id".to_owned(),
                "id" => format!("($id + {number})"),
                name if table.key.iter().any(|key| key == name) => self.present(&column.ty),
                _ => self.stored(table, column, 2),
            })
            .collect();
        self.risky = before;
        format!("({})", values.join(", "))
    }

    /// `SELECT x.id + 5, .. FROM ..`
    fn inserted_query(&mut self, table: &Table, given: &[Column]) -> String {
        let from = self.joined();
        let shift = self.choices.between(3, 9);
        let limit = self.choices.between(1, 4);
        self.within(from.columns.clone(), |writer| {
            let number = writer.column_in_scope(&Type::Int).unwrap_or_else(|| "$id".to_owned());
            let values: Vec<String> = given
                .iter()
                .map(|column| match column.name.as_str() {
                    "id" => format!("(coalesce({number}, 0) + {shift})"),
                    name if table.key.iter().any(|key| key == name) => writer.present(&column.ty),
                    _ => writer.safely(|writer| writer.stored(table, column, 1)),
                })
                .collect();
            let order = from.key.join(", ");
            let (list, filter) = (values.join(", "), writer.filter(1));
            format!("SELECT {list} FROM {}{filter} ORDER BY {order} LIMIT {limit}", from.text)
        })
    }

    fn conflict(&mut self, table: &Table, given: &[Column], name: &str) -> String {
        let keys: Vec<Vec<String>> =
            table.uniques.iter().chain([&table.key]).filter(|key| !key.is_empty()).cloned().collect();
        match self.choices.below(6) {
            2 => " ON CONFLICT DO NOTHING".to_owned(),
            3 => format!(" ON CONFLICT ({}) DO NOTHING", self.choices.pick(&keys).join(", ")),
            4 | 5 => {
                let key = self.choices.pick(&keys).join(", ");
                let free: Vec<Column> =
                    table.columns.iter().filter(|column| table.is_free(column)).cloned().collect();
                if free.is_empty() {
                    return String::new();
                }
                let column = self.choices.pick(&free).clone();
                let mut scope = Self::columns_of(table, name);
                scope.extend(Self::columns_of(table, "excluded"));
                let is_given = given.iter().any(|it| it.name == column.name);
                self.within(scope, |writer| {
                    let value = match is_given && writer.choices.chance(50) {
                        true => format!("excluded.{}", column.name),
                        false => writer.safely(|writer| writer.stored(table, &column, 1)),
                    };
                    let filter = match writer.choices.chance(30) {
                        true => format!(" WHERE {}", writer.condition(1)),
                        false => String::new(),
                    };
                    format!(" ON CONFLICT ({key}) DO UPDATE SET {} = {value}{filter}", column.name)
                })
            }
            _ => String::new(),
        }
    }

    /// UPDATE of one row, which may raise, or of several.
    fn update(&mut self, table: &Table) -> (String, String) {
        let free: Vec<Column> =
            table.columns.iter().filter(|column| table.is_free(column)).cloned().collect();
        let column = self.choices.pick(&free).clone();
        let one = table.key.len() == 1 && self.choices.chance(60);
        let (alias, name) = match self.choices.chance(40) {
            true => {
                let alias = self.fresh("x");
                (format!(" AS {alias}"), alias)
            }
            false => (String::new(), table.name.clone()),
        };
        let from = if self.choices.chance(35) { self.other_row(table, &name) } else { None };
        let mut scope = Self::columns_of(table, &name);
        let (mut source, mut joined) = (String::new(), String::new());
        if let Some((text, condition, columns)) = from {
            (source, joined) = (format!(" FROM {text}"), format!(" AND {condition}"));
            scope.extend(columns);
        }
        self.within(scope, |writer| {
            let is_risky = one && writer.choices.chance(40) && !writer.pure;
            writer.raised |= is_risky;
            let before = std::mem::replace(&mut writer.risky, is_risky);
            let mut set = format!("{} = {}", column.name, writer.stored(table, &column, 2));
            writer.risky = false;
            let other = free.iter().find(|other| other.name != column.name);
            if let Some(other) = other
                && writer.choices.chance(30)
            {
                set.push_str(&format!(", {} = {}", other.name, writer.stored(table, other, 1)));
            }
            let filter = if one { format!("{name}.id = $id") } else { writer.condition(1) };
            writer.risky = before;
            (format!("UPDATE {}{alias} SET {set}{source} WHERE {filter}{joined}", table.name), name)
        })
    }

    /// Another relation with one row for each row of `table`: its text, the condition, its columns.
    fn other_row(&mut self, table: &Table, name: &str) -> Option<(String, String, Vec<Readable>)> {
        let other = self.table_relation();
        if other.key.len() != 1 {
            return None;
        }
        let ints: Vec<&Column> = table.columns.iter().filter(|column| column.ty == Type::Int).collect();
        let by = &self.choices.pick(&ints).name;
        Some((other.text, format!("{} = {name}.{by}", other.key[0]), other.columns))
    }

    /// UPDATE of a key, which its references follow or hold.
    fn rekey(&mut self, table: &Table) -> (String, String) {
        if table.key.len() != 1 || !self.choices.chance(50) {
            return self.reattach(table);
        }
        let by = self.choices.between(1, 9);
        (format!("UPDATE {0} SET id = {0}.id + {by} WHERE {0}.id = $id", table.name), table.name.clone())
    }

    /// UPDATE of what refers to another table.
    fn reattach(&mut self, table: &Table) -> (String, String) {
        let Some((own, _, _)) = table.reference.clone() else { return self.delete(table) };
        let set: Vec<String> = own
            .iter()
            .map(|name| format!("{name} = {}", self.referred(table, &table.column(name).clone())))
            .collect();
        (format!("UPDATE {0} SET {1} WHERE {0}.id = $id", table.name, set.join(", ")), table.name.clone())
    }

    fn delete(&mut self, table: &Table) -> (String, String) {
        let name = table.name.clone();
        self.within(Self::columns_of(table, &name), |writer| {
            let filter = match writer.choices.chance(50) {
                true => format!("{name}.id = $id"),
                false => writer.condition(1),
            };
            (format!("DELETE FROM {name} WHERE {name}.id > 1 AND {filter}"), name)
        })
    }
}
