use super::infer::{Evidence, Strength};
use crate::hir::{Local, LocalId};
use crate::language::{Ident, Name, Type};
use crate::source::Span;

/// What a name means.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    /// A parameter or a variable.
    Value(LocalId),
    /// A row of a loop: a local for every column.
    Row(Vec<(Name, LocalId)>),
}

#[derive(Clone, Debug)]
struct Binding {
    name: Name,
    bound: Bound,
    span: Span,
}

/// The parameters and variables of the action being checked, which of them are in scope, and what the body says of
/// the parameters without a type.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    pub locals: Vec<Local>,
    /// How many of `locals` are parameters.
    pub parameters: usize,
    /// Beside each parameter: what is being collected for it, if its type is still open.
    evidence: Vec<Option<Evidence>>,
    /// What a variable was first given, beside its index, if that was another local.
    origins: Vec<Option<LocalId>>,
    /// Innermost last; the parameters and the variables beside them first.
    scopes: Vec<Vec<Binding>>,
}

impl Variables {
    /// Adds a parameter; without a type its uses will say.
    pub fn add_parameter(&mut self, local: Local, open: bool) {
        self.evidence.push(open.then(Evidence::default));
        self.parameters += 1;
        let (name, span) = (local.name.clone(), local.span);
        let id = self.add_local(local, None);
        self.bind(name, Bound::Value(id), span);
    }

    /// Adds a variable to the innermost scope. `origin` is the local it is first given, if it is one.
    pub fn declare(&mut self, name: &Ident, ty: Type, origin: Option<LocalId>) -> LocalId {
        let local = Local { name: name.name.clone(), ty, default: None, span: name.span };
        let id = self.add_local(local, origin);
        self.bind(name.name.clone(), Bound::Value(id), name.span);
        id
    }

    /// Adds a row to the innermost scope: a local `row.column` for every column.
    pub fn declare_row(&mut self, row: &Ident, columns: &[(Name, Type)]) -> Vec<LocalId> {
        let mut fields = Vec::new();
        for (column, ty) in columns {
            let name = Name::new(&format!("{}.{column}", row.name));
            let local = Local { name, ty: ty.clone(), default: None, span: row.span };
            fields.push((column.clone(), self.add_local(local, None)));
        }
        let ids = fields.iter().map(|(_, id)| *id).collect();
        self.bind(row.name.clone(), Bound::Row(fields), row.span);
        ids
    }

    fn add_local(&mut self, local: Local, origin: Option<LocalId>) -> LocalId {
        self.locals.push(local);
        self.origins.push(origin);
        LocalId(u32::try_from(self.locals.len() - 1).unwrap_or(u32::MAX))
    }

    fn bind(&mut self, name: Name, bound: Bound, span: Span) {
        if self.scopes.is_empty() {
            self.scopes.push(Vec::new());
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(Binding { name, bound, span });
        }
    }

    /// Begins a scope.
    pub fn enter(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Ends the innermost scope.
    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Forgets the variables: the body is checked again.
    pub fn reset(&mut self) {
        self.locals.truncate(self.parameters);
        self.origins.truncate(self.parameters);
        self.scopes.truncate(1);
        if let Some(scope) = self.scopes.first_mut() {
            scope.truncate(self.parameters);
        }
    }

    /// What a name means here.
    pub fn find(&self, name: &Name) -> Option<&Bound> {
        let inner_first = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        inner_first.into_iter().find(|binding| binding.name == *name).map(|binding| &binding.bound)
    }

    /// Where a name was declared in the innermost scope, if it was.
    pub fn declared_here(&self, name: &Name) -> Option<Span> {
        let scope = self.scopes.last()?;
        scope.iter().find(|binding| binding.name == *name).map(|binding| binding.span)
    }

    /// Names in scope, innermost first.
    pub fn names(&self) -> Vec<&str> {
        self.scopes.iter().rev().flatten().map(|binding| binding.name.as_str()).collect()
    }

    pub fn local(&self, id: LocalId) -> Option<&Local> {
        self.locals.get(id.0 as usize)
    }

    /// Notes a use of a local whose type is open, or that was first given such a local; nothing for others.
    pub fn note(&mut self, mut id: LocalId, ty: &Type, span: Span, strength: Strength) {
        // An origin was declared before what it was given to, so this ends.
        while let Some(Some(origin)) = self.origins.get(id.0 as usize) {
            id = *origin;
        }
        if let Some(Some(evidence)) = self.evidence.get_mut(id.0 as usize) {
            evidence.add(ty, span, strength);
        }
    }

    /// True if any local's type is still open.
    pub fn any_open(&self) -> bool {
        self.evidence.iter().any(Option::is_some)
    }

    /// Gives open locals the types their uses ask for so far. True if that changed one.
    pub fn apply(&mut self) -> bool {
        let mut changed = false;
        for (local, evidence) in self.locals.iter_mut().zip(&self.evidence) {
            if let Some(ty) = evidence.as_ref().and_then(Evidence::ty)
                && local.ty != *ty
            {
                local.ty = ty.clone();
                changed = true;
            }
        }
        changed
    }

    /// Ends the collecting: what no use gave a type is text, unless not all uses are known. Gives back the locals whose uses
    /// disagree, whose type is then unknown, so that nothing more is said about them.
    pub fn close(&mut self, all_known: bool) -> Vec<(LocalId, Evidence)> {
        let unused = if all_known { Type::Text } else { Type::Unknown };
        let mut disagreements = Vec::new();
        for (position, (local, evidence)) in self.locals.iter_mut().zip(&mut self.evidence).enumerate() {
            let Some(evidence) = evidence.take() else { continue };
            local.ty = evidence.ty().cloned().unwrap_or_else(|| unused.clone());
            if evidence.disagreement().is_some() {
                local.ty = Type::Unknown;
                disagreements.push((LocalId(u32::try_from(position).unwrap_or(u32::MAX)), evidence));
            }
        }
        disagreements
    }
}
