//! Queries inside expressions.

use kuneiform::language::Type;

use super::Writer;
use super::literal::sortable;

impl Writer<'_> {
    /// A scalar subquery.
    pub fn query_value(&mut self, ty: &Type, depth: usize) -> String {
        if self.tables.is_empty() || depth == 0 {
            return self.leaf(ty);
        }
        let relation = self.table_relation();
        let (from, key) = (relation.text, relation.key.join(", "));
        let own = relation.columns.iter().find(|(_, of)| of == ty).map(|(text, _)| text.clone());
        self.safely(|writer| {
            writer.within(relation.columns, |writer| match own {
                // An aggregate of outer columns alone would belong to the outer query.
                Some(own) if is_extreme(ty) && writer.choices.chance(40) => {
                    format!("(SELECT max({own}) FROM {from}{})", writer.filter(1))
                }
                None if *ty == Type::Int => format!("(SELECT count(*) FROM {from}{})", writer.filter(1)),
                _ => format!(
                    "(SELECT {} FROM {from}{} ORDER BY {key} LIMIT 1)",
                    writer.expression(ty, 1),
                    writer.filter(1)
                ),
            })
        })
    }

    /// EXISTS and IN.
    pub fn query_condition(&mut self, depth: usize) -> String {
        if self.tables.is_empty() {
            return self.leaf(&Type::Bool);
        }
        let not = if self.choices.chance(30) { "NOT " } else { "" };
        let ty = sortable(&mut self.choices);
        let value = self.expression(&ty, depth.min(1));
        let relation = self.table_relation();
        let from = relation.text;
        self.within(relation.columns, |writer| match writer.choices.chance(50) {
            true => format!("({not}EXISTS (SELECT 1 FROM {from} WHERE {}))", writer.condition(1)),
            false => format!(
                "({value} {not}IN (SELECT {} FROM {from}{}))",
                writer.expression(&ty, 1),
                writer.filter(1)
            ),
        })
    }
}

fn is_extreme(ty: &Type) -> bool {
    ty.is_numeric() || *ty == Type::Text
}
