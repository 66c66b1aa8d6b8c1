//! Ids: written alike whichever program wrote them, and whether those of two files meet.

use super::source::refused;
use super::unicode;
use foldin::error::Result;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// How the ids of a column are written alike.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Normal {
    /// Whole numbers were written as floats (pandas does where one is missing): `5.0` is `5`.
    floats: bool,
}

impl Normal {
    /// For a column that begins with these fields: floats are whole numbers where none of them has decimals.
    pub fn of<'a>(fields: impl Iterator<Item = &'a str>) -> Normal {
        let mut floats = true;
        for field in fields {
            floats &= whole(field).is_some() || !is_decimal(field);
        }
        Normal { floats }
    }

    /// The id, without the blanks around it, composed (NFC).
    pub fn id(self, field: &str) -> Cow<'_, str> {
        let bare = field.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
        if self.floats
            && let Some(whole) = whole(bare)
        {
            return Cow::Borrowed(whole);
        }
        match bare.is_ascii() {
            true => Cow::Borrowed(bare),
            false => unicode::composed(bare),
        }
    }
}

/// 5 of `5.0`.
fn whole(field: &str) -> Option<&str> {
    let whole = field.strip_suffix(".0")?;
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(whole)
}

/// 1.5: digits, a point, digits.
fn is_decimal(field: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    field.split_once('.').is_some_and(|(whole, rest)| digits(whole) && digits(rest))
}

/// How the ids of a column look.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdKind {
    /// Whole numbers.
    Numbers,
    /// Digits, some with zeros in front, which are kept.
    ZeroPadded,
    /// Universally unique identifiers.
    Uuid,
    /// Anything else.
    Text,
}

impl IdKind {
    /// Of these ids.
    pub fn of(ids: &[String]) -> IdKind {
        let some = || ids.iter().take(10_000);
        let is_number = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_uuid = |id: &String| id.len() == 36 && id.bytes().filter(|&byte| byte == b'-').count() == 4;
        if some().all(is_number) {
            match some().any(|id| id.len() > 1 && id.starts_with('0')) {
                true => IdKind::ZeroPadded,
                false => IdKind::Numbers,
            }
        } else if some().all(is_uuid) {
            IdKind::Uuid
        } else {
            IdKind::Text
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            IdKind::Numbers => "numbers",
            IdKind::ZeroPadded => "digits with zeros in front, kept",
            IdKind::Uuid => "uuids",
            IdKind::Text => "text",
        }
    }
}

/// Below this share of matches something is likely wrong.
const FEW: f64 = 0.9;
/// Ids that are shown of each side.
const SHOWN: usize = 3;

/// How many ids of one file are in another.
#[derive(Clone, Debug, Serialize)]
pub struct Matching {
    /// Of the ids that were looked for.
    pub matched: usize,
    /// How many were looked for.
    pub of: usize,
    /// What is wrong, where too few matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl Matching {
    /// Looks for `ours` (say "items of ratings.csv") in those of `place` ("movies.csv").
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] where none is there.
    pub fn of(what: &str, ours: &[String], place: &str, theirs: &[String]) -> Result<Matching> {
        Matching::between(what, ours.iter().map(String::as_str), place, theirs.iter().map(String::as_str))
    }

    /// The same for ids that lie elsewhere.
    pub(super) fn between<'a>(
        what: &str,
        ours: impl Iterator<Item = &'a str> + Clone,
        place: &str,
        theirs: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Matching> {
        let there: HashSet<&str> = theirs.clone().collect();
        let of = ours.clone().count();
        let matched = ours.clone().filter(|id| there.contains(id)).count();
        if of == 0 || matched as f64 >= FEW * of as f64 {
            return Ok(Matching { matched, of, warning: None });
        }
        let shown = |ids: &mut dyn Iterator<Item = &'a str>| {
            ids.take(SHOWN).map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ")
        };
        let here: HashSet<&str> = ours.clone().collect();
        let missing = shown(&mut ours.clone().filter(|id| !there.contains(id)));
        let left = shown(&mut theirs.clone().filter(|id| !here.contains(id)));
        let hint = hint(ours, theirs, matched).map_or(String::new(), |hint| format!(" ({hint})"));
        let beside = if left.is_empty() { "all others".to_owned() } else { left };
        let problem = format!("{matched} of {of} {what} are in it: {missing} there, {beside} here{hint}");
        match matched {
            0 => Err(refused(
                place,
                problem,
                "write the ids alike in both files, or name the column that holds them",
            )),
            _ => Ok(Matching { matched, of, warning: Some(format!("{place}: only {problem}")) }),
        }
    }
}

/// What an id becomes so that another spelling of it meets it.
type Form = fn(&str) -> String;

/// What would make more of them meet.
fn hint<'a>(
    ours: impl Iterator<Item = &'a str> + Clone,
    theirs: impl Iterator<Item = &'a str> + Clone,
    matched: usize,
) -> Option<String> {
    let forms: [(&str, Form); 4] = [
        ("they meet without zeros in front", |id| id.trim_start_matches('0').to_owned()),
        ("they meet in small letters", |id| id.to_lowercase()),
        ("they meet by their digits alone", |id| id.chars().filter(char::is_ascii_digit).collect()),
        ("they meet without what is not a letter or digit", |id| {
            id.chars().filter(|c| c.is_alphanumeric()).collect()
        }),
    ];
    let better = |form: Form| {
        let there: HashSet<String> = theirs.clone().map(form).filter(|id| !id.is_empty()).collect();
        ours.clone().filter(|id| there.contains(&form(id))).count() > 2 * matched
    };
    forms.into_iter().find(|(_, form)| better(*form)).map(|(hint, _)| hint.to_owned())
}
