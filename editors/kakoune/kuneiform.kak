# :lint-buffer checks the text as it is typed, saved neighbours serve its imports; it goes to lines. :make checks the
# project and goes to the character. Columns are bytes.
hook global BufCreate .*[.]kft? %{ set-option buffer filetype kuneiform }

hook global BufSetOption filetype=kuneiform %{
    set-option global make_error_pattern ' (?:error|warning|info)\['
    # lint hands a copy of the text; its name is that of the buffer.
    set-option buffer lintcmd %{ run() { kf check --format short --column-unit bytes --stdin-filename "${kak_buffile}" - < "$1"; } && run }
    # make-next-error looks behind the first line.
    set-option buffer makecmd 'echo kf check; kf check --format short --column-unit bytes'
    set-option buffer comment_line '//'
    set-option buffer comment_block_begin '/*'
    set-option buffer comment_block_end '*/'
}

add-highlighter shared/kuneiform regions
add-highlighter shared/kuneiform/code default-region group
add-highlighter shared/kuneiform/line region // $ fill comment
add-highlighter shared/kuneiform/block region /\* \*/ fill comment
add-highlighter shared/kuneiform/string region "'" "'" fill string
add-highlighter shared/kuneiform/code/ regex [$]\w+ 0:variable
add-highlighter shared/kuneiform/code/ regex @\w+ 0:meta
add-highlighter shared/kuneiform/code/ regex \b[0-9]+([.][0-9]+)?\b 0:value
add-highlighter shared/kuneiform/code/ regex (?i)\b(int|int8|text|bool|blob|uuid|uint256|decimal|numeric)\b 0:type
add-highlighter shared/kuneiform/code/ regex (?i)\b(database|use|table|action|procedure|extern|function|public|private|view|owner|oracle|returns|primary|key|unique|index|not_null|default|foreign_key|references|if|elseif|else|for|in|return|next|break|continue|select|from|where|join|left|right|inner|full|on|using|group|by|having|order|limit|offset|insert|into|values|update|set|delete|with|recursive|as|union|all|except|intersect|distinct|case|when|then|end|and|or|not|is|null|true|false|exists|between|like|over|partition|conflict|do|nothing|tests|setup|test|expect|fails|matches|snapshot|unordered)\b 0:keyword
hook -group kuneiform-highlight global WinSetOption filetype=kuneiform %{ add-highlighter window/kuneiform ref kuneiform }
