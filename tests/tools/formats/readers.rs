//! What readers of the formats hold them to: schemas, parsers, units.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use kuneiform::diagnostics::{Report, json, sarif};
use kuneiform::{Options, Sources, check};
use serde_json::{Value, json};

use super::{STRANGE_PATH, strange};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a program of Python that has the packages of `tests/setup.sh`.
fn python(program: &str, arguments: &[&Path]) -> String {
    let own = root().join("target/openapi/bin/python");
    let python = if own.exists() { own } else { PathBuf::from("python3") };
    let output = Command::new(python).args(["-c", program]).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "run `bash tests/setup.sh tests` once? {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Validates every line of the second file against the schema in the first.
const VALIDATE: &str = "
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
validator = kind(schema)
count = 0
for line in open(sys.argv[2]):
    for error in validator.iter_errors(json.loads(line)):
        sys.exit(f'{error.json_path}: {error.message}')
    count += 1
print(count)
";

/// Every fixture of tests/diagnostics, as one file each.
fn fixtures() -> Vec<(String, Sources)> {
    let folder = std::fs::read_dir(root().join("tests/diagnostics")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "kf")).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let mut sources = Sources::new();
        sources.add("schema.kf", std::fs::read_to_string(&path).unwrap());
        (path.display().to_string(), sources)
    };
    paths.into_iter().map(read).collect()
}

/// No object of a schema may have fields that it does not list.
fn close(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.contains_key("properties") {
            object.insert("additionalProperties".into(), json!(false));
        }
        object.values_mut().for_each(close);
    } else if let Value::Array(values) = schema {
        values.iter_mut().for_each(close);
    }
}

#[test]
fn json_is_as_its_schema_says_and_the_schema_leaves_nothing_out() {
    let here = strange();
    let (code, printed, _) = here.kf(&["schema", "diagnostics"]);
    assert_eq!(code, 0);
    let mut schema: Value = serde_json::from_str(&printed).unwrap();
    close(&mut schema);
    here.write("schema.json", &schema.to_string());
    let mut lines = here.kf(&["check", "--format", "json"]).1;
    for (_, sources) in fixtures() {
        let checked = check(&sources, &Options::default());
        for diagnostic in checked.diagnostics() {
            lines.push_str(&(json::line(diagnostic, &sources, Some("rendered")) + "\n"));
        }
        lines.push_str(&(json::summary(checked.diagnostics(), 1) + "\n"));
    }
    here.write("lines.json", &lines);
    let count = python(VALIDATE, &[&here.path().join("schema.json"), &here.path().join("lines.json")]);
    assert_eq!(count.trim(), lines.lines().count().to_string());
    assert!(lines.lines().count() > 300);
}

