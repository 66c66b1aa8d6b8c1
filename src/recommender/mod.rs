//! A model with one visitor: what browser, command, evaluation, optimiser and monitor all ask. A history comes in, a
//! ranking goes out, by one ladder of what it is ranked by.

mod arriving;
mod asked;

use crate::error::{Error, Result};
use crate::model::{Changes, Fields, Items, Model, NewItem};
use crate::score::{self, By, Like, Metric, Options, Request, Rung};
use crate::visitor::{Event, EventWeights, FineTune, FineTuning, Folded, Profile, Reason};
use std::borrow::Borrow;

/// A model, owned or borrowed, what came and went since it was packed, and the profile of the visitor who is asking.
#[derive(Debug)]
pub struct Recommender<M = Model> {
    model: M,
    changes: Option<Changes>,
    fields: Option<Fields>,
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

impl<'a> Recommender<&'a Model> {
    /// A visitor who did all of this: the same as one who [recorded](Recommender::record) it in a page that weighs
    /// events by `weights`.
    ///
    /// # Errors
    /// As [`Profile::of`].
    pub fn for_history(model: &'a Model, weights: &EventWeights, events: &[Event]) -> Result<Self> {
        Ok(Recommender { model, changes: None, fields: None, profile: Profile::of(model, *weights, events)? })
    }

    /// [`Recommender::recommend`] for several visitors of one model, with the same answers: each block of rows is read
    /// from memory once for all of them. A hundred or so at a time keep their state in cache.
    ///
    /// # Errors
    /// As [`Recommender::for_history`] and [`Recommender::recommend`], for the first visitor who is refused.
    pub fn for_histories(
        model: &'a Model,
        weights: &EventWeights,
        histories: &[Vec<Event>],
        options: &Options,
    ) -> Result<Vec<Answer>> {
        if options.seen.is_some() || options.is_by_other() {
            // Each of these asks in its own way.
            let answer = |events: &Vec<Event>| {
                Recommender::for_history(model, weights, events)?.recommend(options, Ask::default())
            };
            return histories.iter().map(answer).collect();
        }
        let visit = |events: &Vec<Event>| {
            let visitor = Recommender::for_history(model, weights, events)?;
            let rung = visitor.rung(None);
            let folded = rung.has_vector().then(|| visitor.profile.fold_in(model));
            Ok((visitor.profile.items(), rung, folded))
        };
        let visits: Vec<_> = histories.iter().map(visit).collect::<Result<_>>()?;
        let requests = visits
            .iter()
            .filter_map(|(seen, _, folded)| Some(Request { query: folded.as_ref()?.vector(), seen }));
        let requests: Vec<Request<'_>> = requests.collect();
        let mut found = score::answer_batch(model, &requests, options)?.into_iter();
        let answer = |(seen, rung, folded): &(Vec<u32>, Rung, Option<Folded>)| {
            let (answer, offset) = match folded {
                Some(folded) => (found.next().expect("one answer a request"), folded.offset()),
                None => (score::popular(model, seen, options, None)?, 0.0),
            };
            Ok(Answer { rung: Some(*rung), ..answered(answer, offset, |_| Vec::new()) })
        };
        visits.iter().map(answer).collect()
    }
}

impl<M: Borrow<Model>> Recommender<M> {
    /// A visitor who has done nothing yet.
    pub fn new(model: M) -> Recommender<M> {
        let profile = Profile::new(model.borrow(), EventWeights::default());
        Recommender { model, changes: None, fields: None, profile }
    }

    /// What is recommended from.
    pub fn model(&self) -> &Model {
        self.model.borrow()
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
        let fields = self.fields.as_ref();
        Items { fields, ..items(self.model.borrow(), &self.changes) }
    }

    /// Says numbers of items that the model's catalogue does not know, or no longer right, by row; NaN: none.
    ///
    /// # Errors
    /// As [`Fields::set_numbers`].
    pub fn set_numbers(&mut self, column: &str, rows: &[u32], numbers: &[f32]) -> Result<()> {
        let items = items(self.model.borrow(), &self.changes);
        self.fields.get_or_insert_default().set_numbers(items, column, rows, numbers)
    }

    /// Says the tags of an item in a column.
    ///
    /// # Errors
    /// As [`Fields::set_tags`].
    pub fn set_tags(&mut self, column: &str, row: u32, tags: &[String]) -> Result<()> {
        let items = items(self.model.borrow(), &self.changes);
        self.fields.get_or_insert_default().set_tags(items, column, row, tags)
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
        self.put(item, None)
    }

    /// Adds an item in place of the one that has its id, if there is one; its row.
    ///
    /// # Errors
    /// As [`Recommender::add`], but for the id; then nothing has changed.
    pub fn replace(&mut self, item: &NewItem) -> Result<u32> {
        let old = self.items().find(&item.id).ok();
        self.put(item, old)
    }

