//! What trainers learn from of a catalogue: its features, and behind them each tag crossed with each span of a number,
//! such as the comedies of the eighties. A feature weighs all its items alike; a crossed one has few, so that what
//! two features mean together is told from what each means alone (Cheng et al., "Wide & deep learning for recommender
//! systems", 2016, section 3.1).

use crate::cold_start::features::{Column, Features};
use crate::train::Csr;
use foldin::error::Result;
use foldin::model::{CatalogColumns, TagValues};
use std::collections::{BTreeMap, BTreeSet};

/// Spans that a number's range reaches across, but for the one more that its ends can cut in two.
const SPANS: f64 = 10.0;

/// Items that a crossed feature has at least: one of a pair speaks of nobody else.
const LEAST: usize = 3;

/// How much of each feature the catalogue's items have, [features, items], for those who learn from it: as
/// [`Features::encode_all`], without what all have, and with the crossed features behind.
///
/// # Errors
/// As [`Features::encode_all`].
pub fn content(features: &Features, columns: &CatalogColumns, items: usize) -> Result<Csr> {
    let encoded = features.encode_all(columns, items, None)?;
    let own_features = features.width() - 1;
    let own = encoded.indexed_iter().filter(|&((_, feature), &value)| feature < own_features && value > 0.0);
    let mut entries: Vec<_> =
        own.map(|((item, feature), &value)| (feature as u32, item as u32, value)).collect();
    let crossed = crossed(features, columns);
    for (group, feature) in crossed.iter().zip(own_features as u32..) {
        entries.extend(group.iter().map(|&item| (feature, item, 1.0)));
    }
    Ok(Csr::from_entries(own_features + crossed.len(), &entries))
}

/// The items of each tag within each span of each number.
fn crossed(features: &Features, columns: &CatalogColumns) -> Vec<BTreeSet<u32>> {
    let mut crossed = Vec::new();
    for (name, column) in &features.columns {
        let (Column::Number(knots), Some(values)) = (column, columns.numbers.get(name)) else { continue };
        let spans = spans(knots, values);
        crossed.extend(columns.tags.values().flat_map(|tags| groups(tags, &spans)));
    }
    crossed
}

/// The span that each value lies in, None where it is not known. Values beyond the knots count as the outermost.
fn spans(knots: &[f32], values: &[f32]) -> Vec<Option<i64>> {
    let [Some(&first), Some(&last)] = [knots.first(), knots.last()] else { return vec![None; values.len()] };
    let width = round_width(f64::from(last) - f64::from(first));
    let span = |value: f32| libm::floor(f64::from(value.clamp(first, last)) / width) as i64;
    values.iter().map(|&value| value.is_finite().then(|| span(value))).collect()
}

/// The items that have a tag within a span, for each tag and span that enough of them share.
fn groups(tags: &TagValues, spans: &[Option<i64>]) -> impl Iterator<Item = BTreeSet<u32>> + use<> {
    let mut groups = BTreeMap::<(u32, i64), BTreeSet<u32>>::new();
    for ((codes, span), item) in tags.codes.iter().zip(spans).zip(0..) {
        for (&tag, span) in codes.iter().flat_map(|tag| span.map(|span| (tag, span))) {
            groups.entry((tag, span)).or_default().insert(item);
        }
    }
    groups.into_values().filter(|items| items.len() >= LEAST)
}

/// The least of 1, 2 and 5 times the powers of ten of which [`SPANS`] reach across `range`: of years of a century, ten.
fn round_width(range: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10((range / SPANS).max(f64::MIN_POSITIVE))));
    let enough = |times: &f64| times * power * SPANS >= range;
    [1.0, 2.0, 5.0].into_iter().find(enough).unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_round() {
        for (range, width) in [(81.0, 10.0), (10.0, 1.0), (10.1, 2.0), (45.0, 5.0), (0.3, 0.05), (6e38, 1e38)]
        {
            assert!((round_width(range) / width - 1.0).abs() < 1e-9, "{range}: {}", round_width(range));
        }
        assert!(round_width(0.0) > 0.0);
    }

    #[test]
    fn a_tag_is_crossed_with_the_spans_in_which_enough_items_have_it() {
        let mut columns = CatalogColumns::default();
        let codes = [&[0][..], &[0, 0], &[0, 1], &[0], &[1, 1, 1], &[0]].map(<[u32]>::to_vec).to_vec();
        let vocabulary = vec!["comedy".into(), "drama".into()];
        columns.tags.insert("genres".into(), TagValues { vocabulary, codes });
        columns.numbers.insert("year".into(), vec![1981.0, 1985.0, 1989.0, 1990.0, 1919.0, f32::NAN]);
        columns.numbers.insert("unknown".into(), vec![f32::NAN; 6]);
        let features = Features::of(&columns, 0);
        let content = content(&features, &columns, 6).unwrap();
        // Of the pairs only the comedies of the eighties are enough, and what two own features say stays in front.
        assert_eq!(content.rows(), features.width());
        assert_eq!(content.row(features.width() - 1), (&[0, 1, 2][..], &[1.0; 3][..]));
        assert_eq!(content.row(1), (&[2, 4][..], &[1.0; 2][..]));
    }

    #[test]
    fn numbers_alike_and_numbers_at_the_edge_make_one_span_each() {
        let mut columns = CatalogColumns::default();
        let tags = TagValues { vocabulary: vec!["any".into()], codes: vec![vec![0]; 6] };
        columns.tags.insert("kind".into(), tags);
        columns.numbers.insert("alike".into(), vec![7.0; 6]);
        columns.numbers.insert("apart".into(), [[f32::MIN; 3], [f32::MAX; 3]].concat());
        let features = Features::of(&columns, 0);
        let content = content(&features, &columns, 6).unwrap();
        let crossed: Vec<_> = (features.width() - 1..content.rows()).map(|row| content.row(row).0).collect();
        assert_eq!(crossed, [&[0, 1, 2, 3, 4, 5][..], &[0, 1, 2], &[3, 4, 5]]);
    }
}
