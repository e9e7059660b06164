use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::facts::Facts;
use super::locals::Locals;
use super::names::Taken;
use crate::hir::{
    Action, CteId, Expr, ExprKind, Literal, LocalId, OrderBy, Program, RelationId, Schema, Select,
};
use crate::interface::{Dbid, Options, Profile};
use crate::pg::{self, Ident};

/// One function being made: what holds for all of it, and what is gathered on the way.
pub(super) struct Unit<'p> {
    pub(super) program: &'p Program,
    pub(super) profile: Profile,
    /// True if views stay functions of their own, so that what they do can be counted.
    pub(super) apart: bool,
    /// What the function reads, writes and calls.
    pub(super) facts: RefCell<Facts>,
    /// Its variables.
    pub(super) locals: Locals,
    aliases: RefCell<Taken>,
    ctes: RefCell<Taken>,
    hoisted: RefCell<Option<Hoisted>>,
}

/// CTEs of spliced views, moved to the statement's own WITH. PostgreSQL plans a subquery with a WITH of its own apart
/// from the query around it.
#[derive(Default)]
pub(super) struct Hoisted {
    pub(super) ctes: Vec<pg::Cte>,
    pub(super) recursive: bool,
}

impl<'p> Unit<'p> {
    pub(super) fn new(program: &'p Program, options: &Options, action: &Action) -> Unit<'p> {
        let (aliases, ctes, hoisted) = (RefCell::default(), RefCell::default(), RefCell::default());
        let locals = Locals::of(action);
        let (profile, apart, facts) = (options.profile, options.coverage, RefCell::default());
        Unit { program, profile, apart, facts, locals, aliases, ctes, hoisted }
    }

    /// A name for a CTE that no other CTE of the statement has.
    pub(super) fn fresh_cte(&self, wanted: &str) -> Ident {
        self.ctes.borrow_mut().fresh(wanted)
    }

    /// An alias that no other relation of the statement has.
    pub(super) fn fresh_alias(&self, wanted: &str) -> Ident {
        self.aliases.borrow_mut().fresh(wanted)
    }

    /// The frame of one statement of `action`, which has a WITH of its own if it `hoists`. Names are unique within a
    /// statement, not beyond it.
    pub(super) fn statement<'f>(&'f self, schema: &'f Schema, action: &'f Action, hoists: bool) -> Frame<'f> {
        self.aliases.replace(Taken::with(&[EXCLUDED]));
        self.ctes.replace(Taken::default());
        self.hoisted.replace(hoists.then(Hoisted::default));
        Frame::new(self, schema, action, Bindings::Variables, ForeignCaller::Context)
    }
}

impl Unit<'_> {
    /// True if the statement has a WITH that CTEs can be moved to.
    pub(super) fn hoists(&self) -> bool {
        self.hoisted.borrow().is_some()
    }

    /// Moves CTEs to the statement's own WITH.
    pub(super) fn hoist(&self, ctes: &mut Vec<pg::Cte>, recursive: bool) {
        if let Some(hoisted) = self.hoisted.borrow_mut().as_mut() {
            hoisted.recursive |= recursive;
            hoisted.ctes.append(ctes);
        }
    }

    /// What was moved in the statement.
    pub(super) fn take_hoisted(&self) -> Hoisted {
        self.hoisted.take().unwrap_or_default()
    }
}

/// PostgreSQL's own alias for the row an insert could not make.
pub(super) const EXCLUDED: &str = "excluded";

/// An action whose relations, CTEs and parameters are being lowered: the function's own, or one whose query is being
/// spliced into it. The ids of the tree mean something only together with their frame.
pub(super) struct Frame<'f> {
    pub(super) unit: &'f Unit<'f>,
    pub(super) schema: &'f Schema,
    pub(super) action: &'f Action,
    pub(super) bindings: Bindings<'f>,
    pub(super) foreign_caller: ForeignCaller,
    relations: RefCell<BTreeMap<RelationId, Ident>>,
    ctes: RefCell<BTreeMap<CteId, Ident>>,
    columns: RefCell<BTreeMap<RelationId, Rc<[Ident]>>>,
}

/// What the parameters of a frame stand for.
pub(super) enum Bindings<'f> {
    /// Parameters of the function.
    Variables,
    /// Arguments of a splice, in the order of the parameters.
    Arguments {
        /// Where the arguments' own names mean something.
        caller: At<'f>,
        /// One for every parameter.
        values: Vec<Binding<'f>>,
    },
}

