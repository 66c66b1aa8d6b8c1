//! A model with one visitor: what the browser and the command both ask.

use crate::error::{Error, Result};
use crate::model::{Changes, Items, Model, NewItem};
use crate::score::{self, Metric, Options, Request, Rung};
use crate::visitor::{Event, EventWeights, FineTune, FineTuning, Folded, Profile, Reason};

/// A model, what came and went since it was packed, and the profile of the visitor who is asking.
#[derive(Debug)]
pub struct Recommender {
    model: Model,
    changes: Option<Changes>,
    profile: Profile,
}

/// How a question is asked, besides what for.
#[derive(Clone, Copy, Default)]
pub struct Ask<'a> {
    /// A vector [dim] from elsewhere instead of the visitor's own.
    pub vector: Option<&'a [f32]>,
    /// Whether each result says which of the visitor's items brought it.
    pub explain: bool,
    /// Only rows that it says yes to come back; asked as [`score::answer`] asks. Ignored where the items are
    /// given.
    pub accept: Option<&'a dyn Fn(u32) -> bool>,
}

/// A recommended item.
#[derive(Clone, Debug)]
pub struct Recommendation {
    /// Its row.
    pub item: u32,
    /// The higher the better; comparable only within one answer.
    pub score: f32,
    /// The visitor's own items that brought it, largest share first; empty unless asked for.
    pub because: Vec<Reason>,
}

/// What was found, and what it cost.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Best first.
    pub results: Vec<Recommendation>,
    /// What they were chosen by; for a question of which items to recommend.
    pub rung: Option<Rung>,
    /// How many rows were read.
    pub rows_read: usize,
}

impl Recommender {
    /// A visitor who has done nothing yet.
    pub fn new(model: Model) -> Recommender {
        let profile = Profile::new(&model, EventWeights::default());
        Recommender { model, changes: None, profile }
    }

