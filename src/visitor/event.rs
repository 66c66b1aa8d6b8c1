//! What a visitor did with an item.

use super::observation::Meaning;
use crate::model::Model;
use serde::{Deserialize, Serialize};

/// The kinds of events.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum EventKind {
    /// The visitor said yes.
    Like,
    /// The visitor said no.
    Dislike,
    /// The visitor gave a rating; the value is on the scale of [`super::EventWeights::scale`].
    Rate,
    /// The visitor looked; the value is the dwell time in seconds.
    View,
    /// The visitor bought or finished it.
    Purchase,
    /// The visitor passed it over.
    Skip,
    /// The visitor put it into the basket.
    Cart,
    /// The visitor took it out of the basket: what was put there before no longer counts.
    Uncart,
    /// The visitor put it onto a list for later.
    Wishlist,
    /// The visitor followed a link to it.
    Click,
    /// The visitor was shown it.
    Impression,
    /// The visitor searched for it.
    Search,
    /// The first of the kinds that a page names itself.
    Own0,
    /// The second.
    Own1,
    /// The third.
    Own2,
    /// The fourth.
    Own3,
    /// The fifth.
    Own4,
    /// The sixth.
    Own5,
    /// The seventh.
    Own6,
    /// The eighth.
    Own7,
}

/// How many kinds of events a page may name itself.
pub const OWN_KINDS: usize = 8;

impl EventKind {
    /// All of them, in the order in which they cross to JavaScript as numbers.
    pub const ALL: [EventKind; 12 + OWN_KINDS] = [
        EventKind::Like,
        EventKind::Dislike,
        EventKind::Rate,
        EventKind::View,
        EventKind::Purchase,
        EventKind::Skip,
        EventKind::Cart,
        EventKind::Uncart,
        EventKind::Wishlist,
        EventKind::Click,
        EventKind::Impression,
        EventKind::Search,
        EventKind::Own0,
        EventKind::Own1,
        EventKind::Own2,
        EventKind::Own3,
        EventKind::Own4,
        EventKind::Own5,
        EventKind::Own6,
        EventKind::Own7,
    ];

    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Like => "like",
            EventKind::Dislike => "dislike",
            EventKind::Rate => "rate",
            EventKind::View => "view",
            EventKind::Purchase => "purchase",
            EventKind::Skip => "skip",
            EventKind::Cart => "cart",
            EventKind::Uncart => "uncart",
            EventKind::Wishlist => "wishlist",
            EventKind::Click => "click",
            EventKind::Impression => "impression",
            EventKind::Search => "search",
            _ => "own",
        }
    }

    /// Its position among the kinds that a page names itself, if it is one.
    pub fn own(self) -> Option<usize> {
        (self as usize).checked_sub(EventKind::Own0 as usize)
    }

    /// Whether an item on which there is such an event does not come back unless it is asked for.
    pub fn hides(self) -> bool {
        (self as u8) < EventKind::Click as u8 && self != EventKind::Uncart
    }

    /// Whether the visitor said what they think, which then counts more than what they did.
    pub fn is_opinion(self) -> bool {
        matches!(self, EventKind::Like | EventKind::Dislike | EventKind::Rate)
    }
}

/// One event. Two that are equal in all fields are the same to [`super::Profile::undo`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The item's row.
    pub item: u32,
    /// What happened.
    pub kind: EventKind,
    /// A rating, or a dwell time in seconds; of a like the value that its interaction has in a file. The other kinds
    /// have none.
    pub value: Option<f64>,
    /// Milliseconds since 1970.
    pub time: f64,
}

impl Event {
    /// An interaction of a file, as a page would have recorded it: a rating in a model of ratings, a like elsewhere.
    /// `seconds` are those since 1970; of interactions without times 0, and they come oldest first.
    pub fn of_interaction(model: &Model, item: u32, value: f32, seconds: f64) -> Event {
        let kind = match Meaning::of(model) {
            Meaning::Rating => EventKind::Rate,
            Meaning::Preference => EventKind::Like,
        };
        Event { item, kind, value: Some(value.into()), time: seconds * 1000.0 }
    }

    /// Likes of all of these items at one time, in this order.
    pub fn likes(items: &[u32]) -> Vec<Event> {
        let like = |&item: &u32| Event { item, kind: EventKind::Like, value: None, time: 0.0 };
        items.iter().map(like).collect()
    }
}
