use super::action::Checker;
use super::problems;
use super::result;
use super::scope::{At, Place};
use super::{externs, foreign};
use crate::diagnostics::Diagnostic;
use crate::hir::foreign::TARGET;
use crate::hir::{Callee, Expr, ExprKind, ViewCall};
use crate::interface::{Returns, RowColumn, Signature};
use crate::language::{Ident, Modifier, Visibility};
use crate::syntax::ast::Call;

impl Checker<'_, '_> {
    /// The action a call means, with its signature; none if it was reported, or if the callee is part of a recursion
    /// whose signature is not known yet and `signature` is `None`.
    fn callee(&mut self, call: &Call) -> Option<(Callee, Option<Signature>)> {
        match &call.alias {
            _ if call.foreign => self.foreign_callee(call),
            Some(alias) => {
                self.imported_callee(alias, call).map(|(callee, signature)| (callee, Some(signature)))
            }
            None => self.own_callee(call),
        }
    }

    fn imported_callee(&mut self, alias: &Ident, call: &Call) -> Option<(Callee, Signature)> {
        if let Some(bound) = self.env.items.extern_use(&alias.name) {
            return self.extern_callee(bound, alias, call);
        }
        let Some(interface) = self.env.imported(&alias.name) else {
            if !self.env.items.broken_imports.contains(&alias.name) {
                let known = self.env.aliases();
                self.sink.report(problems::unknown_alias(alias, known.into_iter()));
            }
            return None;
        };
        let callee = Callee { dbid: interface.dbid.clone(), action: call.name.name.clone() };
        let Some(signature) = interface.actions.get(&call.name.name) else {
            let importable =
                interface.actions.iter().filter(|(_, known)| known.modifiers.visibility.is_importable());
            let known: Vec<&str> = importable.map(|(name, _)| name.as_str()).collect();
            self.sink.report(problems::unknown_imported_action(alias, &interface.name, &call.name, &known));
            return None;
        };
        let visibility = signature.modifiers.visibility;
        let is_open =
            visibility.is_importable() || (self.testing.is_some() && visibility == Visibility::Oracle);
        if !is_open {
            let report = problems::not_callable(&call.name, &interface.name, visibility);
            self.sink.report(report);
            return None;
        }
        Some((callee, signature.clone()))
    }

    fn own_callee(&mut self, call: &Call) -> Option<(Callee, Option<Signature>)> {
        let name = &call.name.name;
        let Some(ast) = self.env.items.action(name) else {
            if self.env.items.foreign(name).is_some() {
                self.sink.report(problems::foreign_without_target(&call.name));
                return None;
            }
            let known: Vec<&str> =
                self.env.items.actions.iter().map(|item| item.ast.name.name.as_str()).collect();
            self.sink.report(problems::unknown_action(&call.name, &known));
            return None;
        };
        let is_oracle = |action: &crate::syntax::ast::Action| {
            action.modifiers.iter().any(|word| word.modifier.visibility() == Some(Visibility::Oracle))
        };
        if is_oracle(ast) && !is_oracle(self.ast) && self.testing.is_none() {
            self.sink.report(problems::not_callable(&call.name, &self.env.items.name, Visibility::Oracle));
            return None;
        }
        let callee = Callee { dbid: self.env.items.dbid.clone(), action: name.clone() };
        Some((callee, self.env.own(name).cloned()))
    }

    /// A call that stands as a statement: any action may be called.
    pub fn call_statement(&mut self, call: &Call, at: At<'_>) -> Option<(Callee, Vec<Expr>)> {
        let found = self.callee(call);
        let Some((callee, signature)) = found else {
            for argument in &call.arguments {
                self.expression(argument, None, at);
            }
            return None;
        };
        if let Some(signature) = &signature {
            self.inherit(&callee, signature);
        }
        let arguments = self.call_arguments(call, signature.as_ref(), at);
        Some((callee, arguments))
    }

    /// Raising flows from any callee; reading `@foreign_caller` only from callees of the same schema.
    fn inherit(&mut self, callee: &Callee, signature: &Signature) {
        self.traits.may_raise |= signature.may_raise;
        let own = callee.dbid == self.env.items.dbid;
        self.traits.reads_foreign_caller |= own && signature.reads_foreign_caller;
    }

