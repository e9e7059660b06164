use super::action::Checker;
use super::infer::Strength;
use super::operator::Operands;
use super::problems;
use super::scope::{At, Scope, Visible};
use crate::hir::{Branch, Expr, ExprKind, Literal, RelationId};
use crate::interface::RowColumn;
use crate::language::{ContextValue, Ident, Name, Type};
use crate::resolve::{Misfit, fit, natural_type};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, LiteralKind};

impl Checker<'_, '_> {
    /// Types one expression. `hint` is the type its place asks for, for literals and untyped parameters to follow;
    /// whether the result really has that type is for the caller to ask with [`Checker::coerce`].
    pub fn expression(&mut self, expr: &ast::Expr, hint: Option<&Type>, at: At<'_>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ast::ExprKind::Variable(name) => self.variable(name),
            ast::ExprKind::Context(name) => self.context(name),
            ast::ExprKind::Column { table, column } => self.column(table.as_ref(), column, span, at.scope),
            ast::ExprKind::Field { variable, field } => {
                self.sink.report(problems::no_fields(variable, field, span));
                Expr::unknown(span)
            }
            ast::ExprKind::Unary { operator, operand } => self.unary(*operator, operand, hint, span, at),
            ast::ExprKind::Binary { operator, at: sign, left, right } => {
                self.binary(*operator, Operands { left, right, sign: *sign, span }, hint, at)
            }
            ast::ExprKind::Cast { operand, ty } => self.cast(operand, ty, span, at),
            ast::ExprKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), hint, span, at)
            }
            ast::ExprKind::Function(call) => self.function(call, hint, at),
            ast::ExprKind::Array(_) | ast::ExprKind::Index { .. } | ast::ExprKind::Slice { .. } => {
                self.array_expression(expr, hint, at)
            }
            ast::ExprKind::InQuery { .. } | ast::ExprKind::Exists { .. } | ast::ExprKind::Subquery(_) => {
                self.subquery_expression(expr, at)
            }
            _ => self.predicate(expr, at),
        }
    }

    fn literal(&mut self, literal: &LiteralKind, hint: Option<&Type>, span: Span) -> Expr {
        let natural = natural_type(literal);
        let numeric = |ty: &&Type| natural.is_numeric() && ty.is_numeric() || natural == Type::Null;
        let ty = hint.filter(numeric).filter(|ty| !ty.is_open()).cloned().unwrap_or_else(|| natural.clone());
        let nullable = *literal == LiteralKind::Null;
        match fit(literal, &ty) {
            Ok(value) => Expr { kind: ExprKind::Literal(value), ty, nullable, span },
            Err(Misfit::WrongType) => match fit(literal, &natural) {
                Ok(value) => Expr { kind: ExprKind::Literal(value), ty: natural, nullable, span },
                Err(_) => Expr::unknown(span),
            },
            Err(Misfit::OutOfRange(what_fits)) => {
                self.sink.report(problems::literal_range(&ty, &what_fits, span));
                Expr::unknown(span)
            }
        }
    }

    fn variable(&mut self, name: &Ident) -> Expr {
        match self.variables.find(name) {
            Some((id, local)) => {
                Expr { kind: ExprKind::Local(id), ty: local.ty.clone(), nullable: true, span: name.span }
            }
            None => {
                let known: Vec<&str> =
                    self.variables.locals.iter().map(|local| local.name.as_str()).collect();
                self.sink.report(problems::unknown_variable(name, &known));
                Expr::unknown(name.span)
            }
        }
    }

    fn context(&mut self, name: &Ident) -> Expr {
        let Some(value) = ContextValue::from_word(name.name.as_str()) else {
            self.sink.report(problems::unknown_context(name));
            return Expr::unknown(name.span);
        };
        self.traits.reads_foreign_caller |= value == ContextValue::ForeignCaller;
        let nullable = !matches!(value, ContextValue::Caller | ContextValue::ForeignCaller);
        Expr { kind: ExprKind::Context(value), ty: value.ty(), nullable, span: name.span }
    }

    /// A column by name. An unqualified name must be offered by one relation of the nearest level that offers it.
    pub fn column(&mut self, table: Option<&Ident>, column: &Ident, span: Span, scope: &Scope<'_>) -> Expr {
        if let Some(table) = table {
            return match scope.relation(table) {
                Some(visible) => self.qualified(&visible.clone(), table, column, span),
                None => {
                    self.unknown_relation(table, scope);
                    Expr::unknown(span)
                }
            };
        }
        for level in scope.levels() {
            let offers = self.offers(level, &column.name);
            match offers.as_slice() {
                [] => {}
                [(visible, position)] => return self.column_expr(visible, *position, span),
                several => {
                    let names: Vec<Name> = several.iter().map(|(visible, _)| visible.name.clone()).collect();
                    self.sink.report(problems::ambiguous_column(column, &names));
                    return Expr::unknown(span);
                }
            }
        }
        if !self.any_broken(scope) {
            let report = self.unknown_column_report(column, scope);
            self.sink.report(report);
        }
        Expr::unknown(span)
    }

    fn offers<'s>(&self, level: &'s Scope<'_>, name: &Name) -> Vec<(&'s Visible, usize)> {
        let hidden =
            |id: RelationId| level.merged.iter().any(|merged| merged.column == *name && merged.hidden == id);
        let offer = |visible: &'s Visible| {
            let columns = self.columns_of(visible.id);
            let position = columns.iter().position(|column| column.name == *name)?;
            (!hidden(visible.id)).then_some((visible, position))
        };
        level.relations.iter().filter_map(offer).collect()
    }

    fn qualified(&mut self, visible: &Visible, table: &Ident, column: &Ident, span: Span) -> Expr {
        let columns = self.columns_of(visible.id);
        match columns.iter().position(|known| known.name == column.name) {
            Some(position) => self.column_expr(visible, position, span),
            None => {
                if !self.is_broken(visible.id) {
                    let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                    let report = problems::unknown_column_of(&table.name, column, &known);
                    self.sink.report(report);
                }
                Expr::unknown(span)
            }
        }
    }

    /// The column at `position` of a relation, as an expression.
    pub fn column_expr(&self, visible: &Visible, position: usize, span: Span) -> Expr {
        let Some(column) = self.columns_of(visible.id).get(position) else { return Expr::unknown(span) };
        let kind = ExprKind::Column { relation: visible.id, column: position };
        Expr { kind, ty: column.ty.clone(), nullable: column.nullable || visible.outer, span }
    }

    /// The columns of a relation of this action.
    pub fn columns_of(&self, id: RelationId) -> &[RowColumn] {
        self.made.relations.get(id.0 as usize).map_or(&[], |relation| relation.columns.as_slice())
    }

    /// True if a relation's columns are not known because something was already reported.
    fn is_broken(&self, id: RelationId) -> bool {
        let Some(relation) = self.made.relations.get(id.0 as usize) else { return true };
        match &relation.source {
            crate::hir::RelationSource::Table(table) | crate::hir::RelationSource::Excluded(table) => {
                self.env.is_broken(table)
            }
            _ => relation.columns.is_empty(),
        }
    }

    fn any_broken(&self, scope: &Scope<'_>) -> bool {
        scope.levels().flat_map(|level| &level.relations).any(|visible| self.is_broken(visible.id))
    }

    fn unknown_relation(&mut self, table: &Ident, scope: &Scope<'_>) {
        let known: Vec<&str> =
            scope.levels().flat_map(|level| &level.relations).map(|visible| visible.name.as_str()).collect();
        self.sink.report(problems::unknown_relation(table, &known));
    }

    fn unknown_column_report(&self, column: &Ident, scope: &Scope<'_>) -> crate::diagnostics::Diagnostic {
        let relations = scope.levels().flat_map(|level| &level.relations);
        let known: Vec<&str> = relations
            .flat_map(|visible| self.columns_of(visible.id))
            .map(|column| column.name.as_str())
            .collect();
        let is_parameter = self.variables.find(column).is_some();
        problems::unknown_column(column, &known, is_parameter)
    }

    fn cast(&mut self, operand: &ast::Expr, ty: &ast::TypeName, span: Span, at: At<'_>) -> Expr {
        let made = self.expression(operand, Some(&ty.ty), at);
        if let ExprKind::Local(id) = made.kind {
            self.variables.note(id, &ty.ty, made.span, Strength::Cast);
        }
        if ty.ty == Type::Unknown {
            return Expr::unknown(span);
        }
        if let (ExprKind::Literal(Literal::Text(text)), Type::Uuid | Type::Uint256 | Type::Int) =
            (&made.kind, &ty.ty)
        {
            return self.cast_text(text, &ty.ty, span);
        }
        let flexible = matches!(made.kind, ExprKind::Literal(Literal::Number(_) | Literal::Null));
        let retyped = made.ty.is_open() && !matches!(made.kind, ExprKind::Local(_));
        if retyped || (flexible && made.ty == ty.ty) {
            return Expr { ty: ty.ty.clone(), span, ..made };
        }
        if !made.ty.is_open() && !can_cast(&made.ty, &ty.ty) {
            self.sink.report(problems::cannot_cast(&made.ty, &ty.ty, span));
            return Expr::unknown(span);
        }
        let nullable = made.nullable;
        Expr { kind: ExprKind::Cast(Box::new(made)), ty: ty.ty.clone(), nullable, span }
    }

    /// A text literal cast to a type is read now, so that it cannot fail later.
    fn cast_text(&mut self, text: &str, ty: &Type, span: Span) -> Expr {
        let literal = match ty {
            Type::Uuid => LiteralKind::Text(text.to_owned()),
            _ => LiteralKind::Integer(text.to_owned()),
        };
        let digits = text.trim_start_matches('-');
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match fit(&literal, ty) {
            Ok(value) if *ty == Type::Uuid || is_number => {
                Expr { kind: ExprKind::Literal(value), ty: ty.clone(), nullable: false, span }
            }
            Ok(_) | Err(Misfit::WrongType) => {
                self.sink.report(problems::literal_range(ty, "the text is not a whole number", span));
                Expr::unknown(span)
            }
            Err(Misfit::OutOfRange(what_fits)) => {
                self.sink.report(problems::literal_range(ty, &what_fits, span));
                Expr::unknown(span)
            }
        }
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        branches: &[ast::Branch],
        otherwise: Option<&ast::Expr>,
        hint: Option<&Type>,
        span: Span,
        at: At<'_>,
    ) -> Expr {
        let mut operand = operand.map(|operand| self.expression(operand, None, at));
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for branch in branches {
            let condition = match operand.take() {
                Some(value) => {
                    let hint = value.ty.clone();
                    let when = self.expression(&branch.condition, Some(&hint), at);
                    let (value, when) = self.meet(value, when);
                    operand = Some(value);
                    when
                }
                None => self.condition(&branch.condition, at),
            };
            conditions.push(condition);
            values.push(self.expression(&branch.value, hint, at));
        }
        let has_else = otherwise.is_some();
        if let Some(otherwise) = otherwise {
            values.push(self.expression(otherwise, hint, at));
        }
        let (mut values, ty) = self.unify(values);
        let nullable = !has_else || values.iter().any(|value| value.nullable);
        let otherwise = if has_else { values.pop().map(Box::new) } else { None };
        let branches = conditions
            .into_iter()
            .zip(values)
            .map(|(condition, value)| Branch { condition, value })
            .collect();
        let operand = operand.map(Box::new);
        Expr { kind: ExprKind::Case { operand, branches, otherwise }, ty, nullable, span }
    }

    fn array_expression(&mut self, expr: &ast::Expr, hint: Option<&Type>, at: At<'_>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Array(elements) => {
                let hint = match hint {
                    Some(Type::Array(element)) => Some(element.as_ref()),
                    _ => None,
                };
                let values = elements.iter().map(|element| self.expression(element, hint, at)).collect();
                let (values, element) = self.unify(values);
                if matches!(element, Type::Array(_)) {
                    self.sink.report(problems::nested_array(span));
                    return Expr::unknown(span);
                }
                let element = match hint {
                    Some(hint) if element.is_open() => hint.clone(),
                    _ => element,
                };
                let ty = if element.is_open() { Type::Unknown } else { Type::array(element) };
                if ty == Type::Unknown && values.iter().all(|value| value.ty == Type::Null) {
                    self.sink.report(problems::untyped_array(span));
                }
                Expr { kind: ExprKind::Array(values), ty, nullable: false, span }
            }
            ast::ExprKind::Index { array, index } => {
                let (array, element) = self.array_operand(array, at);
                let index = Box::new(self.int(index, at));
                let ty = element;
                Expr { kind: ExprKind::Index { array: Box::new(array), index }, ty, nullable: true, span }
            }
            ast::ExprKind::Slice { array, low, high } => {
                let (array, _) = self.array_operand(array, at);
                let low = low.as_deref().map(|low| Box::new(self.int(low, at)));
                let high = high.as_deref().map(|high| Box::new(self.int(high, at)));
                let (ty, nullable) = (array.ty.clone(), array.nullable);
                Expr { kind: ExprKind::Slice { array: Box::new(array), low, high }, ty, nullable, span }
            }
            _ => Expr::unknown(span),
        }
    }

    /// An array and the type of its elements.
    pub fn array_operand(&mut self, expr: &ast::Expr, at: At<'_>) -> (Expr, Type) {
        let array = self.expression(expr, None, at);
        let element = match &array.ty {
            Type::Array(element) => element.as_ref().clone(),
            ty => {
                if !ty.is_open() {
                    self.sink.report(problems::not_an_array(ty, array.span));
                }
                Type::Unknown
            }
        };
        (array, element)
    }

    /// A value of type int.
    pub fn int(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let made = self.expression(expr, Some(&Type::Int), at);
        self.coerce(made, &Type::Int, None)
    }

    /// Tests that give a boolean: IS, BETWEEN, LIKE, IN (list), ANY and ALL.
    fn predicate(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let (kind, nullable) = match &expr.kind {
            ast::ExprKind::IsNull { operand, negated } => {
                let operand = Box::new(self.expression(operand, None, at));
                (ExprKind::IsNull { operand, negated: *negated }, false)
            }
            ast::ExprKind::IsTruth { operand, truth, negated } => {
                let operand = Box::new(self.condition(operand, at));
                (ExprKind::IsTruth { operand, truth: *truth, negated: *negated }, false)
            }
            ast::ExprKind::IsDistinct { left, right, negated } => {
                let (left, right) = self.pair(left, right, None, at);
                (
                    ExprKind::IsDistinct { left: Box::new(left), right: Box::new(right), negated: *negated },
                    false,
                )
            }
            ast::ExprKind::Between { operand, low, high, negated } => {
                let (operand, low) = self.pair(operand, low, None, at);
                let high = self.expression(high, Some(&operand.ty.clone()), at);
                let (operand, high) = self.meet(operand, high);
                self.comparable(BinaryOp::Less, &operand, operand.span);
                let nullable = operand.nullable || low.nullable || high.nullable;
                let (operand, low, high) = (Box::new(operand), Box::new(low), Box::new(high));
                (ExprKind::Between { operand, low, high, negated: *negated }, nullable)
            }
            ast::ExprKind::Like { operand, pattern, escape, negated } => {
                let operand = self.expression(operand, Some(&Type::Text), at);
                let operand = Box::new(self.coerce(operand, &Type::Text, None));
                let pattern = self.expression(pattern, Some(&Type::Text), at);
                let pattern = Box::new(self.coerce(pattern, &Type::Text, None));
                let nullable = operand.nullable || pattern.nullable;
                (ExprKind::Like { operand, pattern, escape: escape.clone(), negated: *negated }, nullable)
            }
            ast::ExprKind::InList { operand, list, negated } => self.in_list(operand, list, *negated, at),
            ast::ExprKind::Quantified { operator, all, left, array } => {
                let left = self.expression(left, None, at);
                let hint = Type::array(left.ty.clone());
                let array = self.expression(array, Some(&hint), at);
                let array = if left.ty.is_open() { array } else { self.coerce(array, &hint, None) };
                let left = match &array.ty {
                    Type::Array(element) => self.coerce(left, &element.as_ref().clone(), None),
                    _ => left,
                };
                let (left, array) = (Box::new(left), Box::new(array));
                (ExprKind::Quantified { operator: *operator, all: *all, left, array }, true)
            }
            _ => return Expr::unknown(expr.span),
        };
        Expr { kind, ty: Type::Bool, nullable, span: expr.span }
    }

    fn in_list(
        &mut self,
        operand: &ast::Expr,
        list: &[ast::Expr],
        negated: bool,
        at: At<'_>,
    ) -> (ExprKind, bool) {
        let operand = self.expression(operand, None, at);
        let hint = operand.ty.clone();
        let mut values = vec![operand];
        values.extend(list.iter().map(|value| self.expression(value, Some(&hint), at)));
        let (mut values, _) = self.unify(values);
        let nullable = values.iter().any(|value| value.nullable);
        let operand = Box::new(values.remove(0));
        (ExprKind::InList { operand, list: values, negated }, nullable)
    }
}

/// The casts of the language. What may not fit raises at run time; nothing is lost silently.
fn can_cast(from: &Type, to: &Type) -> bool {
    match (from, to) {
        _ if from == to => true,
        (Type::Array(from), Type::Array(to)) => can_cast(from, to),
        (Type::Array(_), _) | (_, Type::Array(_)) => false,
        (from, to) if from.is_numeric() && to.is_numeric() => true,
        (from, Type::Text) => *from != Type::Blob,
        (Type::Text, to) => *to != Type::Blob,
        (Type::Bool, Type::Int) | (Type::Int, Type::Bool) => true,
        _ => false,
    }
}
