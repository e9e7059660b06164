//! Windows.

use kuneiform::language::Type;
use kuneiform::language::functions::{self, Function, Kind};

use super::Writer;
use super::from::Relation;
use super::literal::{any_type, sortable};

impl Writer<'_> {
    /// Sometimes a function over a window, and the WINDOW clause if the window has a name.
    pub fn windowed(&mut self, from: &Relation) -> (Vec<(String, Type)>, String) {
        if !self.choices.chance(25) {
            return (Vec::new(), String::new());
        }
        let (call, ty, takes_rows) = self.over();
        if self.sorted && !super::literal::is_sortable(&ty) {
            return (Vec::new(), String::new());
        }
        let window = self.window(from, takes_rows);
        match self.choices.chance(20) {
            true => (vec![(format!("{call} OVER named"), ty)], format!(" WINDOW named AS ({window})")),
            false => (vec![(format!("{call} OVER ({window})"), ty)], String::new()),
        }
    }

    /// A call that stands over a window, what it gives, and if it takes that from certain rows of the frame.
    fn over(&mut self) -> (String, Type, bool) {
        if self.choices.chance(40) {
            let (call, ty) = self.aggregate(true);
            let takes_rows = call.starts_with("array_agg") || call.starts_with("string_agg");
            return (call, ty, takes_rows);
        }
        let all: Vec<&Function> =
            functions::all().filter(|function| matches!(function.kind, Kind::Window { .. })).collect();
        let function = *self.choices.pick(&all);
        let (types, ty) = self.settled(function);
        let arguments = self.arguments(function, types, 1).join(", ");
        (format!("{}({arguments})", function.name), ty, function.name.ends_with("_value"))
    }

    /// `PARTITION BY .. ORDER BY .. frame`
    fn window(&mut self, from: &Relation, takes_rows: bool) -> String {
        let mut window = String::new();
        let ty = any_type(&mut self.choices);
        if let Some(by) = self.column_in_scope(&ty)
            && self.choices.chance(50)
        {
            window.push_str(&format!("PARTITION BY {by} "));
        }
        let by_rows = self.choices.chance(40);
        let mut order: Vec<String> = Vec::new();
        let direction = self.choices.word(&["", " DESC", " NULLS FIRST", " DESC NULLS FIRST"]);
        let ty = sortable(&mut self.choices);
        match self.choices.below(4) {
            0 => {}
            1 if !takes_rows || by_rows => {
                order.extend(self.column_in_scope(&ty).map(|by| format!("{by}{direction}")));
            }
            _ if takes_rows && !by_rows && !from.keyed => {}
            _ => {
                order.extend(self.column_in_scope(&ty).map(|by| format!("{by}{direction}")));
                order.extend(
                    from.key.iter().filter(|key| !order_has(&order, key)).cloned().collect::<Vec<_>>(),
                );
            }
        }
        if !order.is_empty() {
            window.push_str(&format!("ORDER BY {} ", order.join(", ")));
        }
        if !by_rows && self.choices.chance(50) {
            return window;
        }
        let unit = match () {
            () if by_rows => "ROWS",
            () if !order.is_empty() && self.choices.chance(60) => "GROUPS",
            () => "RANGE",
        };
        let offsets = unit != "RANGE";
        // A single bound would end at the current row.
        let ((start, rank), (end, _)) = (self.bound(offsets, 0), self.bound(offsets, 2));
        let end =
            if rank == 2 && end.ends_with("PRECEDING") { "UNBOUNDED FOLLOWING".to_owned() } else { end };
        let end = if rank == 3 { "UNBOUNDED FOLLOWING".to_owned() } else { end };
        match rank < 2 && self.choices.chance(15) {
            true => format!("{window}{unit} {start}"),
            false => format!("{window}{unit} BETWEEN {start} AND {end}"),
        }
    }

    /// A bound of a frame, and where it stands: 0 at the start, 1 before, 2 at, 3 after the current row.
    fn bound(&mut self, offsets: bool, least: usize) -> (String, usize) {
        let rank = (least + self.choices.below(3)).min(4);
        let count = self.choices.between(0, 2);
        match rank {
            0 => ("UNBOUNDED PRECEDING".to_owned(), 0),
            1 if offsets => (format!("{count} PRECEDING"), 1),
            3 if offsets => (format!("{count} FOLLOWING"), 3),
            4 => ("UNBOUNDED FOLLOWING".to_owned(), 4),
            _ => ("CURRENT ROW".to_owned(), 2),
        }
    }
}

fn order_has(order: &[String], key: &str) -> bool {
    order.iter().any(|known| known.split(' ').next() == Some(key))
}
