//! Metrics against scikit-learn's numbers, published examples and arithmetic done elsewhere.
//!
//! The expected numbers come from scikit-learn 1.9.1 and NumPy, with `scores`, `given` and `hidden` as below;
//! for each user `c` is the items not given, `y` whether each is hidden, `s` its score, and `top` marks the k
//! best of `s`. Values are means over the four users.

use foldin::Result;
use foldin_lab::evaluate::baselines::{Ease, ItemKnn, Popularity};
use foldin_lab::evaluate::{Fold, Given, Judge, Ncf, Protocol, Ranker, Report, Tally, beyond, metrics};
use foldin_lab::train::{Csr, Interactions};

const SCORES: [[f32; 12]; 4] = [
    [0.0, 0.3, -0.27, -0.89, -0.45, -0.99, 0.06, 1.34, -0.49, -0.62, 0.49, 0.36],
    [0.11, -0.93, -0.03, 0.7, -1.34, -0.46, -1.9, -1.29, -1.84, -0.24, -1.27, 0.27],
    [0.16, -0.19, -2.52, -0.54, -0.05, 0.11, -1.53, -0.48, -0.98, -0.83, 1.06, -0.81],
    [-0.03, 0.88, -0.58, -0.11, 0.11, 0.06, -1.23, 0.08, 1.36, -1.55, 0.86, 0.12],
];
const GIVEN: [&[u32]; 4] = [&[0, 3], &[1], &[2, 5, 7], &[4]];
const HIDDEN: [&[u32]; 4] = [&[1, 5, 8], &[0], &[1, 3, 6, 11], &[2, 10]];
const HIDDEN_VALUES: [&[f32]; 4] = [&[4.0, 5.0, 3.0], &[2.0], &[1.0, 5.0, 4.0, 3.0], &[2.5, 3.5]];

/// Knows its users by the first item they were given.
struct Fixed;

impl Ranker for Fixed {
    fn scores(&self, given: Given<'_>) -> Result<Vec<f32>> {
        let user = GIVEN.iter().position(|items| items[0] == given.items[0]).unwrap();
        Ok(SCORES[user].iter().map(|score| score + 3.0).collect())
    }

    fn predict(&self, given: Given<'_>, items: &[u32]) -> Result<Option<Vec<f32>>> {
        let scores = self.scores(given)?;
        Ok(Some(items.iter().map(|&item| scores[item as usize]).collect()))
    }
}

fn csr(rows: &[&[u32]], values: impl Fn(usize, usize) -> f32) -> Csr {
    let entries: Vec<(u32, u32, f32)> = (rows.iter().enumerate())
        .flat_map(|(row, items)| items.iter().enumerate().map(move |(at, &item)| (row, at, item)))
        .map(|(row, at, item)| (row as u32, item, values(row, at)))
        .collect();
    Csr::from_entries(rows.len(), &entries)
}

fn fold() -> Fold {
    let given = csr(&GIVEN, |row, at| if (row, at) == (0, 0) { 1.0 } else { 5.0 });
    let names = |count: usize| (0..count).map(|at| at.to_string()).collect();
    let train = Interactions { user_ids: names(4), item_ids: names(12), matrix: given, ..Default::default() };
    Fold { given: train.clone(), train, hidden: csr(&HIDDEN, |row, at| HIDDEN_VALUES[row][at]) }
}

fn report(tally: &Tally) -> Report {
    tally.report(1)
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "found {found}, expected {expected}");
}

