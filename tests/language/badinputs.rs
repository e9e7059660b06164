//! Hostile and careless sources are refused for the right reason, and near misses are not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use kuneiform::diagnostics::{Code, Diagnostic, Severity, add_bytes};
use kuneiform::source::Sources;
use kuneiform::{Options, compile};

/// What a node gives the compiler.
const STACK: usize = 512 * 1024;
/// Per file, in an unoptimised build.
const PATIENCE: Duration = Duration::from_secs(1);

/// The codes that each class of the corpus may be refused with.
const CLASSES: &[(&str, &[Code])] = &[
    ("E_ENCODING", &[Code::NotUtf8]),
    ("E_CONTROL_CHAR", &[Code::ControlCharacter]),
    ("E_TOKEN", &[Code::UnknownToken]),
    ("E_UNTERMINATED", &[Code::Unterminated]),
    ("E_COMMENT", &[Code::NestedComment]),
    ("E_SYNTAX", &[Code::Syntax]),
    ("E_IDENT_FORM", &[Code::NotAName]),
    ("E_IDENT_LENGTH", &[Code::NameTooLong]),
    ("E_IDENT_RESERVED", &[Code::ReservedName]),
    ("E_DUPLICATE", &[Code::Duplicate]),
    ("E_UNKNOWN_TABLE", &[Code::UnknownTable]),
    ("E_UNKNOWN_COLUMN", &[Code::UnknownColumn]),
    ("E_UNKNOWN_PARAM", &[Code::UnknownVariable]),
    ("E_UNKNOWN_ACTION", &[Code::UnknownAction]),
    ("E_UNKNOWN_IMPORT", &[Code::UnknownAlias, Code::UnknownDataset]),
    ("E_UNKNOWN_CONTEXT", &[Code::UnknownContext]),
    ("E_UNKNOWN_TYPE", &[Code::UnknownType]),
    ("E_UNKNOWN_ATTRIBUTE", &[Code::UnknownAttribute]),
    ("E_AMBIGUOUS", &[Code::AmbiguousColumn]),
    (
        "E_TYPE",
        &[
            Code::TypeMismatch,
            Code::UsesDisagree,
            Code::ConditionNotBool,
            Code::AttributeType,
            Code::CannotInfer,
        ],
    ),
    ("E_ARITY", &[Code::ArgumentCount, Code::ValueCount]),
    ("E_LITERAL_RANGE", &[Code::LiteralOutOfRange]),
    ("E_RETURN_SHAPE", &[Code::ResultShape]),
    ("E_AGGREGATE", &[Code::AggregatePosition, Code::NotGrouped]),
    ("E_NO_PRIMARY_KEY", &[Code::NoPrimaryKey]),
    ("E_CONSTRAINT", &[Code::SecondPrimaryKey, Code::MissingNotNull, Code::ConflictTarget]),
    ("E_FOREIGN_KEY", &[Code::ForeignKey]),
    ("E_MODIFIER", &[Code::UnknownModifier, Code::ModifierConflict]),
    ("E_VIEW_WRITES", &[Code::ViewWrites]),
    ("E_NOT_CALLABLE", &[Code::NotCallable]),
    ("E_CALL_POSITION", &[Code::CallPosition]),
    ("E_GUARD_UNUSED", &[Code::GuardUnused]),
    ("E_IMPORT_CYCLE", &[Code::ImportCycle]),
    ("E_STATEMENT", &[Code::UnknownStatement]),
    ("E_FUNCTION", &[Code::UnknownFunction]),
    ("E_OPERATOR", &[Code::UnknownOperator]),
    // What is cast to may not even be a type here.
    ("E_CAST", &[Code::CannotCast, Code::UnknownType]),
    ("E_CLAUSE", &[Code::UnknownClause]),
    ("E_COLLATE", &[Code::UnknownCollation]),
    ("E_SCHEMA_QUALIFIED", &[Code::QualifiedName]),
    ("E_ASSIGN_CONTEXT", &[Code::AssignToContext]),
    ("E_TAUTOLOGY", &[Code::Tautology]),
    ("E_FLOAT", &[Code::FloatType]),
    ("E_NONDETERMINISTIC", &[Code::NonDeterministic]),
    ("E_LIMIT_SIZE", &[Code::SourceTooLarge]),
    ("E_LIMIT_DEPTH", &[Code::NestingTooDeep]),
    ("E_LIMIT_COUNT", &[Code::TooMany]),
    ("E_LIMIT_EXPANSION", &[Code::ExpansionTooLarge]),
];

/// Files whose fault is only a warning, which `--deny-warnings` raises to an error, and why.
const WARNINGS: &[(&str, &str)] = &[(
    "394-compare-column-with-itself.kf",
    "the comparison has a meaning, and names may be equal by design: a warning with a fix",
)];

/// Files that are right after all, and why.
const ACCEPTED: &[(&str, &str)] = &[(
    "319-fn-format-identifier.kf",
    "`format` is a function of the language, `%I` one of its placeholders; what it gives is text, never run as SQL",
)];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badinputs")
}

fn schemas(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ext| ext == "kf")).collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

fn name(file: &Path) -> &str {
    file.file_name().unwrap().to_str().unwrap()
}

