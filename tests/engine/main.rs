//! The engine alone.

mod fold_in;
mod items;
mod models;
mod packing;
mod visitor;
