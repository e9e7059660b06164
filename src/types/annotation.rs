use std::collections::BTreeMap;

use super::problems;
use crate::diagnostics::Sink;
use crate::language::{Modifier, Name, Threshold};
use crate::resolve::{Misfit, fit, natural_type};
use crate::syntax::ast;

/// What oracle actions say of the votes on their events: `@oracle(threshold = '3/4')`.
const ORACLE: &str = "oracle";
const THRESHOLD: &str = "threshold";

/// Keys and literals of annotations, by the annotations' names.
pub(super) type Annotations = BTreeMap<Name, BTreeMap<Name, String>>;

/// The annotations of an action, their literals as the language writes them.
pub(super) fn values(action: &ast::Action, sink: &mut Sink) -> Annotations {
    let mut annotations = Annotations::new();
    for annotation in &action.annotations {
        if annotation.name.name.as_str() == ORACLE {
            check_oracle(annotation, action, sink);
        }
        let entries = annotation.entries.iter();
        let entries = entries.filter_map(|(key, literal)| Some((key.name.clone(), value(literal, sink)?)));
        annotations.insert(annotation.name.name.clone(), entries.collect());
    }
    annotations
}

/// What it says is for whoever counts votes: a slip would be taken for two thirds.
fn check_oracle(annotation: &ast::Annotation, action: &ast::Action, sink: &mut Sink) {
    let is_oracle = action.modifiers.iter().any(|word| word.modifier == Modifier::Oracle);
    if !is_oracle {
        sink.report(problems::annotation_of_no_oracle(annotation, action));
        return;
    }
    for (key, literal) in &annotation.entries {
        if key.name.as_str() != THRESHOLD {
            sink.report(problems::oracle_key(key));
            continue;
        }
        let threshold = match &literal.kind {
            ast::LiteralKind::Text(text) => text.parse::<Threshold>().ok(),
            _ => None,
        };
        if threshold.is_none() {
            sink.report(problems::no_threshold(literal));
        }
    }
}

fn value(literal: &ast::Literal, sink: &mut Sink) -> Option<String> {
    let ty = natural_type(&literal.kind);
    match fit(&literal.kind, &ty) {
        Ok(value) => Some(value.to_string()),
        Err(Misfit::OutOfRange(what_fits)) => {
            sink.report(problems::literal_range(&ty, &what_fits, literal.span));
            None
        }
        Err(Misfit::WrongType) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, Sources, check, compile};

    fn interface(annotations: &str) -> crate::interface::Interface {
        let mut sources = Sources::new();
        let rest = "procedure f() public { NOTICE('x'); }";
        sources.add("x.kf", format!("database x; {annotations} {rest}"));
        compile(&sources, &Options::default()).packages[0].interface.clone()
    }

    #[test]
    fn annotations_are_handed_on_with_their_keys_in_lower_case() {
        let found = interface("@KGW(AuthN='True', n=-1) @b()");
        let json = serde_json::to_value(&found).unwrap();
        let wanted = serde_json::json!({ "b": {}, "kgw": { "authn": "'True'", "n": "-1" } });
        assert_eq!(json["actions"]["f"]["annotations"], wanted);
        let read: crate::interface::Interface = serde_json::from_value(json).unwrap();
        assert_eq!(read, found);
    }

    #[test]
    fn an_action_without_annotations_says_nothing_of_them() {
        let plain = interface("");
        assert!(!serde_json::to_string(&plain).unwrap().contains("annotations"));
        assert_eq!(interface("@b(y=1) @a(x=1)").hash(), interface("@a(x=1) @b(y=1)").hash());
        assert_ne!(plain.hash(), interface("@a()").hash());
    }

    #[test]
    fn a_number_of_an_annotation_must_exist() {
        let mut sources = Sources::new();
        sources.add("x.kf", "database x; @a(n=99999999999999999999) action f() public { NOTICE('x'); }");
        let checked = check(&sources, &Options::default());
        let codes: Vec<_> = checked.diagnostics().iter().map(|one| one.code.id()).collect();
        assert_eq!(codes, ["KF0110"]);
    }
}
