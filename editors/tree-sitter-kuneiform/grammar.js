/// <reference types="tree-sitter-cli/dsl" />
// Schemas (*.kf), interface files of externs, and tests (*.kft). SQL is a run of tokens here, with its brackets and calls:
// enough to colour and fold it, and nothing that kf accepts is an error. What is right, `kf check` knows.

/** A word in any case. */
const letters = (text) => new RegExp([...text].map((c) => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c)).join(''));

/** The same under its own name in small letters. */
const word = (text) => alias(letters(text), text);

const words = (...texts) => choice(...texts.map(word));

const list = (rule) => seq(rule, repeat(seq(',', rule)));

const QUERIES = ['select', 'insert', 'update', 'delete', 'with'];

const SQL = [
  ...QUERIES, 'all', 'and', 'any', 'array', 'as', 'asc', 'between', 'by', 'case', 'collate', 'conflict', 'cross', 'current',
  'desc', 'distinct', 'do', 'else', 'end', 'escape', 'except', 'exists', 'filter', 'following', 'from', 'full', 'group',
  'groups', 'having', 'ilike', 'in', 'inner', 'intersect', 'into', 'is', 'isnull', 'join', 'lateral', 'left', 'like', 'limit',
  'materialized', 'natural', 'not', 'nothing', 'notnull', 'nulls', 'offset', 'on', 'or', 'order', 'ordinality', 'outer', 'over',
  'partition', 'preceding', 'range', 'recursive', 'returning', 'right', 'rows', 'set', 'then', 'unbounded', 'union', 'using',
  'values', 'when', 'where', 'window', 'within',
];

