//! Booleans.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, scalars, sortable};

impl Writer<'_> {
    /// A boolean.
    pub fn condition(&mut self, depth: usize) -> String {
        self.safely(|writer| writer.safe_condition(depth))
    }

    fn safe_condition(&mut self, depth: usize) -> String {
        let inner = depth.saturating_sub(1);
        let not = if self.choices.chance(25) { "NOT " } else { "" };
        match self.choices.below(16) {
            0 => self.leaf(&Type::Bool),
            1 if depth > 0 => format!("({} AND {})", self.condition(inner), self.condition(inner)),
            2 if depth > 0 => format!("({} OR {})", self.condition(inner), self.condition(inner)),
            3 if depth > 0 => format!("(NOT ({}))", self.condition(inner)),
            4 => {
                let ty = any_type(&mut self.choices);
                format!("({} IS {not}NULL)", self.expression(&ty, inner))
            }
            5 => {
                let ty = any_type(&mut self.choices);
                let (left, right) = (self.expression(&ty, inner), self.expression(&ty, inner));
                format!("({left} IS {not}DISTINCT FROM {right})")
            }
            6 => {
                let ty = sortable(&mut self.choices);
                let (low, high) = (self.leaf(&ty), self.leaf(&ty));
                format!("({} {not}BETWEEN {low} AND {high})", self.expression(&ty, inner))
            }
            7 | 8 => self.like(not, inner),
            9 => {
                let ty = self.choices.pick(&scalars()).clone();
                let (one, other) = (self.leaf(&ty), self.leaf(&ty));
                format!("({} {not}IN ({one}, {other}))", self.expression(&ty, inner))
            }
            10 => self.quantified(inner),
            11 => {
                let truth = self.choices.word(&["TRUE", "FALSE"]);
                format!("(({}) IS {not}{truth})", self.condition(inner))
            }
            12 if depth > 0 => self.query_condition(inner),
            13 => {
                let ty = any_type(&mut self.choices);
                let operator = self.choices.word(&["=", "<>"]);
                format!("({} {operator} {})", self.expression(&ty, inner), self.expression(&ty, inner))
            }
            _ => {
                let ty = sortable(&mut self.choices);
                let operator = self.choices.word(&["=", "<", "<=", ">", ">=", "!="]);
                format!("({} {operator} {})", self.expression(&ty, inner), self.expression(&ty, inner))
            }
        }
    }

    fn like(&mut self, not: &str, depth: usize) -> String {
        let patterns = ["'a%'", "'%b'", "'_'", "'%'", "'_b%'", "'zz!%_' ESCAPE '!'", "'a\\\\b'", "'%\\%%'"];
        let pattern = self.choices.word(&patterns);
        format!("({} {not}LIKE {pattern})", self.expression(&Type::Text, depth))
    }

    /// `x = ANY(array)`
    fn quantified(&mut self, depth: usize) -> String {
        let ty = sortable(&mut self.choices);
        let operator = self.choices.word(&["=", "<>", "<", ">="]);
        let word = self.choices.word(&["ANY", "ALL"]);
        let array = self.expression(&Type::array(ty.clone()), depth);
        format!("({} {operator} {word}({array}))", self.expression(&ty, depth))
    }
}
