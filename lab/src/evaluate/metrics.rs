//! Measures of one user's ranking, and of predicted values.
//!
//! A ranking is given as `hits`: for each place, best first, whether the item there is one of the user's
//! `relevant` hidden items; `k` is the cutoff. All are shares between 0 and 1, the higher the better.
//! Formulas, unless told otherwise, as in Manning, Raghavan and Schütze, "Introduction to information
//! retrieval" (2008), chapter 8.

/// Hits in the first k places / k.
pub fn precision(hits: &[bool], k: usize) -> f64 {
    count(hits, k) / k as f64
}

/// Hits in the first k places / relevant.
pub fn recall(hits: &[bool], k: usize, relevant: usize) -> f64 {
    count(hits, k) / relevant as f64
}

/// 1 if there is a hit in the first k places, else 0 (Deshpande and Karypis, "Item-based top-N recommendation
/// algorithms", 2004).
pub fn hit_rate(hits: &[bool], k: usize) -> f64 {
    f64::from(first(hits, k).any(|hit| hit))
}

/// 1 / the place of the first hit, from 1, if it is among the first k, else 0. Its mean over users is MRR@k
/// (Voorhees, "The TREC-8 question answering track report", 1999).
pub fn reciprocal_rank(hits: &[bool], k: usize) -> f64 {
    first(hits, k).position(|hit| hit).map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

/// The sum, over the places up to k that are hits, of the precision there, / min(relevant, k). Its mean over
/// users is MAP@k.
pub fn average_precision(hits: &[bool], k: usize, relevant: usize) -> f64 {
    let mut found = 0.0;
    let mut sum = 0.0;
    for (place, hit) in first(hits, k).enumerate() {
        if hit {
            found += 1.0;
            sum += found / (place + 1) as f64;
        }
    }
    sum / relevant.min(k) as f64
}

/// Normalised discounted cumulative gain: the sum over hits at places i, from 1 to k, of 1 / log2(i + 1),
/// divided by the same for a ranking with all relevant items first (Järvelin and Kekäläinen, "Cumulated
/// gain-based evaluation of IR techniques", 2002; with gains of 0 and 1).
pub fn ndcg(hits: &[bool], k: usize, relevant: usize) -> f64 {
    let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
    let gained: f64 = first(hits, k).enumerate().filter(|(_, hit)| *hit).map(|(place, _)| gain(place)).sum();
    let ideal: f64 = (0..relevant.min(k)).map(gain).sum();
    gained / ideal
}

/// Area under the ROC curve: the share of pairs of a relevant and another item in which the relevant one has
/// the higher score, equal scores counting one half (Rendle et al., "BPR", 2009, section 4.1.1). None where
/// there is no such pair. `others` gets sorted.
pub fn auc(relevant: &[f32], others: &mut [f32]) -> Option<f64> {
    others.sort_unstable_by(f32::total_cmp);
    let below = |score: f32| {
        let lower = others.partition_point(|&other| other < score);
        let equal = others[lower..].partition_point(|&other| other <= score);
        lower as f64 + equal as f64 / 2.0
    };
    let pairs = relevant.len() * others.len();
    (pairs > 0).then(|| relevant.iter().map(|&score| below(score)).sum::<f64>() / pairs as f64)
}

/// The sum of (predicted - actual)^2; its mean's root is RMSE.
pub fn squared_error(predicted: &[f32], actual: &[f32]) -> f64 {
    errors(predicted, actual).map(|error| error * error).sum()
}

/// The sum of |predicted - actual|; its mean is MAE.
pub fn absolute_error(predicted: &[f32], actual: &[f32]) -> f64 {
    errors(predicted, actual).map(f64::abs).sum()
}

fn errors(predicted: &[f32], actual: &[f32]) -> impl Iterator<Item = f64> {
    predicted.iter().zip(actual).map(|(&p, &a)| f64::from(p) - f64::from(a))
}

fn first(hits: &[bool], k: usize) -> impl Iterator<Item = bool> {
    hits.iter().take(k).copied()
}

fn count(hits: &[bool], k: usize) -> f64 {
    first(hits, k).filter(|&hit| hit).count() as f64
}