/// The values of a file's `// key: value` lines.
fn header(bytes: &[u8], key: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let values =
        text.lines().filter_map(|line| line.strip_prefix("// ")?.strip_prefix(key)?.strip_prefix(": "));
    values
        .flat_map(|value| value.split([',', ' ']))
        .map(str::to_owned)
        .filter(|value| !value.is_empty())
        .collect()
}

/// How long this thread has been on a processor, where the system tells: what others do beside it does not count.
fn busy() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let Ok(spent) = fs::read_to_string("/proc/thread-self/schedstat") else { return START.elapsed() };
    Duration::from_nanos(spent.split(' ').next().unwrap().parse().unwrap())
}

/// What the compiler makes of one file and those it names.
struct Verdict {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    emitted: Vec<String>,
    time: Duration,
}

fn verdict(file: &Path) -> Verdict {
    let bytes = fs::read(file).unwrap();
    let mut sources = Sources::new();
    let with = header(&bytes, "with");
    let (_, fault) = add_bytes(&mut sources, name(file), bytes);
    for dependency in with {
        sources.add(dependency.clone(), fs::read_to_string(corpus().join(dependency)).unwrap());
    }
    if let Some(fault) = fault {
        return Verdict { sources, diagnostics: vec![fault], emitted: Vec::new(), time: Duration::ZERO };
    }
    let work = move || {
        let start = busy();
        let compilation = compile(&sources, &Options::default());
        let emitted = compilation.packages.iter().map(|package| package.path.clone()).collect();
        Verdict { sources, diagnostics: compilation.diagnostics, emitted, time: busy().saturating_sub(start) }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    thread.join().unwrap_or_else(|_| panic!("{} crashes the compiler", file.display()))
}

/// What is wrong with a verdict on a file that must be refused; nothing if all is well.
fn complaint(file: &Path) -> Option<String> {
    let expected = header(&fs::read(file).unwrap(), "expect").remove(0);
    let codes = CLASSES.iter().find(|(class, _)| *class == expected)?.1.to_vec();
    let lenient = WARNINGS.iter().any(|(path, _)| *path == name(file));
    let severity = if lenient { Severity::Warning } else { Severity::Error };
    let verdict = verdict(file);
    if ACCEPTED.iter().any(|(path, _)| *path == name(file)) {
        let wrong = verdict.diagnostics.iter().find(|it| it.severity == Severity::Error);
        return wrong.map(|it| format!("accepted once, now {}: {}", it.code, it.message));
    }
    let counts = |diagnostic: &&Diagnostic| {
        diagnostic.severity == severity && (!lenient || codes.contains(&diagnostic.code))
    };
    let first = verdict.diagnostics.iter().find(counts);
    let Some(first) = first else { return Some("is not refused".to_owned()) };
    if !codes.contains(&first.code) {
        return Some(format!("{expected} expected, found {}: {}", first.code, first.message));
    }
    if severity == Severity::Error && verdict.emitted.iter().any(|path| path == name(file)) {
        return Some("SQL was emitted".to_owned());
    }
    if verdict.time > PATIENCE {
        return Some(format!("took {:?}", verdict.time));
    }
    verdict.diagnostics.iter().find_map(|diagnostic| misplaced(diagnostic, &verdict.sources))
}

/// Faults of a diagnostic itself: where it points, and what its texts hold.
fn misplaced(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    for label in std::iter::once(&diagnostic.at).chain(&diagnostic.also) {
        let text = &sources.get(label.span.source)?.text;
        if text.get(label.span.range()).is_none() {
            return Some(format!("{} points at {:?} of {} bytes", diagnostic.code, label.span, text.len()));
        }
    }
    let texts = [&diagnostic.message, &diagnostic.at.text]
        .into_iter()
        .chain(&diagnostic.notes)
        .chain(&diagnostic.help);
    let raw = texts.into_iter().find(|text| text.chars().any(char::is_control))?;
    Some(format!("control character in {raw:?}"))
}

#[test]
fn every_bad_input_is_refused_for_its_reason() {
    let files = schemas(&corpus());
    let complain = |file: &PathBuf| Some(format!("{}: {}", name(file), complaint(file)?));
    let complaints: Vec<String> = files.iter().filter_map(complain).collect();
    assert!(complaints.is_empty(), "{} of {}:\n{}", complaints.len(), files.len(), complaints.join("\n"));
}

#[test]
fn every_file_expects_a_class_that_has_codes() {
    for file in schemas(&corpus()) {
        let expected = header(&fs::read(&file).unwrap(), "expect").remove(0);
        assert!(CLASSES.iter().any(|(class, _)| *class == expected), "{}: {expected}", file.display());
    }
    for (file, reason) in WARNINGS {
        assert!(corpus().join(file).is_file(), "{file} is gone");
        assert!(reason.len() > 20, "{file}: why?");
    }
}

#[test]
fn every_near_miss_compiles() {
    for file in schemas(&corpus().join("ok")) {
        let verdict = verdict(&file);
        let errors: Vec<&Diagnostic> =
            verdict.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
        assert!(verdict.emitted.iter().any(|path| path == name(&file)), "{}: no SQL", file.display());
    }
}
