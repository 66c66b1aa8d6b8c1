//! What a comparison comes to, in a sentence.

use super::{Comparison, FEWEST_USERS, Figures};
use crate::train::Options;
use std::collections::BTreeMap;

impl Comparison {
    /// Why this was chosen; where it is no better than something simpler, that, and what to try.
    pub fn verdict(&self) -> String {
        if self.users == 0 {
            return format!(
                "nothing to compare by: fewer than {FEWEST_USERS} users have two interactions or more; chosen is ials, \
                 with weights that suit the data's density"
            );
        }
        let Some(best) = self.best() else {
            return "no candidate could be trained; chosen is ials, with weights that suit the data's density"
                .into();
        };
        let beside: Vec<(&str, f64)> = (["popularity", "item-knn"].into_iter())
            .filter_map(|name| Some((name, self.figures(name)?.ndcg)))
            .collect();
        let ahead: Vec<&str> =
            beside.iter().filter(|(_, ndcg)| *ndcg >= best.ndcg).map(|(name, _)| *name).collect();
        if !ahead.is_empty() {
            let more = if self.has_order() { "" } else { ", a column of times (or --in-order)" };
            return format!(
                "nothing beats {} here; try more interactions a user{more}, a --min-value that drops weak ones, \
                 --items with --content-weight, or `foldin tune`",
                ahead.join(" and ")
            );
        }
        let name = if matches!(self.chosen, Options::Next(_)) { "next" } else { "ials" };
        let by = |(other, ndcg): &(&str, f64)| match *ndcg > 0.0 {
            true => format!("{:.2} times {other}", best.ndcg / ndcg),
            false => format!("{other} finds nothing"),
        };
        let ratios: Vec<String> = beside.iter().map(by).collect();
        format!("{name} wins: its ndcg@10 is {}", ratios.join(", "))
    }

    /// The figures of what was chosen and of the baselines, for a model file's metadata; none where nothing was compared.
    pub fn metadata(&self) -> BTreeMap<String, String> {
        let chosen = if matches!(self.chosen, Options::Next(_)) { "next" } else { "ials" };
        let Some(own) = self.figures(chosen) else { return BTreeMap::new() };
        let beside = [("popularity", "popularity_ndcg@10"), ("item-knn", "item_knn_ndcg@10")];
        let beside = beside.into_iter().filter_map(|(name, key)| Some((key, self.figures(name)?.ndcg)));
        let figures = [("ndcg@10", own.ndcg), ("hr@10", own.hit_rate)].into_iter().chain(beside);
        let held_out = format!("{} of {} users", self.held_out, self.users);
        let figures = figures.map(|(key, figure)| (key.to_owned(), format!("{figure:.4}")));
        figures.chain([("held_out".to_owned(), held_out)]).collect()
    }

    /// Whether a candidate or a baseline was judged by this name, and its best figures.
    fn figures(&self, name: &str) -> Option<Figures> {
        let own = self.judged.iter().filter(|judged| judged.name == name);
        own.filter_map(|judged| judged.figures.clone().ok()).max_by(|a, b| a.ndcg.total_cmp(&b.ndcg))
    }

    fn best(&self) -> Option<Figures> {
        let candidates = self.figures("ials").into_iter().chain(self.figures("next"));
        candidates.max_by(|a, b| a.ndcg.total_cmp(&b.ndcg))
    }

    fn has_order(&self) -> bool {
        !self.held_out.starts_with("a random")
    }
}
