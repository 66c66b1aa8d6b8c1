//! First visitors who write one sentence that names two genres: those that their films have oftenest beside what all films
//! have. Rivals are popularity, and one film that they like.

use crate::Told;
use crate::data::{Served, fifth, ndcg, train};
use crate::table::Table;
use foldin::Result;
use foldin_lab::cold_start::texts::{Leanings, Learned};
use foldin_lab::cold_start::{Texts, prior};
use ndarray::Axis;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::ops::Range;

pub fn measure(told: &Told, splits: Range<u64>, validate: bool, table: &mut Table) -> Result<()> {
    let data = &told.data;
    // Beside the wish as it is, ever more of it, for those who choose how much is believed.
    let strengths: &[f32] = if validate { &[1.0, 0.5, 1.5, 2.0, 3.0] } else { &[1.0] };
    let mut wished: Vec<Vec<f64>> = vec![Vec::new(); strengths.len()];
    let [mut popular, mut liked, mut hidden_popular, mut with_like, mut anybody_like] =
        <[Vec<f64>; 5]>::default();
    let everything: Vec<usize> = (0..data.items()).collect();
    for seed in splits {
        let (judged, others) = fifth(data.users(), seed);
        let part = data.part(&others, |_| true);
        let trained = train(&part)?.items;
        let factors = trained.values.view();
        let leanings = prior::leanings(&part, factors);
        let anybody = prior::mean(leanings.select(Axis(0), &others).view()).to_vec();
        let means = Leanings::by_item(&part, leanings.view());
        let counts = part.item_counts();
        let learned = Learned { factors, counts: &counts, leanings: Some(&means) };
        let texts = Texts::learn(told.said(&everything), learned);
        let nothing = texts.belief(&vec![0.0; told.inputs.ncols()])?;
        let served = Served::new(&trained)?;
        let popularity: Vec<f32> = counts.iter().map(|&count| count as f32).collect();
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        for &user in &judged {
            let own = data.of(user);
            let sentence = sentence(told, own);
            let wish = texts.belief(&told.words.wish(&sentence, &told.frequent)?)?;
            for (strength, reached) in strengths.iter().zip(&mut wished) {
                let belief: Vec<f32> = wish
                    .iter()
                    .zip(&nothing)
                    .map(|(wish, nothing)| nothing + strength * (wish - nothing))
                    .collect();
                reached.push(ndcg(&served.scores(&served.vector(&[], &belief))?, &[], own));
            }
            popular.push(ndcg(&popularity, &[], own));
            let like = [*own.choose(&mut random).expect("a film at least")];
            let rest: Vec<u32> = own.iter().copied().filter(|film| *film != like[0]).collect();
            liked.push(ndcg(&served.scores(&served.vector(&like, &[]))?, &like, &rest));
            anybody_like.push(ndcg(&served.scores(&served.vector(&like, &anybody))?, &like, &rest));
            with_like.push(ndcg(&served.scores(&served.vector(&like, &wish))?, &like, &rest));
            hidden_popular.push(ndcg(&popularity, &like, &rest));
        }
    }
    for (strength, wished) in strengths.iter().zip(&wished) {
        let named = if *strength == 1.0 { String::new() } else { format!(", {strength} times") };
        table.compare(format!("one sentence{named} / popularity"), wished, &popular, 1.0);
    }
    table.compare("one sentence / one like", &wished[0], &liked, 1.0);
    table.compare("a sentence and one like / anybody's prior and one like", &with_like, &anybody_like, 1.0);
    Ok(())
}

/// Names the two genres that a person's films have oftenest, beside what all films have.
fn sentence(told: &Told, own: &[u32]) -> String {
    let genres = &told.data.catalog.tags["genres"];
    let part = |of: &mut dyn Iterator<Item = usize>| {
        let mut counts = vec![0f64; genres.vocabulary.len()];
        let mut films = 0.0;
        for film in of {
            films += 1.0;
            genres.codes[film].iter().for_each(|&genre| counts[genre as usize] += 1.0);
        }
        counts.into_iter().map(|count| count / films).collect::<Vec<f64>>()
    };
    let all = part(&mut (0..told.data.items()));
    let theirs = part(&mut own.iter().map(|&film| film as usize));
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| (theirs[b] - all[b]).total_cmp(&(theirs[a] - all[a])));
    format!("I like {} and {} films", genres.vocabulary[order[0]], genres.vocabulary[order[1]])
}