    /// Adds the item, and takes that of row `old` out.
    fn put(&mut self, item: &NewItem, old: Option<u32>) -> Result<u32> {
        let described = item.described(self.model().catalog())?;
        let changes = self.changes.get_or_insert_with(|| Changes::new(self.model.borrow()));
        let row = changes.add(self.model.borrow(), described, &item.factor)?;
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
        self.changes
            .get_or_insert_with(|| Changes::new(self.model.borrow()))
            .remove(self.model.borrow(), row);
        self.profile.forget(items(self.model.borrow(), &self.changes), |item| item == row);
    }

    /// Removes what was added, with the visitor's events on it, and brings back what was removed of the model.
    pub fn restore(&mut self) {
        if let Some(changes) = &mut self.changes {
            changes.undo(self.model.borrow());
            let items = items(self.model.borrow(), &self.changes);
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
        if (row as usize) < self.model().items() || self.model().place(0).is_none() {
            return Ok(self.model().place(row));
        }
        let factor = items.factor(row);
        let length = factor.iter().map(|v| v * v).sum::<f32>().sqrt();
        let (like, options) = (Like::seeds(&[], Metric::Cosine), Options::best(NEIGHBOURS));
        let nearest = score::nearest(self.model().into(), &factor, length, like, &options, None)?;
        let places: Vec<[f32; 2]> =
            nearest.ranking.iter().filter_map(|scored| self.model().place(scored.item)).collect();
        let mean = |axis: usize| places.iter().map(|place| place[axis]).sum::<f32>() / places.len() as f32;
        Ok(Some([mean(0), mean(1)]))
    }

    /// Weighs events differently from now on, those that were recorded too.
    ///
    /// # Errors
    /// As [`Profile::weigh`].
    pub fn weigh(&mut self, weights: EventWeights) -> Result<()> {
        self.profile.weigh(items(self.model.borrow(), &self.changes), weights)
    }

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`Profile::record`].
    pub fn record(&mut self, events: &[Event]) -> Result<()> {
        self.profile.record(items(self.model.borrow(), &self.changes), events)
    }

    /// Believes something of the visitor before the first event, and until events outweigh it.
    ///
    /// # Errors
    /// As [`Profile::believe`].
    pub fn believe(&mut self, belief: &[f32]) -> Result<()> {
        self.profile.believe(items(self.model.borrow(), &self.changes), belief)
    }

    /// The visitor's vector, [dim].
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a model that makes no finite one.
    pub fn vector(&self) -> Result<Vec<f32>> {
        let folded = self.profile.fold_in(self.untuned());
        match folded.vector().iter().all(|v| v.is_finite()) {
            true => Ok(folded.vector().to_vec()),
            false => Err(damaged()),
        }
    }

    /// Takes events back; how many of them were there.
    pub fn undo(&mut self, events: &[Event]) -> usize {
        self.profile.undo(items(self.model.borrow(), &self.changes), events)
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
        self.profile.finish_tuning(items(self.model.borrow(), &self.changes), tuned);
    }

    /// Recommends as before any fine-tuning.
    pub fn reset_tuning(&mut self) {
        self.profile.reset_tuning(items(self.model.borrow(), &self.changes));
    }

    /// The best items that the visitor has no event on. Where nothing speaks for an item, what is believed of them
    /// answers; where nothing is believed, the model's [`Rung::fallback`].
    ///
    /// # Errors
    /// As [`score::recommend`]; [`crate::Problem::Format`] for a model that makes no finite score of the visitor.
    pub fn recommend(&self, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        if options.seen.is_some() || options.is_by_other() {
            return self.recommend_by(options, ask);
        }
        self.recommend_unseen(options, ask, &self.profile.items())
    }

    /// By the visitor, or the ladder's last rungs, without the rows `seen`.
    fn recommend_unseen(&self, options: &Options, ask: Ask<'_>, seen: &[u32]) -> Result<Answer> {
        let rung = self.rung(ask.vector);
        let answer = if rung.has_vector() {
            self.with_vector(ask, &|query| {
                score::answer(self.items(), Request { query, seen }, options, ask.accept)
            })?
        } else {
            answered(score::popular(self.untuned(), seen, options, ask.accept)?, 0.0, |_| Vec::new())
        };
        Ok(Answer { rung: Some(rung), ..answer })
    }

    /// What the visitor is recommended to by, with a vector from elsewhere or without.
    fn rung(&self, vector: Option<&[f32]>) -> Rung {
        if vector.is_some() || self.profile.likes_something() {
            Rung::Personal
        } else if self.profile.believes() {
            Rung::Prior
        } else {
            Rung::fallback(self.model())
        }
    }

