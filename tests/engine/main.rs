//! The engine alone.

mod fold_in;
mod models;
mod next;
mod visitor;
