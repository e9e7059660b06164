use std::collections::BTreeMap;

use super::control::{Flow, Returned};
use super::early::Early;
use super::env::Env;
use super::variable::Variables;
use super::{annotation, problems, result};
use crate::diagnostics::Sink;
use crate::hir::{self, Cte, CteId, Local, LocalId, Relation, RelationId, StatementKind};
use crate::interface::{Parameter, Returns, Signature};
use crate::language::limits;
use crate::language::{Modifier, Modifiers, Type, Visibility};
use crate::resolve::{Misfit, fit};
use crate::syntax::ast;

/// What an action's body says of it as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Traits {
    pub may_raise: bool,
    pub reads_foreign_caller: bool,
}

/// The state of checking one body: what it introduces, and where it reports.
pub(super) struct Checker<'a, 'e> {
    pub env: &'e Env<'a>,
    pub ast: &'a ast::Action,
    pub sink: &'e mut Sink,
    pub variables: Variables,
    /// The action as far as it is made: its arenas are filled while its body is checked.
    pub made: hir::Action,
    pub traits: Traits,
    /// WINDOW clauses of the SELECTs around the expression being checked, innermost last.
    pub windows: Vec<Vec<ast::NamedWindow>>,
    /// What is known where the statement being checked stands.
    pub flow: Flow,
    /// How many loops are around it.
    pub loops: usize,
    /// What return statements gave so far.
    pub returned: Returned,
    /// What the statement being checked needs before it.
    pub early: Early,
    /// What a test expects so far; none in an action.
    pub testing: Option<Vec<hir::Expectation>>,
}

/// Checks one action whose callees have been checked.
///
/// Parameters without a type are inferred first, by checking the body with nothing said aloud until no use teaches
/// anything new; then the body is checked for good.
pub(super) fn check(ast: &ast::Action, env: &Env<'_>, sink: &mut Sink) -> hir::Action {
    check_modifiers(ast, sink);
    if let Some(declared) = &ast.returns {
        result::check_names(declared, sink);
    }
    let mut variables = parameters(&ast.parameters, sink);
    if ast.parameters.len() > limits::PARAMETERS {
        sink.report(problems::too_many_parameters(ast));
    }
    if variables.any_open() {
        for _ in 0..=ast.parameters.len() {
            let mut muted = Sink::new();
            let mut checker = Checker::new(ast, env, &mut muted, variables);
            checker.body();
            variables = checker.variables;
            variables.reset();
            if !variables.apply() {
                break;
            }
        }
        for (id, evidence) in variables.close(!ast.incomplete) {
            if let Some(local) = variables.locals.get(id.0 as usize) {
                sink.report(problems::uses_disagree(local, &evidence));
            }
        }
    }
    let mut checker = Checker::new(ast, env, sink, variables);
    let (body, returns) = checker.body();
    checker.finish(body, returns)
}

/// Parameters as locals.
pub(super) fn parameters(written: &[ast::Parameter], sink: &mut Sink) -> Variables {
    let mut variables = Variables::default();
    let mut optional = None;
    for parameter in written {
        if let Some(earlier) = variables.declared_here(&parameter.name.name) {
            sink.report(problems::duplicate_parameter(&parameter.name, earlier));
            continue;
        }
        let declared = parameter.ty.as_ref().map(|ty| ty.ty.clone());
        if parameter.default.is_none() && optional.is_some() {
            sink.report(problems::required_after_optional(parameter));
        }
        let ty = declared.clone().unwrap_or(Type::Unknown);
        let default = parameter.default.as_ref().and_then(|literal| {
            optional = Some(literal.span);
            let known = declared.clone().unwrap_or_else(|| crate::resolve::natural_type(&literal.kind));
            match fit(&literal.kind, &known) {
                Ok(value) => Some(value),
                Err(Misfit::WrongType) if known != Type::Unknown => {
                    sink.report(problems::literal_type(literal, &known));
                    None
                }
                Err(Misfit::OutOfRange(what_fits)) => {
                    sink.report(problems::literal_range(&known, &what_fits, literal.span));
                    None
                }
                Err(Misfit::WrongType) => None,
            }
        });
        let open = declared.is_none();
        let local = Local { name: parameter.name.name.clone(), ty, default, span: parameter.name.span };
        variables.add_parameter(local, open);
        if let (true, Some(literal)) = (open, &parameter.default) {
            let id = LocalId(u32::try_from(variables.locals.len() - 1).unwrap_or(u32::MAX));
            let ty = crate::resolve::natural_type(&literal.kind);
            variables.note(id, &ty, literal.span, super::infer::Strength::Literal);
        }
    }
    variables
}