#[test]
fn sarif_is_as_the_official_schema_says() {
    let schema =
        root().join("target/editors/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    assert!(schema.exists(), "run `bash tests/setup.sh tests` once");
    let here = strange();
    let one_line = |log: &str| serde_json::from_str::<Value>(log).unwrap().to_string() + "\n";
    let mut logs = one_line(&here.kf(&["check", "--format", "sarif"]).1);
    for (_, sources) in fixtures() {
        let checked = check(&sources, &Options::default());
        let report = Report { diagnostics: checked.diagnostics(), sources: &sources, files: 1 };
        logs.push_str(&one_line(&sarif::log(&report)));
    }
    here.write("logs.json", &logs);
    let count = python(VALIDATE, &[&schema, &here.path().join("logs.json")]);
    assert_eq!(count.trim(), logs.lines().count().to_string());
}

#[test]
fn every_format_counts_in_its_own_unit() {
    let here = strange();
    let report = |format: &str| here.kf(&["check", "--format", format]).1;
    for (unit, column) in [("bytes", 34), ("chars", 28), ("utf16", 29)] {
        let short = here.kf(&["check", "--format", "short", "--column-unit", unit]).1;
        assert!(short.starts_with(&format!("{STRANGE_PATH}:9:{column}: error[KF0202]: ")), "{unit}: {short}");
    }
    let line: Value = serde_json::from_str(report("json").lines().next().unwrap()).unwrap();
    let span = &line["spans"][0];
    assert_eq!((&line["file"], &span["line"]["start"]), (&json!(STRANGE_PATH), &json!(9)));
    let columns = [&span["col_byte"]["start"], &span["col"]["start"], &span["col_utf16"]["start"]];
    assert_eq!(columns, [34, 28, 29]);
    let reviewdog: Value = serde_json::from_str(report("rdjsonl").lines().next().unwrap()).unwrap();
    assert_eq!(
        reviewdog["location"],
        json!({"path": STRANGE_PATH,
               "range": {"start": {"line": 9, "column": 34}, "end": {"line": 9, "column": 37}}})
    );
    let log: Value = serde_json::from_str(&report("sarif")).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"], json!({"startLine": 9, "startColumn": 28, "endLine": 9, "endColumn": 31}));
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/100%25%2C%C3%A4%3A%3C%26%3E%22%27.kf");
    let quality: Value = serde_json::from_str(&report("gitlab")).unwrap();
    assert_eq!(quality[0]["location"], json!({"path": STRANGE_PATH, "lines": {"begin": 9, "end": 9}}));
}

#[test]
fn a_byte_order_mark_counts_for_reviewdog_alone() {
    let here = super::Here::new(&[("a.kf", "\u{feff}databse a;\n")]);
    let short = here.kf(&["check", "--format", "short", "--column-unit", "bytes"]).1;
    assert!(short.starts_with("a.kf:1:1: "), "{short}");
    let line: Value =
        serde_json::from_str(here.kf(&["check", "--format", "rdjsonl"]).1.lines().next().unwrap()).unwrap();
    assert_eq!(line["location"]["range"]["start"], json!({"line": 1, "column": 4}));
}

#[test]
fn commands_of_github_are_escaped() {
    let here = strange();
    let commands = here.kf(&["check", "--format", "github"]).1;
    let first = commands.lines().next().unwrap();
    let begin = "::error file=a b/100%25%2Cä%3A<&>\"'.kf,line=9,endLine=9,col=28,endColumn=31,title=KF0202%3A unknown column::";
    assert!(first.starts_with(begin), "{first}");
    assert!(first.contains("%0A") && !first.ends_with("%0A"), "{first}");
    assert!(commands.lines().all(|line| line.starts_with("::")), "{commands}");
}

/// Prints what the parser of Python's own library finds: file, line, column, source.
const CHECKSTYLE: &str = "
import sys, xml.etree.ElementTree as tree
for file in tree.parse(sys.argv[1]).getroot():
    for error in file:
        print(file.get('name'), error.get('line'), error.get('column'), error.get('severity'), error.get('source'), sep='|')
";

const JUNIT: &str = "
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
for suite in root:
    cases = suite.findall('testcase')
    failures = sum(case.find('failure') is not None for case in cases)
    assert (suite.get('tests'), suite.get('failures')) == (str(len(cases)), str(failures))
    print(suite.get('name'), len(cases), failures, cases[0].get('name'), sep='|')
print(root.get('tests'), root.get('failures'))
";

#[test]
fn xml_is_read_back() {
    let here = strange();
    here.kf(&["check", "--report", "checkstyle=c.xml", "--report", "junit=j.xml"]);
    let told = python(CHECKSTYLE, &[&here.path().join("c.xml")]);
    assert!(told.starts_with(&format!("{STRANGE_PATH}|9|28|error|KF0202\n")), "{told}");
    let told = python(JUNIT, &[&here.path().join("j.xml")]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{STRANGE_PATH}|")) && lines[0].ends_with("KF0202 at 9:28"),
        "{told}"
    );
    assert_eq!(lines[1], "fine.kf|1|0|no faults");
    assert_eq!(lines.len(), 3);
}

/// The names that `sarif` and `gitlab` give to faults.
fn names(here: &super::Here) -> BTreeSet<String> {
    let quality: Value = serde_json::from_str(&here.kf(&["check", "--format", "gitlab"]).1).unwrap();
    let issues = quality.as_array().unwrap();
    let names: BTreeSet<String> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), issues.len(), "no two faults have one name");
    names
}

#[test]
fn faults_keep_their_names_when_lines_move() {
    let here = super::Here::new(&[(
        "a.kf",
        "database a;\ntable t { id text primary }\naction a() public view { SELECT x FROM t; SELECT x FROM t; }\n",
    )]);
    let before = names(&here);
    assert!(before.len() >= 2);
    let moved = format!("// new\n\n{}", here.read("a.kf").replace("action", "  action"));
    here.write("a.kf", &moved);
    assert_eq!(names(&here), before);
    here.write("a.kf", &moved.replace("SELECT x", "SELECT y"));
    assert!(names(&here).is_disjoint(&before));
}
