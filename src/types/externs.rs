//! Externs. A function of one is, for each alias that something calls it by, an action of the schema that no author can
//! name: `alias.function`. It has a signature and no body.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{self, Checker};
use super::{foreign, problems};
use crate::diagnostics::Sink;
use crate::hir::{Action, Callee, ExternTarget, ExternUse, Origin, Schema};
use crate::interface::{ExternFunction, Signature};
use crate::language::{Ident, Modifiers, Name, Visibility};
use crate::resolve::{Extern, SchemaItems};
use crate::syntax::ast::{self, Call};
use crate::syntax::walk;

/// The functions of every extern, as actions that nothing is configured for yet.
pub(super) type Externs = BTreeMap<Name, BTreeMap<Name, Action>>;

/// Checks the functions of every extern, used or not.
pub(super) fn declare(externs: &BTreeMap<Name, Extern<'_>>, sink: &mut Sink) -> Externs {
    let functions = |of: &Extern<'_>, sink: &mut Sink| {
        of.functions.iter().map(|it| (it.name.name.clone(), function(of, it, sink))).collect()
    };
    externs.iter().map(|(name, of)| (name.clone(), functions(of, sink))).collect()
}

fn function(of: &Extern<'_>, written: &ast::ExternFunction, sink: &mut Sink) -> Action {
    let locals = action::parameters(&written.parameters, sink).locals;
    let signature = Signature {
        parameters: locals.iter().map(action::as_parameter).collect(),
        returns: foreign::returns(written.returns.as_ref(), sink),
        modifiers: Modifiers { visibility: Visibility::Private, owner: false, view: written.view },
        may_raise: false,
        reads_foreign_caller: false,
        composable: false,
        annotations: BTreeMap::new(),
    };
    let target = ExternTarget {
        name: of.name.clone(),
        schema: of.schema.clone(),
        function: written.name.name.clone(),
        config: Vec::new(),
    };
    Action {
        name: written.name.name.clone(),
        signature,
        parameters: locals.len(),
        locals,
        relations: Vec::new(),
        ctes: Vec::new(),
        body: Vec::new(),
        origin: Origin::Extern(target),
        recursive: false,
        doc: written.doc.clone(),
        name_span: written.name.span,
        span: written.span,
    }
}

/// The actions that stand for what `items` calls.
pub(super) fn stubs(items: &SchemaItems<'_>, externs: &Externs) -> Vec<Action> {
    let mut called: BTreeSet<(&Name, &Name)> = BTreeSet::new();
    for item in items.actions.iter().filter(|_| !items.externs.is_empty()) {
        walk::calls(item.ast, &mut |call| {
            called.extend(call.alias.as_ref().map(|alias| (&alias.name, &call.name.name)));
        });
    }
    called.into_iter().filter_map(|(alias, name)| stub(items.extern_use(alias)?, name, externs)).collect()
}

fn stub(bound: &ExternUse, name: &Name, externs: &Externs) -> Option<Action> {
    let mut stub = externs.get(&bound.name)?.get(name)?.clone();
    if let Origin::Extern(target) = &mut stub.origin {
        target.config = bound.config.clone();
    }
    stub.name = stub_name(&bound.alias, name);
    Some(stub)
}

/// What stands for a function of an extern is called.
pub(super) fn stub_name(alias: &Name, function: &Name) -> Name {
    Name::new(&format!("{alias}.{function}"))
}

/// The signature of what is called, as the interface file has it.
pub(super) fn line(call: &Call, signature: &Signature) -> String {
    let line = signature.render(call.name.name.as_str());
    format!("function {}", line.replacen(" private", "", 1))
}

/// The installed functions a schema calls, as `extern.function`.
pub(super) fn called(schema: &Schema) -> BTreeMap<String, ExternFunction> {
    let targets =
        schema.actions.iter().filter_map(|action| action.extern_target().map(|target| (target, action)));
    targets.map(|(target, action)| (target.path(), target.declaration(&action.signature))).collect()
}

impl Checker<'_, '_> {
    /// The function of the extern bound to `alias` that a call means.
    pub(super) fn extern_callee(
        &mut self,
        bound: &ExternUse,
        alias: &Ident,
        call: &Call,
    ) -> Option<(Callee, Signature)> {
        let action = stub_name(&bound.alias, &call.name.name);
        let Some(signature) = self.env.own(&action) else {
            let known = self.env.extern_functions(&bound.name);
            self.sink.report(problems::unknown_extern_function(alias, &bound.name, &call.name, &known));
            return None;
        };
        Some((Callee { dbid: self.env.items.dbid.clone(), action }, signature.clone()))
    }
}
