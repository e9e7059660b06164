use super::{Check, Column, Expr, ForeignKey, Ident, Index, QualifiedName, Type};

/// A change of something that exists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// `ALTER TABLE table ..`
    Table {
        /// The table.
        table: QualifiedName,
        /// What becomes of it.
        alteration: Alteration,
    },
    /// `DROP TABLE a, b`: all at once, so that they may refer to each other.
    DropTables(Vec<QualifiedName>),
    /// `CREATE INDEX CONCURRENTLY`: while others write, and in no transaction.
    BuildIndex(Index),
    /// `ALTER INDEX .. RENAME TO ..`
    RenameIndex {
        /// The index.
        index: QualifiedName,
        /// Its new name.
        to: Ident,
    },
    /// `DROP INDEX`
    DropIndex(QualifiedName),
    /// `DROP SCHEMA .. RESTRICT`
    DropSchema(Ident),
}

/// What `ALTER TABLE` does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Alteration {
    /// `RENAME TO ..`
    Rename(Ident),
    /// `ADD COLUMN ..`
    AddColumn(Column),
    /// `DROP COLUMN .. RESTRICT`
    DropColumn(Ident),
    /// `RENAME COLUMN .. TO ..`
    RenameColumn {
        /// The column.
        column: Ident,
        /// Its new name.
        to: Ident,
    },
    /// `ALTER COLUMN .. TYPE ..`
    Type {
        /// The column.
        column: Ident,
        /// Its new type.
        ty: Type,
        /// USING
        using: Expr,
    },
    /// `ALTER COLUMN .. SET NOT NULL`
    SetNotNull(Ident),
    /// `ALTER COLUMN .. DROP NOT NULL`
    DropNotNull(Ident),
    /// `ALTER COLUMN .. SET DEFAULT ..`
    SetDefault {
        /// The column.
        column: Ident,
        /// The literal.
        value: Expr,
    },
    /// `ALTER COLUMN .. DROP DEFAULT`
    DropDefault(Ident),
    /// `ADD CONSTRAINT .. PRIMARY KEY (..)`
    AddPrimaryKey((Ident, Vec<Ident>)),
    /// `ADD CONSTRAINT .. UNIQUE (..)`
    AddUnique((Ident, Vec<Ident>)),
    /// `ADD CONSTRAINT .. UNIQUE USING INDEX ..`, or `PRIMARY KEY`; the index takes the constraint's name.
    AddKeyUsing {
        /// The constraint.
        name: Ident,
        /// Whether it is the primary key.
        primary: bool,
        /// A unique index of the table.
        index: Ident,
    },
    /// `ADD CONSTRAINT .. CHECK (..) NOT VALID`
    AddCheck(Check),
    /// `ADD CONSTRAINT .. FOREIGN KEY .. NOT VALID`; the table is the key's own.
    AddForeignKey(ForeignKey),
    /// `VALIDATE CONSTRAINT ..`
    Validate(Ident),
    /// `RENAME CONSTRAINT .. TO ..`
    RenameConstraint {
        /// The constraint.
        constraint: Ident,
        /// Its new name.
        to: Ident,
    },
    /// `DROP CONSTRAINT .. RESTRICT`
    DropConstraint(Ident),
}
