//! Two halves of the catalogue by genre, as if they were two shops. Judged are a fifth of the people, known from
//! the first half only: what they have in the second must be found at their first visit there.

use crate::SPLITS;
use crate::data::{Data, Served, fifth, ndcg, train};
use crate::table::Table;
use foldin::Result;
use foldin_lab::cold_start::{Content, Features, Transfer, transfer};
use foldin_lab::train::Interactions;
use ndarray::{Array2, ArrayView1, Axis};

pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    let first = first_half(data);
    let [mut ridge, mut procrustes, mut features, mut popular] = <[Vec<f64>; 4]>::default();
    for seed in SPLITS {
        let (judged, others) = fifth(data.users(), seed);
        let halves = [true, false].map(|half| data.part(&others, |item| first[item as usize] == half));
        let models = [train(&halves[0])?.items, train(&halves[1])?.items];
        let [there, here] = [Served::new(&models[0])?, Served::new(&models[1])?];
        let shared: Vec<usize> = others.iter().copied().filter(|&user| in_both(&halves, user)).collect();
        let theirs: Vec<f32> =
            shared.iter().flat_map(|&user| there.vector(halves[0].matrix.row(user).0, &[])).collect();
        let theirs =
            Array2::from_shape_vec((shared.len(), there.model.dim()), theirs).expect("a vector each");
        let ours: Vec<f32> =
            shared.iter().flat_map(|&user| here.vector(halves[1].matrix.row(user).0, &[])).collect();
        let ours = Array2::from_shape_vec((shared.len(), here.model.dim()), ours).expect("a vector each");
        let ways = [
            (&mut ridge, transfer::by_ridge(theirs.view(), ours.view())?),
            (&mut procrustes, transfer::by_procrustes(theirs.view(), ours.view())?),
            (
                &mut features,
                by_features(data, &first, &models, ours.mean_axis(Axis(0)).expect("people").view())?,
            ),
        ];
        let counts: Vec<f32> = halves[1].item_counts().into_iter().map(|count| count as f32).collect();
        let elsewhere: Vec<u32> = (0..data.items() as u32).filter(|&item| first[item as usize]).collect();
        let split =
            |user: usize| data.of(user).iter().partition::<Vec<u32>, _>(|&&item| first[item as usize]);
        let people: Vec<(Vec<u32>, Vec<u32>)> = judged.iter().map(|&user| split(user)).collect();
        let people = || people.iter().filter(|(given, hidden)| !given.is_empty() && !hidden.is_empty());
        for (reached, transfer) in ways {
            for (given, hidden) in people() {
                let belief = transfer.prior(&there.vector(given, &[]))?;
                reached.push(ndcg(&here.scores(&here.vector(&[], &belief))?, &elsewhere, hidden));
            }
        }
        popular.extend(people().map(|(_, hidden)| ndcg(&counts, &elsewhere, hidden)));
    }
    table.compare("transfer by shared users, ridge / popularity, at least 1.2 x", &ridge, &popular, 1.2);
    table.compare("transfer by shared users, Procrustes / popularity", &procrustes, &popular, 1.0);
    table.compare("transfer by shared features / popularity", &features, &popular, 1.0);
    Ok(())
}

fn in_both(halves: &[Interactions; 2], user: usize) -> bool {
    halves.iter().all(|half| !half.matrix.row(user).0.is_empty())
}

fn by_features(
    data: &Data,
    first: &[bool],
    models: &[foldin::model::Factors; 2],
    anybody: ArrayView1<'_, f32>,
) -> Result<Transfer> {
    let side = |half: bool| -> Vec<usize> { (0..data.items()).filter(|&item| first[item] == half).collect() };
    let features = Features::of(&data.catalog, data.embeddings.ncols());
    let encoded = features.encode_all(&data.catalog, data.items(), Some(data.embeddings.view()))?;
    let (there, here) = (side(true), side(false));
    let counts = models[0].counts.as_ref().expect("trained");
    let counts: Vec<u32> = there.iter().map(|&item| counts[item]).collect();
    let factors = models[0].values.select(Axis(0), &there);
    let content = Content::learn(features, encoded.select(Axis(0), &there).view(), factors.view(), &counts);
    let ours = models[1].values.select(Axis(0), &here);
    transfer::by_features(&content, encoded.select(Axis(0), &here).view(), ours.view(), anybody)
}

/// Which films are in the first half: whole genres, by the film's first one, dealt out so that both halves have as
/// many interactions.
fn first_half(data: &Data) -> Vec<bool> {
    let genres = &data.catalog.tags["genres"];
    let counts = data.interactions.item_counts();
    let genre = |item: usize| genres.codes[item].first().map_or(0, |&code| code as usize);
    let mut weights = vec![0; genres.vocabulary.len()];
    (0..data.items()).for_each(|item| weights[genre(item)] += counts[item]);
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&genre| std::cmp::Reverse(weights[genre]));
    let (mut first, mut balance) = (vec![false; weights.len()], 0i64);
    for genre in order {
        first[genre] = balance <= 0;
        balance += if first[genre] { i64::from(weights[genre]) } else { -i64::from(weights[genre]) };
    }
    (0..data.items()).map(|item| first[genre(item)]).collect()
}
