//! What is sent has one form, and bytes from strangers are read without harm.

use kuneiform::oracle::{Caps, Event, EventId, Extension, Input, Order, Submission, Target};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        Just(Input::Null),
        "[^\\x00]{0,8}".prop_map(Input::One),
        vec(of("[^\\x00]{0,4}"), 0..4).prop_map(Input::Many),
    ]
}

fn order() -> impl Strategy<Value = Order> {
    ("[a-z:]{1,8}", of(0..100_i64), 100..i64::MAX).prop_map(|(topic, previous, point)| Order {
        topic,
        previous,
        point,
    })
}

fn submission() -> impl Strategy<Value = Submission> {
    let target = ("[a-z][a-z0-9_]{0,9}", "[A-Za-z][a-z0-9_]{0,9}", vec(input(), 0..5));
    let target = target.prop_map(|(dbid, action, inputs)| Target { dbid, action, inputs });
    (vec(target, 1..4), of("[^\\x00]{1,20}"), of(order())).prop_map(|(targets, source, order)| Submission {
        targets,
        source,
        order,
    })
}

/// One of the changes a byte string can suffer.
fn damage(bytes: &[u8], at: usize, with: u8, how: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = at % bytes.len();
    match how {
        0 => bytes[at] ^= with.max(1),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, with),
        _ => drop(bytes.remove(at)),
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_event_is_read_as_it_was_written(submission in submission()) {
        let event = Event::new(submission.clone()).unwrap();
        prop_assert_eq!(&Event::read(event.body()).unwrap(), &event);
        prop_assert_eq!(EventId::of(event.body()), event.id());
        let json = serde_json::to_string(&submission).unwrap();
        let again: Submission = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(Event::new(again).unwrap().id(), event.id());
    }

    #[test]
    fn what_is_read_is_what_would_be_written(
        submission in submission(), at in any::<usize>(), with in any::<u8>(), how in 0..4_u8,
    ) {
        let event = Event::new(submission).unwrap();
        if let Ok(other) = Event::read(&damage(event.body(), at, with, how)) {
            prop_assert_eq!(Event::new(other.submission().clone()).unwrap(), other);
        }
    }

    #[test]
    fn extensions_too(
        bodies in vec(vec(any::<u8>(), 0..9), 0..6), ids in vec(any::<u8>(), 0..6),
        at in any::<usize>(), with in any::<u8>(), how in 0..4_u8,
    ) {
        let ids = ids.into_iter().map(|byte| EventId([byte; 32]));
        let extension = Extension::fill(bodies, ids, Caps::NETWORK);
        let bytes = extension.encode();
        prop_assert_eq!(&Extension::decode(&bytes).unwrap(), &extension);
        if !bytes.is_empty() {
            let damaged = damage(&bytes, at, with, how);
            if let Ok(other) = Extension::decode(&damaged) {
                prop_assert_eq!(other.encode(), damaged);
            }
        }
    }

    #[test]
    fn any_bytes_at_all(bytes in vec(any::<u8>(), 0..200)) {
        let _ = (Event::read(&bytes), Extension::decode(&bytes));
        for domain in ["kf.event.v1", "kf.extension.v1"] {
            let length = u32::try_from(domain.len()).unwrap().to_be_bytes();
            let framed = [&length[..], domain.as_bytes(), &bytes].concat();
            let _ = Event::read(&framed);
            if let Ok(extension) = Extension::decode(&framed) {
                prop_assert_eq!(extension.encode(), framed);
            }
        }
    }
}

#[test]
fn a_count_that_lies_allocates_nothing() {
    // Domain, no call counted but 4294967295 of them said.
    let mut bytes = vec![0, 0, 0, 11];
    bytes.extend(b"kf.event.v1");
    bytes.extend([0xff; 4]);
    assert!(Event::read(&bytes).is_err());
    let mut bytes = vec![0, 0, 0, 15];
    bytes.extend(b"kf.extension.v1");
    bytes.extend([0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    assert!(Extension::decode(&bytes).is_err());
}
