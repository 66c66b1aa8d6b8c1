//! Ranked items, as JSON and for people: with what the catalogue knows of them.

use crate::output::{self, plain};
use foldin::recommender::{Answer, Recommendation};
use foldin::score::Rung;
use foldin::visitor::Reason;
use foldin::{Model, Named, Result};
use serde::Serialize;
use std::io::{self, Write};

/// A result as the page's `recommend` has it.
#[derive(Serialize)]
struct Listed<'a> {
    item: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    tags: Named<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    numbers: Named<f32>,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rung: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<Vec<Because<'a>>>,
}

#[derive(Serialize)]
struct Because<'a> {
    item: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    event: &'static str,
    share: f32,
}

/// Prints an answer, one JSON document or a line a result; with the reasons where it was `explained`.
///
/// # Errors
/// As [`output::print`].
pub fn print(model: &Model, answer: &Answer, explained: bool, json: bool) -> Result<()> {
    let rung = answer.rung.map(Rung::name);
    let listed = |result| Listed { rung, ..listed(model, result, explained) };
    let shelf: Vec<_> = answer.results.iter().map(listed).collect();
    if json { output::json(&shelf) } else { output::print(|out| table(&shelf, out)) }
}

fn listed<'a>(model: &'a Model, result: &Recommendation, explained: bool) -> Listed<'a> {
    let (catalog, row) = (model.catalog(), result.item);
    let tags = catalog.tag_columns().iter().map(|(name, column)| {
        let codes = catalog.tag_codes(column, row);
        (name.to_owned(), codes.iter().map(|&code| catalog.tag_name(column, code)).collect())
    });
    let numbers = (catalog.number_columns().iter())
        .map(|(name, column)| (name.to_owned(), catalog.number(column, row)))
        .filter(|(_, number)| number.is_finite());
    Listed {
        item: model.id(row),
        title: catalog.title(row),
        tags: tags.collect(),
        numbers: numbers.collect(),
        score: result.score,
        rung: None,
        because: explained.then(|| result.because.iter().map(|reason| because(model, reason)).collect()),
    }
}

fn because<'a>(model: &'a Model, reason: &Reason) -> Because<'a> {
    Because {
        item: model.id(reason.item),
        title: model.catalog().title(reason.item),
        event: reason.kind.name(),
        share: reason.share,
    }
}

fn table(shelf: &[Listed<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (place, result) in shelf.iter().enumerate() {
        let [item, title] = [result.item.as_str(), result.title.unwrap_or_default()].map(plain);
        writeln!(out, "{:>3}  {:>9.4}  {item:10}  {title}", place + 1, result.score)?;
        for reason in result.because.iter().flatten() {
            let [item, title] = [reason.item.as_str(), reason.title.unwrap_or_default()].map(plain);
            writeln!(out, "{:16}{:+.4} {} {item} {title}", "", reason.share, reason.event)?;
        }
    }
    Ok(())
}
