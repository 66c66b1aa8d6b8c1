//! `diversity`, and with it `quota`: what the ranking as a whole must be like.

use super::columns::TagValues;
use super::quotas::{self, Quotas};
use super::{Options, Scored};
use crate::error::Result;
use crate::model::Items;

/// The fewest items that a diverse ranking is chosen from, and how many for each that is wanted.
const POOL: (usize, usize) = (100, 4);

/// Chooses from a pool of the best.
#[derive(Debug)]
pub(crate) struct Rerank<'a> {
    items: Items<'a>,
    quotas: Vec<TagValues<'a, usize>>,
    diversity: f32,
}

impl<'a> Rerank<'a> {
    /// With the quotas of the options, and a `diversity` from 0 to 1.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a column or tag that the catalogue does not have.
    pub(crate) fn new(items: Items<'a>, options: &Options, diversity: f32) -> Result<Rerank<'a>> {
        let quotas = match options.quota.is_empty() {
            true => Vec::new(),
            false => quotas::limits(items, options)?,
        };
        Ok(Rerank { items: items.untuned(), quotas, diversity })
    }

    /// How many of the best are needed to choose `count` from; the caller asks for more if that does not do.
    pub(crate) fn pool(&self, count: usize) -> usize {
        let wide = POOL.0.max(count.saturating_mul(POOL.1));
        if self.diversity > 0.0 && count > 0 { wide } else { count }
    }

    /// Nothing counted yet.
    pub(super) fn quotas(&self) -> Quotas<'_> {
        Quotas::new(self.items, &self.quotas)
    }

    /// The pool as diversity orders it, whatever the quotas.
    pub(super) fn order(&self, pool: Vec<Scored>) -> Vec<Scored> {
        match self.diversity == 0.0 {
            true => pool,
            false => Rerank { items: self.items, quotas: Vec::new(), ..*self }.choose(pool, usize::MAX),
        }
    }

    /// Up to `count` items of the pool, which is best first.
    pub(crate) fn choose(&self, pool: Vec<Scored>, count: usize) -> Vec<Scored> {
        let mut left = self.quotas();
        if self.diversity == 0.0 {
            return pool.into_iter().filter(|scored| left.take(scored.item)).take(count).collect();
        }
        let mut spread = Spread::new(self.items, &pool, self.diversity);
        let mut chosen = Vec::new();
        while chosen.len() < count
            && let Some(next) = spread.next()
        {
            if left.take(pool[next].item) {
                spread.choose(next);
                chosen.push(pool[next]);
            }
        }
        chosen
    }
}

/// Maximal marginal relevance (Carbonell and Goldstein 1998): the next item is the one with the greatest
/// `(1 - diversity) x relevance - diversity x similarity`, its similarity being the greatest cosine between
/// its factor and one already chosen, its relevance the score scaled to 0..1 in the pool.
struct Spread {
    diversity: f32,
    dim: usize,
    /// Unit vectors, [pool x dim].
    directions: Vec<f32>,
    relevance: Vec<f32>,
    similarity: Vec<f32>,
    open: Vec<bool>,
}

impl Spread {
    fn new(items: Items<'_>, pool: &[Scored], diversity: f32) -> Spread {
        let directions = pool.iter().flat_map(|scored| {
            let mut factor = items.factor(scored.item);
            let (rows, at) = items.packed(scored.item as usize);
            let norm = rows.norm(at).max(f32::MIN_POSITIVE);
            factor.iter_mut().for_each(|v| *v /= norm);
            factor
        });
        let best = pool.first().map_or(0.0, |scored| scored.score);
        let range = (best - pool.last().map_or(0.0, |scored| scored.score)).max(f32::MIN_POSITIVE);
        Spread {
            diversity,
            dim: items.model.dim(),
            directions: directions.collect(),
            relevance: pool.iter().map(|scored| 1.0 - (best - scored.score) / range).collect(),
            similarity: vec![0.0; pool.len()],
            open: vec![true; pool.len()],
        }
    }

    /// Takes the best open item out; of equals the one with the better score.
    fn next(&mut self) -> Option<usize> {
        let margin =
            |&at: &usize| (1.0 - self.diversity) * self.relevance[at] - self.diversity * self.similarity[at];
        let open = (0..self.open.len()).rev().filter(|&at| self.open[at]);
        let next = open.max_by(|a, b| margin(a).total_cmp(&margin(b)))?;
        self.open[next] = false;
        Some(next)
    }

    /// Tells the others how near the item is to them.
    fn choose(&mut self, chosen: usize) {
        let (directions, dim) = (&self.directions, self.dim);
        let direction = |at: usize| &directions[at * dim..][..dim];
        for (at, similarity) in self.similarity.iter_mut().enumerate().filter(|(at, _)| self.open[*at]) {
            let cosine: f32 = direction(at).iter().zip(direction(chosen)).map(|(a, b)| a * b).sum();
            *similarity = similarity.max(cosine);
        }
    }
}
