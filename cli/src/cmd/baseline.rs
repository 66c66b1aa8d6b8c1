//! The simple recommenders that a result stands beside.

use crate::output;
use clap::ValueEnum;
use foldin::Result;
use foldin_lab::evaluate::Ranker;
use foldin_lab::evaluate::baselines::{Ease, ItemKnn, Popularity, SequentialRules, SessionKnn, Similarity};
use foldin_lab::train::Interactions;

/// A recommender that anybody can have.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Baseline {
    /// The same popular items for everybody.
    Popularity,
    /// Items with the most similar users (shrunk cosine, 100 neighbours).
    ItemKnn,
    /// Linear weights between all pairs of items (Steck, 2019).
    Ease,
    /// What followed the last item, by 1 / distance (Ludewig and Jannach, 2018).
    SequentialRules,
    /// Sessions with the most similar items (S-KNN: 100 neighbours of the 500 latest; the same source).
    SKnn,
    /// The same, where a session's last items count most (V-SKNN).
    VSknn,
    /// Nothing.
    None,
}

impl Baseline {
    /// Those for users whose interactions were hidden.
    pub const OF_USERS: [Baseline; 3] = [Baseline::Popularity, Baseline::ItemKnn, Baseline::Ease];

    /// Those for what comes next.
    pub const OF_SEQUENCES: [Baseline; 5] =
        [Baseline::Popularity, Baseline::ItemKnn, Baseline::SequentialRules, Baseline::SKnn, Baseline::VSknn];

    /// Learns from `train`; None where there is nothing to learn, or not from so much.
    ///
    /// # Errors
    /// What the baseline refuses.
    pub fn train(
        self,
        train: &Interactions,
        ease_regularization: f64,
    ) -> Result<Option<(&'static str, Box<dyn Ranker>)>> {
        Ok(match self {
            Baseline::Popularity => Some(("popularity", Box::new(Popularity::new(train)))),
            Baseline::ItemKnn => Some(("item-knn", Box::new(ItemKnn::default().train(train)))),
            Baseline::Ease => match Ease::train(train, ease_regularization) {
                Ok(ease) => Some(("ease", Box::new(ease))),
                Err(error) => {
                    output::note(format_args!("left out: {error}"));
                    None
                }
            },
            Baseline::SequentialRules => {
                let rules = SequentialRules::default().train(&train.sequences()?, train.items());
                Some(("sequential-rules", Box::new(rules)))
            }
            Baseline::SKnn => Some(("s-knn", Box::new(SessionKnn::new(Similarity::Cosine).train(train)?))),
            Baseline::VSknn => Some(("v-sknn", Box::new(SessionKnn::new(Similarity::Recency).train(train)?))),
            Baseline::None => None,
        })
    }
}
