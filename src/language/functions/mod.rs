//! The functions of the language: an allow-list by name and argument types. Checking, lowering, the reference page
//! and completion read these rows; a function that is not here does not exist.
