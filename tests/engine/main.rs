//! The engine alone.

mod fold_in;
mod items;
mod models;
mod next;
mod packing;
mod shop;
mod visitor;
