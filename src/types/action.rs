use super::env::Env;
use super::variable::Variables;
use super::{problems, result};
use crate::diagnostics::Sink;
use crate::hir::{self, Cte, CteId, Local, LocalId, Relation, RelationId};
use crate::interface::{Parameter, Returns, Signature};
use crate::language::limits;
use crate::language::{Modifiers, Type, Visibility};
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
    pub relations: Vec<Relation>,
    pub ctes: Vec<Cte>,
    pub traits: Traits,
}

/// Checks one action whose callees have been checked.
///
/// Parameters without a type are inferred first, by checking the body with nothing said aloud until no use teaches
/// anything new; then the body is checked for good.
pub(super) fn check(ast: &ast::Action, env: &Env<'_>, sink: &mut Sink) -> hir::Action {
    let mut variables = parameters(ast, sink);
    if variables.any_open() {
        for _ in 0..=ast.parameters.len() {
            let mut muted = Sink::new();
            let mut checker = Checker::new(ast, env, &mut muted, variables);
            checker.body();
            variables = checker.variables;
            if !variables.apply() {
                break;
            }
        }
        for (id, evidence) in variables.close() {
            if let Some(local) = variables.locals.get(id.0 as usize) {
                sink.report(problems::uses_disagree(local, &evidence));
            }
        }
    }
    let mut checker = Checker::new(ast, env, sink, variables);
    let (body, returns) = checker.body();
    checker.finish(body, returns)
}

/// The declared parameters as locals.
fn parameters(ast: &ast::Action, sink: &mut Sink) -> Variables {
    let mut variables = Variables::default();
    let mut optional = None;
    for parameter in &ast.parameters {
        if let Some((_, earlier)) = variables.find(&parameter.name) {
            sink.report(problems::duplicate_parameter(&parameter.name, earlier.span));
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
        variables.add(local, open);
        if let (true, Some(literal)) = (open, &parameter.default) {
            let id = LocalId(u32::try_from(variables.locals.len() - 1).unwrap_or(u32::MAX));
            let ty = crate::resolve::natural_type(&literal.kind);
            variables.note(id, &ty, literal.span, super::infer::Strength::Weak);
        }
    }
    if ast.parameters.len() > limits::PARAMETERS {
        sink.report(problems::too_many_parameters(ast));
    }
    variables
}

impl<'a, 'e> Checker<'a, 'e> {
    fn new(
        ast: &'a ast::Action,
        env: &'e Env<'a>,
        sink: &'e mut Sink,
        variables: Variables,
    ) -> Checker<'a, 'e> {
        let (relations, ctes) = (Vec::new(), Vec::new());
        Checker { env, ast, sink, variables, relations, ctes, traits: Traits::default() }
    }

    /// Every statement, and what the action gives back.
    fn body(&mut self) -> (Vec<hir::Statement>, Returns) {
        let mut statements = Vec::new();
        for statement in &self.ast.body {
            statements.extend(self.statement(statement));
        }
        let returns = result::of(self, &mut statements);
        (statements, returns)
    }

    fn finish(self, body: Vec<hir::Statement>, returns: Returns) -> hir::Action {
        let modifiers = self.modifiers();
        let parameter = |local: &Local| Parameter {
            name: local.name.clone(),
            ty: local.ty.clone(),
            default: local.default.as_ref().map(|default| default.to_string()),
        };
        let recursive = self.env.is_recursive(&self.ast.name.name);
        let composable = modifiers.view
            && !modifiers.owner
            && !recursive
            && !self.traits.may_raise
            && matches!(body.as_slice(), [hir::Statement { kind: hir::StatementKind::Query(_), is_result: true, .. }]);
        let signature = Signature {
            parameters: self.variables.locals.iter().map(parameter).collect(),
            returns,
            modifiers,
            may_raise: self.traits.may_raise,
            reads_foreign_caller: self.traits.reads_foreign_caller,
            composable,
        };
        hir::Action {
            name: self.ast.name.name.clone(),
            signature,
            parameters: self.variables.locals.len(),
            locals: self.variables.locals,
            relations: self.relations,
            ctes: self.ctes,
            body,
            recursive,
            doc: self.ast.doc.clone(),
            name_span: self.ast.name.span,
            span: self.ast.span,
        }
    }

    /// The meaning of the modifiers together; contradictions were reported with the header.
    pub fn modifiers(&self) -> Modifiers {
        let mut visibility = None;
        let mut modifiers = Modifiers { visibility: Visibility::Private, owner: false, view: false };
        for word in &self.ast.modifiers {
            visibility = visibility.or(word.modifier.visibility());
            modifiers.owner |= word.modifier == crate::language::Modifier::Owner;
            modifiers.view |= word.modifier == crate::language::Modifier::View;
        }
        modifiers.visibility = visibility.unwrap_or(Visibility::Private);
        modifiers
    }

    /// Adds a relation to the arena.
    pub fn relation(&mut self, relation: Relation) -> RelationId {
        self.relations.push(relation);
        RelationId(u32::try_from(self.relations.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a CTE to the arena.
    pub fn cte(&mut self, cte: Cte) -> CteId {
        self.ctes.push(cte);
        CteId(u32::try_from(self.ctes.len() - 1).unwrap_or(u32::MAX))
    }
}
