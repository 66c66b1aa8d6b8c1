//! MovieLens 100K with titles, genres, people and sentence embeddings; parts of it; asking a model.

use foldin::model::{CatalogColumns, Factors, Tensor};
use foldin::visitor::FoldIn;
use foldin::visitor::Tower;
use foldin::{Model, Precision, Result, score};
use foldin_cli::data::{Columns, import, interactions, items, users};
use foldin_lab::cold_start::traits::TOWER;
use foldin_lab::cold_start::{Content, Features, Traits, onboarding, prior, transfer};
use foldin_lab::evaluate::metrics;
use foldin_lab::train::{Interactions, Trained, ials, unobserved};
use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::path::Path;

pub struct Data {
    pub interactions: Interactions,
    /// In the order of the interactions' items.
    pub catalog: CatalogColumns,
    /// In the order of the interactions' users.
    pub people: CatalogColumns,
    /// [items, width]
    pub embeddings: Array2<f32>,
}

impl Data {
    pub fn read(folder: &Path, embeddings: &Path) -> Result<Data> {
        let file = |end: &str| folder.join(format!("ml-100k.{end}"));
        let interactions = interactions::read(file("inter"), &Columns::default())?;
        let table = items::read(file("item"))?;
        let people = users::read(file("user"))?.columns_for(&interactions.user_ids)?.0;
        let all = import::read(embeddings, &import::Options::default())?.factors.values;
        let lines: Vec<usize> =
            interactions.item_ids.iter().map(|id| table.line(id).expect("every film has a line")).collect();
        Ok(Data {
            catalog: table.columns_for(&interactions.item_ids),
            people,
            embeddings: all.select(ndarray::Axis(0), &lines),
            interactions,
        })
    }

    pub fn items(&self) -> usize {
        self.interactions.items()
    }

    pub fn users(&self) -> usize {
        self.interactions.users()
    }

    /// The items that `user` has.
    pub fn of(&self, user: usize) -> &[u32] {
        self.interactions.matrix.row(user).0
    }

    /// The interactions of `users` with items that `keep` says yes to; users without any stay, items too.
    pub fn part(&self, users: &[usize], keep: impl Fn(u32) -> bool) -> Interactions {
        let mut chosen = vec![false; self.users()];
        users.iter().for_each(|&user| chosen[user] = true);
        let entries: Vec<(u32, u32, f32)> = self
            .interactions
            .matrix
            .iter()
            .filter(|&(user, item, _)| chosen[user as usize] && keep(item))
            .collect();
        let numbered: Vec<(u32, u32, f32)> = entries.iter().map(|&(u, i, _)| (u, i, 1.0)).collect();
        let ids = (&self.interactions.user_ids, &self.interactions.item_ids);
        Interactions::from_entries(ids.0.clone(), ids.1.clone(), &numbered, None)
    }
}

/// A fifth of `0..count`, and the rest.
pub fn fifth(count: usize, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let rest = order.split_off(count / 5);
    (order, rest)
}

/// The recipe that the quality bench tuned for MovieLens 100K at dim 64.
pub fn train(interactions: &Interactions) -> Result<Trained> {
    let options = ials::Options {
        dim: 64,
        epochs: 16,
        unobserved_weight: 0.4,
        regularization: 0.015,
        ..ials::Options::default()
    };
    ials::train(interactions, &options, &mut unobserved)
}

/// A packed model that answers by the items' numbers in [`Data`].
pub struct Served {
    pub model: Model,
    /// By item.
    pub rows: Vec<u32>,
}

impl Served {
    pub fn new(factors: &Factors) -> Result<Served> {
        let model = Model::pack(factors, Precision::Int8)?;
        let ids = factors.ids.as_ref().expect("trained on ids");
        let rows = ids.iter().map(|id| model.find(id)).collect::<Result<_>>()?;
        Ok(Served { model, rows })
    }

