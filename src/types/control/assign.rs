use crate::hir::{Expr, ExprKind, Literal, LocalId, StatementKind};
use crate::language::{Ident, Type};
use crate::syntax::ast;
use crate::types::action::Checker;
use crate::types::infer::Strength;
use crate::types::problems;
use crate::types::variable::Bound;

impl Checker<'_, '_> {
    /// `$x T;`, `$x T := e;`
    pub(super) fn declaration(
        &mut self,
        variable: &Ident,
        ty: &ast::TypeName,
        value: Option<&ast::Expr>,
    ) -> Option<StatementKind> {
        if let Some(earlier) = self.variables.declared_here(&variable.name) {
            self.sink.report(problems::duplicate_variable(variable, earlier));
            return None;
        }
        let Some(value) = value else {
            let target = self.variables.declare(variable, ty.ty.clone(), None);
            return Some(self.assign(target, null(&ty.ty, variable)));
        };
        if let Some(call) = self.action_call(value).filter(|call| self.gives_table(call)) {
            let call = call.clone();
            let target = self.variables.declare(variable, ty.ty.clone(), None);
            return self.receive(&[Some(target)], &call);
        }
        // The value is read before the variable is there.
        let value = self.value(value, Some(&ty.ty));
        let value = self.coerce(value, &ty.ty, Some((ty.span, "declared here")));
        let target = self.variables.declare(variable, ty.ty.clone(), None);
        Some(self.assign(target, value))
    }

    /// `$x := e;`, which declares `$x` if it is not in scope.
    pub(super) fn assignment(&mut self, variable: &Ident, value: &ast::Expr) -> Option<StatementKind> {
        match self.variables.find(&variable.name).cloned() {
            Some(Bound::Row(_)) => {
                self.value(value, None);
                self.sink.report(problems::row_assigned(variable));
                None
            }
            Some(Bound::Value(target)) => self.assign_to(target, value),
            None => self.implied_declaration(variable, value),
        }
    }

    /// `$x := ..;` whose value nobody could read.
    pub(super) fn unread_assignment(&mut self, variable: &Ident) {
        if self.variables.find(&variable.name).is_none() {
            self.variables.declare(variable, Type::Unknown, None);
        }
    }

    fn assign_to(&mut self, target: LocalId, value: &ast::Expr) -> Option<StatementKind> {
        if let Some(call) = self.action_call(value).filter(|call| self.gives_table(call)) {
            return self.receive(&[Some(target)], &call.clone());
        }
        let (ty, span) = self.variables.local(target).map(|local| (local.ty.clone(), local.span))?;
        let value = self.value(value, Some(&ty));
        let strength = match value.kind {
            ExprKind::Literal(_) => Strength::Literal,
            _ => Strength::Strong,
        };
        self.variables.note(target, &value.ty, value.span, strength);
        let value = self.coerce(value, &ty, Some((span, "declared here")));
        Some(self.assign(target, value))
    }

    fn implied_declaration(&mut self, variable: &Ident, value: &ast::Expr) -> Option<StatementKind> {
        if let Some(call) = self.action_call(value).filter(|call| self.gives_table(call)) {
            let target = self.variables.declare(variable, Type::Unknown, None);
            return self.receive(&[Some(target)], &call.clone());
        }
        let mut value = self.value(value, None);
        if value.ty == Type::Null {
            self.sink.report(problems::untyped_variable(variable, value.span));
            value.ty = Type::Unknown;
        }
        let origin = match value.kind {
            ExprKind::Local(id) => Some(id),
            _ => None,
        };
        let target = self.variables.declare(variable, value.ty.clone(), origin);
        Some(self.assign(target, value))
    }

    /// `target := value`, both of one type.
    pub(in crate::types) fn assign(&mut self, target: LocalId, value: Expr) -> StatementKind {
        self.flow.set(target, value.nullable);
        StatementKind::Assign { target, value }
    }

    /// `$a[i] := e;`
    pub(super) fn element_assignment(
        &mut self,
        array: &Ident,
        index: &ast::Expr,
        value: &ast::Expr,
    ) -> Option<StatementKind> {
        let target = match self.variables.find(&array.name).cloned() {
            Some(Bound::Value(target)) => Some(target),
            Some(Bound::Row(_)) => {
                self.sink.report(problems::row_assigned(array));
                None
            }
            None => {
                self.unknown_variable(array);
                None
            }
        };
        let ty = target.and_then(|target| self.variables.local(target)).map(|local| local.ty.clone());
        let element = match &ty {
            Some(Type::Array(element)) => element.as_ref().clone(),
            Some(ty) if !ty.is_open() => {
                self.sink.report(problems::not_an_array(ty, array.span));
                Type::Unknown
            }
            _ => Type::Unknown,
        };
        let scope = crate::types::scope::Scope::default();
        let at = crate::types::scope::At::new(&scope, crate::types::scope::Place::Value);
        let index = self.int(index, at);
        let value = self.value(value, Some(&element));
        let value = self.coerce(value, &element, Some((array.span, "an array of these")));
        let array = target?;
        self.flow.set(array, false);
        Some(StatementKind::AssignElement { array, index, value })
    }

    pub(in crate::types) fn unknown_variable(&mut self, name: &Ident) {
        let known = self.variables.names();
        self.sink.report(problems::unknown_variable(name, &known));
    }
}

fn null(ty: &Type, variable: &Ident) -> Expr {
    Expr { kind: ExprKind::Literal(Literal::Null), ty: ty.clone(), nullable: true, span: variable.span }
}
