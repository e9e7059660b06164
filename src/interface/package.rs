use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Interface, Manifest, Owner, Profile, Table};

/// What a statement of a package makes. The order is the order statements run in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// `CREATE SCHEMA`, with its grants.
    Schema,
    /// `CREATE TABLE`, with everything but foreign keys.
    Table,
    /// `CREATE INDEX`.
    Index,
    /// `ALTER TABLE .. ADD FOREIGN KEY`, after all tables.
    ForeignKey,
    /// `CREATE FUNCTION`, one per action, callees first.
    Function,
    /// `ALTER FUNCTION .. OWNER TO` of all views, to a role that may only read.
    Owner,
    /// `GRANT EXECUTE` on one function.
    Grant,
    /// `CREATE SCHEMA IF NOT EXISTS` of the functions for gateways, with its grants.
    ApiSchema,
    /// One function for gateways with its rows, comment and grants.
    ApiFunction,
}

impl StatementKind {
    /// True for what gateways see.
    pub fn is_api(self) -> bool {
        matches!(self, StatementKind::ApiSchema | StatementKind::ApiFunction)
    }
}

/// Where a line of a function's body came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BodyLine {
    /// 1-based line as PostgreSQL counts it: from the body's opening quote.
    pub body: u32,
    /// 1-based line in the package's source.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// Byte range in the package's source.
    pub start: u32,
    /// One past its end.
    pub end: u32,
}

/// One SQL statement, complete with its `;`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// What it makes.
    pub kind: StatementKind,
    /// What identifies the thing within its kind across versions: the table, index, constraint or action.
    pub name: String,
    /// For functions: the identity arguments, to drop or grant by signature, quoted and qualified; else the quoted,
    /// qualified name of the thing. `"ds_ens"."get_ownership@ens"(kf.ctx)`.
    pub object: String,
    /// The text.
    pub sql: String,
    /// For functions: the line of the package's source where the action is declared; else 0.
    #[serde(default)]
    pub line: u32,
    /// For functions: the source map, ordered by body line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<BodyLine>,
}

/// Everything needed to deploy one dataset, and to run it for ever without the compiler.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Package {
    /// Name, DBID and signatures.
    pub interface: Interface,
    /// Reads, writes, calls, imports.
    pub manifest: Manifest,
    /// The owner; none for a network schema.
    pub owner: Option<Owner>,
    /// Which rules it was compiled under.
    #[serde(default)]
    pub profile: Profile,
    /// Path of the source as it was given.
    pub path: String,
    /// The source itself.
    pub source: String,
    /// Its tables, in source order: what a later version is compared with.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// In the order they run.
    pub statements: Vec<Statement>,
}

impl Package {
    /// The whole SQL, as `kf compile` prints it.
    pub fn sql(&self) -> String {
        let mut text = String::new();
        for statement in &self.statements {
            text.push_str(&statement.sql);
            text.push_str("\n\n");
        }
        text
    }

    /// SHA-256, in hex, of [`Package::sql`]: an unchanged dataset is left alone.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.sql()))
    }
}
