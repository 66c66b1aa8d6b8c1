//! From products to the best k: block after block of rows, each read only if it can hold one of the best.

use super::Scored;
use super::rules::Rules;
use super::top_k::TopK;
use crate::model::{BLOCK, Model};

/// What rows are worth before the rules of a request.
pub(crate) trait Products {
    /// Writes a finite number for each listed row.
    fn fill(&self, rows: &[u32], products: &mut [f32]);

    /// No row of the block is worth more.
    fn bound(&self, block: usize) -> f32;
}

/// One request on its way through the rows.
pub(crate) struct Search<'a> {
    products: &'a dyn Products,
    rules: &'a Rules<'a>,
    top: TopK,
    rows_read: usize,
}

impl<'a> Search<'a> {
    pub(crate) fn new(products: &'a dyn Products, rules: &'a Rules<'a>, k: usize) -> Self {
        Search { products, rules, top: TopK::new(k), rows_read: 0 }
    }

    /// The best k, best first, and how many rows were read for them.
    pub(crate) fn finish(self) -> (Vec<Scored>, usize) {
        (self.top.into_ranking(), self.rows_read)
    }

    /// The score that a product must exceed to matter. Rows come in rising order, so that one with the same
    /// score as the worst of the best comes too late.
    fn floor(&self) -> f32 {
        self.rules.floor(self.top.threshold())
    }

    fn offer_block(&mut self, block: usize, rows: &[u32]) {
        if self.products.bound(block) > self.floor() {
            self.offer(rows);
        }
    }

    fn offer(&mut self, rows: &[u32]) {
        let mut products = [0.0; BLOCK];
        let products = &mut products[..rows.len()];
        self.products.fill(rows, products);
        self.rows_read += rows.len();
        let mut floor = self.floor();
        for (rows, products) in rows.chunks(8).zip(products.chunks(8)) {
            // Without a branch inside: eight comparisons become one or two vectors.
            if !products.iter().fold(false, |any, &product| any | (product > floor)) {
                continue;
            }
            for (&item, &product) in rows.iter().zip(products) {
                if product > floor {
                    self.consider(item, product);
                    floor = self.floor();
                }
            }
        }
    }

    fn consider(&mut self, item: u32, product: f32) {
        let score = self.rules.score(item, product);
        if score > self.top.threshold() && self.rules.accepts(item) {
            self.top.push(item, score);
        }
    }
}

/// Takes all searches through the rows together: each block is read from memory once for all of them.
pub(crate) fn run(model: &Model, searches: &mut [Search<'_>]) {
    let mut everywhere = Vec::new();
    for search in searches {
        match search.rules.only() {
            Some(only) => only.chunks(BLOCK).for_each(|rows| search.offer(rows)),
            None => everywhere.push(search),
        }
    }
    let items = model.items() as u32;
    for (block, first) in (0..items).step_by(BLOCK).enumerate() {
        let mut rows = [0; BLOCK];
        rows.iter_mut().zip(first..).for_each(|(slot, row)| *slot = row);
        let rows = &rows[..BLOCK.min((items - first) as usize)];
        everywhere.iter_mut().for_each(|search| search.offer_block(block, rows));
    }
}
