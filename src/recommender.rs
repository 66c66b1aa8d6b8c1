//! A model with one visitor: what browser, command, evaluation, optimiser and monitor all ask. A history comes in, a
//! ranking goes out, by one ladder of what it is ranked by.

use crate::error::Result;
use crate::model::{Items, Model};
use crate::score::{self, Metric, Options, Request, Rung};
use crate::visitor::{Event, EventWeights, FineTune, FineTuning, Folded, Profile, Reason};
use std::borrow::Borrow;

/// A model, owned or borrowed, and the profile of the visitor who is asking.
#[derive(Debug)]
pub struct Recommender<M = Model> {
    model: M,
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
        Ok(Recommender { model, profile: Profile::of(model, *weights, events)? })
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
        let visit = |events: &Vec<Event>| {
            let visitor = Recommender::for_history(model, weights, events)?;
            let rung = visitor.rung(None);
            let folded = rung.has_vector().then(|| visitor.profile.fold_in(model));
            Ok((visitor.profile.items(), rung, folded))
        };
        let visits: Vec<_> = histories.iter().map(visit).collect::<Result<_>>()?;
        let requests = visits.iter().filter_map(|(seen, _, folded)| {
            Some(Request { query: folded.as_ref()?.vector(), seen, delta: None })
        });
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
        Recommender { model, profile }
    }

    /// What is recommended from.
    pub fn model(&self) -> &Model {
        self.model.borrow()
    }

    /// The visitor.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The items as the visitor sees them.
    fn items(&self) -> Items<'_> {
        self.profile.items_of(self.model())
    }

    /// Weighs events differently from now on, those that were recorded too.
    ///
    /// # Errors
    /// As [`Profile::weigh`].
    pub fn weigh(&mut self, weights: EventWeights) -> Result<()> {
        self.profile.weigh(self.model.borrow(), weights)
    }

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`Profile::record`].
    pub fn record(&mut self, events: &[Event]) -> Result<()> {
        self.profile.record(self.model.borrow(), events)
    }

    /// Believes something of the visitor before the first event, and until events outweigh it.
    ///
    /// # Errors
    /// As [`Profile::believe`].
    pub fn believe(&mut self, belief: &[f32]) -> Result<()> {
        self.profile.believe(self.model.borrow(), belief)
    }

    /// Takes events back; how many of them were there.
    pub fn undo(&mut self, events: &[Event]) -> usize {
        self.profile.undo(self.model.borrow(), events)
    }

    /// Starts to fine-tune.
    ///
    /// # Errors
    /// As [`Profile::start_tuning`].
    pub fn start_tuning(&self, options: FineTuning) -> Result<FineTune> {
        self.profile.start_tuning(self.model.borrow(), options)
    }

    /// Recommends with what was fine-tuned from now on.
    pub fn finish_tuning(&mut self, tuned: FineTune) {
        self.profile.finish_tuning(self.model.borrow(), tuned);
    }

    /// Recommends as before any fine-tuning.
    pub fn reset_tuning(&mut self) {
        self.profile.reset_tuning(self.model.borrow());
    }

    /// The best items that the visitor has no event on. Where nothing speaks for an item, what is believed of them
    /// answers; where nothing is believed, the model's [`Rung::fallback`].
    ///
    /// # Errors
    /// As [`score::recommend`].
    pub fn recommend(&self, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        let seen = self.profile.items();
        let rung = self.rung(ask.vector);
        let answer = if rung.has_vector() {
            let delta = self.items().delta;
            self.with_vector(ask, |query| {
                score::answer(self.model(), Request { query, seen: &seen, delta }, options, ask.accept)
            })?
        } else {
            answered(score::popular(self.model(), &seen, options, ask.accept)?, 0.0, |_| Vec::new())
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
        let folded = self.profile.fold_in(self.model());
        let mut scores = score::scores(self.items(), folded.vector())?;
        scores.iter_mut().for_each(|score| *score += folded.offset());
        Ok(scores)
    }

    /// The items of the given rows, best first.
    ///
    /// # Errors
    /// As [`score::rank`].
    pub fn rank(&self, rows: &[u32], ask: Ask<'_>) -> Result<Answer> {
        self.with_vector(ask, |query| {
            let ranking = score::rank(self.items(), query, rows)?;
            Ok(score::Answer { ranking, rows_read: rows.len() })
        })
    }

    /// The items most like the one in row `item`, which is not among them.
    ///
    /// # Errors
    /// As [`score::similar`].
    pub fn similar(&self, item: u32, metric: Metric, count: usize) -> Result<Answer> {
        Ok(answered(score::similar(self.model(), item, metric, count)?, 0.0, |_| Vec::new()))
    }

    /// Asks with the vector that was given, or else with the visitor's, which alone can be explained.
    fn with_vector(
        &self,
        ask: Ask<'_>,
        question: impl FnOnce(&[f32]) -> Result<score::Answer>,
    ) -> Result<Answer> {
        if let Some(vector) = ask.vector {
            return Ok(answered(question(vector)?, 0.0, |_| Vec::new()));
        }
        let folded = self.profile.fold_in(self.model());
        let reasons = |item| match ask.explain {
            true => self.profile.explain(self.model(), &folded, item),
            false => Vec::new(),
        };
        Ok(answered(question(folded.vector())?, folded.offset(), reasons))
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