impl<'a, 'e> Checker<'a, 'e> {
    pub(super) fn new(
        ast: &'a ast::Action,
        env: &'e Env<'a>,
        sink: &'e mut Sink,
        variables: Variables,
    ) -> Checker<'a, 'e> {
        let signature = Signature {
            parameters: Vec::new(),
            returns: Returns::Nothing,
            modifiers: modifiers(ast),
            may_raise: false,
            reads_foreign_caller: false,
            composable: false,
            annotations: BTreeMap::new(),
        };
        let made = hir::Action {
            name: ast.name.name.clone(),
            signature,
            locals: Vec::new(),
            parameters: 0,
            relations: Vec::new(),
            ctes: Vec::new(),
            body: Vec::new(),
            origin: hir::Origin::Written,
            recursive: env.is_recursive(&ast.name.name),
            doc: ast.doc.clone(),
            name_span: ast.name.span,
            span: ast.span,
        };
        Checker {
            env,
            ast,
            sink,
            variables,
            made,
            traits: Traits::default(),
            windows: Vec::new(),
            flow: Flow::default(),
            loops: 0,
            returned: Returned::declared(result::declared(ast)),
            early: Early::default(),
            testing: None,
        }
    }

    /// Every statement, and what the action gives back.
    fn body(&mut self) -> (Vec<hir::Statement>, Returns) {
        let mut statements = self.statements(&self.ast.body);
        let returns = result::of(self, &mut statements);
        // What ends anyway need not say so.
        if matches!(statements.last(), Some(hir::Statement { kind: StatementKind::Return, .. })) {
            statements.pop();
        }
        (statements, returns)
    }

    fn finish(self, body: Vec<hir::Statement>, returns: Returns) -> hir::Action {
        let annotations = annotation::values(self.ast, self.sink);
        let Checker { mut made, variables, traits, .. } = self;
        let one_query = matches!(
            body.as_slice(),
            [hir::Statement { kind: StatementKind::Query(_), is_result: true, .. }]
        );
        let signature = &mut made.signature;
        signature.parameters = variables.locals.iter().take(variables.parameters).map(as_parameter).collect();
        signature.returns = returns;
        signature.annotations = annotations;
        signature.may_raise = traits.may_raise;
        signature.reads_foreign_caller = traits.reads_foreign_caller;
        signature.composable = one_query
            && signature.modifiers.view
            && !signature.modifiers.owner
            && !signature.may_raise
            && !made.recursive;
        made.parameters = variables.parameters;
        made.locals = variables.locals;
        made.body = body;
        made
    }

    /// Adds a relation to the arena.
    pub fn add_relation(&mut self, relation: Relation) -> RelationId {
        self.made.relations.push(relation);
        RelationId(u32::try_from(self.made.relations.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a CTE to the arena.
    pub fn add_cte(&mut self, cte: Cte) -> CteId {
        self.made.ctes.push(cte);
        CteId(u32::try_from(self.made.ctes.len() - 1).unwrap_or(u32::MAX))
    }
}

/// A parameter as callers see it.
pub(super) fn as_parameter(local: &Local) -> Parameter {
    let default = local.default.as_ref().map(ToString::to_string);
    Parameter { name: local.name.clone(), ty: local.ty.clone(), default }
}

/// The meaning of the modifiers together.
fn modifiers(ast: &ast::Action) -> Modifiers {
    let has = |wanted: Modifier| ast.modifiers.iter().any(|word| word.modifier == wanted);
    let visibility = ast.modifiers.iter().find_map(|word| word.modifier.visibility());
    Modifiers {
        visibility: visibility.unwrap_or(Visibility::Private),
        owner: has(Modifier::Owner),
        view: has(Modifier::View),
    }
}

/// Reports modifiers that exclude each other or are written twice.
fn check_modifiers(ast: &ast::Action, sink: &mut Sink) {
    for (position, word) in ast.modifiers.iter().enumerate() {
        let earlier = ast.modifiers.iter().take(position);
        let mut clashing = earlier.filter(|earlier| {
            let both = earlier.modifier.visibility().zip(word.modifier.visibility());
            earlier.modifier == word.modifier || both.is_some_and(|(one, other)| one != other)
        });
        if let Some(earlier) = clashing.next() {
            sink.report(problems::modifier_conflict(*earlier, *word));
        }
    }
}