/// What one parameter of a spliced view stands for.
pub(super) enum Binding<'f> {
    /// The argument, put where the parameter stands.
    Direct(&'f Expr),
    /// A column of a CTE of one row, which computes the argument once.
    Once {
        /// The argument.
        value: &'f Expr,
        /// The CTE.
        cte: Ident,
        /// Its column.
        column: Ident,
        /// True if the CTE is the statement's own, so that every query of the statement can read it.
        hoisted: bool,
    },
}

/// What `@foreign_caller` is in a frame.
#[derive(Clone)]
pub(super) enum ForeignCaller {
    /// What the function's caller said.
    Context,
    /// The schema that took the view in.
    Schema(Dbid),
}

/// A place expressions stand in: a frame, and the SELECT whose list, filter or order it is, if any.
#[derive(Clone, Copy)]
pub(super) struct At<'f> {
    pub(super) frame: &'f Frame<'f>,
    pub(super) select: Option<&'f Select>,
    /// What the rows of that SELECT are sorted by in the end, as far as the author said.
    pub(super) order_by: &'f [OrderBy],
}

impl<'f> Frame<'f> {
    pub(super) fn new(
        unit: &'f Unit<'f>,
        schema: &'f Schema,
        action: &'f Action,
        bindings: Bindings<'f>,
        foreign_caller: ForeignCaller,
    ) -> Frame<'f> {
        let (relations, ctes, columns) = (RefCell::default(), RefCell::default(), RefCell::default());
        Frame { unit, schema, action, bindings, foreign_caller, relations, ctes, columns }
    }

    /// The alias of a relation, chosen when it is first asked for.
    pub(super) fn alias(&self, id: RelationId) -> Ident {
        let choose = || self.unit.fresh_alias(self.action.relation(id).map_or("r", |it| it.name.as_str()));
        self.relations.borrow_mut().entry(id).or_insert_with(choose).clone()
    }

    /// Makes `alias` the alias of a relation.
    pub(super) fn set_alias(&self, id: RelationId, alias: Ident) {
        self.relations.borrow_mut().insert(id, alias);
    }

    /// The name of a CTE, chosen when it is first asked for.
    pub(super) fn cte_name(&self, id: CteId) -> Ident {
        let choose = || self.unit.fresh_cte(self.action.cte(id).map_or("q", |it| it.name.as_str()));
        self.ctes.borrow_mut().entry(id).or_insert_with(choose).clone()
    }

    /// The names of a relation's columns, which `read` finds the first time.
    pub(super) fn columns(&self, id: RelationId, read: impl FnOnce() -> Vec<Ident>) -> Rc<[Ident]> {
        if let Some(known) = self.columns.borrow().get(&id) {
            return known.clone();
        }
        let columns: Rc<[Ident]> = read().into();
        self.columns.borrow_mut().insert(id, columns.clone());
        columns
    }

    /// This frame, outside any SELECT.
    pub(super) fn at(&'f self) -> At<'f> {
        At { frame: self, select: None, order_by: &[] }
    }

    /// What a parameter stands for, if the frame is a splice.
    pub(super) fn binding(&self, id: LocalId) -> Option<(At<'f>, &Binding<'f>)> {
        match &self.bindings {
            Bindings::Variables => None,
            Bindings::Arguments { caller, values } => Some((*caller, values.get(id.0 as usize)?)),
        }
    }
}

impl<'f> At<'f> {
    /// The same frame, inside `select`, whose rows are sorted by `order_by`.
    pub(super) fn inside(self, select: &'f Select, order_by: &'f [OrderBy]) -> At<'f> {
        At { frame: self.frame, select: Some(select), order_by }
    }

    /// What `expr` says once parameters of splices are followed to the arguments they stand for.
    pub(super) fn resolve<'e>(self, expr: &'e Expr) -> (At<'f>, &'e Expr)
    where
        'f: 'e,
    {
        let ExprKind::Local(id) = expr.kind else { return (self, expr) };
        match self.frame.binding(id) {
            Some((caller, Binding::Direct(value))) => caller.resolve(value),
            Some((_, Binding::Once { .. })) | None => (self, expr),
        }
    }

    /// The literal `expr` is, followed through splices.
    pub(super) fn literal<'e>(self, expr: &'e Expr) -> Option<&'e Literal>
    where
        'f: 'e,
    {
        match &self.resolve(expr).1.kind {
            ExprKind::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}