    /// The arguments fitted to the parameters, defaults filled in.
    fn call_arguments(&mut self, call: &Call, signature: Option<&Signature>, at: At<'_>) -> Vec<Expr> {
        let Some(signature) = signature else {
            return self.recursive_arguments(call, at);
        };
        let required = signature.parameters.iter().filter(|parameter| parameter.default.is_none()).count();
        let most = signature.parameters.len();
        if !(required..=most).contains(&call.arguments.len()) {
            let hidden = if call.foreign { TARGET } else { 0 };
            let line = self.line(call, signature);
            self.sink.report(problems::argument_count(
                &call.name,
                (required.saturating_sub(hidden), Some(most.saturating_sub(hidden))),
                call.arguments.len().saturating_sub(hidden),
                Some(&line),
            ));
        }
        let mut arguments = Vec::new();
        for (position, argument) in call.arguments.iter().enumerate() {
            let parameter = signature.parameters.get(position);
            let made = self.expression(argument, parameter.map(|parameter| &parameter.ty), at);
            arguments.push(match parameter {
                Some(parameter) => {
                    let mark = self.sink.mark();
                    let made = self.coerce(made, &parameter.ty, None);
                    self.sink
                        .note_since(mark, &format!("parameter `${}` is `{}`", parameter.name, parameter.ty));
                    made
                }
                None => made,
            });
        }
        for parameter in signature.parameters.iter().skip(call.arguments.len()) {
            arguments.extend(super::statement::default_argument(parameter, call.span));
        }
        arguments
    }

    /// Inside a recursion only declared parameter types are known.
    fn recursive_arguments(&mut self, call: &Call, at: At<'_>) -> Vec<Expr> {
        let parameters =
            self.env.items.action(&call.name.name).map(|ast| ast.parameters.as_slice()).unwrap_or_default();
        if parameters.len() != call.arguments.len() {
            let arity = (parameters.len(), Some(parameters.len()));
            self.sink.report(problems::argument_count(&call.name, arity, call.arguments.len(), None));
        }
        let mut arguments = Vec::new();
        for (position, argument) in call.arguments.iter().enumerate() {
            let declared = parameters.get(position).and_then(|parameter| parameter.ty.as_ref());
            if let (None, Some(parameter)) = (declared, parameters.get(position)) {
                self.sink.report(problems::recursive_parameter(parameter));
            }
            let made = self.expression(argument, declared.map(|declared| &declared.ty), at);
            arguments.push(match declared {
                Some(declared) => self.coerce(made, &declared.ty, None),
                None => made,
            });
        }
        arguments
    }

    /// A view that stands where rows stand: `WITH x AS view(..)`, `FROM view(..) AS x`.
    pub fn view_call(&mut self, call: &Call, at: At<'_>) -> Option<(ViewCall, Vec<RowColumn>)> {
        let found = if call.foreign { self.foreign_view(call) } else { self.callee(call) };
        let (callee, signature) = found?;
        let Some(signature) = signature else {
            self.sink.report(problems::recursive_view(&call.name));
            return None;
        };
        if !signature.modifiers.view {
            self.not_a_view(call, problems::not_a_view(&call.name));
            return None;
        }
        let Returns::Table(columns) = &signature.returns else {
            let line = self.line(call, &signature);
            self.sink.report(problems::no_rows(&call.name, &line));
            return None;
        };
        self.inherit(&callee, &signature);
        let arguments = self.call_arguments(call, Some(&signature), at.in_place(Place::ViewArgument));
        if !signature.composable && !call.foreign && !self.is_extern(call) {
            self.sink.report(problems::view_not_spliced(&call.name, &signature));
        }
        let spliced = signature.composable;
        Some((ViewCall { callee, arguments, spliced, span: call.span }, columns.clone()))
    }

