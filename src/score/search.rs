//! From products to the best k: block after block of rows, each read only if it can hold one of the best.

use super::Scored;
use super::rules::Rules;
use super::top_k::TopK;
use crate::model::{BLOCK, Items};
use foldin_kernel::{self as kernel, CHUNK};

/// What rows are worth before the rules of a request.
pub(crate) trait Products {
    /// Writes a finite number for each of the rows from `first` on, which are all of the model or all added.
    fn fill(&self, first: usize, products: &mut [f32]);

    /// Leaves on the desk, of so many rows from `first` on, the places of all whose products are greater than `floor`,
    /// and their products, without all others. Returns how many places; None where that is not quicker.
    fn settle(&self, _first: usize, _rows: usize, _floor: f32, _desk: &mut Desk) -> Option<usize> {
        None
    }

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

    fn offer_block(&mut self, block: usize, rows: usize, desk: &mut Desk) {
        if self.products.bounds().get(block).is_none_or(|&bound| bound > self.floor()) {
            self.offer(block * BLOCK, rows, desk);
        }
    }

    /// Considers so many rows from `first` on, at most a block.
    fn offer(&mut self, first: usize, rows: usize, desk: &mut Desk) {
        let floor = self.floor();
        let settled = self.products.settle(first, rows, floor, desk);
        let found = settled.unwrap_or_else(|| {
            self.products.fill(first, &mut desk.products[..rows]);
            desk.above(rows, floor)
        });
        self.rows_read += rows;
        for &at in &desk.places[..found] {
            self.consider((first + usize::from(at)) as u32, desk.products[usize::from(at)]);
        }
        self.top.settle();
    }

    fn consider(&mut self, item: u32, product: f32) {
        let score = self.rules.score(item, product);
        if score > self.top.threshold() && self.rules.accepts(item) {
            self.top.push(item, score);
        }
    }
}

/// Where a block is worked on.
pub(crate) struct Desk {
    pub(super) products: [f32; BLOCK],
    /// Of those that matter.
    pub(super) places: [u16; BLOCK],
}

impl Desk {
    /// Finds the places of all products greater than `floor`, and returns how many.
    pub(super) fn above(&mut self, rows: usize, floor: f32) -> usize {
        let end = rows.next_multiple_of(CHUNK);
        self.products[rows..end].fill(f32::NEG_INFINITY);
        kernel::above(self.products[..end].as_chunks().0, floor, &mut self.places).len()
    }
}

/// Takes all searches through the rows together: each block is read from memory once for all of them.
pub(crate) fn run(items: Items<'_>, searches: &mut [Search<'_>]) {
    let mut everywhere = Vec::new();
    let mut desk = Desk { products: [0.0; BLOCK], places: [0; BLOCK] };
    for search in searches {
        match search.rules.only() {
            Some(only) => only.iter().for_each(|&item| search.offer(item as usize, 1, &mut desk)),
            None => everywhere.push(search),
        }
    }
    let of_model = items.model.items();
    for block in 0..of_model.div_ceil(BLOCK) {
        let rows = BLOCK.min(of_model - block * BLOCK);
        if let Some(head) = items.model.head_alone(block * BLOCK..block * BLOCK + rows) {
            for search in &mut everywhere {
                head.iter().for_each(|&item| search.offer(item as usize, 1, &mut desk));
            }
            continue;
        }
        everywhere.iter_mut().for_each(|search| search.offer_block(block, rows, &mut desk));
    }
    // The added ones, of whose blocks no bounds are known.
    for first in (of_model..items.rows()).step_by(BLOCK) {
        let rows = BLOCK.min(items.rows() - first);
        everywhere.iter_mut().for_each(|search| search.offer(first, rows, &mut desk));
    }
}