    /// What is recommended from.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The visitor.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The items there are, as the visitor sees them.
    pub fn items(&self) -> Items<'_> {
        self.profile.items_of(self.untuned())
    }

    fn untuned(&self) -> Items<'_> {
        items(&self.model, &self.changes)
    }

    /// Adds an item, whatever the model's size in dim² operations; its row, which it keeps. No factor of another item
    /// changes, nor its score for a given vector. The visitor's own vector is solved with the new item among those that
    /// they have not chosen, as that of a model packed with it would be.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for an id that another item has, a factor that does not fit, features that the
    /// catalogue has no place for, or more than [`crate::model::MAX_ADDED`] items; then nothing has changed.
    pub fn add(&mut self, item: &NewItem) -> Result<u32> {
        if self.items().has(&item.id) {
            return Err(Error::argument(
                "id",
                "an id that no item has yet; remove that item first",
                &item.id,
            ));
        }
        self.replace(item)
    }

    /// Adds an item in place of the one that has its id, if there is one; its row.
    ///
    /// # Errors
    /// As [`Recommender::add`], but for the id; then nothing has changed.
    pub fn replace(&mut self, item: &NewItem) -> Result<u32> {
        let old = self.items().find(&item.id).ok();
        let described = item.described(self.model.catalog())?;
        let changes = self.changes.get_or_insert_with(|| Changes::new(&self.model));
        let row = changes.add(&self.model, described, &item.factor)?;
        if let Some(old) = old {
            self.take_out(old);
        }
        Ok(row)
    }

    /// Removes the item with this id, and the visitor's events on it; the row that it had. No answer names it again.
    ///
    /// # Errors
    /// [`crate::Problem::UnknownItem`] where there is none, [`crate::Problem::Argument`] for the last item that there is.
    pub fn remove(&mut self, id: &str) -> Result<u32> {
        let row = self.items().find(id)?;
        if self.items().len() == 1 {
            return Err(Error::argument("id", "at least one item to stay", "the last one"));
        }
        self.take_out(row);
        Ok(row)
    }

    fn take_out(&mut self, row: u32) {
        self.changes.get_or_insert_with(|| Changes::new(&self.model)).remove(&self.model, row);
        self.profile.forget(items(&self.model, &self.changes), |item| item == row);
    }

    /// Removes what was added, with the visitor's events on it, and brings back what was removed of the model.
    pub fn restore(&mut self) {
        if let Some(changes) = &mut self.changes {
            changes.undo(&self.model);
            let items = items(&self.model, &self.changes);
            self.profile.forget(items, |item| !items.has_row(item));
        }
    }

    /// The place on the map, where the model has one. An item that was added stands amid the five of the model that
    /// point most nearly where it does, which takes a search.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has.
    pub fn place(&self, row: u32) -> Result<Option<[f32; 2]>> {
        let items = self.untuned();
        items.check_row(row)?;
        if (row as usize) < self.model.items() || self.model.place(0).is_none() {
            return Ok(self.model.place(row));
        }
        let factor = items.factor(row);
        let length = factor.iter().map(|v| v * v).sum::<f32>().sqrt();
        let nearest = score::nearest((&self.model).into(), &factor, length, &[], Metric::Cosine, NEIGHBOURS)?;
        let places: Vec<[f32; 2]> =
            nearest.ranking.iter().filter_map(|scored| self.model.place(scored.item)).collect();
        let mean = |axis: usize| places.iter().map(|place| place[axis]).sum::<f32>() / places.len() as f32;
        Ok(Some([mean(0), mean(1)]))
    }

    /// Weighs events differently from now on, those that were recorded too.
    ///
    /// # Errors
    /// As [`Profile::weigh`].
    pub fn weigh(&mut self, weights: EventWeights) -> Result<()> {
        self.profile.weigh(items(&self.model, &self.changes), weights)
    }

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`Profile::record`].
    pub fn record(&mut self, events: &[Event]) -> Result<()> {
        self.profile.record(items(&self.model, &self.changes), events)
    }

    /// Believes something of the visitor before the first event, and until events outweigh it.
    ///
    /// # Errors
    /// As [`Profile::believe`].
    pub fn believe(&mut self, belief: &[f32]) -> Result<()> {
        self.profile.believe(items(&self.model, &self.changes), belief)
    }

    /// Takes events back; how many of them were there.
    pub fn undo(&mut self, events: &[Event]) -> usize {
        self.profile.undo(items(&self.model, &self.changes), events)
    }

    /// Starts to fine-tune.
    ///
    /// # Errors
    /// As [`Profile::start_tuning`].
    pub fn start_tuning(&self, options: FineTuning) -> Result<FineTune> {
        self.profile.start_tuning(self.untuned(), options)
    }

    /// Recommends with what was fine-tuned from now on.
    pub fn finish_tuning(&mut self, tuned: FineTune) {
        self.profile.finish_tuning(items(&self.model, &self.changes), tuned);
    }

    /// Recommends as before any fine-tuning.
    pub fn reset_tuning(&mut self) {
        self.profile.reset_tuning(items(&self.model, &self.changes));
    }

    /// The best items that the visitor has no event on. Where nothing speaks for an item, what is believed of them
    /// answers; where nothing is believed, the model's [`Rung::fallback`].
    ///
    /// # Errors
    /// As [`score::recommend`].
    pub fn recommend(&self, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        let seen = self.profile.items();
        let rung = self.rung(&ask);
        let answer = if matches!(rung, Rung::Personal | Rung::Prior) {
            self.with_vector(ask, &|query| {
                score::answer(self.items(), Request { query, seen: &seen }, options, ask.accept)
            })?
        } else {
            self.answer(score::popular(self.untuned(), &seen, options, ask.accept)?, None)
        };
        Ok(Answer { rung: Some(rung), ..answer })
    }

    fn rung(&self, ask: &Ask<'_>) -> Rung {
        if ask.vector.is_some() || self.profile.likes_something() {
            Rung::Personal
        } else if self.profile.believes() {
            Rung::Prior
        } else {
            Rung::fallback(&self.model)
        }
    }

    /// The items of the given rows, best first.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, and as [`score::rank`].
    pub fn rank(&self, rows: &[u32], ask: Ask<'_>) -> Result<Answer> {
        rows.iter().try_for_each(|&row| self.items().check_row(row))?;
        self.with_vector(ask, &|query| {
            let ranking = score::rank(self.items(), query, rows)?;
            Ok(score::Answer { ranking, rows_read: rows.len() })
        })
    }

    /// The items most like the one in row `item`, which is not among them.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, and as [`score::similar`].
    pub fn similar(&self, item: u32, metric: Metric, count: usize) -> Result<Answer> {
        self.items().check_row(item)?;
        Ok(self.answer(score::similar(self.untuned(), item, metric, count)?, None))
    }

    /// Asks with the vector that was given, or else with the visitor's, which alone can be explained.
    fn with_vector(
        &self,
        ask: Ask<'_>,
        question: &dyn Fn(&[f32]) -> Result<score::Answer>,
    ) -> Result<Answer> {
        if let Some(vector) = ask.vector {
            return Ok(self.answer(question(vector)?, None));
        }
        let folded = self.profile.fold_in(self.untuned());
        let mut found = question(folded.vector())?;
        found.ranking.iter_mut().for_each(|scored| scored.score += folded.offset());
        Ok(self.answer(found, ask.explain.then_some(&folded)))
    }

    fn answer(&self, found: score::Answer, reasons: Option<&Folded>) -> Answer {
        let result = |scored: score::Scored| Recommendation {
            item: scored.item,
            score: scored.score,
            because: reasons
                .map_or(Vec::new(), |folded| self.profile.explain(self.untuned(), folded, scored.item)),
        };
        Answer {
            results: found.ranking.into_iter().map(result).collect(),
            rung: None,
            rows_read: found.rows_read,
        }
    }
}

/// How many neighbours place an added item on the map.
const NEIGHBOURS: usize = 5;

/// The items of a recommender whose profile is at work.
fn items<'a>(model: &'a Model, changes: &'a Option<Changes>) -> Items<'a> {
    Items { model, changes: changes.as_ref(), delta: None }
}