#[test]
fn ranking_metrics_are_scikit_learn_s() {
    let fold = fold();
    let judge = Judge::new(&fold, &[12, 3, 5]);
    let mut tally = judge.tally();
    judge.run(&Fixed, &mut tally, &|| ()).unwrap();
    let report = report(&tally);
    assert_eq!(report.users, 4);
    let mean = |name: &str| report.metrics[name].mean;
    // precision_score(y, top), recall_score(y, top), ndcg_score([y], [s], k=k)
    assert_close(mean("precision@3"), 0.16666666666666666);
    assert_close(mean("recall@3"), 0.375);
    assert_close(mean("ndcg@3"), 0.2016433990956823);
    assert_close(mean("precision@5"), 0.25);
    assert_close(mean("recall@5"), 0.5833333333333333);
    assert_close(mean("ndcg@5"), 0.33195702434554986);
    // roc_auc_score(y, s), average_precision_score(y, s)
    assert_close(mean("auc"), 0.45952380952380956);
    assert_close(mean("map@12"), 0.31909722222222225);
    // root_mean_squared_error(a, p), mean_absolute_error(a, p) with p = clip(3 + s, 1, 5) of the hidden items
    assert_close(mean("rmse"), 1.6680227816190043);
    assert_close(mean("mae"), 1.342);
}

#[test]
fn auc_counts_equal_scores_one_half() {
    // roc_auc_score([1, 0, 1, 0, 0], [.5, .5, .5, .1, .9])
    assert_close(metrics::auc(&[0.5, 0.5], &mut [0.5, 0.1, 0.9]).unwrap(), 0.5);
    assert_eq!(metrics::auc(&[0.5], &mut []), None);
}

/// Manning, Raghavan and Schütze, "Introduction to information retrieval" (2008), exercise 8.9: the top 20 for a
/// query with 8 relevant documents are RRNNN NNNRN RNNNR NNNNR.
#[test]
fn a_textbook_s_ranking() {
    let hits: Vec<bool> = "RRNNNNNNRNRNNNRNNNNR".chars().map(|c| c == 'R').collect();
    assert_close(metrics::precision(&hits, 20), 0.3);
    assert_close(metrics::recall(&hits, 20, 8), 0.75);
    let precisions = 1.0 + 1.0 + 3.0 / 9.0 + 4.0 / 11.0 + 5.0 / 15.0 + 6.0 / 20.0;
    assert_close(metrics::average_precision(&hits, 20, 8), precisions / 8.0);
}

/// Wikipedia, "Mean reciprocal rank": answers at places 3, 2 and 1 give 11/18.
#[test]
fn an_encyclopedia_s_reciprocal_ranks() {
    let at = |place: usize| (1..=3).map(|p| p == place).collect::<Vec<_>>();
    let sum: f64 = [3, 2, 1].map(|place| metrics::reciprocal_rank(&at(place), 10)).iter().sum();
    assert_close(sum / 3.0, 11.0 / 18.0);
    assert_eq!(metrics::reciprocal_rank(&at(3), 2), 0.0);
}

fn small() -> Interactions {
    let rows: [&[u32]; 5] = [&[0, 1, 3], &[0, 3], &[0, 1, 3], &[2, 3], &[0, 1]];
    let names = |count: usize| (0..count).map(|at| at.to_string()).collect();
    let matrix = csr(&rows, |_, _| 1.0);
    Interactions { user_ids: names(5), item_ids: names(4), matrix, ..Default::default() }
}

#[test]
fn diversity_is_the_mean_of_one_minus_the_cosines() {
    let items = beyond::Items::new(&small());
    // S = sklearn.metrics.pairwise.cosine_similarity(X.T); mean of 1 - S over the pairs of items 0, 1, 3
    let mut scratch = Default::default();
    for _ in 0..2 {
        let values = items.diversity(&[0, 1, 3], &[1, 2, 3, 9], &mut scratch);
        assert_eq!(values[0], None);
        assert_close(values[1].unwrap(), 1.0 - 0.866025403784);
        assert_close(values[2].unwrap(), 0.2688747756753118);
        assert_eq!(values[2], values[3]);
    }
}

#[test]
fn novelty_is_in_bits() {
    let items = beyond::Items::new(&small());
    // Of 5 users, 4 had item 0 and 1 had item 2.
    assert_close(items.novelty(&[0, 2]).unwrap(), ((5f64 / 4.0).log2() + 5f64.log2()) / 2.0);
    assert_eq!(items.novelty(&[]), None);
}

