[
  (table)
  (action)
  (setup)
  (test)
  (block)
  (sql_statement)
  (block_comment)
] @fold
