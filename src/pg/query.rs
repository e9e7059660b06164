use super::{Call, Expr, Ident, QualifiedName, SortKey};

/// A query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// WITH
    pub ctes: Vec<Cte>,
    /// WITH RECURSIVE
    pub recursive: bool,
    /// The rows.
    pub body: Body,
    /// ORDER BY
    pub order_by: Vec<SortKey>,
    /// LIMIT
    pub limit: Option<Expr>,
    /// OFFSET
    pub offset: Option<Expr>,
}

/// The rows of a query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// SELECT
    Select(Box<Select>),
    /// left UNION right; operands are put in parentheses where they need them.
    Operation {
        /// Which.
        operator: SetOperator,
        /// ALL
        all: bool,
        /// Left operand.
        left: Box<Query>,
        /// Right operand.
        right: Box<Query>,
    },
    /// `INSERT .. RETURNING` and its kin, in a CTE.
    Insert(Box<Insert>),
    /// As above.
    Update(Box<Update>),
    /// As above.
    Delete(Box<Delete>),
}

/// A set operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetOperator {
    /// UNION
    Union,
    /// INTERSECT
    Intersect,
    /// EXCEPT
    Except,
}

/// `name [(columns)] AS [NOT MATERIALIZED] (query)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cte {
    /// Its name.
    pub name: Ident,
    /// New column names; empty keeps them.
    pub columns: Vec<Ident>,
    /// NOT MATERIALIZED
    pub not_materialized: bool,
    /// Its rows.
    pub query: Query,
}

/// SELECT
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Select {
    /// DISTINCT
    pub distinct: bool,
    /// The select list; may be empty (`EXISTS (SELECT FROM ..)`).
    pub items: Vec<OutputItem>,
    /// FROM
    pub from: Option<From>,
    /// WHERE
    pub filter: Option<Expr>,
    /// GROUP BY
    pub group_by: Vec<Expr>,
    /// HAVING
    pub having: Option<Expr>,
}

/// `e [AS name]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputItem {
    /// The value.
    pub expr: Expr,
    /// Its name; left out in print where PostgreSQL would choose the same.
    pub name: Option<Ident>,
}

/// FROM
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum From {
    /// `"schema"."table" AS alias`
    Table {
        /// The table.
        table: QualifiedName,
        /// Its alias.
        alias: Ident,
    },
    /// `cte AS alias`
    Cte {
        /// The CTE.
        name: Ident,
        /// Its alias.
        alias: Ident,
    },
    /// `[LATERAL] (query) AS alias [(columns)]`
    Query {
        /// The query.
        query: Box<Query>,
        /// LATERAL
        lateral: bool,
        /// Its alias.
        alias: Ident,
        /// New column names; empty keeps them.
        columns: Vec<Ident>,
    },
    /// `f(..) AS alias [(columns)]`
    Function {
        /// The call.
        call: Box<Call>,
        /// Its alias.
        alias: Ident,
        /// New column names; empty keeps them.
        columns: Vec<Ident>,
    },
    /// `unnest(a) [WITH ORDINALITY] AS alias (columns)`; of several arrays `ROWS FROM (unnest(a), unnest(b)) ..`
    Unnest {
        /// At least one.
        arrays: Vec<Expr>,
        /// WITH ORDINALITY
        ordinality: bool,
        /// Its alias.
        alias: Ident,
        /// The names of all columns.
        columns: Vec<Ident>,
    },
    /// `left KIND JOIN right ON on`
    Join {
        /// Which rows are kept.
        kind: JoinKind,
        /// Left side.
        left: Box<From>,
        /// Right side; put in parentheses where it is a join.
        right: Box<From>,
        /// None only for CROSS.
        on: Option<Expr>,
    },
}

/// Which rows a join keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JoinKind {
    /// JOIN
    Inner,
    /// LEFT JOIN
    Left,
    /// RIGHT JOIN
    Right,
    /// FULL JOIN
    Full,
    /// CROSS JOIN
    Cross,
}

/// INSERT
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Insert {
    /// WITH
    pub ctes: Vec<Cte>,
    /// WITH RECURSIVE
    pub recursive: bool,
    /// The target.
    pub table: QualifiedName,
    /// Its alias.
    pub alias: Ident,
    /// The columns, in the order of the values.
    pub columns: Vec<Ident>,
    /// The rows.
    pub source: InsertSource,
    /// ON CONFLICT
    pub conflict: Option<Conflict>,
    /// RETURNING
    pub returning: Vec<OutputItem>,
}

/// Where inserted rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InsertSource {
    /// VALUES
    Values(Vec<Vec<Expr>>),
    /// SELECT
    Query(Box<Query>),
}

/// ON CONFLICT
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The key's columns; empty for any.
    pub columns: Vec<Ident>,
    /// What then.
    pub action: ConflictAction,
}

/// What to do with a row that is already there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConflictAction {
    /// DO NOTHING
    Nothing,
    /// DO UPDATE SET .. WHERE ..
    Update {
        /// SET
        assignments: Vec<Assignment>,
        /// WHERE
        filter: Option<Expr>,
    },
}

/// `column = e`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// Its value.
    pub value: Expr,
}

/// UPDATE
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Update {
    /// WITH
    pub ctes: Vec<Cte>,
    /// WITH RECURSIVE
    pub recursive: bool,
    /// The target.
    pub table: QualifiedName,
    /// Its alias.
    pub alias: Ident,
    /// SET
    pub assignments: Vec<Assignment>,
    /// FROM
    pub from: Option<From>,
    /// WHERE
    pub filter: Option<Expr>,
    /// RETURNING
    pub returning: Vec<OutputItem>,
}

/// DELETE
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delete {
    /// WITH
    pub ctes: Vec<Cte>,
    /// WITH RECURSIVE
    pub recursive: bool,
    /// The target.
    pub table: QualifiedName,
    /// Its alias.
    pub alias: Ident,
    /// WHERE
    pub filter: Option<Expr>,
    /// RETURNING
    pub returning: Vec<OutputItem>,
}
