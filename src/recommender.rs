//! A model with one visitor: what the browser and the command both ask.

use crate::error::Result;
use crate::model::Model;
use crate::named::Named;
use crate::score::{self, Metric, Options, Scored};
use crate::visitor::{Event, EventWeights, Folded, Profile, Reason};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A model and the profile of the visitor who is asking.
#[derive(Debug)]
pub struct Recommender {
    model: Model,
    profile: Profile,
}

/// Whose vector is asked with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// A vector [dim] from elsewhere instead of the visitor's own.
    pub vector: Option<&'a [f32]>,
    /// Whether each result says which of the visitor's items brought it.
    pub explain: bool,
}

/// An item as results name it.
#[derive(Clone, Debug, Serialize)]
pub struct Item<'a> {
    /// Its id.
    pub item: String,
    /// Its title, where the catalogue has titles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// Its tags by column.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub tags: Named<Vec<&'a str>>,
    /// Its numbers by column.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub numbers: Named<f32>,
}

/// A recommended item.
#[derive(Clone, Debug)]
pub struct Recommendation<'a> {
    /// What is recommended.
    pub item: Item<'a>,
    /// The higher the better; comparable only within one answer.
    pub score: f32,
    /// The visitor's own items that brought it, largest share first, where that was asked for.
    pub because: Option<Vec<Because<'a>>>,
}

/// The item's fields beside the others, as `#[serde(flatten)]` would have them. But that makes a map, whose
/// keys go to JavaScript anew with each item; those of a struct go there once.
impl Serialize for Recommendation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Item { item, title, tags, numbers } = &self.item;
        let mut fields = serializer.serialize_struct("Recommendation", 6)?;
        fields.serialize_field("item", item)?;
        if let Some(title) = title {
            fields.serialize_field("title", title)?;
        }
        if !tags.is_empty() {
            fields.serialize_field("tags", tags)?;
        }
        if !numbers.is_empty() {
            fields.serialize_field("numbers", numbers)?;
        }
        fields.serialize_field("score", &self.score)?;
        if let Some(because) = &self.because {
            fields.serialize_field("because", because)?;
        }
        fields.end()
    }
}

/// One of the visitor's items and its part of a score.
#[derive(Clone, Debug, Serialize)]
pub struct Because<'a> {
    /// The own item's id.
    pub item: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// What the visitor did with it.
    pub event: &'static str,
    /// Its part of the score; all parts add up to the score.
    pub share: f32,
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

    /// Takes all of `events` in, or none.
    ///
    /// # Errors
    /// As [`Profile::record`].
    pub fn record(&mut self, events: &[Event]) -> Result<()> {
        self.profile.record(&self.model, events)
    }

    /// Takes back every event on the item.
    ///
    /// # Errors
    /// [`crate::Error::UnknownItem`].
    pub fn forget(&mut self, id: &str) -> Result<()> {
        self.profile.forget(&self.model, self.model.find(id)?);
        Ok(())
    }

    /// Takes back everything.
    pub fn clear(&mut self) {
        self.profile = Profile::new(&self.model, EventWeights::default());
    }

    /// The best items that the visitor has no event on. Popularity answers for a visitor with nothing that
    /// speaks for an item.
    ///
    /// # Errors
    /// As [`score::recommend`].
    pub fn recommend(&self, options: &Options, ask: Ask<'_>) -> Result<Vec<Recommendation<'_>>> {
        let seen = self.profile.items();
        if let Some(vector) = ask.vector {
            return Ok(self.results(score::recommend(&self.model, vector, &seen, options)?, None));
        }
        if !self.profile.likes_something() {
            return Ok(self.results(score::popular(&self.model, &seen, options)?, None));
        }
        let folded = self.profile.fold_in(&self.model);
        let ranking = score::recommend(&self.model, folded.vector(), &seen, options)?;
        Ok(self.results(ranking, ask.explain.then_some(&folded)))
    }

    /// The given items, best first.
    ///
    /// # Errors
    /// [`crate::Error::UnknownItem`], or as [`score::rank`].
    pub fn rank(&self, ids: &[String], ask: Ask<'_>) -> Result<Vec<Recommendation<'_>>> {
        let items: Vec<u32> = ids.iter().map(|id| self.model.find(id)).collect::<Result<_>>()?;
        if let Some(vector) = ask.vector {
            return Ok(self.results(score::rank(&self.model, vector, &items)?, None));
        }
        let folded = self.profile.fold_in(&self.model);
        let ranking = score::rank(&self.model, folded.vector(), &items)?;
        Ok(self.results(ranking, ask.explain.then_some(&folded)))
    }

    /// The items most like the one with this id, which is not among them.
    ///
    /// # Errors
    /// [`crate::Error::UnknownItem`], or as [`score::similar`].
    pub fn similar(&self, id: &str, metric: Metric, count: usize) -> Result<Vec<Recommendation<'_>>> {
        Ok(self.results(score::similar(&self.model, self.model.find(id)?, metric, count)?, None))
    }

    /// What is known of the item in row `row`.
    pub fn item(&self, row: u32) -> Item<'_> {
        let catalog = self.model.catalog();
        let tags = catalog.tag_columns().iter().map(|(name, column)| {
            let codes = catalog.tag_codes(column, row);
            (name.to_owned(), codes.iter().map(|&code| catalog.tag_name(column, code)).collect())
        });
        let numbers = (catalog.number_columns().iter())
            .map(|(name, column)| (name.to_owned(), catalog.number(column, row)))
            .filter(|(_, number)| !number.is_nan());
        Item {
            item: self.model.id(row),
            title: catalog.title(row),
            tags: tags.collect(),
            numbers: numbers.collect(),
        }
    }

    fn results(&self, ranking: Vec<Scored>, reasons: Option<&Folded>) -> Vec<Recommendation<'_>> {
        let result = |scored: Scored| Recommendation {
            item: self.item(scored.item),
            score: scored.score,
            because: reasons.map(|folded| self.because(folded, scored.item)),
        };
        ranking.into_iter().map(result).collect()
    }

    fn because(&self, folded: &Folded, item: u32) -> Vec<Because<'_>> {
        let because = |reason: Reason| Because {
            item: self.model.id(reason.item),
            title: self.model.catalog().title(reason.item),
            event: reason.kind.name(),
            share: reason.share,
        };
        self.profile.explain(&self.model, folded, item).into_iter().map(because).collect()
    }
}
