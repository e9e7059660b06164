//! Calls of every function of the table, by what it takes and gives: a new one is generated without a change here.

use kuneiform::language::Type;
use kuneiform::language::functions::{self, Accepts, Function, Gives, Kind};

use super::Writer;
use super::literal::{any_type, orderable, present, scalars};

/// Patterns of `format` and how many values they take.
const PATTERNS: &[(&str, usize)] =
    &[("%s", 1), ("no value", 0), ("%s and %L", 2), ("%2$s-%1$s", 2), ("%5s|%-4s|", 2), ("100%%%L", 1)];

/// Patterns of times that lose nothing.
const TIMES: &[&str] = &["YYYY-MM-DD HH24:MI:SS.US", "YYYY-MM-DD HH24:MI:SS"];

/// The types of the arguments of a call, as far as they are decided.
pub type Decided = Vec<Option<Type>>;

impl Writer<'_> {
    /// A call that gives a `ty`, if any function does.
    pub fn function(&mut self, ty: &Type, depth: usize) -> Option<String> {
        let all: Vec<&Function> = functions::all()
            .filter(|function| function.kind == Kind::Scalar && decide(function, ty).is_some())
            .collect();
        if all.is_empty() {
            return None;
        }
        let function = *self.choices.pick(&all);
        let types = decide(function, ty)?;
        // PostgreSQL computes constants that nobody may ask for.
        let arguments = match function.name {
            "coalesce" => self.safely(|writer| writer.arguments(function, types, depth)),
            _ => self.arguments(function, types, depth),
        };
        Some(format!("{}({})", function.name, arguments.join(", ")))
    }

    /// Arguments of a function, as many as it pleases.
    pub fn arguments(&mut self, function: &Function, mut types: Decided, depth: usize) -> Vec<String> {
        if let Some(written) = self.bound_together(function, depth) {
            return written;
        }
        let (least, most) = function.arity();
        let least = if function.name == "count" { 1 } else { least };
        let most = most.unwrap_or(function.arguments.len() + 1);
        let count = least + self.choices.below(most - least + 1);
        let mut written = Vec::new();
        for position in 0..count {
            let accepts = function.accepts(position).expect("an argument");
            let decided = types.get(position).cloned().flatten();
            let ty = decided.unwrap_or_else(|| self.accepted(accepts, &types));
            if position < types.len() {
                types[position] = Some(ty.clone());
            }
            written.push(self.argument(function, position, accepts, &ty, depth));
        }
        written
    }

    /// A type an argument may have.
    fn accepted(&mut self, accepts: Accepts, types: &Decided) -> Type {
        let of = |position: usize| types[position].clone().expect("an earlier argument");
        match accepts {
            Accepts::Int | Accepts::Int4 => Type::Int,
            Accepts::Text | Accepts::OneOf(_) => Type::Text,
            Accepts::Blob => Type::Blob,
            Accepts::Bool => Type::Bool,
            Accepts::Uuid => Type::Uuid,
            Accepts::Decimal(precision, scale) => Type::decimal(precision, scale),
            Accepts::Numeric => {
                let numbers = [Type::Int, Type::decimal(8, 2), Type::decimal(12, 4), Type::Uint256];
                self.choices.pick(&numbers).clone()
            }
            Accepts::Orderable => orderable(&mut self.choices),
            Accepts::Any => self.choices.pick(&scalars()).clone(),
            Accepts::Array => Type::array(self.choices.pick(&scalars()).clone()),
            Accepts::Same(position) => of(position),
            Accepts::ElementOf(position) => match of(position) {
                Type::Array(element) => *element,
                other => panic!("{other} has no elements"),
            },
            Accepts::ArrayOf(position) => Type::array(of(position)),
        }
    }

    fn argument(
        &mut self,
        function: &Function,
        position: usize,
        accepts: Accepts,
        ty: &Type,
        depth: usize,
    ) -> String {
        match (function.name, position, accepts) {
            (_, _, Accepts::OneOf(words)) => format!("'{}'", self.choices.word(words)),
            ("encode", 1, _) => format!("'{}'", self.choices.word(&["hex", "base64", "escape"])),
            ("format_unix_timestamp", 1, _) => format!("'{}'", self.choices.word(TIMES)),
            // Neither a negative length nor a place before the first.
            ("substring", 2, _) => self.choices.between(0, 3).to_string(),
            ("overlay", 2 | 3, _) => self.choices.between(1, 4).to_string(),
            // Large: a mean is to have all its digits.
            ("avg", 0, _) if *ty == Type::Int => format!("({} * 70001)", self.expression(ty, depth)),
            ("nth_value", 1, _) => self.choices.between(1, 4).to_string(),
            ("lag" | "lead", 1, _) => self.choices.between(-1, 2).to_string(),
            (_, _, Accepts::Int4) if self.risky && self.choices.chance(20) => {
                self.expression(&Type::Int, depth)
            }
            (_, _, Accepts::Int4) => self.choices.between(-1, 8).to_string(),
            (_, _, Accepts::Text) if position > 0 => self.expression(ty, depth.min(1)),
            _ => self.expression(ty, depth),
        }
    }

    /// Arguments that only together raise nothing.
    fn bound_together(&mut self, function: &Function, depth: usize) -> Option<Vec<String>> {
        Some(match function.name {
            "decode" if self.risky && self.choices.chance(30) => {
                vec![self.expression(&Type::Text, depth), "'hex'".to_owned()]
            }
            "decode" => {
                let form = self.choices.word(&["hex", "base64", "escape"]);
                let bytes = self.expression(&Type::Blob, depth);
                vec![format!("encode({bytes}, '{form}')"), format!("'{form}'")]
            }
            "parse_unix_timestamp" => {
                let form = self.choices.word(TIMES);
                let seconds = self.expression(&Type::decimal(16, 6), depth);
                vec![format!("format_unix_timestamp({seconds}, '{form}')"), format!("'{form}'")]
            }
            "format" => {
                let (pattern, count) = *self.choices.pick(PATTERNS);
                let mut written = vec![format!("'{pattern}'")];
                for _ in 0..count {
                    let ty = self.choices.pick(&[Type::Text, Type::Int, Type::Uuid, Type::Bool]).clone();
                    written.push(self.expression(&ty, depth));
                }
                written
            }
            _ => return None,
        })
    }

    /// An aggregate over the relations in scope, and its type.
    pub fn aggregate(&mut self, over: bool) -> (String, Type) {
        let all: Vec<&Function> =
            functions::all().filter(|function| matches!(function.kind, Kind::Aggregate { .. })).collect();
        let function = *self.choices.pick(&all);
        if function.name == "count" && self.choices.chance(40) {
            return (format!("count(*){}", self.filtered()), Type::Int);
        }
        let (types, ty) = self.settled(function);
        let distinct = !over && self.choices.chance(25);
        let arguments = self.arguments(function, types, 1).join(", ");
        let ordered = function.kind == Kind::Aggregate { ordered: true } && !distinct && !over;
        let order = if ordered && self.choices.chance(60) { self.order_inside() } else { String::new() };
        let word = if distinct { "DISTINCT " } else { "" };
        (format!("{}({word}{arguments}{order}){}", function.name, self.filtered()), ty)
    }

    /// ` FILTER (WHERE ..)`
    fn filtered(&mut self) -> String {
        match self.choices.chance(20) {
            true => format!(" FILTER (WHERE {})", self.condition(1)),
            false => String::new(),
        }
    }

    /// ` ORDER BY ..` of an ordered aggregate.
    fn order_inside(&mut self) -> String {
        let ty = super::literal::sortable(&mut self.choices);
        let direction = self.choices.word(&["", " DESC", " NULLS FIRST", " DESC NULLS FIRST"]);
        match self.column_in_scope(&ty) {
            Some(column) => format!(" ORDER BY {column}{direction}"),
            None => String::new(),
        }
    }

    /// Types for the arguments that decide what an aggregate or window function gives, and that.
    pub fn settled(&mut self, function: &Function) -> (Decided, Type) {
        let mut types: Decided = vec![None; function.arguments.len()];
        let mut of = |writer: &mut Self, position: usize| {
            let accepts = function.arguments[position];
            let ty = match accepts {
                Accepts::Any if matches!(function.gives, Gives::Same(_)) => any_type(&mut writer.choices),
                _ => writer.accepted(accepts, &types),
            };
            types[position] = Some(ty.clone());
            ty
        };
        let scale = |ty: &Type| match ty {
            Type::Decimal(decimal) => decimal.scale,
            _ => 0,
        };
        let ty = match function.gives {
            Gives::Same(position) => of(self, position),
            Gives::ArrayOf(position) => Type::array(of(self, position)),
            Gives::Sum(position) => Type::decimal(1000, scale(&of(self, position))),
            Gives::Mean(position) => Type::decimal(1000, scale(&of(self, position)).max(16)),
            gives => given(gives).expect("a type"),
        };
        (types, ty)
    }

    /// A value for a place that wants one that is there.
    pub fn present(&mut self, ty: &Type) -> String {
        present(&mut self.choices, ty)
    }
}

