//! New visitors: a fifth of the people, who were not trained on.

use crate::SPLITS;
use crate::data::{Data, Served, fifth, ndcg, train};
use crate::table::Table;
use foldin::Result;
use foldin::model::Algorithm;
use foldin_lab::cold_start::{Features, Onboarding, Traits, onboarding, prior, trend};
use foldin_lab::train::{Interactions, Trained, next, unobserved};
use ndarray::Axis;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

struct Split {
    judged: Vec<usize>,
    others: Vec<usize>,
    train: Interactions,
    popularity: Vec<f32>,
}

impl Split {
    fn new(data: &Data, seed: u64) -> Split {
        let (judged, others) = fifth(data.users(), seed);
        let train = data.part(&others, |_| true);
        let popularity = train.item_counts().into_iter().map(|count| count as f32).collect();
        Split { judged, others, train, popularity }
    }
}

/// All films of people of whom nothing but age, gender and occupation is known; and with a few events as well.
pub fn traits(data: &Data, table: &mut Table) -> Result<()> {
    let features = Features::of(&data.people, 0);
    let encoded = features.encode_all(&data.people, data.users(), None)?;
    let mut first: [Vec<f64>; 2] = Default::default();
    let mut later: Vec<[Vec<f64>; 3]> = vec![Default::default(); EVENTS.len()];
    for seed in SPLITS {
        let split = Split::new(data, seed);
        let factors = train(&split.train)?.items;
        let leanings = prior::leanings(&split.train, factors.values.view()).select(Axis(0), &split.others);
        let traits =
            Traits::learn(features.clone(), encoded.select(Axis(0), &split.others).view(), leanings.view());
        let anybody = prior::mean(leanings.view()).to_vec();
        let served = Served::new(&factors)?;
        for &user in &split.judged {
            let own = data.of(user);
            let belief = traits.prior_of_encoded(&encoded.row(user).to_vec());
            first[0].push(ndcg(&served.scores(&served.vector(&[], &belief))?, &[], own));
            first[1].push(ndcg(&split.popularity, &[], own));
            let mut order = own.to_vec();
            order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed * 1000 + user as u64));
            for (&count, reached) in EVENTS.iter().zip(&mut later) {
                let (given, hidden) = order.split_at(count.min(order.len() - 1));
                for (reached, prior) in reached.iter_mut().zip([&belief[..], &anybody, &[]]) {
                    reached.push(ndcg(&served.scores(&served.vector(given, prior))?, given, hidden));
                }
            }
        }
    }
    table.compare("new visitors, traits only / popularity", &first[0], &first[1], 1.0);
    for (count, [traits, anybody, without]) in EVENTS.iter().zip(&later) {
        table.compare(
            format!("after {count} events, prior of traits / prior of anybody"),
            traits,
            anybody,
            1.0,
        );
        table.compare(format!("after {count} events, prior of anybody / no prior"), anybody, without, 1.0);
    }
    Ok(())
}

/// What is trending when a person comes for the first time, for all films that they will have; the rival is what most
/// people have had by then.
pub fn trending(data: &Data, table: &mut Table) -> Result<()> {
    let times = data.interactions.times.as_ref().expect("MovieLens has times");
    let matrix = &data.interactions.matrix;
    let users: Vec<u32> = matrix.iter().map(|(user, _, _)| user).collect();
    let [mut trending, mut popular] = <[Vec<f64>; 2]>::default();
    for seed in SPLITS {
        let Split { judged, others, .. } = Split::new(data, seed);
        let mut known = vec![false; data.users()];
        others.iter().for_each(|&user| known[user] = true);
        for &user in &judged {
            let own = &times[matrix.offsets[user]..matrix.offsets[user + 1]];
            let first = own.iter().copied().fold(f64::INFINITY, f64::min);
            let before = data.interactions.filter(|at| known[users[at] as usize] && times[at] < first);
            let Some(trends) = trend::trends(&before, HALF_LIFE).filter(|_| before.matrix.entries() > 0)
            else {
                continue; // the very first visitor: nothing is known of anything
            };
            let trends: Vec<f32> = trends.into_iter().map(f32::from).collect();
            let counts: Vec<f32> = before.item_counts().into_iter().map(|count| count as f32).collect();
            trending.push(ndcg(&trends, &[], data.of(user)));
            popular.push(ndcg(&counts, &[], data.of(user)));
        }
    }
    table.compare("first visit, trending / popularity so far", &trending, &popular, 1.0);
    Ok(())
}

