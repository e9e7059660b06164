use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Compiles, but is probably not what was meant; an error under `--deny-warnings`.
    Warning,
    /// Advice; never changes an exit code.
    Info,
}

impl Severity {
    /// As printed: `error`, `warning`, `info`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// Writes the one list of codes. A code is never given a second meaning.
macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $title:literal;)*) => {
        /// The stable identity of a diagnostic.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// `KF0201`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// A few words that name the fault without its particulars.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// How bad it is unless raised.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// The page behind `kf explain`, in Markdown.
            pub fn explain(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("../../docs/errors/", $id, ".md")),)* }
            }
        }
    };
}

codes! {
    // KF01xx: characters, tokens, syntax, limits
    NotUtf8            = "KF0101" Error   "source is not UTF-8";
    ControlCharacter   = "KF0102" Error   "control character in source";
    UnknownToken       = "KF0103" Error   "not a token of the language";
    Unterminated       = "KF0104" Error   "unterminated string or comment";
    NestedComment      = "KF0105" Error   "nested block comment";
    Syntax             = "KF0106" Error   "syntax error";
    NotAName           = "KF0107" Error   "not a name";
    NameTooLong        = "KF0108" Error   "name is too long";
    ReservedName       = "KF0109" Error   "reserved name";
    LiteralOutOfRange  = "KF0110" Error   "literal out of range";
    UnknownStatement   = "KF0111" Error   "statement is not part of the language";
    UnknownClause      = "KF0112" Error   "clause is not part of the language";
    UnknownOperator    = "KF0113" Error   "operator is not part of the language";
    QualifiedName      = "KF0114" Error   "qualified name";
    UnknownCollation   = "KF0115" Error   "collation is not part of the language";
    SourceTooLarge     = "KF0130" Error   "source is too large";
    NestingTooDeep     = "KF0131" Error   "nesting is too deep";
    TooMany            = "KF0132" Error   "too many of something";
    ExpansionTooLarge  = "KF0133" Error   "expansion is too large";
    AssignToContext    = "KF0140" Error   "context values are read-only";
    // KF02xx: names
    UnknownTable       = "KF0201" Error   "unknown table";
    UnknownColumn      = "KF0202" Error   "unknown column";
    UnknownVariable    = "KF0203" Error   "unknown variable";
    UnknownAction      = "KF0204" Error   "unknown action";
    UnknownContext     = "KF0205" Error   "unknown context value";
    UnknownType        = "KF0206" Error   "unknown type";
    UnknownAttribute   = "KF0207" Error   "unknown column attribute";
    UnknownFunction    = "KF0208" Error   "unknown function";
    UnknownModifier    = "KF0209" Error   "unknown modifier";
    Duplicate          = "KF0210" Error   "name is already taken";
    RenamedFrom        = "KF0211" Error   "rename does not fit";
    AmbiguousColumn    = "KF0212" Error   "ambiguous column";
    FloatType          = "KF0220" Error   "floating point is not part of the language";
    UnusedParameter    = "KF0290" Warning "unused parameter";
    UnusedImport       = "KF0291" Warning "unused import";
    UnusedCte          = "KF0292" Warning "unused common table expression";
    UnusedVariable     = "KF0293" Warning "unused variable";
    // KF03xx: types and shapes
    TypeMismatch       = "KF0301" Error   "type mismatch";
    ArgumentCount      = "KF0302" Error   "wrong number of arguments";
    CannotCast         = "KF0303" Error   "no such cast";
    UsesDisagree       = "KF0304" Error   "uses of a parameter disagree on its type";
    ConditionNotBool   = "KF0305" Error   "condition is not a boolean";
    ResultShape        = "KF0306" Error   "wrong shape of result";
    ValueCount         = "KF0307" Error   "wrong number of values";
    NoPrimaryKey       = "KF0308" Error   "table has no primary key";
    SecondPrimaryKey   = "KF0309" Error   "table has two primary keys";
    ForeignKey         = "KF0310" Error   "foreign key does not fit its parent";
    AttributeType      = "KF0311" Error   "attribute does not fit the column's type";
    MissingNotNull     = "KF0313" Error   "insert leaves out a required column";
    CannotInfer        = "KF0314" Error   "type cannot be inferred";
    MissingReturn      = "KF0315" Error   "action may end without its result";
    OutsideLoop        = "KF0316" Error   "nothing to leave";
    LoopReturns        = "KF0317" Warning "result depends on a loop making a pass";
    // KF04xx: queries, order, slips
    AggregatePosition  = "KF0401" Error   "aggregate is not allowed here";
    NotGrouped         = "KF0402" Error   "column is neither grouped nor aggregated";
    WindowPosition     = "KF0403" Error   "window function is not allowed here";
    DuplicateResult    = "KF0404" Error   "two result columns have one name";
    NonDeterministic   = "KF0405" Error   "replicas could disagree";
    Tautology          = "KF0406" Warning "column compared with itself";
    MissingWhere       = "KF0407" Warning "every row is changed";
    CompareWithNull    = "KF0408" Warning "comparison with null";
    MissingIndex       = "KF0409" Info    "no index serves this lookup";
    ConflictTarget     = "KF0410" Error   "conflict target is not a key";
    ResultIgnored      = "KF0411" Warning "result is ignored";
    Unreachable        = "KF0412" Warning "statement is never reached";
    UnnamedResult      = "KF0413" Error   "missing name";
    SubqueryShape      = "KF0414" Error   "subquery must have one column";
    // KF05xx: access and guards
    ViewWrites         = "KF0501" Error   "view changes data";
    NotCallable        = "KF0502" Error   "action cannot be called from here";
    CallPosition       = "KF0503" Error   "call is not allowed here";
    GuardUnused        = "KF0504" Error   "guard may never run";
    ModifierConflict   = "KF0505" Error   "modifiers exclude each other";
    OracleAnnotation   = "KF0506" Error   "`@oracle` does not fit";
    // KF06xx: imports
    UnknownAlias       = "KF0601" Error   "unknown import alias";
    ImportCycle        = "KF0602" Error   "imports form a cycle";
    UnknownDataset     = "KF0603" Error   "imported schema not found";
    ViewNotSpliced     = "KF0604" Warning "view runs as a function";
    ImportBroken       = "KF0605" Error   "imported schema does not compile";
    ImportChanged      = "KF0606" Error   "imported interface is not the one relied on";
    ExternConfig       = "KF0607" Error   "config does not fit the extern";
    TestedUnknown      = "KF0608" Error   "tested schema not found";
    // KF07xx: databases, the embedded server, deploying
    DatabaseUnreachable = "KF0701" Error   "database cannot be reached";
    DatabaseUnsuitable = "KF0702" Error   "database does not suit";
    NoPostgres         = "KF0703" Error   "no PostgreSQL on this machine";
    EmbeddedServer     = "KF0704" Error   "embedded PostgreSQL does not run";
    DatabaseAddress    = "KF0705" Error   "address of the database cannot be read";
    DatabaseRight      = "KF0706" Error   "login lacks a right";
    DeployBusy         = "KF0710" Error   "dataset is in use";
    DeployConflict     = "KF0711" Error   "dataset changed meanwhile";
    TableChanged       = "KF0712" Error   "table cannot be changed so";
    ImportersLeft      = "KF0713" Error   "importers would be left behind";
    ImportMoved        = "KF0714" Error   "import is not what was compiled against";
    DataRefused        = "KF0715" Error   "existing rows do not fit";
    OutcomeUnknown     = "KF0716" Error   "outcome of the deploy is unknown";
    SchemaTaken        = "KF0717" Error   "schema belongs to something else";
    DatabaseFailed     = "KF0718" Error   "database failed";
    ExternMissing      = "KF0719" Error   "extern is not installed as declared";
    DatasetUnknown     = "KF0720" Error   "dataset is not deployed";
    VersionUnknown     = "KF0721" Error   "no such version";
    VersionLost        = "KF0722" Error   "data of the version is gone";
    ConsentNeeded      = "KF0723" Error   "consent is needed";
    ImportProfile      = "KF0724" Error   "import has another profile";
    DependedOn         = "KF0725" Error   "something else depends on it";
    ApiNameTaken       = "KF0730" Error   "API function name is already taken";
    ApiRoleMissing     = "KF0731" Error   "role does not exist";
    NotExposable       = "KF0732" Error   "action cannot be exposed";
    SqlRefused         = "KF0790" Error   "PostgreSQL refused the compiler's SQL";
    // KF08xx: run time, what has no SQLSTATE of ours
    ConstraintBroken   = "KF0801" Error   "constraint refused the data";
    ValueRefused       = "KF0802" Error   "value out of range";
    CallFailed         = "KF0803" Error   "call failed in the database";
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}
