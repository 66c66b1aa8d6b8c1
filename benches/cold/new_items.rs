//! New items: a fifth of the films is never trained on and gets its factors from its features. Judged are a fifth
//! of the people, who were not trained on either: all their other films are given, and their new ones must be
//! found, among all films that are not given and among the new ones alone.

use crate::SPLITS;
use crate::data::{Data, Served, fifth, ndcg, train};
use crate::table::Table;
use foldin::{Error, Result};
use foldin_lab::cold_start::{Content, Features};
use foldin_lab::train::Interactions;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::fmt::Write;
use std::path::Path;

struct Split {
    new: Vec<bool>,
    judged: Vec<usize>,
    train: Interactions,
}

impl Split {
    fn new(data: &Data, seed: u64) -> Split {
        let (new_items, _) = fifth(data.items(), seed);
        let (judged, others) = fifth(data.users(), seed + 100);
        let mut new = vec![false; data.items()];
        new_items.iter().for_each(|&item| new[item] = true);
        Split { train: data.part(&others, |item| !new[item as usize]), new, judged }
    }

    /// What is given of a judged user, and what is hidden.
    fn of(&self, data: &Data, user: usize) -> (Vec<u32>, Vec<u32>) {
        data.of(user).iter().partition(|&&item| !self.new[item as usize])
    }
}

/// The splits for LightFM, and the features that both read.
pub fn write(data: &Data, folder: &Path) -> Result<()> {
    let write = |name: String, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(Error::io(&path))
    };
    let features = Features::of(&data.catalog, data.embeddings.ncols());
    let encoded = features.encode_all(&data.catalog, data.items(), Some(data.embeddings.view()))?;
    let mut text = String::new();
    for row in encoded.rows() {
        let numbers: Vec<String> = row.iter().map(f32::to_string).collect();
        text.push_str(&numbers.join(","));
        text.push('\n');
    }
    write("features.csv".into(), &text)?;
    for seed in SPLITS {
        let split = Split::new(data, seed);
        let mut files = ["train", "given", "new"].map(|name| (name, String::from("user,item\n")));
        let mut add = |file: usize, user: usize, item: u32| {
            writeln!(files[file].1, "{user},{item}").expect("a string takes all");
        };
        split.train.matrix.iter().for_each(|(user, item, _)| add(0, user as usize, item));
        for &user in &split.judged {
            let (given, hidden) = split.of(data, user);
            given.into_iter().for_each(|item| add(1, user, item));
            hidden.into_iter().for_each(|item| add(2, user, item));
        }
        let new = (0..data.items()).filter(|&item| split.new[item]).map(|item| item.to_string());
        write(format!("items-{seed}.csv"), &new.collect::<Vec<_>>().join("\n"))?;
        files.into_iter().try_for_each(|(name, text)| write(format!("{name}-{seed}.csv"), &text))?;
    }
    Ok(())
}

/// NDCG@10 of each judged user: among all films not given, and among the new ones.
#[derive(Default)]
struct Reached {
    among_all: Vec<f64>,
    among_new: Vec<f64>,
}

pub fn measure(data: &Data, lightfm: Option<&Path>, table: &mut Table) -> Result<()> {
    let [mut ours, mut by_genres, mut chance] = <[Reached; 3]>::default();
    let mut popularity = Vec::new();
    for seed in SPLITS {
        let split = Split::new(data, seed);
        let known: Vec<u32> = (0..data.items() as u32).filter(|&item| !split.new[item as usize]).collect();
        let counts = split.train.item_counts();
        let full = with_new_items(data, &split, true)?;
        let genres = with_new_items(data, &split, false)?;
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        for &user in &split.judged {
            let (given, hidden) = split.of(data, user);
            if given.is_empty() || hidden.is_empty() {
                continue;
            }
            let judge = |reached: &mut Reached, scores: Vec<f32>| {
                reached.among_all.push(ndcg(&scores, &given, &hidden));
                reached.among_new.push(ndcg(&scores, &known, &hidden));
            };
            judge(&mut ours, full.scores(&full.vector(&given, &[]))?);
            judge(&mut by_genres, genres.scores(&genres.vector(&given, &[]))?);
            judge(&mut chance, (0..data.items()).map(|_| random.random::<f32>()).collect());
            let popular: Vec<f32> = counts.iter().map(|&count| count as f32).collect();
            popularity.push(ndcg(&popular, &given, &hidden));
        }
    }
    let rows = [
        ("among all", &ours.among_all, &chance.among_all),
        ("among the new", &ours.among_new, &chance.among_new),
    ];
    for (among, ours, chance) in rows {
        table.compare(format!("new items {among}, titles and genres / chance"), ours, chance, 1.0);
    }
    table.compare("new items among all, titles and genres / popularity", &ours.among_all, &popularity, 1.0);
    table.compare(
        "new items among all, titles and genres / genres and year only",
        &ours.among_all,
        &by_genres.among_all,
        1.0,
    );
    table.compare(
        "new items among the new, titles and genres / genres and year only",
        &ours.among_new,
        &by_genres.among_new,
        1.0,
    );
    let Some(lightfm) = lightfm else { return Ok(()) };
    let text = std::fs::read_to_string(lightfm).map_err(Error::io(lightfm))?;
    let scores: std::collections::BTreeMap<String, f64> =
        serde_json::from_str(&text).expect("as lightfm_peer.py wrote it");
    for (name, rival) in scores {
        let reached = if name == "among all" { &by_genres.among_all } else { &by_genres.among_new };
        let mean = reached.iter().sum::<f64>() / reached.len() as f64;
        table.means(format!("new items {name}, genres and year / LightFM"), mean, rival);
    }
    Ok(())
}

/// The model of the known films with the new ones added, as the page adds them.
fn with_new_items(data: &Data, split: &Split, with_embeddings: bool) -> Result<Served> {
    let mut factors = train(&split.train)?.items;
    let embeddings = with_embeddings.then(|| data.embeddings.view());
    let features = Features::of(&data.catalog, embeddings.map_or(0, |e| e.ncols()));
    let encoded = features.encode_all(&data.catalog, data.items(), embeddings)?;
    let known: Vec<usize> = (0..data.items()).filter(|&item| !split.new[item]).collect();
    let counts = factors.counts.as_ref().expect("trained");
    let known_counts: Vec<u32> = known.iter().map(|&item| counts[item]).collect();
    let select = |rows: &ndarray::Array2<f32>| rows.select(ndarray::Axis(0), &known);
    let content =
        Content::learn(features, select(&encoded).view(), select(&factors.values).view(), &known_counts);
    for item in (0..data.items()).filter(|&item| split.new[item]) {
        let factor = content.factor_of_encoded(&encoded.row(item).to_vec());
        factors.values.row_mut(item).assign(&ndarray::arr1(&factor));
    }
    Served::new(&factors)
}
