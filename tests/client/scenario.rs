//! What every language's scenario does, in Rust, over a connection or a gateway: a part of both modules, each of which has
//! its client as `rust`.

use super::rust::class::{Class, TypeOptions, TypeRow};
use super::rust::gallery::{Gallery, ListThingsRow, ManyRow, PutBareOptions};
use super::rust::{CallError, Calls, Decimal, Error, Uint256, Uuid};

const WORDS: &str = "it's \"quoted\" \\ 🦀 ẞ\n\ttab $1 {},";
const PRICE: &str = "-1234567890123456789012345678901234567890.12345678901234567890";
const BYTES: &[u8] = &[0, 1, 0, 255, 92];

pub fn uuid() -> Uuid {
    "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap()
}

fn price() -> Decimal {
    PRICE.parse().unwrap()
}

fn largest() -> Uint256 {
    Uint256::MAX.parse().unwrap()
}

/// The row that `put` makes.
fn full() -> ListThingsRow {
    ListThingsRow {
        id: i64::MIN,
        words: WORDS.into(),
        yes: true,
        bytes: BYTES.into(),
        mark: uuid(),
        price: price(),
        supply: largest(),
        maybe_id: Some(i64::MIN),
        maybe_words: Some(WORDS.into()),
        maybe_yes: Some(true),
        maybe_bytes: Some(BYTES.into()),
        maybe_mark: Some(uuid()),
        maybe_price: Some(price()),
        maybe_supply: Some(largest()),
        ints: vec![Some(i64::MAX), None, Some(i64::MIN)],
        texts: Some(vec![Some(WORDS.into()), None, Some("null".into()), Some(String::new())]),
        prices: Some(vec![Some(price()), None]),
        supplies: Some(vec![Some(largest()), None, Some(Uint256::from(0))]),
        marks: Some(vec![Some(uuid()), None]),
        flags: Some(vec![Some(true), None, Some(false)]),
        blobs: Some(vec![Some(BYTES.into()), None, Some(Vec::new())]),
    }
}

async fn put<S: Calls>(gallery: &mut Gallery<S>, it: ListThingsRow) -> Result<(), Error> {
    let words = it.words.clone();
    gallery
        .put_thing(
            it.id,
            words.as_str(),
            it.yes,
            it.bytes,
            it.mark,
            it.price,
            it.supply,
            it.ints,
            it.texts,
            it.prices,
            it.supplies,
            it.marks,
            it.flags,
            it.blobs,
        )
        .await
}

async fn every_type<S: Calls>(gallery: &mut Gallery<S>) -> Result<(), Error> {
    put(gallery, full()).await?;
    gallery.put_bare(1, PutBareOptions::default()).await?;
    let options = PutBareOptions {
        words: Some(Some(String::new())),
        price: Some(Some("2.5".parse()?)),
        note: Some(Some("noted".into())),
    };
    gallery.put_bare(2, options).await?;
    let rows = gallery.list_things(i64::MIN).await?;
    assert_eq!(rows[0], full());
    let left = &rows[1];
    assert_eq!((left.words.as_str(), left.bytes.len(), left.ints.len()), ("it's \"left\" out", 0, 0));
    assert_eq!((left.price.as_str(), left.supply.as_str()), ("0.50000000000000000000", "0"));
    assert_eq!(
        (&left.texts, &left.blobs, &left.maybe_words, &left.maybe_price),
        (&None, &None, &None, &None)
    );
    assert_eq!((rows[2].words.as_str(), rows[2].maybe_words.as_deref()), ("", Some("noted")));
    Ok(())
}

async fn results<S: Calls>(gallery: &mut Gallery<S>) -> Result<(), Error> {
    let many = gallery.many(5000).await?;
    assert_eq!((many.len(), &many[4999]), (5000, &ManyRow { n: 5000, square: Uint256::from(25_000_000) }));
    assert_eq!(gallery.first_words(1).await?.as_deref(), Some("it's \"left\" out"));
    assert_eq!(gallery.first_words(77).await?, None);
    let row = gallery.whoami().await?;
    assert_eq!((row.caller.as_str(), row.signer.as_deref()), ("0xAb", Some(&[0xab][..])));
    Ok(())
}

pub fn fault<T: std::fmt::Debug>(outcome: Result<T, Error>) -> CallError {
    match outcome {
        Err(Error::Call(error)) => error,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn faults<S: Calls>(gallery: &mut Gallery<S>) {
    let raised = fault(gallery.refuse(WORDS).await);
    assert_eq!((raised.code(), raised.message.as_str(), raised.action), ("KF001", WORDS, "gallery.refuse"));
    assert!(raised.is_raised());
    let twice = fault(gallery.put_bare(1, PutBareOptions::default()).await);
    assert_eq!((twice.code(), twice.sqlstate.as_str()), ("KF0801", "23505"));
    let fine = PutBareOptions {
        price: Some(Some("0.123456789012345678901".parse().unwrap())),
        ..PutBareOptions::default()
    };
    assert_eq!(fault(gallery.put_bare(3, fine).await).code(), "KF0802");
    let null = PutBareOptions { words: Some(None), ..PutBareOptions::default() };
    assert_eq!(fault(gallery.put_bare(3, null).await).sqlstate, "23502");
    assert_eq!(fault(gallery.clear().await).code(), "KF002");
}

pub async fn names<S: Calls>(mut class: Class<S>) -> Result<(), Error> {
    let row = class.r#type(1, 2, TypeOptions::default()).await?;
    let (a_b, int) = (Some(2), 1);
    assert_eq!(
        row,
        TypeRow { import: Some(1), def: Some("f".into()), a_b, a__b: Some(1), str: "str".into(), int }
    );
    assert_eq!(class.then(1, None).await?, None);
    assert_eq!(class.list().await?[0].decimal.as_str(), "1.50");
    assert_eq!((class.get_x().await?.a, class.get__x().await?.a), (1, 3));
    assert_eq!(class.constructor().await?, 5);
    Ok(())
}

/// All of it as 0xAb.
pub async fn scenario<S: Calls>(gallery: &mut Gallery<S>) -> Result<(), Error> {
    every_type(gallery).await?;
    results(gallery).await?;
    faults(gallery).await;
    Ok(())
}
