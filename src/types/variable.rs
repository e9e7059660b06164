use super::infer::{Evidence, Strength};
use crate::hir::{Local, LocalId};
use crate::language::{Ident, Type};
use crate::source::Span;

/// The parameters of the action being checked, and what its body says of the untyped ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    pub locals: Vec<Local>,
    /// Beside each local: what is being collected for it, if its type is still open.
    evidence: Vec<Option<Evidence>>,
}

impl Variables {
    /// Adds a parameter; without a type its uses will say.
    pub fn add(&mut self, local: Local, open: bool) {
        self.evidence.push(open.then(Evidence::default));
        self.locals.push(local);
    }

    pub fn find(&self, name: &Ident) -> Option<(LocalId, &Local)> {
        let position = self.locals.iter().position(|local| local.name == name.name)?;
        let id = LocalId(u32::try_from(position).ok()?);
        self.locals.get(position).map(|local| (id, local))
    }

    /// Notes a use of a local whose type is open; nothing for others.
    pub fn note(&mut self, id: LocalId, ty: &Type, span: Span, strength: Strength) {
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

    /// Ends the collecting: what no use gave a type is text. Gives back the locals whose uses disagree, whose type is
    /// then unknown, so that nothing more is said about them.
    pub fn close(&mut self) -> Vec<(LocalId, Evidence)> {
        let mut disagreements = Vec::new();
        for (position, (local, evidence)) in self.locals.iter_mut().zip(&mut self.evidence).enumerate() {
            let Some(evidence) = evidence.take() else { continue };
            local.ty = evidence.ty().cloned().unwrap_or(Type::Text);
            if evidence.disagreement().is_some() {
                local.ty = Type::Unknown;
                disagreements.push((LocalId(u32::try_from(position).unwrap_or(u32::MAX)), evidence));
            }
        }
        disagreements
    }
}
