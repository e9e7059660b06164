//! The variables of one function. A DECLARE is flat and the language's scopes are not, so that each local gets a name
//! of its own; what the compiler adds begins with `#`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Taken};
use super::ty::cast_type;
use crate::hir::{Action, LocalId, Uses};
use crate::pg::{self, Ident, Parameter};

/// The variables of one function.
pub(super) struct Locals {
    names: Vec<Ident>,
    parameters: usize,
    /// Locals whose values somebody reads, and arrays whose elements are assigned.
    kept: BTreeSet<LocalId>,
    /// Locals that some statement assigns, loops apart.
    changed: BTreeSet<LocalId>,
    /// Locals that a query reads.
    in_queries: BTreeSet<LocalId>,
    /// What is read in the place of a local.
    stand_ins: RefCell<BTreeMap<LocalId, pg::Expr>>,
    /// Locals that are never less than one.
    from_one: RefCell<BTreeSet<LocalId>>,
    /// Arrays that a loop fills from the first element on, with what counts it.
    filled: RefCell<BTreeSet<(LocalId, LocalId)>>,
    /// Locals that were named so far.
    named: RefCell<BTreeSet<LocalId>>,
    /// Locals that were assigned so far.
    assigned: RefCell<BTreeSet<LocalId>>,
    /// Names of the compiler's own.
    taken: RefCell<Taken>,
    added: RefCell<Vec<Parameter>>,
}

impl Locals {
    /// Names the locals of `action`.
    pub(super) fn of(action: &Action) -> Locals {
        let Uses { read, elements, of_loops: _, changed, in_queries } = Uses::of(action);
        Locals {
            names: names::variables(action.locals.iter().map(|local| &local.name)),
            parameters: action.parameters,
            kept: read.into_iter().chain(elements).collect(),
            changed,
            in_queries,
            stand_ins: RefCell::default(),
            from_one: RefCell::default(),
            filled: RefCell::default(),
            named: RefCell::default(),
            assigned: RefCell::default(),
            taken: RefCell::default(),
            added: RefCell::default(),
        }
    }

    /// The variable of a local, which from then on the function has: `"$x"`.
    pub(super) fn name(&self, id: LocalId) -> Ident {
        self.named.borrow_mut().insert(id);
        self.names.get(id.0 as usize).cloned().unwrap_or_else(names::context)
    }

    /// The value of a local.
    pub(super) fn read(&self, id: LocalId) -> pg::Expr {
        let stand_in = self.stand_ins.borrow().get(&id).cloned();
        stand_in.unwrap_or_else(|| pg::Expr::Variable(self.name(id)))
    }

    /// From now on `value` is read in the place of a local, which has no variable then.
    pub(super) fn stand_in(&self, id: LocalId, value: pg::Expr) {
        self.stand_ins.borrow_mut().insert(id, value);
    }

    /// Notes that a local is never less than one.
    pub(super) fn note_from_one(&self, id: LocalId) {
        self.from_one.borrow_mut().insert(id);
    }

    /// True if a local is known never to be less than one, nor null.
    pub(super) fn counts_from_one(&self, id: LocalId) -> bool {
        self.from_one.borrow().contains(&id)
    }

    /// Notes that a loop fills an array by its counter.
    pub(super) fn note_filled(&self, array: LocalId, counter: LocalId) {
        self.filled.borrow_mut().insert((array, counter));
    }

    /// True if an element of that number needs none before it to be made.
    pub(super) fn is_filled(&self, array: LocalId, counter: LocalId) -> bool {
        self.filled.borrow().contains(&(array, counter))
    }

    /// True if nothing but the loop that makes it, if any, gives a local a value.
    pub(super) fn is_constant(&self, id: LocalId) -> bool {
        !self.changed.contains(&id)
    }

    /// True if a query reads a local.
    pub(super) fn is_read_in_query(&self, id: LocalId) -> bool {
        self.in_queries.contains(&id)
    }

    /// True for a parameter.
    pub(super) fn is_parameter(&self, id: LocalId) -> bool {
        (id.0 as usize) < self.parameters
    }

    /// True if somebody may want the value of a local.
    pub(super) fn is_kept(&self, id: LocalId) -> bool {
        self.is_parameter(id) || self.kept.contains(&id)
    }

    /// Notes an assignment. True if it is the first.
    pub(super) fn assign(&self, id: LocalId) -> bool {
        self.assigned.borrow_mut().insert(id) && !self.is_parameter(id)
    }

    /// `"#wanted"`, a name that no other variable has.
    pub(super) fn fresh(&self, wanted: &str) -> Ident {
        self.taken.borrow_mut().fresh(&format!("#{wanted}"))
    }

    /// A variable of the compiler's own.
    pub(super) fn added(&self, wanted: &str, ty: pg::Type) -> Ident {
        let name = self.fresh(wanted);
        self.added.borrow_mut().push(Parameter { name: name.clone(), ty });
        name
    }

    /// What DECLARE declares, once everything is lowered.
    pub(super) fn declared(&self, action: &Action) -> Vec<Parameter> {
        let own = (0u32..).map(LocalId).zip(&action.locals).skip(self.parameters);
        let named = self.named.borrow();
        let own = own.filter(|(id, _)| named.contains(id));
        let own = own.filter_map(|(id, local)| {
            Some(Parameter { name: self.names.get(id.0 as usize)?.clone(), ty: cast_type(&local.ty) })
        });
        own.chain(self.added.borrow().iter().cloned()).collect()
    }
}
