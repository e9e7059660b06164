//! A decimal is a number of its own size, whoever brings it and from where.

use crate::support::programs::{context, deployed, login, packages, state};
use crate::support::{block_on, session};

const SHOP: &str = "database shop;
    table prices { id int primary, price decimal(6,2), before decimal(6,2)[], most decimal(6,2) max(10) }
    action put($id int, $price decimal(6,2), $before decimal(6,2)[]) public {
        INSERT INTO prices (id, price, before) VALUES ($id, $price, $before);
    }
    action shown($price decimal(6,2)) public view returns (text) { return $price::text; }";

#[test]
fn no_caller_brings_what_is_no_number_or_too_large() {
    block_on(async {
        let url = deployed(&packages(&[SHOP], None)).await;
        let mallory = login(&url, &["kf_public"]).await;
        mallory.client.batch_execute("SET ROLE kf_public").await.unwrap();
        for (price, before) in [
            ("'NaN'", "NULL"),
            ("'Infinity'", "NULL"),
            ("'-Infinity'", "NULL"),
            ("1.234", "NULL"),
            ("12345", "NULL"),
            ("1", "'{1,NaN}'"),
            ("1", "'{1.234}'"),
            ("1", "'{Infinity}'"),
        ] {
            let put = format!("SELECT ds_shop.\"put@shop\"({}, 1, {price}, {before})", context("'0xa'"));
            let error = mallory.client.simple_query(&put).await.expect_err(price);
            assert_eq!(state(&error), "22003", "{price} {before}: {error:?}");
        }
        let shown = format!("SELECT ds_shop.\"shown@shop\"({}, 'NaN')", context("'0xa'"));
        assert_eq!(state(&mallory.client.simple_query(&shown).await.unwrap_err()), "22003");
        let fine = format!("SELECT ds_shop.\"put@shop\"({}, 1, 1.5, '{{1.5,NULL}}')", context("'0xa'"));
        mallory.client.simple_query(&fine).await.unwrap();
        mallory.close().await;
    });
}

#[test]
fn no_column_holds_what_is_no_number() {
    block_on(async {
        let url = deployed(&packages(&[SHOP], None)).await;
        let db = session(&url).await;
        db.client.batch_execute("INSERT INTO ds_shop.prices VALUES (1, 1, '{1,NULL}', 1)").await.unwrap();
        for set in ["price = 'NaN'", "before = '{1,NaN}'", "most = 'NaN'"] {
            let error =
                db.client.simple_query(&format!("UPDATE ds_shop.prices SET {set}")).await.unwrap_err();
            assert_eq!(state(&error), "23514", "{set}: {error:?}");
        }
        db.close().await;
    });
}
