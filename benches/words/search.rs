//! Search by meaning: queries in other words than the catalogue's, and films that have the genres which they mean.

use crate::{Told, vectors};
use foldin::{Error, Result};
use foldin_lab::evaluate::interval::{Part, bootstrap};
use foldin_words::Shelf;
use ndarray::{Array2, Axis};
use std::path::Path;
use std::time::Instant;

/// Prints how well films are found by the queries that things were chosen on, and by those that were held out.
pub fn measure(told: &Told, teacher: &Array2<f32>, queries: &Path) -> Result<()> {
    let lines: Vec<usize> =
        told.data.interactions.item_ids.iter().map(|id| id.parse::<usize>().expect("a number") - 1).collect();
    let films = teacher.select(Axis(0), &lines);
    let mut shelf = Shelf::new(told.words.table.dim());
    let titles = told.data.catalog.titles.as_ref().expect("films have titles");
    for (film, title) in titles.iter().enumerate() {
        shelf.add(film as u32, &told.words.of_item(title, &tags(told, film)));
    }
    let held_out = format!("{}-held-out", queries.display());
    for (name, file) in [("chosen on", queries), ("held out", Path::new(&held_out))] {
        found(told, &films, &shelf, (name, file))?;
    }
    time(told);
    Ok(())
}

/// Prints the mean reciprocal rank, over all queries, of the first film among ten that has all genres which the query means:
/// the teacher's, ours, and that of films whose titles or genres have one of the words.
fn found(told: &Told, films: &Array2<f32>, shelf: &Shelf, (name, queries): (&str, &Path)) -> Result<()> {
    let text = queries.with_extension("txt");
    let asked = std::fs::read_to_string(&text).map_err(Error::io(&text))?;
    let by_teacher = vectors(&queries.with_extension("npy"))?;
    let mut parts = Vec::new();
    let (mut alike, mut top) = (0usize, 0usize);
    for (line, query) in asked.lines().zip(by_teacher.rows()) {
        let (query_text, meant) = line.split_once('\t').expect("a query and its genres");
        let relevant = |film: usize| has_all(told, film, meant);
        let plain = told.words.plain(query_text);
        let found = shelf.nearest(&told.words.table.vector(&plain), 10);
        let ours: Vec<usize> = found.into_iter().map(|(film, _)| film as usize).collect();
        let theirs = best(&films.dot(&query).to_vec());
        let letters: Vec<f32> =
            told.texts.iter().map(|text| by_letters(&told.words.plain(text), &plain)).collect();
        let letters = best(&letters);
        let [ours_rr, theirs_rr, letters_rr] =
            [&ours, &theirs, &letters].map(|list| reciprocal_rank(list, relevant));
        parts.extend([ours_rr, theirs_rr, letters_rr, ours_rr - 0.85 * theirs_rr].map(|v| Part::of(Some(v))));
        alike += ours.iter().filter(|film| theirs.contains(film)).count();
        top += usize::from(theirs.first().is_some_and(|first| ours.contains(first)));
    }
    let estimates = bootstrap(&parts, 4, 1);
    let queries = parts.len() / 4;
    println!(
        "\nsearch by meaning, {queries} queries {name}, MRR@10 of films with all genres that are meant:"
    );
    for (name, estimate) in
        ["words", "the teacher", "letters", "words - 0.85 x the teacher"].iter().zip(&estimates)
    {
        let Some(estimate) = estimate else { continue };
        let (low, high) = (estimate.low.unwrap_or(f64::NAN), estimate.high.unwrap_or(f64::NAN));
        println!("{name:28} {:>7.4}   {low:+.4} to {high:+.4}", estimate.mean);
    }
    println!(
        "of the teacher's first ten {:.1} are among ours, its first in {top} of {queries}",
        alike as f64 / queries as f64
    );
    Ok(())
}

fn tags(told: &Told, film: usize) -> String {
    let genres = &told.data.catalog.tags["genres"];
    genres.codes[film]
        .iter()
        .map(|&code| genres.vocabulary[code as usize].as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn has_all(told: &Told, film: usize, meant: &str) -> bool {
    let genres = &told.data.catalog.tags["genres"];
    let has = |genre: &str| genres.codes[film].iter().any(|&code| genres.vocabulary[code as usize] == genre);
    meant.split(' ').all(has)
}

/// How many of the query's words of more than three letters a text has.
fn by_letters(text: &str, query: &str) -> f32 {
    let words: Vec<&str> = text.split(' ').collect();
    query.split(' ').filter(|word| word.len() > 3 && words.contains(word)).count() as f32
}

/// The ten highest above zero, of equals the first.
fn best(scores: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).filter(|&film| scores[film] > 0.0).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order.truncate(10);
    order
}

fn reciprocal_rank(list: &[usize], relevant: impl Fn(usize) -> bool) -> f64 {
    list.iter().position(|&film| relevant(film)).map_or(0.0, |at| 1.0 / (at + 1) as f64)
}

/// Milliseconds of a query, natively, the films put on the shelf again and again.
fn time(told: &Told) {
    for items in [10_000usize, 100_000] {
        let mut shelf = Shelf::new(told.words.table.dim());
        let vectors: Vec<Vec<f32>> =
            told.texts.iter().map(|text| told.words.table.vector(&told.words.plain(text))).collect();
        (0..items).for_each(|item| shelf.add(item as u32, &vectors[item % vectors.len()]));
        let ask = || {
            let start = Instant::now();
            let vector = told.words.table.vector(&told.words.plain("slow space opera with robots"));
            assert_eq!(shelf.nearest(&vector, 10).len(), 10);
            start.elapsed().as_secs_f64() * 1e3
        };
        let mut times: Vec<f64> = (0..101).map(|_| ask()).collect();
        times.sort_by(f64::total_cmp);
        println!("a query among {items} items: {:.2} ms natively, median of 101", times[50]);
    }
}
