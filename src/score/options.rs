//! What a caller may ask for. One definition for the browser and the command.

use super::conditions::Where;
use super::wanted::{By, Seen};
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::model::Unknown;
use crate::named::Named;
use serde::Deserialize;

/// Options of [`super::recommend`], camelCase in JavaScript and JSON. Ids are strings.
///
/// A column or tag that the catalogue does not have is an error, so that a typing error is not silence. An id that no
/// item has is ordinary, because a catalogue is often newer than its model: `exclude` always skips it, `only` and
/// `boost.items` skip it or refuse it as `unknown` says. Where all ids of `only` are skipped, nothing comes back.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// How many items come back; fewer where there are fewer. 10 unless told.
    pub count: usize,
    /// How many of the best are left out before them: `count` times the page's number.
    pub offset: usize,
    /// Items that do not come back.
    pub exclude: Vec<String>,
    /// The only items that may come back; all unless told.
    pub only: Option<Vec<String>>,
    /// What an item must have in the catalogue to come back.
    #[serde(rename = "where")]
    pub filter: Where,
    /// What is lifted or lowered.
    pub boost: Boost,
    /// By column and tag, how many items with the tag come back at most, pages before this one included.
    pub quota: Named<Named<usize>>,
    /// 0 (unless told): by score alone. Up to 1: the more, the less alike the items are (maximal marginal
    /// relevance). `offset + count` must then be at most [`MAX_DIVERSE`].
    pub diversity: f32,
    /// What becomes of ids in `only` and `boost.items` that no item has; skipped unless told.
    pub unknown: Unknown,
    /// Lets chance try what the visitor has not shown; off unless told.
    pub explore: Option<Explore>,
    /// What the items are ranked by; by the visitor unless told.
    pub by: By,
    /// Ranked by what is new: the column of numbers that says when an item came; `added` unless told.
    pub dates: String,
    /// Items that speak instead of the visitor, such as those in a basket. They do not come back.
    pub seeds: Vec<String>,
    /// How much the visitor counts beside the seeds, 0 (unless told) to 1.
    pub personal: f32,
    /// What becomes of items that the visitor has events on. Unless told, `recommend` hides them, and questions about
    /// given items show them.
    pub seen: Option<Seen>,
    /// By id, the place from 0 that an item stands at if it may come back. Quotas do not count it.
    pub pin: Named<usize>,
    /// Items that come after all others.
    pub bury: Vec<String>,
    /// By column and tag, how many items with the tag stand on each page of `count` at least, where there are so many
    /// and no quota forbids it.
    pub at_least: Named<Named<usize>>,
}

/// The longest ranking that is diversified: the work grows with its square.
pub const MAX_DIVERSE: usize = 1000;

/// Multipliers of scores, each from 0.001 to 1000: above 1 lifts an item, below 1 lowers it. A negative score
/// is divided instead, so that the direction is the same. Those of an item's tags and its own are multiplied.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Boost {
    /// By id.
    pub items: Named<f32>,
    /// By column of the catalogue and tag.
    pub tags: Named<Named<f32>>,
}

/// Thompson-style exploration: the visitor's vector is drawn from a normal distribution around the known one.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explore {
    /// The same seed gives the same ranking.
    pub seed: u32,
    /// Length of the noise relative to that of the vector, 0 to 1; 0.3 unless told.
    #[serde(default = "default_strength")]
    pub strength: f32,
}

fn default_strength() -> f32 {
    0.3
}

impl Default for Options {
    fn default() -> Self {
        Options {
            count: 10,
            offset: 0,
            exclude: Vec::new(),
            only: None,
            filter: Where::default(),
            boost: Boost::default(),
            quota: Named::default(),
            diversity: 0.0,
            unknown: Unknown::Skip,
            explore: None,
            by: By::Visitor,
            dates: String::from("added"),
            seeds: Vec::new(),
            personal: 0.0,
            seen: None,
            pin: Named::default(),
            bury: Vec::new(),
            at_least: Named::default(),
        }
    }
}

impl Options {
    /// The best so many.
    pub fn best(count: usize) -> Options {
        Options { count, ..Options::default() }
    }

    /// How many of the best are needed.
    pub(crate) fn end(&self) -> usize {
        self.offset.saturating_add(self.count)
    }

    /// Whether it is not the visitor alone who ranks the items.
    pub(crate) fn is_by_other(&self) -> bool {
        self.by != By::Visitor || !self.seeds.is_empty()
    }

    /// Whether any score is multiplied.
    pub(crate) fn boosts(&self) -> bool {
        !(self.boost.items.is_empty() && self.boost.tags.is_empty())
    }

    /// Whether something besides the score decides which items come back, and where.
    pub(crate) fn has_rules(&self) -> bool {
        let Options { exclude, only, filter, quota, seen, .. } = self;
        let keeps = !exclude.is_empty() || only.is_some() || !filter.is_empty() || seen.is_some();
        keeps || self.boosts() || !quota.is_empty() || self.diversity > 0.0 || self.arranges()
    }

    /// Whether a ranking is put together of more than the best by score.
    pub(crate) fn arranges(&self) -> bool {
        !(self.pin.is_empty() && self.bury.is_empty() && self.at_least.is_empty())
    }

    /// Checks the ranges that do not depend on a model.
    pub(crate) fn check(&self) -> Result<()> {
        within("diversity", self.diversity, 0.0, 1.0)?;
        within("personal", self.personal, 0.0, 1.0)?;
        self.filter.check()?;
        if self.diversity > 0.0 && self.end() > MAX_DIVERSE {
            let expected = format_args!("offset + count of at most {MAX_DIVERSE} with diversity");
            return Err(Error::argument("count", expected, self.end()));
        }
        self.explore.map_or(Ok(()), |explore| within("explore", explore.strength, 0.0, 1.0))
    }
}

pub(super) fn within(field: &'static str, value: f32, min: f32, max: f32) -> Result<()> {
    match (min..=max).contains(&value) {
        true => Ok(()),
        false => {
            let [min, max, value] = [min, max, value].map(|number| Decimal(number.into()));
            Err(Error::argument(field, format_args!("a number from {min} to {max}"), value))
        }
    }
}
