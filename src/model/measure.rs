//! The first look at rows that are to be packed: how long they are, which gives them their order.

use super::extremes::not_finite;
use super::{FACTORS, MAX_DIM, Precision, rounding};
use crate::error::{Error, Result};
use crate::order;
use foldin_kernel::{Gram, squared_lengths};

/// Rows that have been seen once.
pub(super) struct Measured {
    items: usize,
    dim: usize,
    precision: Precision,
    squares: Vec<f32>,
    /// Of the exact rows, where rounding goes by it.
    gram: Option<Gram>,
}

/// In which order a model has the rows, and how they are rounded.
pub(super) struct Order {
    pub(super) dim: usize,
    pub(super) precision: Precision,
    /// The numbers of the rows as they came, by falling length; of equal ones the first comes first.
    pub(super) rows: Vec<u32>,
    /// What an error costs, [dim, dim], where rounding goes by it.
    pub(super) metric: Vec<f32>,
}

impl Measured {
    /// None of `items` rows yet.
    pub(super) fn new(items: usize, dim: usize, precision: Precision) -> Result<Measured> {
        if !(1..=MAX_DIM).contains(&dim) {
            return Err(Error::argument("dim", format_args!("1 to {MAX_DIM}"), dim));
        }
        if !(1..=i32::MAX as usize).contains(&items) {
            return Err(Error::argument("items", "at least 1 item and fewer than 2^31", items));
        }
        precision.row_bytes(dim)?;
        let gram = (precision == Precision::Int4).then(|| Gram::new(dim));
        Ok(Measured { items, dim, precision, squares: Vec::new(), gram })
    }

    /// Takes the next rows in.
    pub(super) fn add(&mut self, rows: &[f32]) -> Result<()> {
        let known = self.squares.len();
        let count = whole_rows(rows, self.dim, self.items - known)?;
        self.squares.resize(known + count, 0.0);
        if !squared_lengths(rows, self.dim, &mut self.squares[known..]) {
            return Err(not_finite(FACTORS));
        }
        self.gram.iter_mut().for_each(|gram| gram.add(rows, None));
        Ok(())
    }

    /// The order of the rows, as soon as all are in.
    pub(super) fn order(self) -> Result<Order> {
        let Measured { items, dim, precision, squares, gram } = self;
        all_there("factors", squares.len(), items)?;
        let rows = order::by_falling(squares).map(|row| row as u32).collect();
        let metric = gram.map_or(Vec::new(), |gram| rounding::metric(gram.matrix(), dim));
        Ok(Order { dim, precision, rows, metric })
    }
}

/// How many rows these are.
pub(super) fn whole_rows(rows: &[f32], dim: usize, most: usize) -> Result<usize> {
    let count = rows.len() / dim;
    if rows.len() != count * dim || count > most {
        let expected = format_args!("whole rows of {dim} numbers, at most {most} more of them");
        return Err(Error::argument("factors", expected, format_args!("{} numbers", rows.len())));
    }
    Ok(count)
}

pub(super) fn all_there(field: &'static str, found: usize, items: usize) -> Result<()> {
    if found != items {
        return Err(Error::argument(field, format_args!("{items} entries, one an item"), found));
    }
    Ok(())
}
