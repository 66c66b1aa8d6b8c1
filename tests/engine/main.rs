//! The engine alone.

mod fold_in;
mod items;
mod models;
mod next;
mod packing;
mod parts;
mod shop;
mod stable_order;
mod visitor;
