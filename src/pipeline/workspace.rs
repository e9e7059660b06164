use super::read::{Text, read};
use super::{Checked, Compilation, TestCompilation, emit, lost, with_tests};
use crate::diagnostics::{Diagnostic, Sink};
use crate::hir::Program;
use crate::interface::{Dbid, Options};
use crate::source::{Deep, SourceId, Sources, roomy};
use crate::syntax::ast::Ast;
use crate::{resolve, rules, types};

/// A program that is checked again and again while its texts change, as an editor or a watching command does it.
///
/// It says what [`check`](crate::check) says, each time, and does only what the change since the last time asks for: a text
/// is read again if it is another one, and a schema's names and types are checked again if its text is, or what it
/// imports looks different from outside.
///
/// ```
/// use kuneiform::{Options, Sources, Workspace};
///
/// let texts = |balance: &str| {
///     let mut sources = Sources::new();
///     sources.add("bank.kf", format!("database bank; table t {{ id int primary, {balance} int }}"));
///     sources.add("notes.kf", "database notes; table t { id int primary }");
///     sources
/// };
/// let mut workspace = Workspace::new();
/// assert!(!workspace.check(&texts("balance"), &Options::default()).has_errors());
/// workspace.check(&texts("amount"), &Options::default());
/// assert_eq!(workspace.checked_again().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    texts: Vec<Text>,
    memory: Memory,
    checked: Checked,
}

/// What the stages remember of the last check.
#[derive(Clone, Debug, Default)]
struct Memory {
    types: types::Memory,
    rules: rules::Memory,
}

impl Workspace {
    /// Nothing checked yet.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// Checks `sources` as [`check`](crate::check) does. They may be others than the last time, and so may the options.
    pub fn check(&mut self, sources: &Sources, options: &Options) -> &Checked {
        let before = std::mem::take(self);
        *self = roomy(move || before.next(sources, options));
        &self.checked
    }

    /// Compiles `sources` as [`compile`](crate::compile) does.
    pub fn compile(&mut self, sources: &Sources, options: &Options) -> Compilation {
        emit(self.check(sources, options), sources, options)
    }

    /// Compiles schemas together with their tests, as [`compile_tests`](crate::compile_tests) does.
    pub fn compile_tests(&mut self, sources: &Sources, options: &Options) -> TestCompilation {
        with_tests(self.check(sources, options), sources, options)
    }

    /// What the last check found.
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    /// The schemas whose names and types the last check looked into, importees before importers.
    pub fn checked_again(&self) -> &[Dbid] {
        &self.memory.types.checked
    }

    /// The sources that the last check read, because they were not there before or were others.
    pub fn read_again(&self) -> impl Iterator<Item = SourceId> {
        let texts = (0u32..).map(SourceId).zip(&self.texts);
        texts.filter(|(_, text)| !text.is_same).map(|(id, _)| id)
    }

    pub(super) fn into_checked(self) -> Checked {
        self.checked
    }

    fn next(self, sources: &Sources, options: &Options) -> Workspace {
        let Workspace { texts, mut memory, checked } = self;
        let Checked { asts, program, .. } = checked;
        let asts = asts.take().unwrap_or_default();
        let program = program.take().unwrap_or_default();
        let (texts, asts) = read(sources, texts.into_iter().zip(asts));
        let (program, diagnostics) = analyse(sources, options, &texts, &asts, program, &mut memory);
        let checked = Checked { asts: Deep::new(asts), program: Deep::new(program), diagnostics };
        Workspace { texts, memory, checked }
    }
}

/// Every stage after reading.
fn analyse(
    sources: &Sources,
    options: &Options,
    texts: &[Text],
    asts: &[Ast],
    before: Program,
    memory: &mut Memory,
) -> (Program, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    texts.iter().for_each(|text| sink.absorb(&text.said));
    let catalog = resolve::declare(asts, options, &mut sink);
    let is_same = |id: SourceId| texts.get(id.0 as usize).is_some_and(|text| text.is_same);
    let program = types::check_again(catalog, before, &mut memory.types, &is_same, &mut sink);
    let changed = &memory.types.checked;
    rules::run_again(&program, asts, sources, options, changed, &mut memory.rules, &mut sink);
    let diagnostics = lost::without_followers(sink.into_sorted(), asts, sources);
    (program, diagnostics)
}