    /// What a call of an action gives back, as far as it is known: inside a recursion what the callee declares.
    pub fn returns_of(&self, call: &Call) -> Option<Returns> {
        match (self.signature_of(call), &call.alias) {
            (Some(signature), _) => Some(signature.returns.clone()),
            (None, Some(_)) => None,
            (None, None) => {
                let ast = self.env.items.action(&call.name.name)?;
                Some(result::declared(ast).unwrap_or(Returns::Nothing))
            }
        }
    }

    /// The signature of what a call means, if there is such an action and it is known.
    fn signature_of(&self, call: &Call) -> Option<&Signature> {
        match &call.alias {
            Some(alias) => self.env.behind(&alias.name, &call.name.name),
            None => self.env.own(&call.name.name),
        }
    }

    /// Reports an action inside a query. One of this schema that could be a view is told where it is declared, and once.
    fn not_a_view(&mut self, call: &Call, report: Diagnostic) {
        let name = &call.name.name;
        let own = self.env.items.action(name).filter(|_| call.alias.is_none() && !call.foreign);
        match own.filter(|_| self.env.only_reads(name)) {
            Some(declared) => self.sink.report(problems::not_declared_view(declared, call.span)),
            None => self.sink.report(report),
        }
    }

    /// True for a call of an extern.
    fn is_extern(&self, call: &Call) -> bool {
        call.alias.as_ref().is_some_and(|alias| self.env.items.extern_use(&alias.name).is_some())
    }

    /// The signature of what is called, as its author wrote it.
    fn line(&self, call: &Call, signature: &Signature) -> String {
        if self.is_extern(call) { externs::line(call, signature) } else { foreign::line(call, signature) }
    }

    /// True if an importer's query can take the called view's own query in its place.
    pub fn is_composable(&self, call: &Call) -> bool {
        self.signature_of(call).is_some_and(|signature| signature.composable)
    }

    /// An action's one value inside an expression. Inside a query only a view: PostgreSQL decides how often and when
    /// it is called there, so that one that may raise is called before the query, or not at all.
    pub fn action_value(&mut self, call: &Call, at: At<'_>) -> Expr {
        let unknown = Expr::unknown(call.span);
        if let Some(alias) = &call.alias
            && self.env.items.import(&alias.name).is_none()
            && !self.is_extern(call)
        {
            if !self.env.items.broken_imports.contains(&alias.name) {
                self.sink.report(problems::qualified_function(alias, call));
            }
            return unknown;
        }
        let returns = self.returns_of(call);
        let Some((callee, arguments)) = self.call_statement(call, at) else { return unknown };
        let Some(returns) = returns else { return unknown };
        let (view, may_raise) = self.nature(call);
        let free = self.are_free_of_rows(&arguments);
        let in_query = at.place != Place::Value;
        if in_query && !view {
            self.not_a_view(call, problems::action_in_query(call, view, free));
            return unknown;
        }
        let Some(column) = one_value(&returns) else {
            self.sink.report(problems::not_one_value(call, &returns));
            return unknown;
        };
        if in_query && may_raise {
            if self.can_be_early(&arguments) {
                return self.call_early(&call.name, callee, arguments, column, call.span);
            }
            self.sink.report(problems::action_in_query(call, view, free));
            return unknown;
        }
        if in_query && !free && !self.is_extern(call) {
            self.sink.report(problems::view_for_each_row(&call.name, call.span));
        }
        let kind = ExprKind::Call { callee, arguments };
        Expr { kind, ty: column.ty.clone(), nullable: column.nullable, span: call.span }
    }

    /// Whether what a call means is a view, and whether it may raise.
    fn nature(&self, call: &Call) -> (bool, bool) {
        if call.foreign {
            return (self.made.signature.modifiers.view, true);
        }
        match (self.signature_of(call), self.env.items.action(&call.name.name)) {
            (Some(signature), _) => (signature.modifiers.view, signature.may_raise),
            // Inside a recursion only what is written is known.
            (None, Some(ast)) => (ast.modifiers.iter().any(|word| word.modifier == Modifier::View), true),
            (None, None) => (false, true),
        }
    }
}

/// The one value of a result that is a row of one.
fn one_value(returns: &Returns) -> Option<&RowColumn> {
    match returns {
        Returns::Row(columns) => columns.first().filter(|_| columns.len() == 1),
        _ => None,
    }
}
