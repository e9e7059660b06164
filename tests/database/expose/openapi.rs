//! `kf openapi` against the functions that are deployed, and against the specification.

use std::path::Path;
use std::process::Command;

use super::postgrest::routines;
use super::{block_on, gateway, shop};
use serde_json::{Value, json};

/// Python with openapi-spec-validator: that of `tests/setup.sh`, or the machine's own.
fn python() -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/openapi/bin/python");
    if own.exists() { own.display().to_string() } else { "python3".to_owned() }
}

/// Checks a document as the validator does, with its schemas.
fn validate(path: &Path) {
    let program = "import json, sys\nfrom openapi_spec_validator import OpenAPIV31SpecValidator\n\
                   OpenAPIV31SpecValidator(json.load(open(sys.argv[1]))).validate()";
    let output = Command::new(python()).args(["-c", program]).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "run `bash tests/setup.sh tests` once? {said}");
}

#[test]
fn the_document_is_valid_and_says_what_is_deployed() {
    let here = shop();
    let text = here.fine("shop", "openapi");
    assert_eq!(text, here.fine("shop", "openapi"));
    here.fine("shop", "openapi -o api.json");
    assert_eq!(here.read("shop/api.json"), text);
    let path = here.folder.path().join("shop/api.json");
    validate(&path);
    let document: Value = serde_json::from_str(&text).unwrap();
    let found = block_on(async { routines(&gateway(&here).await, "rest").await });
    let names: Vec<String> = found.iter().map(|it| format!("/rpc/{}", it.name)).collect();
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().cloned().collect::<Vec<_>>(), names);
    for routine in &found {
        let item = &paths[&format!("/rpc/{}", routine.name)];
        assert_eq!(item.get("get").is_some(), routine.volatility == "s", "{}", routine.name);
        let body = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
        let properties: Vec<&String> = body["properties"].as_object().unwrap().keys().collect();
        let mut arguments: Vec<&String> = routine.arguments.iter().map(|it| &it.0).collect();
        arguments.sort();
        assert_eq!(properties, arguments);
        let mut required: Vec<&str> =
            routine.arguments.iter().filter(|it| it.2).map(|it| it.0.as_str()).collect();
        required.sort_unstable();
        let mut said: Vec<&str> =
            body["required"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        said.sort_unstable();
        assert_eq!(said, required);
        assert_eq!(item["post"]["responses"].get("204").is_some(), routine.is_void, "{}", routine.name);
    }
    let list = &paths["/rpc/list_items"]["get"];
    assert_eq!(
        (&list["summary"], &list["description"]),
        (&json!("What is for sale."), &json!("The cheapest comes first."))
    );
    assert_eq!(list["parameters"][1]["required"], json!(false));
    let rows = &document["components"]["schemas"]["list_items_row"]["properties"];
    assert_eq!(rows["supply"]["type"], json!("string"));
    assert_eq!(rows["tag"]["type"], json!(["string", "null"]));
    assert_eq!(rows["id"], json!({ "type": "integer", "format": "int64" }));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], json!("bearer"));
}

#[test]
fn a_broken_document_is_told_from_a_valid_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.json");
    std::fs::write(&path, "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"x\"}, \"paths\": {}}").unwrap();
    assert!(std::panic::catch_unwind(|| validate(&path)).is_err());
}

#[test]
fn there_has_to_be_something_to_describe() {
    let here = crate::support::here::Here::new();
    here.write("p/notes.kf", "database notes;\naction one() public view returns (n int) { return 1; }\n");
    here.wrong("p", "openapi", 2, &["nothing is exposed", "--expose api"]);
    assert!(here.fine("p", "openapi --expose api").contains("/rpc/one"));
    here.write("p/other.kf", "database other;\naction one() public view returns (n int) { return 1; }\n");
    here.wrong("p", "openapi --expose api", 4, &["error[KF0730]", "taken by `notes`"]);
    here.write("p/kf.toml", "[expose]\nhasura = \"x-hasura-user-id\"\n");
    here.wrong("p", "openapi", 2, &["Hasura describes its own"]);
}
