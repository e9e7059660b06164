; Later patterns win.

(name) @variable

[
  "database" "use" "as" "extern" "in" "config" "function" "tests" "setup" "test" "table" "action" "procedure" "foreign"
  "returns" "expect" "unordered" "fails" "matches" "snapshot"
] @keyword

["if" "elseif" "else"] @keyword.conditional
["for" "break" "continue"] @keyword.repeat
["return" "next"] @keyword.return

(keyword) @keyword.sql

[
  "primary_key" "pk" "primary" "key" "not_null" "notnull" "not" "unique" "index" "default" "references" "ref" "foreign_key"
  "fk" "min" "max" "minlen" "min_length" "maxlen" "max_length" "on" "on_delete" "on_update" "delete" "update" "do" "cascade"
  "restrict" "set" "set_null" "set_default" "no" "no_action"
] @attribute
(not_null "null" @attribute)
(unknown_attribute name: (name) @attribute)

(modifier (name) @keyword.modifier)

(type (name) @type)

(database name: (_) @module)
(extern name: (_) @module)
(tests name: (_) @module)
(use target: (_) @module)
(use alias: (_) @module)
(owned name: (_) @module)
(call_statement import: (_) @module)

(table name: (_) @type.definition)
(references table: (_) @type)
(column name: (_) @property)
(columns (name) @property)
(result_column name: (_) @property)
(option name: (_) @property)
(annotation_entry name: (_) @property)
("." . (name) @property)

(action name: (_) @function)
(function name: (_) @function)
(foreign_procedure name: (_) @function)
(call_statement action: (_) @function.call)
(call name: (_) @function.call)
((call name: (name) @function.builtin)
  (#any-of? @function.builtin "ERROR" "NOTICE" "error" "notice"))
((call_statement action: (name) @function.builtin)
  (#any-of? @function.builtin "ERROR" "NOTICE" "error" "notice"))

(variable) @variable
(parameter name: (variable) @variable.parameter)
(foreign_parameter name: (variable) @variable.parameter)
(nothing) @variable.builtin
(context) @variable.builtin
(annotation name: (context) @attribute)
(renamed_from (context) @attribute)
(index_name) @label

(number) @number
(precision (number) @number)
(boolean) @boolean
(null) @constant.builtin
(blob) @number
(string) @string
(test title: (_) @string.special)

(operator) @operator
[":=" "=" "::" ".." "-"] @operator
["," ";" "." ":"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket

[(line_comment) (block_comment)] @comment
(doc_comment) @comment.documentation
