//! Expressions of a wanted type.

use kuneiform::language::Type;

use super::Writer;
use super::literal::{any_type, divisor, literal, sortable, types};

impl Writer<'_> {
    /// An expression of type `ty`, nested at most `depth` deep.
    pub fn expression(&mut self, ty: &Type, depth: usize) -> String {
        if depth == 0 || self.choices.chance(15) {
            return self.leaf(ty);
        }
        if self.choices.chance(25) {
            return self.safely(|writer| writer.alternatives(ty, depth - 1));
        }
        match ty {
            Type::Int => self.int(depth - 1),
            Type::Text => self.text(depth - 1),
            Type::Bool => self.condition(depth - 1),
            Type::Blob => self.blob(depth - 1),
            Type::Decimal(_) | Type::Uint256 => self.number(ty, depth - 1),
            Type::Array(element) => self.array(ty, element, depth - 1),
            _ => self.leaf(ty),
        }
    }

    /// Something to read, or a literal.
    pub fn leaf(&mut self, ty: &Type) -> String {
        let readable: Vec<String> =
            self.scope.iter().filter(|(_, of)| of == ty).map(|(text, _)| text.clone()).collect();
        match readable.is_empty() || self.choices.chance(20) {
            true => literal(self.choices, ty),
            false => self.choices.pick(&readable).clone(),
        }
    }

    /// Something to read: an action has a parameter `$id int` at least.
    fn given(&mut self, ty: &Type) -> String {
        let readable: Vec<String> =
            self.scope.iter().filter(|(_, of)| of == ty).map(|(text, _)| text.clone()).collect();
        self.choices.pick(&readable).clone()
    }

    /// CASE and its relatives: which parts are computed depends on values.
    fn alternatives(&mut self, ty: &Type, depth: usize) -> String {
        let (first, second) = (self.expression(ty, depth), self.expression(ty, depth));
        match self.choices.below(7) {
            0 | 1 => format!("CASE WHEN {} THEN {first} ELSE {second} END", self.condition(depth)),
            2 => format!(
                "CASE WHEN {} THEN {first} WHEN {} THEN {second} END",
                self.condition(depth),
                self.condition(depth)
            ),
            3 => {
                let of = any_type(self.choices);
                let (operand, case) = (self.expression(&of, depth), literal(self.choices, &of));
                format!("CASE {operand} WHEN {case} THEN {first} ELSE {second} END")
            }
            4 => format!("nullif({first}, {second})"),
            5 if matches!(ty, Type::Int | Type::Text | Type::Decimal(_) | Type::Uint256) => {
                format!("{}({first}, {second})", self.choices.pick(&["greatest", "least"]))
            }
            _ => format!("coalesce({first}, {second})"),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        match self.choices.below(15) {
            0 | 1 => {
                format!("({} + {})", self.expression(&Type::Int, depth), self.expression(&Type::Int, depth))
            }
            2 => format!("({} - {})", self.expression(&Type::Int, depth), self.expression(&Type::Int, depth)),
            3 => format!("({} * {})", self.expression(&Type::Int, depth), self.choices.between(-3, 9)),
            4 => format!(
                "({} {} {})",
                self.expression(&Type::Int, depth),
                self.choices.pick(&["/", "%"]),
                divisor(self.choices, &Type::Int)
            ),
            5 => format!("(- {})", self.expression(&Type::Int, depth)),
            6 => format!("abs({})", self.expression(&Type::Int, depth)),
            7 => format!(
                "{}({})",
                self.choices.pick(&["length", "octet_length", "bit_length"]).to_owned(),
                self.expression(&Type::Text, depth)
            ),
            8 => format!(
                "position({}, {})",
                self.expression(&Type::Text, depth),
                self.expression(&Type::Text, depth)
            ),
            9 => format!("array_length({})", self.expression(&Type::array(Type::Int), depth)),
            10 => format!(
                "({})[{}]",
                self.expression(&Type::array(Type::Int), depth),
                self.expression(&Type::Int, depth.min(1))
            ),
            11 => format!("({})::int", self.expression(&Type::Bool, depth)),
            12 => self.query_value(&Type::Int, depth),
            _ if self.risky => self.risky_int(depth),
            13 => format!("({})::int", self.expression(&Type::decimal(8, 2), depth)),
            _ => {
                let by = self.leaf(&Type::Int);
                format!("CASE WHEN {by} = 0 THEN 0 ELSE {} / {by} END", self.expression(&Type::Int, depth))
            }
        }
    }

    fn risky_int(&mut self, depth: usize) -> String {
        let int = Type::Int;
        match self.choices.below(5) {
            0 => format!("({} / {})", self.expression(&int, depth), self.expression(&int, depth)),
            1 => format!("({} % {})", self.expression(&int, depth), self.expression(&int, depth)),
            2 => format!(
                "({} + {})",
                self.choices
                    .pick(&["9223372036854775807", "9223372036854775800", "(-9223372036854775808)"])
                    .to_owned(),
                self.expression(&int, depth)
            ),
            3 => format!("({} || '')::int", self.expression(&Type::Text, depth)),
            _ => format!("({} * 4611686018427387904)", self.expression(&int, depth)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let text = self.expression(&Type::Text, depth);
        match self.choices.below(14) {
            0 | 1 => format!("({text} || {})", self.expression(&Type::Text, depth)),
            2 => format!("{}({text})", self.choices.pick(&["upper", "lower", "trim", "ltrim", "rtrim"])),
            3 => format!(
                "{}({text}, {})",
                self.choices.pick(&["trim", "ltrim", "rtrim"]).to_owned(),
                self.expression(&Type::Text, depth.min(1))
            ),
            4 => format!("substring({text}, {})", self.choices.between(-1, 4)),
            5 => {
                format!("substring({text}, {}, {})", self.choices.between(-1, 4), self.choices.between(0, 3))
            }
            6 => format!(
                "{}({text}, {}, {})",
                self.choices.pick(&["lpad", "rpad"]).to_owned(),
                self.choices.between(-1, 8),
                self.expression(&Type::Text, depth.min(1))
            ),
            7 => format!(
                "overlay({text}, {}, {})",
                self.expression(&Type::Text, depth.min(1)),
                self.choices.between(1, 4)
            ),
            8 => format!(
                "({})[{}]",
                self.expression(&Type::array(Type::Text), depth),
                self.choices.between(0, 3)
            ),
            9 => format!("encode({}, 'hex')", self.expression(&Type::Blob, depth)),
            10 => self.choices.pick(&["@caller", "@txid", "@authenticator", "@height::text"]).to_string(),
            11 => self.query_value(&Type::Text, depth),
            _ => {
                let from = self.choices.pick(&types()).clone();
                match from {
                    Type::Blob | Type::Array(_) => text,
                    from => format!("({})::text", self.expression(&from, depth)),
                }
            }
        }
    }

    fn blob(&mut self, depth: usize) -> String {
        match self.choices.below(3) {
            0 => format!("decode(encode({}, 'hex'), 'hex')", self.expression(&Type::Blob, depth)),
            _ => format!(
                "({} || {})",
                self.expression(&Type::Blob, depth),
                self.expression(&Type::Blob, depth)
            ),
        }
    }

    fn number(&mut self, ty: &Type, depth: usize) -> String {
        let first = self.expression(ty, depth);
        match self.choices.below(8) {
            0 => format!("({first} + {})", self.expression(ty, depth)),
            1 if *ty != Type::Uint256 => format!("({first} - {})", self.expression(ty, depth)),
            2 => format!("({first} * {})", divisor(self.choices, ty)),
            3 => format!("({first} / {})", divisor(self.choices, ty)),
            4 => format!("({first} % {})", divisor(self.choices, ty)),
            5 => format!("abs({first})"),
            6 if *ty != Type::Uint256 => format!("({} % 100)::{ty}", self.leaf(&Type::Int)),
            _ if self.risky => match self.choices.below(4) {
                0 => format!("({first} - {})", self.expression(ty, depth)),
                1 => format!("({first} / {})", self.expression(ty, depth)),
                2 => format!("({})::{ty}", self.given(&Type::Int)),
                _ => format!("({first} % {})", self.expression(ty, depth)),
            },
            _ => format!("({first} + {})", literal(self.choices, ty)),
        }
    }

    fn array(&mut self, ty: &Type, element: &Type, depth: usize) -> String {
        let first = self.expression(ty, depth);
        match self.choices.below(6) {
            0 => format!("array_append({first}, {})", self.expression(element, depth)),
            1 => format!("array_prepend({}, {first})", self.expression(element, depth)),
            2 => format!("array_cat({first}, {})", self.expression(ty, depth)),
            3 => format!("array_remove({first}, {})", self.expression(element, depth)),
            4 => format!("({first})[{}:{}]", self.choices.between(0, 2), self.choices.between(0, 4)),
            _ => format!("ARRAY[{}, {}]", self.expression(element, depth), self.expression(element, depth)),
        }
    }

    /// A boolean.
    pub fn condition(&mut self, depth: usize) -> String {
        self.safely(|writer| writer.safe_condition(depth))
    }

    fn safe_condition(&mut self, depth: usize) -> String {
        let inner = depth.saturating_sub(1);
        let not = if self.choices.chance(25) { "NOT " } else { "" };
        let sorted = sortable(self.choices);
        match self.choices.below(14) {
            0 => self.leaf(&Type::Bool),
            1 if depth > 0 => format!("({} AND {})", self.condition(inner), self.condition(inner)),
            2 if depth > 0 => format!("({} OR {})", self.condition(inner), self.condition(inner)),
            3 if depth > 0 => format!("(NOT ({}))", self.condition(inner)),
            4 => {
                let ty = any_type(self.choices);
                format!("({} IS {not}NULL)", self.expression(&ty, inner))
            }
            5 => {
                let ty = any_type(self.choices);
                format!(
                    "({} IS {not}DISTINCT FROM {})",
                    self.expression(&ty, inner),
                    self.expression(&ty, inner)
                )
            }
            6 => format!(
                "({} {not}BETWEEN {} AND {})",
                self.expression(&sorted, inner),
                self.leaf(&sorted),
                self.leaf(&sorted)
            ),
            7 => format!(
                "({} {not}LIKE {})",
                self.expression(&Type::Text, inner),
                self.choices.pick(&["'a%'", "'%b'", "'_'", "'%'", "'_b%'"])
            ),
            8 => format!(
                "({} {not}IN ({}, {}))",
                self.expression(&sorted, inner),
                self.leaf(&sorted),
                self.leaf(&sorted)
            ),
            9 => format!(
                "({} {} {}({}))",
                self.expression(&Type::Int, inner),
                self.choices.pick(&["=", "<>", "<"]).to_owned(),
                self.choices.pick(&["ANY", "ALL"]).to_owned(),
                self.expression(&Type::array(Type::Int), inner)
            ),
            10 => format!("(({}) IS {not}{})", self.condition(inner), self.choices.pick(&["TRUE", "FALSE"])),
            11 if depth > 0 => self.query_condition(inner),
            12 => {
                let ty = any_type(self.choices);
                format!(
                    "({} {} {})",
                    self.expression(&ty, inner),
                    self.choices.pick(&["=", "<>"]).to_owned(),
                    self.expression(&ty, inner)
                )
            }
            _ => {
                let operator = self.choices.pick(&["=", "<", "<=", ">", ">=", "!="]).to_owned();
                format!(
                    "({} {operator} {})",
                    self.expression(&sorted, inner),
                    self.expression(&sorted, inner)
                )
            }
        }
    }
}
