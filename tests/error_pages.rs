//! Every code has a page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;
use std::fs;

use kuneiform::diagnostics::Code;

#[test]
fn pages_and_codes_match() {
    for code in Code::ALL {
        let heading = code.explain().lines().next().unwrap();
        assert_eq!(heading, format!("# {code}: {}", code.title()));
    }
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| code.id().to_owned()).collect();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let page = fs::read_to_string(&path).unwrap();
        let at_run_time = id.len() == "KF001".len();
        assert!(known.contains(&id) || at_run_time, "{id} is no code");
        assert!(
            page.starts_with(&format!("# {id}: ")) && page.trim_end().lines().count() > 2,
            "{id}: {page}"
        );
    }
}
