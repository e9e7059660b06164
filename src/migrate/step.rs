use serde::{Deserialize, Serialize};

use super::online::Online;

/// What a step does to those who rely on what is there. The worst of several counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Cannot fail, loses nothing, and whoever calls goes on as before.
    Safe,
    /// Callers that were served may be refused or have to be changed.
    Breaking,
    /// Rows or values are gone for good.
    Destructive,
    /// Cannot be done.
    Refused,
}

/// What is changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum StepKind {
    SchemaCreated,
    SchemaDropped,
    TableCreated,
    TableDropped,
    TableRenamed,
    ColumnAdded,
    ColumnDropped,
    ColumnRenamed,
    TypeChanged,
    NullAllowed,
    NullForbidden,
    DefaultChanged,
    CheckAdded,
    CheckChanged,
    CheckDropped,
    PrimaryKeyChanged,
    UniqueAdded,
    UniqueDropped,
    IndexAdded,
    IndexDropped,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyDropped,
    ForeignKeyRebuilt,
    PartsRenamed,
    ActionAdded,
    ActionChanged,
    ActionDropped,
    ModifiersChanged,
    ParametersChanged,
    ResultChanged,
    ApiSchemaChanged,
    ApiAdded,
    ApiChanged,
    ApiDropped,
    TablesUnknown,
}

/// When a statement of a step runs. All statements of one phase, over all steps, run before those of the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Phase {
    CreateSchema,
    DropForeignKeys,
    DropFunctions,
    DropTables,
    DropConstraints,
    DropColumns,
    RenameAside,
    RenameTablesAside,
    RenameTables,
    RenameColumnsAside,
    RenameColumns,
    RenameParts,
    DropDefaults,
    ChangeTypes,
    AddColumns,
    SetDefaults,
    SetNullability,
    CreateTables,
    AddKeys,
    AddChecks,
    CreateIndexes,
    AddForeignKeys,
    Validate,
    CreateFunctions,
    CreateApi,
    DropSchema,
}

/// A statement and when it runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Move {
    /// When.
    pub phase: Phase,
    /// The statement, with its `;`.
    pub sql: String,
    /// What is done instead where the table is large; none if the statement looks through no table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<Online>,
}

/// A question to the rows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// A query of one number.
    pub sql: String,
    /// What is counted and what it means, for one and for many: `row has no value`, `rows have no value`.
    pub says: (String, String),
    /// True if the step cannot be done unless the number is 0; else it is only told.
    pub refuses: bool,
    /// The number, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

impl Probe {
    /// `3 rows have no value`, if there are any.
    pub fn told(&self) -> Option<String> {
        let count = self.count.filter(|count| *count > 0)?;
        let (one, many) = &self.says;
        Some(format!("{count} {}", if count == 1 { one } else { many }))
    }
}

/// A place in a source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The path as it was given.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

/// One change, as a reader thinks of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What is changed.
    pub kind: StepKind,
    /// What it does to others.
    pub verdict: Verdict,
    /// In words: "column `users.email` dropped".
    pub what: String,
    /// Where the new source says so; filled in where the source is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Facts: why it is refused or breaks, and what the rows say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What is to be asked of the rows before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    /// The SQL, in the order it runs within its phases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<Move>,
    /// Line of the new source, 0 if there is none.
    #[serde(skip)]
    pub(crate) line: u32,
}

impl Step {
    /// A step without SQL at `line` of the new source.
    pub(crate) fn new(kind: StepKind, verdict: Verdict, line: u32, what: impl Into<String>) -> Step {
        let (notes, probes, sql) = (Vec::new(), Vec::new(), Vec::new());
        Step { kind, verdict, what: what.into(), place: None, notes, help: None, probes, sql, line }
    }

    /// Adds a statement.
    pub(crate) fn run(mut self, phase: Phase, sql: String) -> Step {
        self.sql.push(Move { phase, sql, online: None });
        self
    }

    /// Adds a statement that looks through a table, with what is done where that takes long.
    pub(crate) fn run_or(mut self, phase: Phase, sql: String, online: Option<Online>) -> Step {
        self.sql.push(Move { phase, sql, online });
        self
    }

    /// Adds a fact.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Step {
        self.notes.push(note.into());
        self
    }

    /// Says what to do instead.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Step {
        self.help = Some(help.into());
        self
    }

    /// Asks before.
    pub(crate) fn ask(mut self, probe: Option<Probe>) -> Step {
        self.probes.extend(probe);
        self
    }

    /// Says that the step comes from its line of the source at `path`.
    pub fn locate(&mut self, path: &str) {
        self.place = (self.line > 0).then(|| Place { path: path.to_owned(), line: self.line });
    }

    /// The verdict with what the rows said: refused if a probe that refuses has found some.
    pub fn settled(&self) -> Verdict {
        let stopped =
            self.probes.iter().any(|probe| probe.refuses && probe.count.is_some_and(|count| count > 0));
        if stopped { Verdict::Refused } else { self.verdict }
    }
}
