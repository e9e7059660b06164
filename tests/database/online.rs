//! Deploys while the database is in use: locks that others hold, writers that go on, builds that are left unfinished.

mod busy;
mod calls;
mod left;
mod shop;
mod writers;
