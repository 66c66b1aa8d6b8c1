//! Pages in groups, such as the variants of an experiment, each beside the first.

use super::rate::Difference;
use super::{Events, Page, Rate};
use serde::Serialize;
use std::collections::BTreeMap;

/// A group of pages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How many pages are in it.
    pub pages: usize,
    /// Items acted on, of those shown.
    pub rate: Rate,
    /// How much higher that is than in the first group; None of the first itself.
    pub difference: Option<Difference>,
}

/// The groups by name; `of` says which of them a page counts in, each with the numerator and denominator of its rate.
pub fn groups(events: &Events, of: impl Fn(&Page) -> Vec<(String, (f64, f64))>) -> Vec<Group> {
    let mut by_name: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (name, rate) in events.pages.iter().flat_map(of) {
        by_name.entry(name).or_default().push(rate);
    }
    let group = |(name, pages): (String, Vec<(f64, f64)>)| Group {
        name,
        pages: pages.len(),
        rate: Rate::of(pages.iter().copied()),
        difference: None,
    };
    let mut groups: Vec<Group> = by_name.into_iter().map(group).collect();
    if let Some((first, others)) = groups.split_first_mut() {
        others.iter_mut().for_each(|other| other.difference = Some(other.rate.minus(&first.rate)));
    }
    groups
}

/// Each placement of a page, with the events that credit it and the items it showed. Impressions are no success.
pub fn placements(page: &Page) -> Vec<(String, (f64, f64))> {
    let placements = page.batch.placements.iter().map(|(name, count)| {
        let events = count.events.iter().filter(|(kind, _)| *kind != "impression");
        (name.clone(), (events.map(|(_, &count)| count as f64).sum(), count.shown as f64))
    });
    placements.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::clicks;

    fn report(page: usize, variant: &str, acted: usize) -> String {
        format!(
            r#"{{"page": "p{page}", "sequence": 1, "time": 1700000000000, "variant": "{variant}",
                "positions": {{"shown": [10], "acted": [{acted}]}},
                "placements": {{"home": {{"shown": 10, "events": {{"click": {acted}, "impression": 10}}}}}}}}"#
        )
        .replace('\n', " ")
    }

    #[test]
    fn variants_stand_beside_the_first_with_intervals() {
        let lines: Vec<String> = (0..200)
            .map(|page| report(page, ["new", "old"][page % 2], 1 + page % 2 * 2 + page % 4 / 2))
            .collect();
        let events = Events::parse(lines.join("\n").as_bytes(), 1.8e12).unwrap();
        assert_eq!(events.broken, 0, "{:?}", events.quoted);
        let by_variant = groups(&events, |page| {
            page.batch.variant.iter().map(|name| (name.clone(), clicks(page))).collect()
        });
        let [new, old] = &by_variant[..] else { panic!("{by_variant:?}") };
        assert_eq!((new.name.as_str(), new.pages, new.rate.rate), ("new", 100, 0.15));
        let difference = old.difference.unwrap();
        assert!(
            (difference.difference - 0.2).abs() < 1e-9 && difference.low > 0.1 && new.difference.is_none()
        );
        let [home] = &groups(&events, placements)[..] else { panic!("one placement") };
        assert_eq!((home.rate.chances, home.rate.rate), (2000.0, 0.25));
    }
}