    /// Every item's score, by item.
    pub fn scores(&self, vector: &[f32]) -> Result<Vec<f32>> {
        let by_row = score::scores(&self.model, vector)?;
        Ok(self.rows.iter().map(|&row| by_row[row as usize]).collect())
    }

    /// The vector of a visitor who has these items; of whom `prior` is believed.
    pub fn vector(&self, items: &[u32], prior: &[f32]) -> Vec<f32> {
        let mut visitor = FoldIn::believing(&self.model, prior);
        for &item in items {
            let row = self.rows[item as usize];
            visitor.add(&self.model, &foldin::visitor::Observation { item: row, target: 1.0, weight: 1.0 });
        }
        visitor.solve(&self.model).vector().to_vec()
    }
}

/// NDCG@10 of `scores` [items] among the items that are not `given`; `hidden` are relevant.
pub fn ndcg(scores: &[f32], given: &[u32], hidden: &[u32]) -> f64 {
    let mut order: Vec<u32> = (0..scores.len() as u32).filter(|item| !given.contains(item)).collect();
    order.sort_by(|&a, &b| scores[b as usize].total_cmp(&scores[a as usize]));
    order.truncate(10);
    let hits: Vec<bool> = order.iter().map(|item| hidden.contains(item)).collect();
    metrics::ndcg(&hits, 10, hidden.len())
}

/// Width of the user tower's hidden layer, as it is unless told.
const HIDDEN: usize = 128;

/// What all rooms together may take of a model's file.
const MOST: f64 = 0.3;

/// Prints what each room adds to a model of everything, and from how many items on that is at most [`MOST`]: what rooms
/// take does not grow with the items. (A two-tower model has a tower in the place of traits and transfer.)
pub fn bytes(data: &Data) -> Result<()> {
    let everybody: Vec<usize> = (0..data.users()).collect();
    let Trained { mut items, users, .. } = train(&data.part(&everybody, |_| true))?;
    items.catalog = data.catalog.clone();
    let plain = Model::pack(&items, Precision::Int8)?.bytes().len();
    let leanings = prior::leanings(&data.interactions, items.values.view());
    let features = Features::of(&data.catalog, data.embeddings.ncols());
    let encoded = features.encode_all(&data.catalog, data.items(), Some(data.embeddings.view()))?;
    let counts = data.interactions.item_counts();
    let of_people = Features::of(&data.people, 0);
    let people = of_people.encode_all(&data.people, data.users(), None)?;
    let inputs = items.values.ncols() + of_people.width() + 1;
    let [first, second] = [(inputs, HIDDEN), (HIDDEN + 1, items.values.ncols())].map(Array2::<f32>::zeros);
    let mut tower = Tower::new(first, second).tensors()?;
    tower.extend(of_people.tensors(TOWER));
    let rooms: [(&str, Vec<Tensor>); 6] = [
        ("prior", vec![prior::tensor(&prior::mean(leanings.view()))]),
        ("onboarding", onboarding::tensors(leanings.view())?),
        ("content map", Content::learn(features, encoded.view(), items.values.view(), &counts).tensors()?),
        ("traits", Traits::learn(of_people, people.view(), leanings.view()).tensors()?),
        ("transfer", transfer::by_ridge(users.view(), leanings.view())?.tensors()?),
        ("tower", tower),
    ];
    println!("\nbytes added to a model of {plain} bytes (int8, dim 64, catalogue):");
    let mut sum = 0;
    for (name, tensors) in rooms {
        let added: usize = tensors.iter().map(Tensor::byte_len).sum();
        sum += added;
        println!("{name:16} {added:>8} {:>6.1} %", 100.0 * added as f64 / plain as f64);
    }
    println!("{:16} {sum:>8} {:>6.1} %", "together", 100.0 * sum as f64 / plain as f64);
    let enough = sum as f64 / MOST * data.items() as f64 / plain as f64;
    println!("at most {:.0} % from {enough:.0} items of this kind on", 100.0 * MOST);
    Ok(())
}
