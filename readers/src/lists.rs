//! Several things in one field: what stands between them is decided by the whole column.

use super::literal;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// How the fields of a column hold lists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lists {
    /// Each field is one thing.
    Single,
    /// JSON's or Python's, of texts or of objects with a name.
    Literal,
    /// PostgreSQL's `{a,b}`.
    Braces,
    Blanks,
    /// Blanks, and a `-1` or `-0` after each: what was clicked, and what was only shown.
    Clicked,
    Between(&'static str),
}

/// Keys of objects that say what they are called, the likelier first.
const NAMES: [&str; 7] = ["name", "title", "label", "description", "value", "slug", "id"];

impl Lists {
    /// Of lists for sure: items of a basket.
    pub fn of<'a>(fields: impl Iterator<Item = &'a str> + Clone) -> Lists {
        let fields = fields.filter(|field| !field.is_empty());
        if let Some(lists) = Lists::bracketed(fields.clone()) {
            return lists;
        }
        let found =
            ["|", ";", ","].into_iter().find(|sign| fields.clone().any(|field| field.contains(*sign)));
        let is_marked = |word: &str| word.ends_with("-0") || word.ends_with("-1");
        match found {
            Some(sign) => Lists::Between(sign),
            None if fields.clone().next().is_some()
                && fields.clone().flat_map(str::split_whitespace).all(is_marked) =>
            {
                Lists::Clicked
            }
            None => Lists::Blanks,
        }
    }

    /// Of tags, which may be single ones that hold a comma: a sign separates where its parts recur in other fields.
    pub fn of_tags<'a>(fields: impl Iterator<Item = &'a str> + Clone) -> Lists {
        let fields = fields.filter(|field| !field.is_empty());
        if let Some(lists) = Lists::bracketed(fields.clone()) {
            return lists;
        }
        let any = |sign: &str| fields.clone().any(|field| field.contains(sign));
        if let Some(sign) = ["|", ";"].into_iter().find(|sign| any(sign)) {
            return Lists::Between(sign);
        }
        let separates = |sign: &&str| any(sign) && recurs(fields.clone(), sign);
        [",", "/", " > ", " - "].into_iter().find(separates).map_or(Lists::Single, Lists::Between)
    }

    fn bracketed<'a>(mut fields: impl Iterator<Item = &'a str> + Clone) -> Option<Lists> {
        fields.clone().next()?;
        let within =
            |open: char, close: char| move |field: &str| field.starts_with(open) && field.ends_with(close);
        if fields.clone().all(within('[', ']')) {
            let parsed = fields.clone().filter(|field| literal::parse(field).is_some()).count();
            return Some(if parsed * 2 > fields.count() { Lists::Literal } else { Lists::Between(",") });
        }
        let braces = fields.clone().all(within('{', '}'));
        match braces {
            true if fields.all(|field| literal::parse(field).is_some()) => Some(Lists::Literal),
            true => Some(Lists::Braces),
            false => None,
        }
    }

    /// The parts of a field, without blanks and quotes around them.
    pub fn split(self, field: &str) -> Vec<String> {
        let between = |text: &str, sign: &str| {
            text.split(sign).map(bare).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        match self {
            Lists::Single => between(field, "\0"),
            Lists::Literal => match literal::parse(field) {
                Some(value) => named(&value),
                None => between(field, ","),
            },
            Lists::Braces => between(field, ","),
            Lists::Blanks => field.split_whitespace().map(str::to_owned).collect(),
            Lists::Clicked => field
                .split_whitespace()
                .filter_map(|word| word.strip_suffix("-1"))
                .map(str::to_owned)
                .collect(),
            Lists::Between(sign) => between(field, sign),
        }
    }

    /// In words.
    pub fn describe(self) -> String {
        match self {
            Lists::Single => "one a field".into(),
            Lists::Literal => "from lists in JSON or Python".into(),
            Lists::Braces => "from lists in braces".into(),
            Lists::Blanks => "split by blanks".into(),
            Lists::Clicked => "split by blanks, those that end in -1".into(),
            Lists::Between(sign) => format!("split by {sign:?}"),
        }
    }
}

fn bare(part: &str) -> &str {
    part.trim().trim_matches(['[', ']', '{', '}']).trim().trim_matches(['"', '\'']).trim()
}

/// What the things in a list are called.
fn named(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Object(object) => {
            let known = NAMES.iter().find_map(|key| object.get(*key));
            known.or_else(|| object.values().find(|value| value.is_string())).map(literal::text)
        }
        other => Some(literal::text(other)),
    };
    match value {
        Value::Array(values) => values
            .iter()
            .flat_map(|value| if value.is_array() { named(value) } else { one(value).into_iter().collect() }),
        // Goodreads counts them: {"fantasy": 12, "fiction": 7}.
        Value::Object(object) if object.values().all(Value::is_number) => {
            return object.keys().cloned().collect();
        }
        other => return one(other).into_iter().collect(),
    }
    .map(|name| name.trim().to_owned())
    .filter(|name| !name.is_empty())
    .collect()
}

/// Whether some part stands in two fields that differ, or alone as well as beside others.
fn recurs<'a>(fields: impl Iterator<Item = &'a str>, sign: &str) -> bool {
    let whole: HashSet<&str> = fields.take(10_000).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let (mut lists, mut again) = (0, 0);
    for field in &whole {
        let parts: HashSet<&str> = field.split(sign).map(str::trim).collect();
        lists += usize::from(parts.len() > 1);
        parts.into_iter().for_each(|part| *seen.entry(part).or_default() += 1);
    }
    for field in whole.iter().filter(|field| field.contains(sign)) {
        again += usize::from(field.split(sign).map(str::trim).any(|part| seen[part] > 1));
    }
    lists > 0 && again * 2 >= lists
}
