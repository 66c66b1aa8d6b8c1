//! Experiments.
#![allow(missing_docs)]
use foldin_cli::data::{Columns, interactions};
use foldin_lab::train::{Interactions, next, unobserved};
use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
fn num<T: std::str::FromStr>(name: &str, default: T) -> T {
    env(name).and_then(|v| v.parse().ok()).unwrap_or(default)
}

struct Model {
    dim: usize,
    rows: Vec<f32>,
    biases: Vec<f32>,
    weights: Vec<f32>,
}
impl Model {
    fn vector(&self, events: &[u32]) -> Vec<f32> {
        let mut out = vec![0f64; self.dim];
        let mut sum = 1f64;
        for (d, &x) in events.iter().rev().enumerate() {
            let w = f64::from(self.weights[d.min(self.weights.len() - 1)]);
            sum += w;
            for (o, v) in out.iter_mut().zip(&self.rows[x as usize * self.dim..][..self.dim]) {
                *o += w * f64::from(*v);
            }
        }
        out.iter().map(|v| (v / sum.sqrt()) as f32).collect()
    }
    fn rank(&self, events: &[u32], target: u32, skip: bool) -> usize {
        let u = self.vector(events);
        let score = |i: usize| {
            self.biases[i]
                + self.rows[i * self.dim..][..self.dim].iter().zip(&u).map(|(a, b)| a * b).sum::<f32>()
        };
        let found = score(target as usize);
        let mut above = (0..self.biases.len()).filter(|&i| score(i) > found).count();
        if skip {
            let mut e = events.to_vec();
            e.sort();
            e.dedup();
            above -= e.iter().filter(|&&i| score(i as usize) > found).count();
        }
        above
    }
}

fn options() -> next::Options {
    let d = next::Options::default();
    next::Options {
        dim: num("DIM", d.dim),
        epochs: num("EPOCHS", d.epochs),
        places: num("PLACES", d.places),
        batch: num("BATCH", d.batch),
        negatives: env("NEG").map(|v| v.parse().unwrap()),
        learning_rate: num("RATE", d.learning_rate),
        dropout: num("DROP", d.dropout),
        regularization: num("REG", d.regularization),
        patience: num("PATIENCE", d.patience),
        seed: num("SEED", 1),
        ..d
    }
}

fn fit(data: &Interactions) -> Model {
    let start = Instant::now();
    let t = next::train(data, &options(), &mut unobserved).unwrap();
    eprintln!("trained in {:.1} s", start.elapsed().as_secs_f64());
    let bytes = foldin::Model::pack(&t.items, foldin::Precision::F32).unwrap();
    let _ = bytes;
    let weights = {
        // the room
        let model = foldin::Model::pack(&t.items, foldin::Precision::F32).unwrap();
        let raw = model.bytes();
        let st = safetensors(raw, "next.weights");
        st
    };
    eprintln!("weights {:?} tail {:?}", &weights[..weights.len().min(10)], weights.last());
    Model {
        dim: t.items.values.ncols(),
        rows: t.items.values.iter().copied().collect(),
        biases: t.items.biases.clone().unwrap(),
        weights,
    }
}
fn safetensors(raw: &[u8], name: &str) -> Vec<f32> {
    let n = u64::from_le_bytes(raw[..8].try_into().unwrap()) as usize;
    let h: serde_json::Value = serde_json::from_slice(&raw[8..8 + n]).unwrap();
    let o = &h[name]["data_offsets"];
    let (a, b) = (o[0].as_u64().unwrap() as usize, o[1].as_u64().unwrap() as usize);
    raw[8 + n + a..8 + n + b].chunks(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect()
}

fn leave(data: &Interactions, drop_two: bool) {
    let all = data.sequences().unwrap();
    let cut = if drop_two { 2 } else { 1 };
    let mut entries = vec![];
    let mut times = vec![];
    for u in 0..all.users() {
        let s = all.of(u);
        for (k, &i) in s[..s.len().saturating_sub(cut)].iter().enumerate() {
            entries.push((u as u32, i, 1.0));
            times.push(k as f64);
        }
    }
    let train =
        Interactions::from_entries(data.user_ids.clone(), data.item_ids.clone(), &entries, Some(&times));
    let m = fit(&train);
    let (mut hr, mut ndcg, mut n) = (0.0, 0.0, 0.0);
    for u in 0..all.users() {
        let s = all.of(u);
        if s.len() < 3 {
            continue;
        }
        let r = m.rank(&s[..s.len() - 1], s[s.len() - 1], true);
        n += 1.0;
        if r < 10 {
            hr += 1.0;
            ndcg += 1.0 / (r as f64 + 2.0).log2();
        }
    }
    println!("TEST HR@10 {:.4} NDCG@10 {:.4}", hr / n, ndcg / n);
}

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let path = Path::new(&path);
    let columns = Columns::default();
    if path.join("train.tsv.gz").exists() {
        let data = interactions::read(path.join("train.tsv.gz"), &columns).unwrap();
        let test = interactions::read(path.join("test.tsv.gz"), &columns).unwrap();
        let m = fit(&data);
        let ids: HashMap<_, _> = data.item_ids.iter().zip(0u32..).collect();
        let s = test.sequences().unwrap();
        let (mut hr, mut mrr, mut n) = (0.0, 0.0, 0.0);
        for u in 0..s.users() {
            let e: Vec<u32> =
                s.of(u).iter().filter_map(|&i| ids.get(&test.item_ids[i as usize]).copied()).collect();
            for t in 1..e.len() {
                let r = m.rank(&e[..t], e[t], false);
                n += 1.0;
                if r < 20 {
                    hr += 1.0;
                    mrr += 1.0 / (r as f64 + 1.0);
                }
            }
        }
        println!("TEST {n} HR@20 {:.4} MRR@20 {:.4}", hr / n, mrr / n);
    } else {
        let file = ["interactions.csv.gz", "ml-100k.inter"]
            .map(|f| path.join(f))
            .into_iter()
            .find(|f| f.exists())
            .unwrap();
        let data = interactions::read(file, &columns).unwrap();
        leave(&data, env("TWO").is_some());
    }
}
