//! The engine alone.

mod fold_in;
mod models;
mod packing;
mod visitor;
