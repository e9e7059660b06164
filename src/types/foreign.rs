//! Foreign procedures. Each is two actions of the schema that no author can name: one calls whatever it is told to, the
//! other, which stands in views and in queries, only views.

use super::action::Checker;
use super::{problems, result};
use crate::diagnostics::Sink;
use crate::hir::foreign::{TARGET, view_name};
use crate::hir::{Action, Callee, Local, Origin};
use crate::interface::{Parameter, Returns, Signature};
use crate::language::{Modifiers, Name, Type, Visibility};
use crate::syntax::ast::{self, Call, Foreign, ReturnsClause};

/// The signature of what is called, as its author wrote it.
pub(super) fn line(call: &Call, signature: &Signature) -> String {
    let name = call.name.name.as_str();
    if !call.foreign {
        return signature.render(name);
    }
    let parameters = signature.parameters.iter().skip(TARGET).cloned().collect();
    let declared = Signature { parameters, ..signature.clone() };
    format!("foreign procedure {}", declared.render(name).replacen(" private", "", 1))
}

/// The actions that stand for a foreign procedure.
pub(super) fn stubs(foreign: &Foreign, sink: &mut Sink) -> [Action; 2] {
    let locals = locals(foreign, sink);
    let returns = returns(foreign.returns.as_ref(), sink);
    [false, true].map(|view| {
        let name = &foreign.name.name;
        Action {
            name: if view { view_name(name) } else { name.clone() },
            signature: signature(&locals, returns.clone(), view),
            locals: locals.clone(),
            parameters: locals.len(),
            relations: Vec::new(),
            ctes: Vec::new(),
            body: Vec::new(),
            origin: Origin::Foreign,
            recursive: false,
            doc: foreign.doc.clone(),
            name_span: foreign.name.span,
            span: foreign.span,
        }
    })
}

/// The DBID, the action, and what is declared. Nobody can write a name that begins with `_`.
fn locals(foreign: &Foreign, sink: &mut Sink) -> Vec<Local> {
    let target =
        |name: &str| Local { name: Name::new(name), ty: Type::Text, default: None, span: foreign.name.span };
    let mut locals = vec![target("_dbid"), target("_action")];
    for (number, parameter) in foreign.parameters.iter().enumerate() {
        let name = parameter.name.as_ref();
        if let Some((name, earlier)) = name.zip(locals.iter().find(|local| is_called(local, parameter))) {
            sink.report(problems::duplicate_parameter(name, earlier.span));
        }
        let name = name.map_or_else(|| Name::new(&format!("_{number}")), |name| name.name.clone());
        locals.push(Local { name, ty: parameter.ty.ty.clone(), default: None, span: parameter.span });
    }
    locals
}

fn is_called(local: &Local, parameter: &ast::ForeignParameter) -> bool {
    parameter.name.as_ref().is_some_and(|name| name.name == local.name)
}

/// What is declared of something without a body.
pub(super) fn returns(declared: Option<&ReturnsClause>, sink: &mut Sink) -> Returns {
    let Some(declared) = declared else { return Returns::Nothing };
    result::check_names(declared, sink);
    let columns = result::declared_columns(declared);
    if declared.table { Returns::Table(columns) } else { Returns::Row(columns) }
}

fn signature(locals: &[Local], returns: Returns, view: bool) -> Signature {
    let parameter =
        |local: &Local| Parameter { name: local.name.clone(), ty: local.ty.clone(), default: None };
    Signature {
        parameters: locals.iter().map(parameter).collect(),
        returns,
        modifiers: Modifiers { visibility: Visibility::Private, owner: false, view },
        may_raise: true,
        reads_foreign_caller: false,
        composable: false,
        annotations: Default::default(),
    }
}

impl Checker<'_, '_> {
    /// What a call in brackets means: in a view, something that only calls views.
    pub(super) fn foreign_callee(&mut self, call: &Call) -> Option<(Callee, Option<Signature>)> {
        let name = &call.name.name;
        if self.env.items.foreign(name).is_none() {
            let is_action = self.env.items.action(name).is_some();
            let known = self.env.items.foreign.iter().map(|known| known.name.name.as_str());
            self.sink.report(problems::unknown_foreign(&call.name, is_action, known));
            return None;
        }
        let action = if self.made.signature.modifiers.view { view_name(name) } else { name.clone() };
        let signature = self.env.own(&action).cloned();
        Some((Callee { dbid: self.env.items.dbid.clone(), action }, signature))
    }

    /// The same where rows are read: nothing but a view may be called there.
    pub(super) fn foreign_view(&mut self, call: &Call) -> Option<(Callee, Option<Signature>)> {
        let (callee, _) = self.foreign_callee(call)?;
        let action = view_name(&call.name.name);
        let signature = self.env.own(&action).cloned();
        Some((Callee { action, ..callee }, signature))
    }
}
