//! The options that give a model something to find, shared by the verbs that measure models.

use super::reading::ReadingArgs;
use crate::data::interactions;
use foldin::error::Problem;
use foldin::{Model, Result};
use foldin_lab::evaluate::{Fold, Split, union, with_items};
use std::path::PathBuf;

/// What is hidden, and what is known of those who are judged.
#[derive(clap::Args)]
pub struct ValidationArgs {
    /// Interactions that the model was not trained on. Without --given each user's last one here is hidden, and the
    /// others are what is known of them.
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// What is known of the users; all of --test is then hidden.
    #[arg(long, value_name = "FILE", requires = "test")]
    given: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

impl ValidationArgs {
    /// The hidden and the given interactions, with the model's items; None without --test.
    pub fn fold(&self, model: &Model) -> Result<Option<Fold>> {
        let Some(path) = &self.test else { return Ok(None) };
        let reading = self.reading.reading();
        let read = |path: &PathBuf| interactions::read_as(path, &reading).map(|(read, _)| read);
        let test = read(path)?;
        let given = self.given.as_ref().map(read).transpose()?;
        let of_model: Vec<String> = (0..model.items() as u32).map(|row| model.id(row)).collect();
        let files = std::iter::once(&test).chain(&given).map(|file| &file.item_ids);
        let items = union(std::iter::once(&of_model).chain(files));
        let test = with_items(&test, &items);
        let fold = match given {
            Some(given) => Fold::of_files(with_items(&given, &items), &test),
            None => Split::LeaveLastOut.folds(&test, 1)?.remove(0),
        };
        match fold.users().is_empty() {
            false => Ok(Some(fold)),
            true => Err(Problem::Data {
                place: path.display().to_string(),
                problem: "nothing to find: all of it is in --given".into(),
                remedy: "give interactions that are not known yet".into(),
            }
            .into()),
        }
    }
}
