//! A query that a person typed, made one whose rows are lists of names and texts.

use super::super::Ident;

/// `SELECT .. FROM (sql) AS q`: a row for each of the query's, of two arrays of text, the columns' names and the values.
/// What stands in `sql` can only be a query, since it stands in parentheses. `place` says in which schema of the database
/// the table of a dataset is: `ens.names` becomes `"ds_ens"."names"`.
///
/// ```sql
/// SELECT (SELECT array_agg(e.key ORDER BY e.n) FROM json_each_text(row_to_json(q)) WITH ORDINALITY AS e (key, value, n)), ..
/// FROM (SELECT n.id FROM "ds_ens"."names" AS n
/// ) AS q
/// ```
pub fn look(sql: &str, place: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let each = "FROM json_each_text(row_to_json(q)) WITH ORDINALITY AS e (key, value, n)";
    let list = |what: &str| format!("(SELECT array_agg(e.{what} ORDER BY e.n) {each})");
    // The line end ends a comment that the query may end with.
    format!("SELECT {}, {} FROM ({}\n) AS q", list("key"), list("value"), placed(sql, place))
}

/// `EXPLAIN` of a statement; with `measured` it runs too.
pub fn explain(sql: &str, measured: bool) -> String {
    format!("EXPLAIN (FORMAT JSON{}) {sql}", if measured { ", ANALYZE" } else { "" })
}

/// `sql` with the tables of datasets under their names in the database; strings, comments and quoted names stay.
fn placed(sql: &str, place: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = silent(rest).unwrap_or_else(|| word(rest).max(first.len_utf8()));
        let (token, behind) = rest.split_at(length);
        rest = behind;
        let is_word = word(token) == token.len() && !text.ends_with('.');
        let table = behind.strip_prefix('.').map(|table| table.split_at(word(table)).0).unwrap_or_default();
        match is_word.then(|| place(token, table)).flatten() {
            Some(schema) => text.push_str(&Ident::new(schema).to_string()),
            None => text.push_str(token),
        }
    }
    text
}

/// Bytes of the name at the front.
fn word(text: &str) -> usize {
    text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len())
}

/// Bytes of a string, quoted name or comment at the front.
fn silent(text: &str) -> Option<usize> {
    let ends = [("'", "'"), ("\"", "\""), ("--", "\n"), ("/*", "*/")];
    let (open, close) = ends.into_iter().find(|(open, _)| text.starts_with(open))?;
    let inside = text.get(open.len()..)?;
    Some(inside.find(close).map_or(text.len(), |at| open.len() + at + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_datasets_are_found_and_nothing_else() {
        let place =
            |dataset: &str, table: &str| (dataset == "ens" && table == "names").then(|| "ds_ens".to_owned());
        let placed = |sql: &str| placed(sql, &place);
        assert_eq!(placed("SELECT n.id FROM ens.names n"), "SELECT n.id FROM \"ds_ens\".names n");
        assert_eq!(
            placed("SELECT ens.names.id, 'ens.names', x.ens.names -- ens.names"),
            "SELECT \"ds_ens\".names.id, 'ens.names', x.ens.names -- ens.names"
        );
        assert_eq!(placed("SELECT \"ens\".names, é.ens"), "SELECT \"ens\".names, é.ens");
        assert_eq!(explain("SELECT 1", true), "EXPLAIN (FORMAT JSON, ANALYZE) SELECT 1");
    }
}
