//! What ranks the items, and which of those that the visitor knows may come back.

use crate::visitor::EventKind;
use serde::Deserialize;

/// What items are ranked by.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The visitor, or the seeds in their place.
    #[default]
    Visitor,
    /// What was in demand lately.
    Trending,
    /// What most people had in training.
    Popular,
    /// When they came, latest first.
    New,
    /// How often they were bought together with the seeds.
    BoughtTogether,
}

impl By {
    /// All of them, in the order in which they cross from JavaScript as numbers.
    pub const ALL: [By; 5] = [By::Visitor, By::Trending, By::Popular, By::New, By::BoughtTogether];
}

/// What becomes of items that the visitor has events on. Each has the kinds of events that count, None for those that
/// hide an item by themselves ([`EventKind::hides`]).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(from = "Told")]
pub enum Seen {
    /// They do not come back.
    Hide(Option<Vec<EventKind>>),
    /// They come back as all others do.
    Show,
    /// They alone come back.
    Only(Option<Vec<EventKind>>),
}

/// As JSON has it: `"hide"`, `"show"`, `"only"`, or one of two with kinds: `{"hide": ["purchase"]}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Word(Word),
    Kinds(Kinds),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Hide,
    Show,
    Only,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kinds {
    Hide(Vec<EventKind>),
    Only(Vec<EventKind>),
}

impl From<Told> for Seen {
    fn from(told: Told) -> Seen {
        match told {
            Told::Word(Word::Hide) => Seen::Hide(None),
            Told::Word(Word::Show) => Seen::Show,
            Told::Word(Word::Only) => Seen::Only(None),
            Told::Kinds(Kinds::Hide(kinds)) => Seen::Hide(Some(kinds)),
            Told::Kinds(Kinds::Only(kinds)) => Seen::Only(Some(kinds)),
        }
    }
}
