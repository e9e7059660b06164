//! The only place where data becomes SQL text: identifiers are always quoted, literals always escaped.
