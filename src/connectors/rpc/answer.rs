use serde_json::Value;

use super::{ErrorObject, RpcError};
use crate::connectors::Answer;

/// The result of the answer to request `id`.
pub(super) fn read(id: u64, answer: &Answer) -> Result<Value, RpcError> {
    let status = answer.status.as_u16();
    if status == 429 {
        return Err(RpcError::Status { status, retry_after: answer.retry_after() });
    }
    let parsed = serde_json::from_slice(&answer.body);
    // Servers say what they refuse with any status, and many of them in the body.
    if let Ok(value) = &parsed
        && let Some(error) = ErrorObject::of(value)
    {
        return Err(RpcError::Error(error));
    }
    if !answer.status.is_success() {
        return Err(RpcError::Status { status, retry_after: answer.retry_after() });
    }
    let Ok(Value::Object(mut members)) = parsed else { return Err(RpcError::NotJson) };
    if members.get("id").and_then(Value::as_u64) != Some(id) {
        return Err(RpcError::Unexpected("it answers another request"));
    }
    members.remove("result").ok_or(RpcError::Unexpected("it has no result"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper::StatusCode;
    use hyper::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use serde_json::json;

    use super::*;

    fn answered(status: u16, body: &str) -> Result<Value, RpcError> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
        let status = StatusCode::from_u16(status).unwrap();
        read(3, &Answer { status, headers, body: body.as_bytes().to_vec().into() })
    }

    #[test]
    fn results_of_the_request_are_taken_and_null_is_one() {
        assert_eq!(answered(200, r#"{"jsonrpc":"2.0","id":3,"result":"0x1"}"#), Ok(json!("0x1")));
        assert_eq!(answered(200, r#"{"id":3,"result":null,"error":null}"#), Ok(Value::Null));
        for (body, error) in [
            ("", RpcError::NotJson),
            (r#"{"id":3,"resu"#, RpcError::NotJson),
            ("[]", RpcError::NotJson),
            (r#"{"id":4,"result":1}"#, RpcError::Unexpected("it answers another request")),
            (r#"{"result":1}"#, RpcError::Unexpected("it answers another request")),
            (r#"{"id":3}"#, RpcError::Unexpected("it has no result")),
        ] {
            assert_eq!(answered(200, body), Err(error), "{body}");
        }
    }

    #[test]
    fn errors_keep_what_else_they_say() {
        let body = r#"{"id":3,"error":{"name":"HANDLER_ERROR","cause":{"name":"UNKNOWN_BLOCK"},"code":-32000,"message":"Server error","data":"late"}}"#;
        for status in [200, 400, 500] {
            let Err(RpcError::Error(error)) = answered(status, body) else { panic!("{status}") };
            assert_eq!((error.code, error.message.as_str()), (-32000, "Server error"));
            assert_eq!(error.members["cause"]["name"], "UNKNOWN_BLOCK");
        }
        let seconds = Some(Duration::from_secs(7));
        assert_eq!(answered(429, body), Err(RpcError::Status { status: 429, retry_after: seconds }));
        assert_eq!(answered(502, "<html>"), Err(RpcError::Status { status: 502, retry_after: seconds }));
        let odd = answered(200, r#"{"error":"no such key"}"#);
        assert!(
            matches!(&odd, Err(RpcError::Error(error)) if error.message.contains("no such key")),
            "{odd:?}"
        );
    }
}
