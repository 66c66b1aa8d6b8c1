//! MovieLens 1M as the NCF benchmark splits it (He et al., 2017).

use foldin::Result;
use foldin_cli::data::{Columns, interactions};
use foldin_lab::evaluate::{Fold, by_users, union, with_items};
use foldin_lab::train::Csr;
use std::path::Path;

/// The last interaction of each user is hidden, among 99 given items that are none.
pub struct OneMillion {
    pub fold: Fold,
    /// [users, items]
    pub negatives: Csr,
}

impl OneMillion {
    /// Reads `train.csv.gz`, `test.csv` and `negatives.csv.gz`.
    pub fn read(folder: &Path) -> Result<OneMillion> {
        let columns = Columns::default();
        let train = interactions::read(folder.join("train.csv.gz"), &columns)?;
        let test = interactions::read(folder.join("test.csv"), &columns)?;
        let lists = Columns { item: Some("negatives".into()), ..columns };
        let negatives = interactions::read_lists(folder.join("negatives.csv.gz"), &lists)?;
        let items = union([&train.item_ids, &test.item_ids, &negatives.item_ids]);
        let users = union([&train.user_ids, &test.user_ids]);
        Ok(OneMillion {
            fold: Fold::of_files(with_items(&train, &items), &with_items(&test, &items)),
            negatives: by_users(&with_items(&negatives, &items), &users),
        })
    }
}
