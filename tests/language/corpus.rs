//! What the compiler prints for every construct: `corpus/<feature>/<case>.kf` beside its snapshot.

use std::fmt::Write;

use crate::support::corpus::{Case, cases};
use kuneiform::interface::{Access, ActionManifest, Package};
use kuneiform::{Compilation, Options, Profile, Sources};

/// The source, what there is to say about it, what each action does, and the SQL.
fn shown(case: &Case, sources: &Sources, compilation: &Compilation) -> String {
    let mut text = format!("{}\n", case.text.trim_end());
    for diagnostic in &compilation.diagnostics {
        let (code, message) = (diagnostic.code.id(), &diagnostic.message);
        writeln!(text, "-- {code} {message}: {}", sources.slice(diagnostic.at.span)).unwrap();
    }
    let package = own(case, compilation);
    text.push_str("----\n");
    for (name, action) in &package.manifest.actions {
        writeln!(text, "-- {name}: {}", summary(action)).unwrap();
    }
    text.push('\n');
    text.push_str(package.sql().trim_end());
    text
}

fn own<'c>(case: &Case, compilation: &'c Compilation) -> &'c Package {
    let is_own = |package: &&Package| package.interface.name.as_str() == case.schema();
    compilation.packages.iter().find(is_own).unwrap_or_else(|| panic!("{}: {compilation:?}", case.name))
}

fn summary(action: &ActionManifest) -> String {
    let access = |verb: &str, access: &Access| {
        let columns: Vec<&str> = access.columns.iter().map(|name| name.as_str()).collect();
        format!("{verb} {}.{}({})", access.dataset, access.table, columns.join(" "))
    };
    let mut parts: Vec<String> = action.reads.iter().map(|it| access("reads", it)).collect();
    parts.extend(action.writes.iter().map(|it| access("writes", it)));
    parts.extend(action.calls.iter().map(|call| {
        let verb = if call.spliced { "splices" } else { "calls" };
        format!("{verb} {}.{}", call.dataset, call.action)
    }));
    parts.extend(action.externs.iter().map(|path| format!("calls extern {path}")));
    parts.push(format!("{:?}", action.determinism).to_lowercase());
    parts.join(", ")
}

#[test]
fn printed() {
    let mut failed = Vec::new();
    for case in cases() {
        let (sources, compilation) = case.compile(&Options::default(), false);
        if compilation.packages.is_empty() {
            let said = compilation.diagnostics.iter();
            let said =
                said.map(|it| format!("{} {}: {}", it.code.id(), it.message, sources.slice(it.at.span)));
            failed.push(format!("{}: {:#?}", case.name, said.collect::<Vec<_>>()));
            continue;
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(case.path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let text = shown(&case, &sources, &compilation);
        let name = case.name.rsplit('/').next().unwrap().to_owned();
        let snapshot = std::panic::AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!(name, text));
        });
        if std::panic::catch_unwind(snapshot).is_err() {
            failed.push(case.name);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_same_sources_give_the_same_bytes_in_any_order() {
    for case in cases() {
        for profile in [Profile::Node, Profile::App] {
            let options = Options { profile, ..Options::default() };
            let print = |reversed| {
                let packages = case.compile(&options, reversed).1.packages;
                packages.iter().map(|package| (package.sql(), package.manifest.clone())).collect::<Vec<_>>()
            };
            assert_eq!(print(false), print(false), "{}", case.name);
            assert_eq!(print(false), print(true), "{}", case.name);
        }
    }
}
