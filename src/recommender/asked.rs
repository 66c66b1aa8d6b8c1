//! Questions that something besides the visitor's vector answers: what sells, what is new, a basket; and which of the
//! items that the visitor knows come back.

use super::{Answer, Ask, Recommender, answered};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::score::{self, By, Like, Metric, Options, Request, Rung, Seen};
use crate::visitor::{Event, EventKind, EventWeights, Profile, Reason};
use std::borrow::Borrow;

/// Which of the items that the visitor knows come back.
struct Known {
    /// Rows that do not.
    hidden: Vec<u32>,
    /// The only rows that do.
    only: Option<Vec<u32>>,
}

impl<M: Borrow<Model>> Recommender<M> {
    /// [`Recommender::recommend`] where the options ask for more than the visitor's vector and hiding what is known.
    #[inline(never)]
    pub(super) fn recommend_by(&self, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        let Known { mut hidden, only } = self.known(options.seen.as_ref().unwrap_or(&Seen::Hide(None)));
        let accept = |row: u32| {
            only.as_ref().is_none_or(|only| only.binary_search(&row).is_ok())
                && ask.accept.is_none_or(|accept| accept(row))
        };
        let ask = Ask { accept: Some(&accept), ..ask };
        let seeds = self.seeds(options)?;
        let items = self.untuned();
        let (found, rung) = match options.by {
            By::Visitor if seeds.is_empty() => return self.recommend_unseen(options, ask, &hidden),
            By::Visitor => {
                hidden.extend(&seeds);
                return self.recommend_for(&seeds, &hidden, options, ask);
            }
            By::Trending | By::Popular => {
                let rung = if options.by == By::Trending { Rung::Trending } else { Rung::Popular };
                (score::by_demand(items, rung, &hidden, options, ask.accept)?, rung)
            }
            By::New => (score::newest(items, &hidden, options, ask.accept)?, Rung::New),
            By::BoughtTogether if seeds.is_empty() => {
                return Err(Error::argument("seeds", "ids of items beside bought-together", "none"));
            }
            By::BoughtTogether => {
                (score::bought_together(items, &seeds, &hidden, options, ask.accept)?, Rung::BoughtTogether)
            }
        };
        Ok(Answer { rung: Some(rung), ..answered(found, 0.0, |_| Vec::new()) })
    }

    /// By a vector that is the fold-in of the seeds, all liked at once, with the visitor's own mixed in.
    fn recommend_for(
        &self,
        seeds: &[u32],
        hidden: &[u32],
        options: &Options,
        ask: Ask<'_>,
    ) -> Result<Answer> {
        let model: &Model = self.model.borrow();
        let mut basket = Profile::new(model, EventWeights::default());
        basket.record(self.untuned(), &Event::likes(seeds))?;
        let folded = basket.fold_in(self.untuned());
        let visitor = (options.personal > 0.0).then(|| self.profile.fold_in(self.untuned()));
        let part = options.personal;
        let mix = |of_seeds: f32, of_visitor: Option<f32>| match of_visitor {
            Some(of_visitor) => (1.0 - part) * of_seeds + part * of_visitor,
            None => of_seeds,
        };
        let query: Vec<f32> = (folded.vector().iter().enumerate())
            .map(|(at, &v)| mix(v, visitor.as_ref().map(|visitor| visitor.vector()[at])))
            .collect();
        let found =
            score::answer(self.items(), Request { query: &query, seen: hidden }, options, ask.accept)?;
        let reasons = |item: u32| {
            if !ask.explain {
                return Vec::new();
            }
            let mut reasons = basket.explain(self.untuned(), &folded, item);
            reasons
                .iter_mut()
                .for_each(|reason| reason.share = mix(reason.share, visitor.as_ref().map(|_| 0.0)));
            let own = visitor.iter().flat_map(|visitor| self.profile.explain(self.untuned(), visitor, item));
            reasons.extend(own.map(|reason| Reason { share: part * reason.share, ..reason }));
            let order = crate::order::by_falling(reasons.iter().map(|reason| reason.share));
            order.map(|at| reasons[at]).collect()
        };
        let offset = mix(folded.offset(), visitor.as_ref().map(|visitor| visitor.offset()));
        Ok(Answer { rung: Some(Rung::Seeds), ..answered(found, offset, reasons) })
    }

