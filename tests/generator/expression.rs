//! Expressions of a wanted type.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, divisor, literal, scalars};

impl Writer<'_> {
    /// An expression of type `ty`, nested at most `depth` deep.
    pub fn expression(&mut self, ty: &Type, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        match self.choices.below(16) {
            0 | 1 => self.leaf(ty),
            2..=4 => self.safely(|writer| writer.alternatives(ty, depth)),
            5..=7 => self.function(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            8 => self.cast(ty, depth),
            9 => self.query_value(ty, depth),
            10 if !matches!(ty, Type::Array(_)) => {
                let array = self.expression(&Type::array(ty.clone()), depth);
                let index = match self.risky && self.choices.chance(30) {
                    true => self.leaf(&Type::Int),
                    false => self.choices.between(0, 3).to_string(),
                };
                format!("({array})[{index}]")
            }
            _ => self.operation(ty, depth),
        }
    }

    fn operation(&mut self, ty: &Type, depth: usize) -> String {
        match ty {
            Type::Int => self.int(depth),
            Type::Text => self.text(depth),
            Type::Bool => self.condition(depth),
            Type::Blob => {
                format!("({} || {})", self.expression(&Type::Blob, depth), self.leaf(&Type::Blob))
            }
            Type::Decimal(_) | Type::Uint256 => self.number(ty, depth),
            Type::Array(element) => self.array(ty, element, depth),
            _ => self.leaf(ty),
        }
    }

    /// Something to read, or a literal.
    pub fn leaf(&mut self, ty: &Type) -> String {
        let readable = self.readable(ty);
        match readable.is_empty() || self.choices.chance(20) {
            true => literal(&mut self.choices, ty),
            false => self.choices.pick(&readable).clone(),
        }
    }

    /// CASE and its relatives: which parts are computed depends on values.
    fn alternatives(&mut self, ty: &Type, depth: usize) -> String {
        let (first, second) = (self.expression(ty, depth), self.expression(ty, depth));
        match self.choices.below(5) {
            0 => format!("CASE WHEN {} THEN {first} ELSE {second} END", self.condition(depth)),
            1 => {
                let (one, other) = (self.condition(depth), self.condition(depth));
                format!("CASE WHEN {one} THEN {first} WHEN {other} THEN {second} END")
            }
            2 => {
                let of = any_type(&mut self.choices);
                let (operand, case) = (self.expression(&of, depth), self.expression(&of, 0));
                format!("CASE {operand} WHEN {case} THEN {first} ELSE {second} END")
            }
            3 => {
                let of = any_type(&mut self.choices);
                let (operand, case, other) =
                    (self.expression(&of, depth), self.expression(&of, 0), self.expression(&of, 0));
                format!("CASE {operand} WHEN {case} THEN {first} WHEN {other} THEN {second} END")
            }
            _ => format!("coalesce({first}, {second})"),
        }
    }

    /// A cast that cannot fail, or where it may one that can.
    fn cast(&mut self, ty: &Type, depth: usize) -> String {
        let risky = self.risky && self.choices.chance(60);
        let from: Vec<Type> = scalars().into_iter().filter(|from| can_cast(from, ty, risky)).collect();
        match ty {
            Type::Array(element) => {
                let from: Vec<Type> =
                    scalars().into_iter().filter(|from| can_cast_all(from, element, risky)).collect();
                if from.is_empty() {
                    return self.leaf(ty);
                }
                let from = Type::array(self.choices.pick(&from).clone());
                format!("({})::{ty}", self.expression(&from, depth))
            }
            _ if from.is_empty() => self.leaf(ty),
            _ => {
                let from = self.choices.pick(&from).clone();
                let value = self.expression(&from, depth);
                let value = match (&from, ty) {
                    // A literal would be read by the compiler.
                    (Type::Text, _) if risky => format!("{value} || ''"),
                    _ if risky => value,
                    // What stands beside a literal says that it is an int.
                    (Type::Int, Type::Uint256) => format!("abs($id + {value})"),
                    (Type::Decimal(_), Type::Uint256) => format!("abs({value})"),
                    (Type::Int | Type::Uint256 | Type::Decimal(_), Type::Decimal(_)) => {
                        format!("({value} % 1000::{from})")
                    }
                    _ => value,
                };
                format!("({value})::{ty}")
            }
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let int = Type::Int;
        if self.risky && self.choices.chance(25) {
            return self.risky_int(depth);
        }
        match self.choices.below(6) {
            0 => format!("({} + {})", self.expression(&int, depth), self.expression(&int, depth)),
            1 => format!("({} - {})", self.expression(&int, depth), self.expression(&int, depth)),
            2 => format!("({} * {})", self.expression(&int, depth), self.choices.between(-3, 9)),
            3 => {
                let operator = self.choices.word(&["/", "%"]);
                format!("({} {operator} {})", self.expression(&int, depth), divisor(&mut self.choices, &int))
            }
            4 => format!("({} {})", self.choices.word(&["-", "+"]), self.expression(&int, depth)),
            _ => {
                let by = self.leaf(&int);
                format!("CASE WHEN {by} = 0 THEN 0 ELSE {} / {by} END", self.leaf(&int))
            }
        }
    }

    fn risky_int(&mut self, depth: usize) -> String {
        let int = Type::Int;
        match self.choices.below(4) {
            0 => format!("({} / {})", self.expression(&int, depth), self.expression(&int, depth)),
            1 => format!("({} % {})", self.expression(&int, depth), self.expression(&int, depth)),
            2 => {
                let large = ["9223372036854775807", "9223372036854775800", "(-9223372036854775808)"];
                format!("({} + {})", self.choices.word(&large), self.expression(&int, depth))
            }
            _ => format!("({} * 4611686018427387904)", self.expression(&int, depth)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.choices.below(4) {
            0 => {
                let all = ["@caller", "@txid", "@authenticator", "@foreign_caller", "@height::text"];
                self.choices.word(&all).to_owned()
            }
            1 => "(@block_timestamp + 1)::text || encode(@signer, 'hex')".to_owned(),
            _ => {
                format!(
                    "({} || {})",
                    self.expression(&Type::Text, depth),
                    self.expression(&Type::Text, depth)
                )
            }
        }
    }

    fn number(&mut self, ty: &Type, depth: usize) -> String {
        let first = self.expression(ty, depth);
        let is_decimal = matches!(ty, Type::Decimal(_));
        if self.risky && self.choices.chance(25) {
            return match self.choices.below(4) {
                0 => format!("({first} - {})", self.expression(ty, depth)),
                1 => format!("({first} / {})", self.expression(ty, depth)),
                2 if is_decimal => format!("({first} ^ (-1)::{ty})"),
                _ => format!("({first} % {})", self.expression(ty, depth)),
            };
        }
        match self.choices.below(7) {
            0 => format!("({first} + {})", self.expression(ty, depth)),
            1 if is_decimal => format!("({first} - {})", self.expression(ty, depth)),
            2 => format!("({first} * {})", divisor(&mut self.choices, ty)),
            3 => format!("({first} / {})", divisor(&mut self.choices, ty)),
            4 => format!("({first} % {})", divisor(&mut self.choices, ty)),
            // Small, for it is cubed.
            5 if is_decimal => {
                format!("((({first}) % 10::{ty}) ^ {}::{ty})", self.choices.between(0, 3))
            }
            6 if is_decimal => format!("({}{first})", self.choices.word(&["- ", "+ "])),
            _ => format!("({first} + {})", literal(&mut self.choices, ty)),
        }
    }

    fn array(&mut self, ty: &Type, element: &Type, depth: usize) -> String {
        match self.choices.below(5) {
            0 => {
                let first = self.expression(ty, depth);
                format!("({first})[{}:{}]", self.choices.between(0, 2), self.choices.between(0, 4))
            }
            1 => {
                let first = self.expression(ty, depth);
                let place = self.choices.between(0, 2);
                let bounds = [format!("{place}:"), format!(":{place}"), ":".to_owned()];
                format!("({first})[{}]", self.choices.pick(&bounds))
            }
            _ => format!("ARRAY[{}, {}]", self.expression(element, depth), self.expression(element, depth)),
        }
    }
}

/// As [`can_cast`], between arrays.
fn can_cast_all(from: &Type, to: &Type, risky: bool) -> bool {
    let may_not_fit = matches!(to, Type::Uint256) || (from.is_numeric() && matches!(to, Type::Decimal(_)));
    let fits = risky || !may_not_fit;
    from == to || (can_cast(from, to, risky) && fits && (from, to) != (&Type::Int, &Type::Bool))
}

/// True if a cast exists, and unless it may be `risky` fits whatever its operand is.
fn can_cast(from: &Type, to: &Type, risky: bool) -> bool {
    match (from, to) {
        _ if from == to => true,
        (Type::Text, to) => risky && !matches!(to, Type::Blob | Type::Array(_)),
        (from, Type::Text) => *from != Type::Blob,
        (Type::Bool, Type::Int) | (Type::Int, Type::Bool) => true,
        (from, Type::Int) => from.is_numeric(),
        (from, to) => from.is_numeric() && to.is_numeric(),
    }
}
