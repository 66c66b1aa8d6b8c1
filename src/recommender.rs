//! A model with one visitor: what the browser and the command both ask.

use crate::error::{Error, Result};
use crate::model::{Items, Model};
use crate::score::{self, Metric, Options, Request, Rung};
use crate::visitor::{Event, EventWeights, FineTune, FineTuning, Folded, Profile, Reason};

/// A model and the profile of the visitor who is asking.
#[derive(Debug)]
pub struct Recommender {
    model: Model,
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
        Recommender { model, profile }
    }

    /// What is recommended from.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The visitor.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The items as the visitor sees them.
    fn items(&self) -> Items<'_> {
        self.profile.items_of(&self.model)
    }

    /// Weighs events differently from now on, those that were recorded too.
    ///
    /// # Errors
    /// As [`Profile::weigh`].
    pub fn weigh(&mut self, weights: EventWeights) -> Result<()> {
        self.profile.weigh(&self.model, weights)
    }

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`Profile::record`].
    pub fn record(&mut self, events: &[Event]) -> Result<()> {
        self.profile.record(&self.model, events)
    }

    /// Believes something of the visitor before the first event, and until events outweigh it.
    ///
    /// # Errors
    /// As [`Profile::believe`].
    pub fn believe(&mut self, belief: &[f32]) -> Result<()> {
        self.profile.believe(&self.model, belief)
    }

    /// The visitor's vector, [dim].
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for a model that makes no finite one.
    pub fn vector(&self) -> Result<Vec<f32>> {
        let folded = self.profile.fold_in(&self.model);
        match folded.vector().iter().all(|v| v.is_finite()) {
            true => Ok(folded.vector().to_vec()),
            false => Err(damaged()),
        }
    }

    /// Takes events back; how many of them were there.
    pub fn undo(&mut self, events: &[Event]) -> usize {
        self.profile.undo(&self.model, events)
    }

    /// Starts to fine-tune.
    ///
    /// # Errors
    /// As [`Profile::start_tuning`].
    pub fn start_tuning(&self, options: FineTuning) -> Result<FineTune> {
        self.profile.start_tuning(&self.model, options)
    }

    /// Recommends with what was fine-tuned from now on.
    pub fn finish_tuning(&mut self, tuned: FineTune) {
        self.profile.finish_tuning(&self.model, tuned);
    }

    /// Recommends as before any fine-tuning.
    pub fn reset_tuning(&mut self) {
        self.profile.reset_tuning(&self.model);
    }

    /// The best items that the visitor has no event on. Where nothing speaks for an item, what is believed of them
    /// answers; where nothing is believed, the model's [`Rung::fallback`].
    ///
    /// # Errors
    /// As [`score::recommend`]; [`crate::Problem::Format`] for a model that makes no finite score of the visitor.
    pub fn recommend(&self, options: &Options, ask: Ask<'_>) -> Result<Answer> {
        let seen = self.profile.items();
        let rung = self.rung(&ask);
        let answer = if matches!(rung, Rung::Personal | Rung::Prior) {
            let delta = self.items().delta;
            self.with_vector(ask, |query| {
                score::answer(&self.model, Request { query, seen: &seen, delta }, options, ask.accept)
            })?
        } else {
            self.answer(score::popular(&self.model, &seen, options, ask.accept)?, None)
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
    /// As [`score::rank`]; [`crate::Problem::Format`] as [`Recommender::recommend`].
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
        Ok(self.answer(score::similar(&self.model, item, metric, count)?, None))
    }

    /// Asks with the vector that was given, or else with the visitor's, which alone can be explained.
    fn with_vector(
        &self,
        ask: Ask<'_>,
        question: impl FnOnce(&[f32]) -> Result<score::Answer>,
    ) -> Result<Answer> {
        if let Some(vector) = ask.vector {
            return Ok(self.answer(question(vector)?, None));
        }
        let folded = self.profile.fold_in(&self.model);
        // Nobody gave that vector: the model made it.
        let of_model = |error: Error| if error.field() == Some("vector") { damaged() } else { error };
        let mut found = question(folded.vector()).map_err(of_model)?;
        found.ranking.iter_mut().for_each(|scored| scored.score += folded.offset());
        let answer = self.answer(found, ask.explain.then_some(&folded));
        let finite = |result: &Recommendation| {
            result.score.is_finite() && result.because.iter().all(|r| r.share.is_finite())
        };
        if answer.results.iter().all(finite) { Ok(answer) } else { Err(damaged()) }
    }

    fn answer(&self, found: score::Answer, reasons: Option<&Folded>) -> Answer {
        let result = |scored: score::Scored| Recommendation {
            item: scored.item,
            score: scored.score,
            because: reasons
                .map_or(Vec::new(), |folded| self.profile.explain(&self.model, folded, scored.item)),
        };
        Answer {
            results: found.ranking.into_iter().map(result).collect(),
            rung: None,
            rows_read: found.rows_read,
        }
    }
}

/// All numbers of the model are allowed, but they make no answer: its Gram matrix is not that of its rows.
#[cold]
fn damaged() -> Error {
    let remedy = "the model's Gram matrix or its recipe is wrong: pack the model again";
    Error::format("visitor's vector", "finite scores", "larger ones", remedy)
}