module.exports = grammar({
  name: 'kuneiform',

  word: ($) => $.name,

  extras: ($) => [/[\s\uFEFF]/, $.doc_comment, $.line_comment, $.block_comment],

  rules: {
    file: ($) =>
      choice(
        seq($.database, repeat(choice($.use, $.table, $.action, $.foreign_procedure))),
        seq($.extern, repeat(choice($.config, $.function))),
        seq($.tests, repeat(choice($.setup, $.test))),
      ),

    // --- schemas -----------------------------------------------------------------------------------------------------

    database: ($) => seq(word('database'), field('name', $._name), ';'),

    use: ($) =>
      seq(word('use'), field('target', $._target), optional($.options), word('as'), field('alias', $._name), ';'),
    _target: ($) => choice($._name, $.string, $.owned),
    owned: ($) => seq(field('owner', $.blob), '.', field('name', $._name)),
    options: ($) => seq('{', optional(seq(list($.option), optional(','))), '}'),
    option: ($) => seq(field('name', $._name), ':', field('value', $._literal)),

    foreign_procedure: ($) =>
      seq(
        word('foreign'), words('action', 'procedure'), field('name', $._name),
        '(', optional(list($.foreign_parameter)), ')', optional($.returns), optional(';'),
      ),
    foreign_parameter: ($) => seq(optional(field('name', $.variable)), field('type', $.type)),

    // --- externs -----------------------------------------------------------------------------------------------------

    extern: ($) => seq(word('extern'), field('name', $._name), optional(seq(word('in'), field('schema', $._name))), ';'),
    config: ($) => seq(word('config'), field('name', $._name), field('type', $.type), optional($.default), ';'),
    function: ($) =>
      seq(word('function'), field('name', $._name), $.parameters, repeat($.modifier), optional($.returns), ';'),

    // --- tests -------------------------------------------------------------------------------------------------------

    tests: ($) => seq(word('tests'), field('name', $._name), ';'),
    setup: ($) => seq(word('setup'), field('body', $.block)),
    test: ($) => seq(word('test'), field('title', choice($.string, $.quoted_name)), field('body', $.block)),

    // --- tables ------------------------------------------------------------------------------------------------------

    table: ($) =>
      seq(
        word('table'), field('name', $._name), optional($.renamed_from),
        '{', list($._table_entry), optional(','), '}',
      ),
    _table_entry: ($) => choice($.column, $.index, $.foreign_key),

    column: ($) => seq(field('name', $._column_name), field('type', $.type), repeat($._attribute)),
    // Words that begin a foreign key are names where a type comes next.
    _column_name: ($) => choice($._name, alias(choice(word('foreign'), word('foreign_key'), word('fk')), $.name)),

    _attribute: ($) =>
      choice(
        $.primary_key, $.not_null, $.unique, $.default_value, $.bound, $.references, $.renamed_from,
        $.unknown_attribute,
      ),
    primary_key: () => choice(words('primary_key', 'pk'), seq(word('primary'), optional(word('key')))),
    not_null: () => choice(words('not_null', 'notnull'), seq(word('not'), word('null'))),
    unique: () => word('unique'),
    default_value: ($) => seq(word('default'), choice($._literal, seq('(', $._literal, ')'))),
    bound: ($) =>
      seq(words('min', 'max', 'minlen', 'min_length', 'maxlen', 'max_length'), '(', field('value', $._literal), ')'),
    references: ($) =>
      seq(words('references', 'ref'), field('table', $._name), optional($.columns), repeat($.on_change)),
    renamed_from: ($) => seq($.context, '(', field('name', $._name), ')'),

    // Read like kf does, which then says what it is not.
    unknown_attribute: ($) => prec.right(seq(field('name', $.name), optional($._arguments))),

    index: ($) => seq(field('name', $.index_name), words('index', 'unique', 'primary'), $.columns),
    foreign_key: ($) =>
      seq(choice(words('foreign_key', 'fk'), seq(word('foreign'), word('key'))), $.columns, $.references),
    columns: ($) => seq('(', list($._name), ')'),

    on_change: () =>
      seq(
        choice(words('on_delete', 'on_update'), seq(word('on'), words('delete', 'update'))),
        optional(word('do')),
        choice(
          words('cascade', 'restrict', 'set_null', 'set_default', 'no_action'),
          seq(word('set'), words('null', 'default')),
          seq(word('no'), word('action')),
        ),
      ),

    // --- actions -----------------------------------------------------------------------------------------------------

    action: ($) =>
      seq(
        repeat($.annotation), words('action', 'procedure'), field('name', $._name), $.parameters,
        repeat($.modifier), optional($.returns), field('body', $.block),
      ),
    annotation: ($) => seq(field('name', $.context), '(', optional(list($.annotation_entry)), ')'),
    annotation_entry: ($) => seq(field('name', $._name), '=', field('value', $._literal)),

    parameters: ($) => seq('(', optional(list($.parameter)), ')'),
    parameter: ($) => seq(field('name', $.variable), optional(field('type', $.type)), optional($.default)),
    default: ($) => seq(word('default'), field('value', $._literal)),
    modifier: ($) => $.name,

    returns: ($) => seq(word('returns'), choice($.returned_table, $.returned_values)),
    returned_table: ($) => seq(word('table'), '(', list($.result_column), ')'),
    returned_values: ($) => seq('(', list(choice($.result_column, $.type)), ')'),
    result_column: ($) => seq(field('name', $._name), field('type', $.type)),

    // --- statements --------------------------------------------------------------------------------------------------

    block: ($) => seq('{', repeat($._statement), '}'),

    _statement: ($) =>
      choice(
        $.if, $.for, $.break, $.continue, $.return, $.declaration, $.assignment, $.sql_statement, $.call_statement,
        $.context_statement, $.expectation,
      ),

    if: ($) =>
      seq(
        word('if'), field('condition', $.value), field('then', $.block),
        repeat($.else_if),
        optional(seq(word('else'), field('else', $.block))),
        optional(';'),
      ),
    else_if: ($) =>
      seq(choice(word('elseif'), seq(word('else'), word('if'))), field('condition', $.value), field('then', $.block)),
    for: ($) =>
      seq(
        word('for'), field('variable', $.variable), word('in'), field('through', alias($._through, $.value)),
        field('body', $.block), optional(';'),
      ),
    _through: ($) => repeat1(choice($._sql, '..')),

    break: () => seq(word('break'), ';'),
    continue: () => seq(word('continue'), ';'),
    return: ($) => seq(word('return'), optional(seq(optional(word('next')), $.value)), ';'),

    declaration: ($) =>
      seq(field('name', $.variable), field('type', $.type), optional(seq($._assign, field('value', $.value))), ';'),
    assignment: ($) =>
      seq(list(field('receiver', choice($.variable, $.element, $.nothing))), $._assign, field('value', $.value), ';'),
    element: ($) => seq($.variable, '[', repeat($._sql), ']'),
    nothing: () => '_',
    _assign: () => choice(':=', '='),

    sql_statement: ($) => seq(alias(choice(...QUERIES.map(letters)), $.keyword), repeat($._sql), ';'),

    call_statement: ($) =>
      seq(
        optional(seq(field('import', $._name), '.')), field('action', $._name),
        optional($.dataset), $._arguments, ';',
      ),
    dataset: ($) => seq('[', repeat($._sql), ']'),
    _arguments: ($) => seq('(', repeat($._sql), ')'),

    context_statement: ($) => seq(field('name', $.context), $._assign, field('value', $.value), ';'),
    expectation: ($) =>
      seq(
        word('expect'),
        repeat1(choice($._sql, words('returns', 'unordered', 'fails', 'matches', 'snapshot'))),
        ';',
      ),

    // --- SQL ---------------------------------------------------------------------------------------------------------

    value: ($) => repeat1($._sql),

    _sql: ($) =>
      choice(
        alias(choice(...SQL.map(letters)), $.keyword),
        $.call, $._name, $.variable, $.context, $._plain_literal, $.operator, '.', ',', '::', ':',
        seq('(', repeat($._sql), ')'),
        seq('[', repeat($._sql), ']'),
      ),
    call: ($) => seq(field('name', $._name), alias(token.immediate('('), '('), repeat($._sql), ')'),

    operator: () => token(choice('=', '==', '=>', /[-+*\/%<>!|&~^?#]/, '<=', '>=', '<>', '!=', '||', '<<', '>>', '->', '->>')),

    // --- names, types, literals --------------------------------------------------------------------------------------

    type: ($) => seq($.name, repeat(seq('.', $.name)), optional($.precision), repeat(seq('[', ']'))),
    precision: ($) => seq('(', $.number, optional(seq(',', $.number)), ')'),

    _literal: ($) => choice($._plain_literal, seq('-', $.number)),
    _plain_literal: ($) => choice($.number, $.blob, $.string, $.boolean, $.null),
    number: () => /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/,
    blob: () => /0[xX][0-9a-fA-F]*/,
    string: () => /'([^']|'')*'/,
    boolean: () => words('true', 'false'),
    null: () => word('null'),

    _name: ($) => choice($.name, $.quoted_name),
    name: () => /[A-Za-z_][A-Za-z0-9_]*/,
    quoted_name: () => /"([^"]|"")*"/,
    variable: () => /\$[A-Za-z_][A-Za-z0-9_]*/,
    context: () => /@[A-Za-z_][A-Za-z0-9_]*/,
    index_name: () => /#[A-Za-z_][A-Za-z0-9_]*/,

    doc_comment: () => token(prec(1, /\/\/\/[^\n]*/)),
    line_comment: () => token(choice(/\/\/[^\n]*/, /--[^\n]*/)),
    block_comment: () => token(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//),
  },
});