#[test]
fn spread_over_the_catalogue() {
    assert_eq!((beyond::gini(&[3, 3, 3]), beyond::coverage(&[3, 3, 3])), (0.0, 1.0));
    assert_eq!((beyond::gini(&[0, 0, 9, 0]), beyond::coverage(&[0, 0, 9, 0])), (1.0, 0.25));
    // (2j - n - 1) p_j for p = 1/6, 2/6, 3/6: (-2 + 6) / 6, over n - 1 = 2
    assert_close(beyond::gini(&[3, 1, 2]), 1.0 / 3.0);
}

#[test]
fn ease_solves_its_closed_form() {
    // P = inv(X.T @ X + 2 I); B = -P / diag(P) with a zero diagonal; [1, 0, 0, 1] @ B
    let ease = Ease::train(&small(), 2.0).unwrap();
    let scores = ease.scores(Given::untimed(&[0, 3], &[1.0, 1.0])).unwrap();
    let expected = [0.3698630136986302, 0.56, 0.12903225806451613, 0.4285714285714286];
    scores.iter().zip(expected).for_each(|(&found, expected)| assert_close(found.into(), expected));
    // Of rows 0 and 3 the largest weights: 0.44 to item 1, 0.37 to item 0.
    let sparse = ease.largest(1).scores(Given::untimed(&[0, 3], &[1.0, 1.0])).unwrap();
    assert!((sparse[1] - 0.44).abs() < 1e-3 && (sparse[0] - 0.3699).abs() < 1e-3);
    assert_eq!((sparse[2], sparse[3]), (0.0, 0.0));
    assert!(Ease::train(&small(), 0.0).is_err());
}

#[test]
fn neighbours_are_nearest_by_shrunk_cosine() {
    // cosine_similarity(X.T): item 3 has 0.75 to item 0, 0.577350 to item 1, 0.5 to item 2.
    let scores = |knn: ItemKnn| knn.train(&small()).scores(Given::untimed(&[3], &[1.0])).unwrap();
    let all = scores(ItemKnn { neighbours: 9, shrinkage: 0.0 });
    assert_close(all[0].into(), 0.75);
    assert_close(all[1].into(), 0.5773502588272095);
    assert_close(all[2].into(), 0.5);
    // Item 1 is nearer to item 0 than to item 3: with one neighbour, item 3 says nothing of it.
    let nearest = scores(ItemKnn { neighbours: 1, shrinkage: 0.0 });
    assert_eq!(nearest[1], 0.0);
    // 3 common users, 4 each: 3 / (4 + 2).
    assert_close(scores(ItemKnn { neighbours: 9, shrinkage: 2.0 })[0].into(), 0.5);
}

#[test]
fn popularity_counts() {
    let popularity = Popularity::new(&small());
    assert_eq!(popularity.scores(Given::untimed(&[], &[])).unwrap(), [4.0, 3.0, 1.0, 4.0]);
}

#[test]
fn given_negatives_rank_with_ties_against_us() {
    let given = csr(&[&[0], &[0]], |_, _| 1.0);
    let hidden = csr(&[&[1], &[3]], |_, _| 1.0);
    let given = Interactions { matrix: given, ..Default::default() };
    let fold = Fold { train: small(), given, hidden };
    let negatives = csr(&[&[2], &[0, 1, 2]], |_, _| 1.0);
    // Popularity: item 1 (3 users) beats item 2 (1 user): place 1. Item 3 (4 users) ties with 0: place 2.
    let ncf = Ncf { fold: &fold, negatives: &negatives, ks: &[1, 10] };
    let mut tally = ncf.tally();
    ncf.run(&Popularity::new(&small()), &mut tally, &|| ()).unwrap();
    let report = report(&tally);
    assert_eq!(report.metrics["hr@1"].mean, 0.5);
    assert_eq!(report.metrics["hr@10"].mean, 1.0);
    assert_close(report.metrics["ndcg@10"].mean, (1.0 + 1.0 / 3f64.log2()) / 2.0);
    assert_close(report.metrics["mrr@10"].mean, 0.75);
}
