//! From products to the best k: block after block of rows, each read only if it can hold one of the best.

use super::Scored;
use super::rules::Rules;
use super::top_k::TopK;
use crate::model::{BLOCK, Model};

/// What rows are worth before the rules of a request.
pub(crate) trait Products {
    /// Writes a finite number for each of the rows from `first` on.
    fn fill(&self, first: usize, products: &mut [f32]);

    /// Of each block what no row of it is worth more than; blocks of which nothing is known may be left out at the end.
    fn bounds(&self) -> &[f32];
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

    fn offer_block(&mut self, block: usize, products: &mut [f32]) {
        if self.products.bounds().get(block).is_none_or(|&bound| bound > self.floor()) {
            self.offer(block * BLOCK, products);
        }
    }

    /// Considers as many rows from `first` on as there is room for their products.
    fn offer(&mut self, first: usize, products: &mut [f32]) {
        self.products.fill(first, products);
        self.rows_read += products.len();
        let mut next = 0;
        while let Some(at) = foldin_kernel::first_above(&products[next..], self.floor()) {
            let row = next + at;
            self.consider((first + row) as u32, products[row]);
            next = row + 1;
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
    let mut products = [0.0; BLOCK];
    for search in searches {
        match search.rules.only() {
            Some(only) => only.iter().for_each(|&item| search.offer(item as usize, &mut products[..1])),
            None => everywhere.push(search),
        }
    }
    for block in 0..model.items().div_ceil(BLOCK) {
        let products = &mut products[..BLOCK.min(model.items() - block * BLOCK)];
        everywhere.iter_mut().for_each(|search| search.offer_block(block, products));
    }
}
