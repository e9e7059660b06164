//! The scenario over a connection, in Rust, and what only connections have. The client is a part of this program, so that it
//! is compiled with it.

#[path = "scenario.rs"]
mod scenario;

use super::deployed;
use super::rust;
use super::support::{block_on, with_user};
use rust::class::Class;
use rust::gallery::{Gallery, PutBareOptions};
use rust::{Context, Decimal, Error, Session, Uint256, Uuid};
use scenario::{names, scenario, uuid};

/// The example of the guide.
async fn example(mut client: tokio_postgres::Client) -> Result<(), Error> {
    let mut gallery = Gallery::new(Session::new(&mut client, "0xab"));
    let price = Some(Some("12.50".parse()?));
    gallery.put_bare(4, PutBareOptions { price, ..PutBareOptions::default() }).await?;
    for row in gallery.list_things(4).await? {
        println!("{} {} {:?}", row.id, row.price, row.maybe_words);
    }
    if let Err(Error::Call(error)) = gallery.refuse("too late").await {
        println!("{} {}", error.code(), error.message);
    }
    Ok(())
}

#[test]
fn rust_calls_over_tokio_postgres() {
    let here = deployed();
    block_on(async {
        let address = with_user(&here.url, "kf_engine");
        let (mut client, connection) =
            tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        let mut session = Session::new(&mut client, "0xAb");
        let mut gallery = Gallery::new(&mut session);
        scenario(&mut gallery).await.unwrap();
        names(Class::new(&mut session)).await.unwrap();
        let owner = Context {
            caller: "0xaa".into(),
            txid: Some("t".into()),
            height: 7,
            block_timestamp: Some(5),
            authenticator: "mine".into(),
        };
        let mut gallery = Gallery::new(Session::new(&mut client, owner));
        gallery.clear().await.unwrap();
        assert_eq!(gallery.list_things(i64::MIN).await.unwrap(), []);
        let mut nobody = Gallery::new(Session::new(&mut client, ""));
        assert!(matches!(nobody.whoami().await, Err(Error::Value(_))));
        example(client).await.unwrap();
        let shown: Vec<&str> = include_str!("sql.rs").lines().map(str::trim).collect();
        let page = super::languages::example("rust");
        page.lines().for_each(|line| assert!(shown.contains(&line.trim()), "the guide says `{line}`"));
        driver.abort();
    });
}

#[test]
fn values_that_are_none_are_refused() {
    for text in ["", "-", "1.", ".5", "NaN", "1e5", "--5.0", "-1.2.3", " 1"] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    for text in ["-1.50", "0", "12"] {
        assert_eq!(text.parse::<Decimal>().unwrap().as_str(), text);
    }
    let more = Uint256::MAX.replace("935", "936");
    for text in ["", "-1", "1.0", more.as_str()] {
        assert!(text.parse::<Uint256>().is_err(), "{text}");
    }
    assert_eq!("007".parse::<Uint256>().unwrap().as_str(), "7");
    assert!("67e55044".parse::<Uuid>().is_err());
    assert_eq!(uuid().to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
}

#[test]
fn the_client_over_a_connection_is_up_to_date() {
    let line = "client --lang rust --owner 0xaa";
    super::rust_client_is_up_to_date(&super::project(), line, std::path::Path::new("tests/client/rust"));
}
