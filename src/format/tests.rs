use super::{FormatError, format};

/// What `text` becomes, and stays.
fn formatted(text: &str) -> String {
    let once = format(text).unwrap();
    assert_eq!(format(&once).unwrap(), once);
    once
}

fn body(statement: &str) -> String {
    let whole = formatted(&format!("database d; action a() public {{ {statement} }}"));
    let lines = whole.lines().skip(3).take_while(|line| *line != "}");
    lines.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn items_stand_apart_and_imports_together() {
    let text =
        "DATABASE d;use a as a;use b as b;\n\n\ntable t{id INT PK,name Text,}\naction f()PUBLIC view{}";
    let expected = "database d;\n\nuse a as a;\nuse b as b;\n\ntable t {\n    id int pk,\n    name text\n}\n\naction f() public view {}\n";
    assert_eq!(formatted(text), expected);
}

#[test]
fn comments_stay_where_they_are() {
    let text = "\
// of the file

database d; // beside it
// of the table
table t { // opens
    id int pk // of the id
    , /* inline */ n int,
    // at the end
}
// last
";
    let expected = "\
// of the file

database d; // beside it

// of the table
table t { // opens
    id int pk, // of the id
    /* inline */ n int
    // at the end
}
// last
";
    assert_eq!(formatted(text), expected);
}

#[test]
fn queries_fit_on_a_line_or_have_a_clause_a_line() {
    assert_eq!(
        body("select a,b from t where a=1 and b is not null;"),
        "SELECT a, b FROM t WHERE a = 1 AND b IS NOT NULL;"
    );
    assert_eq!(body("select a\nfrom t where a=-1;"), "SELECT a\nFROM t\nWHERE a = -1;");
    let long = "select first_column, second_column, third_column from some_table as s left join other_table as o on o.id = s.id order by first_column desc;";
    let expected = "SELECT first_column, second_column, third_column\nFROM some_table AS s\nLEFT JOIN other_table AS o ON o.id = s.id\nORDER BY first_column DESC;";
    assert_eq!(body(long), expected);
}

#[test]
fn long_conditions_break_at_their_operators() {
    let text = "if $first_condition_of_many and $second_condition_of_many and ($third_condition or $fourth_condition) { f(); }";
    let expected = "if $first_condition_of_many\n    AND $second_condition_of_many\n    AND ($third_condition OR $fourth_condition) {\n    f();\n}";
    assert_eq!(body(text), expected);
    let between = "SELECT a FROM t WHERE a BETWEEN 1 AND 2 AND b;";
    assert_eq!(body(between), between);
}

#[test]
fn blocks_and_values() {
    let text = "$a int:=1;$b[1]:=$a+-2;if $a=1{return;}else if $a>2{f();}else{};for $i in 1..10{break;}for $x in ARRAY $l{}";
    let expected = "$a int := 1;\n$b[1] := $a + -2;\nif $a = 1 {\n    return;\n} else if $a > 2 {\n    f();\n} else {}\nfor $i in 1..10 {\n    break;\n}\nfor $x in array $l {}";
    assert_eq!(body(text), expected);
}

#[test]
fn a_line_comment_never_swallows_what_follows() {
    for gap in ["// c\n", "-- c\n", "\n// c\n\n// d\n", "/* c */", "/* c\n*/\n"] {
        let text = format!(
            "database d; action a($x{gap}int) public {{ SELECT f{gap}({gap}$x{gap},{gap}2){gap}AS{gap}y{gap}; }}"
        );
        let printed = formatted(&text);
        assert_eq!(printed.matches('c').count(), text.matches('c').count(), "{printed}");
    }
}

#[test]
fn strings_and_line_ends_are_kept() {
    assert_eq!(body("f('A  b''\n  c');"), "f('A  b''\n  c');");
    assert_eq!(
        format("database d;\r\ntable t { id int pk }\r\n").unwrap(),
        "database d;\r\n\r\ntable t {\r\n    id int pk\r\n}\r\n"
    );
}

#[test]
fn what_has_faults_of_syntax_is_not_formatted() {
    assert_eq!(format("table {"), Err(FormatError::Syntax));
    assert_eq!(format(""), Err(FormatError::Syntax));
}