    /// How much the visitor wants the items of these rows, or everybody where nothing is known of the visitor; one
    /// number a row, comparable with each other.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has.
    pub fn wanted(&self, rows: &[u32]) -> Result<Vec<f32>> {
        rows.iter().try_for_each(|&row| self.items().check_row(row))?;
        if self.rung(None).has_vector() {
            let folded = self.profile.fold_in(self.untuned());
            return score::scores_of(self.items(), folded.vector(), rows);
        }
        let model: &Model = self.model.borrow();
        let (trend, counts) = (model.trend(), model.counts());
        let demand = |&row: &u32| match (trend, counts) {
            (Some(trend), _) => trend.get(row as usize).map(|&demand| f32::from(demand)),
            (_, Some(counts)) => counts.get(row as usize).map(|&count| count as f32),
            _ => None,
        };
        Ok(rows.iter().map(|row| demand(row).unwrap_or(0.0)).collect())
    }

    /// [`Recommender::rank`] with rules.
    #[inline(never)]
    pub(super) fn rank_by_rules(&self, rows: &[u32], options: &Options, ask: Ask<'_>) -> Result<Answer> {
        let Known { hidden, only } = self.known(options.seen.as_ref().unwrap_or(&Seen::Show));
        let given = crate::order::rising(rows.iter().copied());
        let accept = |row: u32| {
            given.binary_search(&row).is_ok()
                && only.as_ref().is_none_or(|only| only.binary_search(&row).is_ok())
                && ask.accept.is_none_or(|accept| accept(row))
        };
        let options = Options { count: rows.len(), offset: 0, ..options.clone() };
        self.with_vector(ask, &|query| {
            score::answer(self.items(), Request { query, seen: &hidden }, &options, Some(&accept))
        })
    }

    /// [`Recommender::similar`] where the options ask for more than likeness.
    #[inline(never)]
    pub(super) fn similar_by(
        &self,
        seeds: &[u32],
        metric: Metric,
        options: &Options,
        ask: Ask<'_>,
    ) -> Result<Answer> {
        let Known { hidden, only } = self.known(options.seen.as_ref().unwrap_or(&Seen::Show));
        let accept = |row: u32| {
            hidden.binary_search(&row).is_err()
                && only.as_ref().is_none_or(|only| only.binary_search(&row).is_ok())
                && ask.accept.is_none_or(|accept| accept(row))
        };
        let found = match options.by {
            By::Visitor => {
                let folded = (options.personal > 0.0 && self.profile.likes_something())
                    .then(|| self.profile.fold_in(self.untuned()));
                let visitor = folded.as_ref().map(|folded| folded.vector());
                let like =
                    Like { seeds, metric, visitor: ask.vector.filter(|_| seeds.is_empty()).or(visitor) };
                score::similar(self.untuned(), like, options, Some(&accept))?
            }
            By::BoughtTogether => {
                score::bought_together(self.untuned(), seeds, &hidden, options, Some(&accept))?
            }
            _ => return Err(Error::argument("by", "visitor or bought-together", "another")),
        };
        Ok(answered(found, 0.0, |_| Vec::new()))
    }

    /// The rows of the seeds, each once, of which the model must know one.
    fn seeds(&self, options: &Options) -> Result<Vec<u32>> {
        let rows = self.items().find_all(&options.seeds, options.unknown)?;
        let mut seeds = crate::order::rising(rows);
        seeds.dedup();
        Ok(seeds)
    }

    fn known(&self, seen: &Seen) -> Known {
        let items = |kinds: &Option<Vec<EventKind>>| match kinds {
            None => self.profile.items(),
            Some(kinds) => self.profile.items_with(&|kind| kinds.contains(&kind)),
        };
        match seen {
            Seen::Hide(kinds) => Known { hidden: items(kinds), only: None },
            Seen::Show => Known { hidden: Vec::new(), only: None },
            Seen::Only(kinds) => Known { hidden: Vec::new(), only: Some(items(kinds)) },
        }
    }
}
