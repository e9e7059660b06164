//! The functions of the language: an allow-list by name and argument types. Checking, lowering, the reference page
//! and completion read these rows; a function that is not here does not exist.

mod aggregate;
mod array;
mod bytes;
mod identity;
mod math;
mod reference;
mod rows;
mod text;
mod time;
mod window;

pub use reference::reference;

/// Digits after the point that a mean has at least.
pub const MEAN_SCALE: u16 = 16;

/// One function, one list of arguments.
#[derive(PartialEq, Eq, Debug)]
pub struct Function {
    /// As written, lower case.
    pub name: &'static str,
    /// One sentence for the reference.
    pub doc: &'static str,
    /// Where it may stand.
    pub kind: Kind,
    /// What it takes, in order.
    pub arguments: &'static [Accepts],
    /// How many arguments at the end may be left out.
    pub optional: usize,
    /// True if the last argument may be repeated.
    pub variadic: bool,
    /// What it gives.
    pub gives: Gives,
    /// When the result is null.
    pub nulls: Nulls,
    /// How it is written in PostgreSQL.
    pub emit: Emit,
}

/// Where a function may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Anywhere.
    Scalar,
    /// In select lists, HAVING and ORDER BY of a grouped query, or over a window.
    Aggregate {
        /// True if the result depends on the order rows come in (`array_agg`, `string_agg`).
        ordered: bool,
    },
    /// In FROM only.
    Rows,
    /// Over a window only.
    Window {
        /// True if rows that tie in the window's order get different results (`row_number`, `lag`).
        breaks_ties: bool,
    },
}

/// What an argument must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Accepts {
    /// `int`
    Int,
    /// `int`, passed as PostgreSQL's `int4` and refused at run time when it does not fit
    Int4,
    /// `text`
    Text,
    /// A `text` literal that is one of these words, in any case
    OneOf(&'static [&'static str]),
    /// `blob`
    Blob,
    /// `bool`
    Bool,
    /// `uuid`
    Uuid,
    /// `decimal(p,s)` with this precision and scale
    Decimal(u16, u16),
    /// `int`, `decimal` or `uint256`
    Numeric,
    /// `text`, or any numeric type
    Orderable,
    /// Any type
    Any,
    /// Any array
    Array,
    /// The type of an earlier argument, by index
    Same(usize),
    /// The element type of an earlier array argument
    ElementOf(usize),
    /// An array of the type of an earlier argument
    ArrayOf(usize),
}

/// What a function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// `int`
    Int,
    /// `text`
    Text,
    /// `blob`
    Blob,
    /// `bool`
    Bool,
    /// `uuid`
    Uuid,
    /// `decimal(p,s)` with this precision and scale
    Decimal(u16, u16),
    /// The type of an argument
    Same(usize),
    /// An array of the type of an argument
    ArrayOf(usize),
    /// Rows of the elements of the arguments
    Elements,
    /// The exact sum: `decimal(1000, s)` with the argument's scale
    Sum(usize),
    /// The mean: `decimal(1000, 16)`, or the argument's scale where that is larger
    Mean(usize),
}

/// When a result is null.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nulls {
    /// Exactly when an argument is.
    IfAny,
    /// Exactly when this argument is, by index.
    If(usize),
    /// Only when every argument is.
    IfAll,
    /// Never.
    Never,
    /// Possibly, whatever the arguments are.
    Maybe,
}

/// How a call is written in PostgreSQL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Emit {
    /// `pg_catalog.name(arguments)`
    Call(&'static str),
    /// `pg_catalog.name(arguments)::int8`, for functions that give `int4`
    CallInt(&'static str),
    /// `pg_catalog.name(argument COLLATE "C", ..)`, for functions that follow the collation of the first
    CallC(&'static str),
    /// `NAME(arguments)`: a form of PostgreSQL's grammar rather than a function
    Form(&'static str),
    /// `kf.name(arguments)`: one of the functions the database is set up with
    Kf(&'static str),
    /// `strpos(b, a)::int8`: the arguments change places
    Position,
    /// `array_length(a, 1)::int8`
    ArrayLength,
    /// `(round(avg(a), scale))`
    Mean,
    /// `sha256(a)`, or what else the second argument names; a text as `convert_to(a, 'UTF8')`
    Digest,
    /// `ROWS FROM (unnest(a), unnest(b))`
    Unnest,
    /// `format(pattern, a::text, ..)`
    Format,
}

impl Function {
    /// How many arguments a call may have: at least, and at most if there is a most.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let most = (!self.variadic).then_some(self.arguments.len());
        (self.arguments.len().saturating_sub(self.optional), most)
    }

    /// What the argument at `index` must be.
    pub fn accepts(&self, index: usize) -> Option<Accepts> {
        let last = self.arguments.last().filter(|_| self.variadic);
        self.arguments.get(index).or(last).copied()
    }
}

/// Every row, grouped by file, in reference order.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [
        math::ROWS,
        text::ROWS,
        bytes::ROWS,
        identity::ROWS,
        time::ROWS,
        array::ROWS,
        rows::ROWS,
        aggregate::ROWS,
        window::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The rows named `name` (lower case), one for each list of arguments it has.
pub fn named(name: &str) -> Vec<&'static Function> {
    all().filter(|function| function.name == name).collect()
}

/// A scalar row with the common settings; the files below change what differs.
const fn scalar(
    name: &'static str,
    doc: &'static str,
    arguments: &'static [Accepts],
    gives: Gives,
    emit: Emit,
) -> Function {
    Function {
        name,
        doc,
        kind: Kind::Scalar,
        arguments,
        optional: 0,
        variadic: false,
        gives,
        nulls: Nulls::IfAny,
        emit,
    }
}