    /// Every item's score, by row: what [`Recommender::recommend`] ranks the items by, those with events included. None
    /// where nothing is known of the visitor: the ladder's last rungs ([`score::popular`]) then answer.
    ///
    /// # Errors
    /// As [`score::scores`].
    pub fn scores(&self) -> Result<Option<Vec<f32>>> {
        match self.rung(None).has_vector() {
            true => self.predictions().map(Some),
            false => Ok(None),
        }
    }

    /// Every item's score with the visitor's vector, by row, however little it says: predicted ratings, where the model
    /// predicts them.
    ///
    /// # Errors
    /// As [`score::scores`].
    pub fn predictions(&self) -> Result<Vec<f32>> {
        let folded = self.profile.fold_in(self.untuned());
        let mut scores = score::scores(self.items(), folded.vector())?;
        scores.iter_mut().for_each(|score| *score += folded.offset());
        Ok(scores)
    }

    /// The items of the given rows, best first: all of them, but for those that the rules in `options` keep back.
    /// Where these have rules an item that is given twice comes back once.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, and as [`score::rank`]; [`crate::Problem::Format`] as
    /// [`Recommender::recommend`].
    pub fn rank(&self, rows: &[u32], options: &Options, ask: Ask<'_>) -> Result<Answer> {
        rows.iter().try_for_each(|&row| self.items().check_row(row))?;
        if options.has_rules() {
            return self.rank_by_rules(rows, options, ask);
        }
        self.with_vector(ask, &|query| {
            let ranking = score::rank(self.items(), query, rows)?;
            Ok(score::Answer { ranking, rows_read: rows.len() })
        })
    }

    /// The items most like those in the rows `seeds`, which are not among them: by their factors, or by what
    /// [`Options::by`] says. Without seeds, those most like the vector that is asked with.
    ///
    /// # Errors
    /// [`crate::Problem::Argument`] for a row that no item has, a vector of another length, and as [`score::similar`].
    pub fn similar(&self, seeds: &[u32], metric: Metric, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        seeds.iter().try_for_each(|&row| self.items().check_row(row))?;
        let dim = self.model().dim();
        if let Some(vector) = ask.vector.filter(|vector| vector.len() != dim) {
            return Err(Error::argument("vector", format_args!("{dim} numbers"), vector.len()));
        }
        if options.seen.is_some() || options.by != By::Visitor || options.personal > 0.0 {
            return self.similar_by(seeds, metric, options, ask);
        }
        let like = Like { seeds, metric, visitor: ask.vector.filter(|_| seeds.is_empty()) };
        Ok(answered(score::similar(self.untuned(), like, options, ask.accept)?, 0.0, |_| Vec::new()))
    }

    /// Asks with the vector that was given, or else with the visitor's, which alone can be explained.
    fn with_vector(
        &self,
        ask: Ask<'_>,
        question: &dyn Fn(&[f32]) -> Result<score::Answer>,
    ) -> Result<Answer> {
        if let Some(vector) = ask.vector {
            return Ok(answered(question(vector)?, 0.0, |_| Vec::new()));
        }
        let folded = self.profile.fold_in(self.untuned());
        // Nobody gave that vector: the model made it.
        let of_model = |error: Error| if error.field() == Some("vector") { damaged() } else { error };
        let found = question(folded.vector()).map_err(of_model)?;
        let reasons = |item| match ask.explain {
            true => self.profile.explain(self.untuned(), &folded, item),
            false => Vec::new(),
        };
        let answer = answered(found, folded.offset(), reasons);
        let finite = |result: &Recommendation| {
            result.score.is_finite() && result.because.iter().all(|reason| reason.share.is_finite())
        };
        if answer.results.iter().all(finite) { Ok(answer) } else { Err(damaged()) }
    }
}

/// What was found, each score with the visitor's `offset` and each item with its reasons.
fn answered(found: score::Answer, offset: f32, reasons: impl Fn(u32) -> Vec<Reason>) -> Answer {
    let result = |scored: score::Scored| Recommendation {
        item: scored.item,
        score: scored.score + offset,
        because: reasons(scored.item),
    };
    Answer {
        results: found.ranking.into_iter().map(result).collect(),
        rung: None,
        rows_read: found.rows_read,
    }
}

/// All numbers of the model are allowed, but they make no answer: its Gram matrix is not that of its rows.
#[cold]
fn damaged() -> Error {
    let remedy = "the model's Gram matrix or its recipe is wrong: pack the model again";
    Error::format("visitor's vector", "finite scores", "larger ones", remedy)
}

/// How many neighbours place an added item on the map.
const NEIGHBOURS: usize = 5;

/// The items of a recommender whose profile is at work.
fn items<'a>(model: &'a Model, changes: &'a Option<Changes>) -> Items<'a> {
    Items { model, changes: changes.as_ref(), delta: None, fields: None }
}
