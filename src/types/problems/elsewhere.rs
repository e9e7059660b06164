//! What to write instead of a function or a context value that related languages have.

/// A function, by its name in lower case.
pub(super) fn function(name: &str) -> Option<&'static str> {
    Some(match name {
        "ifnull" | "nvl" | "isnull" => "write `coalesce(value, other)`",
        "iif" | "if" => "write `CASE WHEN condition THEN value ELSE other END`",
        "group_concat" | "listagg" => "write `string_agg(text, ', ')`",
        "total" => "write `coalesce(sum(value), 0)`",
        "strftime" | "date" | "time" | "datetime" | "to_char" | "julianday" => {
            "write `format_unix_timestamp(seconds, pattern)`; the time of the block is `@block_timestamp`"
        }
        "to_timestamp" | "to_date" => "write `parse_unix_timestamp(text, pattern)`",
        "unixepoch" => "the time of the block is `@block_timestamp`, in seconds",
        "hex" | "to_hex" => "write `encode(blob, 'hex')`",
        "unhex" => "write `decode(text, 'hex')`",
        "sha256" | "sha224" | "sha384" | "sha512" | "md5" => "write `digest(value, 'sha256')`",
        "instr" | "strpos" | "charindex" => "write `position(part, text)`",
        "substr" | "left" | "right" | "mid" => "write `substring(text, from, length)`",
        "btrim" => "write `trim(text)`",
        "len" => "write `length(text)`",
        "concat" | "concat_ws" => "write `one || other`",
        "quote" | "quote_literal" => "write `format('%L', value)`",
        "quote_ident" => "write `format('%I', value)`",
        "printf" | "sprintf" => "write `format(pattern, value, ..)`",
        "glob" | "regexp" | "regexp_like" | "regexp_matches" | "regexp_replace" | "matches" => {
            "patterns are those of LIKE: `_` is one character, `%` any number of them"
        }
        "replace" | "translate" | "split_part" => {
            "texts are changed by `substring`, `overlay`, `trim` and `||`; pass what needs more as an argument"
        }
        "typeof" | "pg_typeof" => "every value has one type, known when the schema is compiled",
        "sign" => "write `CASE WHEN value < 0 THEN -1 WHEN value > 0 THEN 1 ELSE 0 END`",
        "round" | "trunc" | "ceil" | "ceiling" | "floor" => {
            "a cast rounds half away from zero: `value::decimal(p,s)`"
        }
        "power" | "pow" => "write `value ^ exponent`, of two decimals",
        "mod" => "write `value % other`",
        "sqrt" | "exp" | "ln" | "log" | "cbrt" => "write `value ^ exponent`, of two decimals: `value ^ 0.5`",
        "bool_and" | "every" => "write `count(*) FILTER (WHERE NOT condition) = 0`",
        "bool_or" | "any_value" => "write `count(*) FILTER (WHERE condition) > 0`",
        "cardinality" | "array_upper" => "write `array_length(array)`",
        "generate_series" => "count with `for $i in a..b { .. }`",
        "address" | "public_key" => "who called is `@caller`; the key it signed with is `@signer`",
        "json_extract" | "json_build_object" | "to_json" | "row_to_json" | "jsonb_build_object" => {
            "there is no JSON: give rows with named columns"
        }
        "nextval" | "last_insert_rowid" | "lastval" | "currval" => {
            "there are no sequences: pass the value, or write `INSERT .. RETURNING`"
        }
        "changes" => "count what `RETURNING` gives",
        "pg_sleep" => "nothing waits here",
        _ => return None,
    })
}

/// A context value, by its name in lower case.
pub(super) fn context(name: &str) -> Option<&'static str> {
    Some(match name {
        "block_height" | "block" | "block_number" => "write `@height`",
        "timestamp" | "block_time" | "time" | "now" => "write `@block_timestamp`, in seconds",
        "sender" | "from" | "user" | "address" | "wallet" | "origin" => "write `@caller`",
        "public_key" | "pubkey" => "write `@signer`",
        "tx" | "tx_hash" | "txhash" | "hash" | "tx_id" => "write `@txid`",
        "auth_type" | "authn" => "write `@authenticator`",
        "leader" | "leader_sender" | "proposer" => {
            "no action sees who proposed the block; what the network has to agree on first comes in through an `oracle` action"
        }
        "dataset" | "dbid" | "action" => {
            "an action knows its own schema and name when it is written; the schema that called is `@foreign_caller`"
        }
        _ => return None,
    })
}
