//! New films by their texts alone: a fifth of the films is never trained on, as in the bench of cold start; its rivals are the
//! teacher's embeddings beside genres and year, and these alone.

use crate::Told;
use crate::data::{Data, Served, fifth, ndcg, train};
use crate::table::Table;
use foldin::Result;
use foldin_lab::cold_start::texts::Learned;
use foldin_lab::cold_start::{Content, Features, Texts};
use ndarray::{Array2, Axis};
use std::ops::Range;

pub fn measure(told: &Told, splits: Range<u64>, table: &mut Table) -> Result<()> {
    let data = &told.data;
    let mut reached: [[Vec<f64>; 2]; 3] = Default::default();
    for seed in splits {
        let (new, _) = fifth(data.items(), seed);
        let (judged, others) = fifth(data.users(), seed + 100);
        let mut is_new = vec![false; data.items()];
        new.iter().for_each(|&film| is_new[film] = true);
        let trained = train(&data.part(&others, |film| !is_new[film as usize]))?.items;
        let known: Vec<usize> = (0..data.items()).filter(|&film| !is_new[film]).collect();
        let counts = trained.counts.as_ref().expect("trained");
        let counts: Vec<u32> = known.iter().map(|&film| counts[film]).collect();
        let factors = trained.values.select(Axis(0), &known);
        let learned = Learned { factors: factors.view(), counts: &counts, leanings: None };
        let texts = Texts::learn(told.said(&known), learned);
        let by_words = |film: usize| texts.factor(&told.inputs.row(film).to_vec());
        let [teacher, genres] = [true, false]
            .map(|with| content(data, &known, &factors, &counts, with.then_some(&data.embeddings)));
        let (teacher, genres) = (teacher?, genres?);
        let by: [&dyn Fn(usize) -> Result<Vec<f32>>; 3] = [&by_words, &teacher, &genres];
        for (by, reached) in by.into_iter().zip(&mut reached) {
            let mut factors = trained.clone();
            for &film in &new {
                factors.values.row_mut(film).assign(&ndarray::arr1(&by(film)?));
            }
            let served = Served::new(&factors)?;
            let known: Vec<u32> = known.iter().map(|&film| film as u32).collect();
            for &user in &judged {
                let (given, hidden): (Vec<u32>, Vec<u32>) =
                    data.of(user).iter().partition(|&&film| !is_new[film as usize]);
                if given.is_empty() || hidden.is_empty() {
                    continue;
                }
                let scores = served.scores(&served.vector(&given, &[]))?;
                reached[0].push(ndcg(&scores, &given, &hidden));
                reached[1].push(ndcg(&scores, &known, &hidden));
            }
        }
    }
    let [words, teacher, genres] = &reached;
    for (among, at) in [("among all", 0), ("among the new", 1)] {
        table.compare(
            format!("new films {among}, words / the teacher's, genres and year"),
            &words[at],
            &teacher[at],
            0.95,
        );
        table.compare(format!("new films {among}, words / genres and year"), &words[at], &genres[at], 1.0);
    }
    Ok(())
}

/// The factor of a film by its genres and year, and an embedding where there are some.
fn content<'a>(
    data: &'a Data,
    known: &[usize],
    factors: &Array2<f32>,
    counts: &[u32],
    embeddings: Option<&Array2<f32>>,
) -> Result<impl Fn(usize) -> Result<Vec<f32>> + 'a> {
    let features = Features::of(&data.catalog, embeddings.map_or(0, |embeddings| embeddings.ncols()));
    let encoded =
        features.encode_all(&data.catalog, data.items(), embeddings.map(|embeddings| embeddings.view()))?;
    let content = Content::learn(features, encoded.select(Axis(0), known).view(), factors.view(), counts);
    Ok(move |film: usize| Ok(content.factor_of_encoded(&encoded.row(film).to_vec())))
}
