//! What is wrong with a table is said by its key.
