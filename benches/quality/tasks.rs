//! The tasks, each as those who published the anchors did it.

use crate::measure::{ageless, means, only, report, served, train, tuned_ease};
use crate::ncf::OneMillion;
use crate::recipes;
use crate::table::{Line, Target, mean};
use foldin::{Model, Precision, Result};
use foldin_cli::data::ItemTable;
use foldin_lab::cold_start::Features;
use foldin_lab::cold_start::crossed::content;
use foldin_lab::evaluate::baselines::Ease;
use foldin_lab::evaluate::{Judge, Ncf, Protocol, Report, Split};
use foldin_lab::train::{Interactions, bpr, ials, sgd, unobserved};

/// HR@10 and NDCG@10 of the last interaction among 99 given negatives (He et al., 2017), with genres and years learned
/// from where a catalogue is given.
pub fn ncf(data: &OneMillion, catalog: Option<&ItemTable>, seeds: u64) -> Result<[Line; 2]> {
    let ids = &data.fold.train.item_ids;
    let columns = catalog.map(|catalog| catalog.columns_for(ids));
    let content =
        columns.map(|columns| content(&Features::of(&columns, 0), &columns, ids.len())).transpose()?;
    let recipe = |seed| match &content {
        None => recipes::ncf(seed),
        Some(content) => recipes::ncf_with_content(seed, content.clone()),
    };
    let protocol = Ncf { fold: &data.fold, negatives: &data.negatives, ks: &[10] };
    let reports: Vec<Report> = (1..=seeds)
        .map(|seed| {
            let model = train(&data.fold.train, &recipe(seed), Precision::F32)?;
            report(&protocol, &ageless(&model, &data.fold))
        })
        .collect::<Result<_>>()?;
    let (task, note) = match catalog {
        None => ("MovieLens 1M, NCF protocol, dim 192", ""),
        Some(_) => ("the same, with genres and years", "without genres and years: "),
    };
    let line = |metric, anchors: &str, target| Line {
        task,
        metric,
        anchors: format!("{note}{anchors}"),
        target: Target::AtLeast(target),
        ours: means(&reports, metric),
    };
    Ok([
        line("hr@10", "irspack iALS 0.7310, MF 0.7294, NeuMF 0.7093, popularity 0.4535", 0.7310),
        line("ndcg@10", "irspack iALS 0.4521, MF 0.4523, NeuMF 0.4349, popularity 0.2543", 0.4530),
    ])
}

/// RMSE over 5 random folds.
pub fn ratings(data: &Interactions, seeds: u64) -> Result<Line> {
    let run = |seed: u64| {
        let folds = Split::KFold { folds: 5 }.folds(data, seed)?;
        let mut tally = None;
        for fold in &folds {
            let trained = sgd::train(&fold.train, &recipes::ratings(seed), &mut unobserved)?;
            let model = Model::pack(&trained.items, Precision::F32)?;
            let judge = Judge::new(fold, &[10]);
            let tally = tally.get_or_insert_with(|| judge.tally());
            judge.run(&ageless(&model, fold), tally, &|| ())?;
        }
        Ok(tally.map_or(f64::NAN, |tally| tally.report(1).metrics["rmse"].mean))
    };
    Ok(Line {
        task: "MovieLens 100K, ratings, 5 folds",
        metric: "rmse",
        anchors: "Surprise SVD 0.934, SVD++ 0.919".into(),
        target: Target::AtMost(0.910),
        ours: (1..=seeds).map(run).collect::<Result<_>>()?,
    })
}

