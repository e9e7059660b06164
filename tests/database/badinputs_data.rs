//! The near misses of `tests/badinputs/ok` deploy, and what they store comes back byte for byte.

use crate::support::programs::{call_of, deployed, packages, texts};
use kuneiform::deploy::call::call;

/// The schemas a file is to be compiled with: `// with: deps/x.kf`.
fn companions(text: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badinputs");
    let named = text.lines().filter_map(|line| line.strip_prefix("// with: "));
    named
        .flat_map(str::split_whitespace)
        .map(|path| std::fs::read_to_string(folder.join(path)).unwrap())
        .collect()
}

/// The text the file's insert stores, where it stores one.
fn stored(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("VALUES ('")?;
    rest.split_once("', 1, @caller)").map(|(literal, _)| literal)
}

#[test]
fn near_misses_deploy_and_keep_their_data() {
    let files = texts("tests/badinputs/ok");
    assert_eq!(files.len(), 10);
    let mut read_back = 0;
    for (path, text) in files {
        let companions = companions(&text);
        let sources: Vec<&str> =
            std::iter::once(text.as_str()).chain(companions.iter().map(String::as_str)).collect();
        read_back += crate::support::block_on(async {
            let url = deployed(&packages(&sources, None)).await;
            let Some(literal) = stored(&text) else { return 0 };
            let mut session = crate::support::session(&url).await;
            call(&mut session, &call_of("x.a", "me", &["p"])).await.unwrap();
            let row = session.client.query_one("SELECT t.id, t.owner FROM ds_x.t AS t", &[]).await.unwrap();
            assert_eq!(row.get::<_, &str>(0).as_bytes(), literal.replace("''", "'").as_bytes(), "{path}");
            assert_eq!(row.get::<_, &str>(1), "me");
            1
        });
    }
    assert_eq!(read_back, 3);
}