/// What a function gives whatever it takes.
fn given(gives: Gives) -> Option<Type> {
    Some(match gives {
        Gives::Int => Type::Int,
        Gives::Text => Type::Text,
        Gives::Blob => Type::Blob,
        Gives::Bool => Type::Bool,
        Gives::Uuid => Type::Uuid,
        Gives::Decimal(precision, scale) => Type::decimal(precision, scale),
        _ => return None,
    })
}

/// The types of arguments with which a function gives a `ty`; none if it never does.
fn decide(function: &Function, ty: &Type) -> Option<Decided> {
    let mut types: Decided = vec![None; function.arguments.len()];
    let takes = |accepts: Accepts, ty: &Type| match accepts {
        Accepts::Any => true,
        Accepts::Array | Accepts::ArrayOf(_) => matches!(ty, Type::Array(_)),
        Accepts::Numeric => ty.is_numeric(),
        Accepts::Orderable => ty.is_numeric() || *ty == Type::Text,
        _ => false,
    };
    match function.gives {
        Gives::Same(position) => {
            let accepts = *function.arguments.get(position)?;
            if !takes(accepts, ty) {
                return None;
            }
            if let (Accepts::ArrayOf(of), Type::Array(element)) = (accepts, ty) {
                types[of] = Some((**element).clone());
            }
            types[position] = Some(ty.clone());
        }
        Gives::ArrayOf(position) => match ty {
            Type::Array(element) => types[position] = Some((**element).clone()),
            _ => return None,
        },
        gives if given(gives).as_ref() == Some(ty) => {}
        _ => return None,
    }
    Some(types)
}
