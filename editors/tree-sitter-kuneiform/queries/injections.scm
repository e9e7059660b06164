; SQL is part of the grammar: `$variables`, `@caller` and calls of imports are no SQL, and one grammar colours all of it.

([(line_comment) (block_comment) (doc_comment)] @injection.content
  (#set! injection.language "comment"))