/// A random quarter of all hidden, full ranking, learned by pairs.
pub fn pairs(data: &Interactions, seeds: u64) -> Result<[Line; 2]> {
    let mut ours = Vec::new();
    for seed in 1..=seeds {
        let fold = only(Split::Random { hidden: 0.25 }.folds(data, seed)?);
        let trained = bpr::train(&fold.train, &recipes::pairs(seed), &mut unobserved)?;
        let model = Model::pack(&trained.items, Precision::F32)?;
        ours.push(served(&Judge::new(&fold, &[10]), &model, &fold)?);
    }
    let line = |metric, anchors: &str, target| Line {
        task: "MovieLens 100K, 25 % of all hidden, BPR",
        metric,
        anchors: anchors.into(),
        target: Target::AtLeast(target),
        ours: means(&ours, metric),
    };
    Ok([line("ndcg@10", "BPR 0.442", 0.442), line("precision@10", "BPR 0.388", 0.388)])
}

/// A random quarter hidden, full ranking; and what is kept of f32's NDCG by packed rows.
pub fn quarter(data: &Interactions, split: Split, task: &'static str, seeds: u64) -> Result<Vec<Line>> {
    let regularization = tuned_ease(&only(split.folds(data, 1)?).train, split, "ndcg@10")?;
    let mut ours: [Vec<Report>; 3] = Default::default();
    let mut ease = Vec::new();
    for seed in 1..=seeds {
        let fold = only(split.folds(data, seed)?);
        let judge = Judge::new(&fold, &[10]);
        let trained = ials::train(&fold.train, &recipes::hundred_thousand(64, seed), &mut unobserved)?;
        for (reports, precision) in ours.iter_mut().zip(PACKED) {
            reports.push(served(&judge, &Model::pack(&trained.items, precision)?, &fold)?);
        }
        ease.push(report(&judge, &Ease::train(&fold.train, regularization)?)?);
    }
    let line = |metric, published: &str, target| Line {
        task,
        metric,
        anchors: format!("{published}; EASE here {:.4}", mean(&means(&ease, metric))),
        target: Target::AtLeast(target),
        ours: means(&ours[0], metric),
    };
    let kept = |at: usize, metric, target| {
        let (full, packed) = (means(&ours[0], "ndcg@10"), means(&ours[at], "ndcg@10"));
        Line {
            task,
            metric,
            anchors: "f32 rows 1".into(),
            target: Target::AtLeast(target),
            ours: packed.iter().zip(full).map(|(packed, full)| packed / full).collect(),
        }
    };
    Ok(vec![
        line("ndcg@10", "BiVAE 0.475, BPR 0.442, EASE and irspack iALS tuned on the test part 0.490", 0.485),
        line("precision@10", "BiVAE 0.412, BPR 0.388, EASE 0.428, irspack iALS 0.430", 0.425),
        kept(1, "int8 keeps", 0.999),
        kept(2, "int4 keeps", 0.993),
    ])
}

const PACKED: [Precision; 3] = [Precision::F32, Precision::Int8, Precision::Int4];

/// Unseen users; the target is what EASE reaches on the same folds.
pub fn strong(data: &Interactions, seeds: u64) -> Result<Line> {
    let split = Split::Strong { users: 0.2, given: 0.8 };
    let regularization = tuned_ease(&only(split.folds(data, 1)?).train, split, "ndcg@100")?;
    let mut ours = Vec::new();
    let mut ease = Vec::new();
    for seed in 1..=seeds {
        let fold = only(split.folds(data, seed)?);
        let judge = Judge::new(&fold, &[100]);
        let model = train(&fold.train, &recipes::one_million(192, seed), Precision::F32)?;
        ours.push(served(&judge, &model, &fold)?);
        ease.push(report(&judge, &Ease::train(&fold.train, regularization)?)?);
    }
    let ease = means(&ease, "ndcg@100");
    let by_seed: Vec<String> = ease.iter().map(|value| format!("{value:.4}")).collect();
    Ok(Line {
        task: "MovieLens 1M, strong generalisation, dim 192",
        metric: "ndcg@100",
        anchors: format!("EASE in this run {}", by_seed.join(" ")),
        target: Target::AtLeast(mean(&ease)),
        ours: means(&ours, "ndcg@100"),
    })
}