/// Days, as `foldin train` has it unless told.
const HALF_LIFE: f64 = 30.0;

const EVENTS: [usize; 4] = [1, 3, 10, 20];

/// Questions asked, and how each film is chosen. Half of a person's films, at random, are what they can say yes to;
/// the other half must be found, among all that are not in the first. The most popular films are the rival.
pub fn onboarding(data: &Data, table: &mut Table) -> Result<()> {
    for algorithm in [Algorithm::Ials, Algorithm::Next] {
        let mut asked: [[Vec<f64>; 2]; QUESTIONS.len()] = Default::default();
        let mut said = asked.clone();
        for seed in SPLITS {
            let split = Split::new(data, seed);
            let (served, belief) = asking(data, &split, algorithm)?;
            let items_of = by_row(&served);
            let telling = Onboarding::new(served.model.room())?.questions(MOST);
            let telling: Vec<u32> = telling.iter().map(|&row| items_of[row as usize]).collect();
            let mut popular: Vec<u32> = (0..data.items() as u32).collect();
            popular.sort_by(|&a, &b| split.popularity[b as usize].total_cmp(&split.popularity[a as usize]));
            for &user in &split.judged {
                let mut own = data.of(user).to_vec();
                own.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed * 1000 + user as u64));
                let (can_say, hidden) = own.split_at(own.len() / 2);
                for (way, questions) in [&telling, &popular].into_iter().enumerate() {
                    let reached = |yes: &[u32]| -> Result<f64> {
                        Ok(ndcg(&served.scores(&served.vector(yes, &belief))?, can_say, hidden))
                    };
                    let yes = |count: usize| -> Vec<u32> {
                        questions[..count].iter().filter(|item| can_say.contains(item)).copied().collect()
                    };
                    let all_yes = yes(MOST);
                    for (at, &count) in QUESTIONS.iter().enumerate() {
                        asked[at][way].push(reached(&yes(count))?);
                        said[at][way].push(reached(&all_yes[..count.min(all_yes.len())])?);
                    }
                }
            }
        }
        for (what, measured) in [("questions asked", &asked), ("films said yes to", &said)] {
            for (count, [telling, popular]) in QUESTIONS.iter().zip(measured) {
                let name = algorithm.name();
                let row = format!("onboarding, {name}, {count} {what} / the most popular films");
                table.compare(row, telling, popular, 1.0);
            }
        }
    }
    Ok(())
}

/// A model that asks, and what it believes of anybody.
fn asking(data: &Data, split: &Split, algorithm: Algorithm) -> Result<(Served, Vec<f32>)> {
    let Trained { mut items, .. } = match algorithm {
        Algorithm::Next => {
            let users: Vec<u32> = data.interactions.matrix.iter().map(|(user, _, _)| user).collect();
            let ordered = data.interactions.filter(|at| split.others.contains(&(users[at] as usize)));
            next::train(&ordered, &next::Options::default(), &mut unobserved)?
        }
        _ => train(&split.train)?,
    };
    let leanings = prior::leanings(&split.train, items.values.view()).select(Axis(0), &split.others);
    items.rooms.extend(onboarding::tensors(leanings.view())?);
    items.metadata.insert("users".into(), split.others.len().to_string());
    let belief = match algorithm {
        Algorithm::Next => Vec::new(),
        _ => prior::mean(leanings.view()).to_vec(),
    };
    Ok((Served::new(&items)?, belief))
}

const QUESTIONS: [usize; 3] = [1, 3, 5];

/// Nobody is asked more.
const MOST: usize = 60;

/// The item in each row.
fn by_row(served: &Served) -> Vec<u32> {
    let mut items = vec![0; served.rows.len()];
    served.rows.iter().zip(0..).for_each(|(&row, item)| items[row as usize] = item);
    items
}
