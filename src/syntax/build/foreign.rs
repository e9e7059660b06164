use std::ops::Range;

use super::doc::doc;
use super::name::Role;
use super::{Builder, Node};
use crate::language::limits;
use crate::syntax::ast::{Call, ExprKind, Foreign, ForeignParameter, FunctionCall};
use crate::syntax::cut::Item;
use crate::syntax::grammar::Rule;
use crate::syntax::scan::TokenKind;
use crate::syntax::{problems, sql};

impl<'t> Builder<'t, '_, '_> {
    /// `foreign procedure NAME(..) [returns ..]`
    pub(super) fn foreign(&mut self, item: &Item) -> Option<Foreign> {
        let node = self.read(Rule::foreign_piece, item.range.start + 2..item.range.end, "")?;
        let name = self.name(&node.child(Rule::name)?, Role::Action);
        let parameters: Vec<ForeignParameter> = match node.child(Rule::foreign_parameters) {
            Some(list) => {
                list.all(Rule::foreign_parameter).filter_map(|one| self.foreign_parameter(&one)).collect()
            }
            None => Vec::new(),
        };
        self.count(name.span, parameters.len(), limits::PARAMETERS, "parameters");
        let returns = node.child(Rule::returns).and_then(|returns| self.returns(&returns));
        let span = self.tokens.range_span(&item.range);
        Some(Foreign { name, parameters, returns, doc: doc(self.tokens, item.range.start), span })
    }

    /// The `(` of `name[..](..`, if that is how `range` begins.
    pub(super) fn foreign_arguments(&self, range: &Range<usize>) -> Option<usize> {
        let open = range.start + 1;
        let begins = self.tokens.kind(range.start) == Some(TokenKind::Word) && open < range.end;
        let bracket =
            self.tokens.closing(open, range).filter(|_| begins && self.tokens.is_mark(open, "["))?;
        (bracket + 1 < range.end && self.tokens.is_mark(bracket + 1, "(")).then_some(bracket + 1)
    }

    /// `name[dbid, action](arguments)`, which is all of `range`: an expression, of which nothing else may be a call.
    pub(super) fn foreign_call(&mut self, range: Range<usize>) -> Option<Call> {
        if self.tokens.any_bad(&range) || !self.is_balanced(&range) {
            return None;
        }
        let span = self.tokens.range_span(&range);
        let read = sql::expression(self.tokens.source_text(), span, self.reporter.sink())?;
        match read.kind {
            ExprKind::Function(function) => self.plain_call(*function),
            _ => None,
        }
    }

    /// The call, if it is nothing more than one.
    fn plain_call(&mut self, function: FunctionCall) -> Option<Call> {
        if function.is_plain() {
            return Some(function.call);
        }
        self.reporter.report(problems::unexpected(function.call.span, &["a call"], Some("an aggregate")));
        None
    }

    /// `[$NAME] TYPE`
    fn foreign_parameter(&mut self, node: &Node<'t>) -> Option<ForeignParameter> {
        let name = node.child(Rule::variable).map(|name| self.name(&name, Role::Parameter));
        let ty = self.type_name(&node.child(Rule::type_name)?);
        Some(ForeignParameter { name, ty, span: node.span() })
    }
}
