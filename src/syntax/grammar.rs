//! The grammar of `grammar/kuneiform.pest`, and how its rules are called in messages.
#![allow(missing_docs)]

/// The parser pest makes of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/kuneiform.pest"]
pub(super) struct Grammar;

/// What a rule is called where it was expected; nothing for rules that only a whole file has.
pub(super) fn words(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::name | Rule::word => "a name",
        Rule::variable | Rule::parameter | Rule::parameters => "a parameter (`$name`)",
        Rule::context => "an annotation",
        Rule::annotation_entry => "`key = literal`",
        Rule::use_option => "`key: literal`",
        Rule::use_target | Rule::owned => "a schema (`ens`, `0xOWNER.name` or a DBID in quotes)",
        Rule::type_name | Rule::type_word | Rule::result_column => "a type",
        Rule::column | Rule::named_column => "a column (`name type`)",
        Rule::index_name => "an index name (`#name`)",
        Rule::index_kind => "`index`, `unique` or `primary`",
        Rule::attribute => "an attribute",
        Rule::name_list => "column names in parentheses",
        Rule::modifier => "a modifier",
        Rule::change => "`cascade`, `restrict`, `set null`, `set default` or `no action`",
        Rule::on_change => "`on delete` or `on update`",
        Rule::literal | Rule::text_literal => "a literal",
        Rule::blob_literal => "`0x..`",
        Rule::digits => "a number",
        Rule::returns | Rule::k_returns => "`returns`",
        Rule::returns_list => "`(`",
        Rule::returns_table | Rule::k_table => "`table`",
        Rule::semicolon => "`;`",
        Rule::comma => "`,`",
        Rule::dot => "`.`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::open_paren => "`(`",
        Rule::close_paren => "`)`",
        Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::k_as => "`as`",
        Rule::k_in => "`in`",
        Rule::k_null => "`null`",
        Rule::k_key => "`key`",
        Rule::k_references => "`references`",
        Rule::k_delete => "`delete`",
        Rule::k_update => "`update`",
        Rule::k_default => "`default`",
        Rule::k_action => "`action`",
        Rule::test_title => "a title in quotes",
        _ => return None,
    })
}

/// The text of a rule that is one fixed punctuation mark, which a fix can insert.
pub(super) fn mark(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::semicolon => ";",
        Rule::comma => ",",
        Rule::dot => ".",
        Rule::colon => ":",
        Rule::equals => "=",
        Rule::open_paren => "(",
        Rule::close_paren => ")",
        Rule::open_brace => "{",
        Rule::close_brace => "}",
        _ => return None,
    })
}
