//! Loops.

use kuneiform::language::Type;

use super::action::Shape;
use super::literal::scalars;
use super::{Readable, Writer};

impl Writer<'_> {
    pub fn looped(&mut self, writes: bool, depth: usize, indent: &str) -> String {
        let inner = format!("{indent}    ");
        let (head, readable) = self.head(writes);
        self.loops += 1;
        self.passes *= 4;
        let body = self.within(readable, |writer| writer.block(writes, depth, &inner));
        self.loops -= 1;
        self.passes /= 4;
        format!("for {head} {{\n{body}{indent}}}")
    }

    /// `$i in 1..3`, and what the body can read.
    fn head(&mut self, writes: bool) -> (String, Vec<Readable>) {
        let name = format!("${}", self.fresh("i"));
        match self.choices.below(6) {
            0 => {
                let low = self.choices.between(-2, 3);
                let high = format!("({} % 5)", self.expression(&Type::Int, 1));
                (format!("{name} in {low}..{high}"), vec![(name, Type::Int)])
            }
            1 | 2 => self.over_array(name),
            3 => match self.callee(writes, &[Shape::Rows, Shape::Stream, Shape::Written]) {
                Some(action) => {
                    let columns = &action.columns;
                    let readable =
                        columns.iter().map(|(of, ty)| (format!("{name}.{of}"), ty.clone())).collect();
                    (format!("{name} in {}({})", action.name, self.call_arguments(&action)), readable)
                }
                None => self.over_query(&name),
            },
            _ => self.over_query(&name),
        }
    }

    fn over_array(&mut self, name: String) -> (String, Vec<Readable>) {
        let element = self.choices.pick(&scalars()).clone();
        let array = Type::array(element.clone());
        let text = match self.choices.below(3) {
            0 => format!("[{}, {}]", self.expression(&element, 1), self.expression(&element, 0)),
            _ => format!("array ({})[1:4]", self.expression(&array, 2)),
        };
        (format!("{name} in {text}"), vec![(name, element)])
    }

    fn over_query(&mut self, name: &str) -> (String, Vec<Readable>) {
        let query = self.safely(|writer| writer.select_safely());
        let readable = query.columns.iter().map(|(of, ty)| (format!("{name}.{of}"), ty.clone())).collect();
        (format!("{name} in {}", query.text), readable)
    }

    /// A query that raises nothing.
    fn select_safely(&mut self) -> super::query::Query {
        let before = self.ctes.len();
        let with = self.with_clause();
        let query = match self.choices.below(4) {
            0 => self.grouped(),
            1 => self.united(),
            _ => self.rows(),
        };
        self.ctes.truncate(before);
        super::query::Query { text: format!("{with}{}", query.text), ..query }
    }
}
