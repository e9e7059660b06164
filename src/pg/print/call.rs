//! The one statement a client sends: a call with everything bound.

use crate::pg::Type;

/// How the context is bound: eight fields of `kf.ctx`, the first six from `$1` to `$6`. A caller from outside has no
/// foreign caller and depth 0.
const CONTEXT: &str = "ROW($1::text, $2::bytea, $3::text, $4::int8, $5::int8, $6::text, '', 0)::kf.ctx";
/// Values that `CONTEXT` binds.
const BOUND: usize = 6;

/// A call of `function`, which is quoted and qualified. Arguments are bound as text from `$7` on and cast to
/// `parameters`; results of types `columns` come back as text, and arrays of text.
///
/// ```sql
/// SELECT r.c0::text, r.c1::text[] FROM "ds_ens"."f@ens"(ROW($1, ..)::kf.ctx, $7::text::int8) AS r (c0, c1)
/// SELECT "ds_ens"."g@ens"(ROW($1, ..)::kf.ctx)
/// ```
pub fn call(function: &str, parameters: &[Type], columns: &[Type]) -> String {
    let mut passed = vec![CONTEXT.to_owned()];
    for (number, ty) in (BOUND + 1..).zip(parameters) {
        passed.push(format!("${number}::{}::{ty}", carrier(ty)));
    }
    let called = format!("{function}({})", passed.join(", "));
    if columns.is_empty() {
        return format!("SELECT {called}");
    }
    let names: Vec<String> = (0..columns.len()).map(|index| format!("c{index}")).collect();
    let shown: Vec<String> =
        names.iter().zip(columns).map(|(name, ty)| format!("r.{name}::{}", carrier(ty))).collect();
    format!("SELECT {} FROM {called} AS r ({})", shown.join(", "), names.join(", "))
}

/// The type a value travels as.
fn carrier(ty: &Type) -> &'static str {
    match ty {
        Type::Array(_) => "text[]",
        _ => "text",
    }
}
