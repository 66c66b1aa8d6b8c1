//! Kinds of events as values: the words of shops and logs weigh as the page's own kinds do.

use super::bad_lines::Bad;
use super::value::is_null;
use foldin::visitor::{EventKind, EventWeights};
use std::collections::BTreeMap;

/// Words, as [`normalized`], and the kind that each is.
const WORDS: [(&[&str], EventKind); 7] = [
    (
        &[
            "view",
            "views",
            "viewed",
            "click",
            "clicks",
            "clicked",
            "pv",
            "pageview",
            "detail",
            "details",
            "viewitem",
            "itemview",
            "productview",
            "viewproduct",
            "clickitem",
            "visit",
            "open",
            "read",
            "play",
            "played",
            "listen",
            "watch",
            "watched",
            "stream",
            "see",
            "seen",
            "contentview",
            "preview",
            "clickout",
        ],
        EventKind::View,
    ),
    (
        &[
            "like",
            "liked",
            "likes",
            "favorite",
            "favourite",
            "fav",
            "favorites",
            "love",
            "loved",
            "star",
            "upvote",
            "thumbsup",
            "bookmark",
            "save",
            "saved",
            "collect",
            "follow",
            "share",
            "shared",
            "addtofavorites",
            "addtoplaylist",
            "download",
        ],
        EventKind::Like,
    ),
    (&["addtocart", "cart", "carts", "addtobasket", "basket"], EventKind::Cart),
    (&["wishlist", "addtowishlist"], EventKind::Wishlist),
    (
        &[
            "purchase",
            "purchased",
            "purchases",
            "transaction",
            "transactions",
            "buy",
            "bought",
            "order",
            "orders",
            "ordered",
            "checkout",
            "sale",
            "conversion",
            "subscribe",
            "complete",
            "completed",
            "finish",
            "finished",
            "rent",
            "book",
            "booking",
        ],
        EventKind::Purchase,
    ),
    (
        &[
            "dislike",
            "disliked",
            "downvote",
            "thumbsdown",
            "hide",
            "block",
            "removefromcart",
            "remove",
            "unlike",
            "return",
            "returned",
            "refund",
        ],
        EventKind::Dislike,
    ),
    (&["skip", "skipped", "dismiss", "dismissed"], EventKind::Skip),
];

/// Words for nothing that speaks for an item.
const NOTHING: [&str; 5] = ["impression", "impressions", "shown", "exposure", "search"];

/// Verdicts on an item, in columns that are named so: those that speak for it, and those that do not; as [`normalized`], so
/// that 1.0 is 10.
const VERDICTS: [[&str; 6]; 2] = [["true", "t", "yes", "y", "1", "10"], ["false", "f", "no", "n", "0", "00"]];

/// Whether a column with these fields says yes or no of each item.
pub(super) fn are_verdicts<'a>(fields: impl Iterator<Item = &'a str>) -> bool {
    let mut fields = fields.filter(|field| !is_null(field)).map(normalized).peekable();
    fields.peek().is_some() && fields.all(|field| VERDICTS.iter().flatten().any(|known| *known == field))
}

/// What the kinds of a column weigh.
#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    /// As given, over the words that are known.
    given: BTreeMap<String, f32>,
    /// How often each word occurred, and its weight.
    pub counts: BTreeMap<String, (u64, f32)>,
}

impl Events {
    /// With these weights beside the known words.
    pub fn new(given: &[(String, f32)]) -> Events {
        let given = given.iter().map(|(word, weight)| (normalized(word), *weight)).collect();
        Events { given, counts: BTreeMap::new() }
    }

    /// Knows verdicts, too: a yes weighs 1, a no is left out.
    pub fn know_verdicts(&mut self) {
        for (verdicts, weight) in VERDICTS.into_iter().zip([1.0, 0.0]) {
            verdicts.into_iter().for_each(|word| {
                self.given.entry(word.to_owned()).or_insert(weight);
            });
        }
    }

    /// Whether a column with these fields holds kinds of events.
    pub fn are_in<'a>(&self, fields: impl Iterator<Item = &'a str>) -> bool {
        let (mut known, mut all) = (0, 0);
        for field in fields.filter(|field| !is_null(field)) {
            all += 1;
            known += usize::from(self.weight(field).is_some());
        }
        all > 0 && known * 10 >= all * 8
    }

    fn weight(&self, field: &str) -> Option<f32> {
        let word = normalized(field);
        if let Some(&weight) = self.given.get(&word) {
            return Some(weight);
        }
        if field == "-1" || NOTHING.contains(&word.as_str()) {
            return Some(0.0);
        }
        let kind = WORDS.iter().find(|(words, _)| words.contains(&word.as_str()))?.1;
        let weights = EventWeights::default();
        Some(match kind {
            EventKind::View => weights.view,
            EventKind::Like => weights.like,
            EventKind::Cart => weights.cart,
            EventKind::Wishlist => weights.wishlist,
            EventKind::Purchase => weights.purchase,
            // The others speak against their item, and training knows no such events.
            _ => 0.0,
        })
    }

    /// The weight of an event, None where it is to be left out.
    pub fn read(&mut self, field: &str) -> Result<Option<f32>, Bad> {
        if let Some((count, weight)) = self.counts.get_mut(field) {
            *count += 1;
            return Ok(Some(*weight).filter(|weight| *weight > 0.0));
        }
        let weight = match is_null(field) {
            true => Some(0.0),
            false => self.weight(field),
        };
        let Some(weight) = weight else {
            let problem =
                "event: expected a kind that is known, or has its weight in --event-weights, e.g. share=0.5";
            return Err(Bad::new(problem, format!("{field:?}")));
        };
        if self.counts.len() < 1000 {
            self.counts.insert(field.to_owned(), (1, weight));
        }
        Ok(Some(weight).filter(|weight| *weight > 0.0))
    }

    /// In words: `view 0.5 (12), purchase 1 (3), skip left out (2)`.
    pub fn describe(&self) -> String {
        let kind = |(word, (count, weight)): (&String, &(u64, f32))| match *weight > 0.0 {
            true => format!("{word} {weight} ({count})"),
            false => format!("{} left out ({count})", if is_null(word) { "none" } else { word }),
        };
        self.counts.iter().map(kind).collect::<Vec<_>>().join(", ")
    }
}

/// Small letters and digits alone.
fn normalized(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
