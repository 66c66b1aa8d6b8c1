//! What `foldin train` learns for those of whom nothing is known: new items, new visitors, visitors of another
//! model.

use super::algorithm::Algorithm as Chosen;
use crate::data::words::Told;
use crate::data::{self, Input, ItemTable, Matching, Reading, import, users};
use crate::model_file;
use crate::output::{self, plain};
use clap::ValueEnum;
use foldin::visitor::FoldIn;
use foldin::{Model, Problem, Result};
use foldin_lab::cold_start::texts::Said;
use foldin_lab::cold_start::{Content, Features, Transfer, transfer};
use foldin_lab::complete::{Known, TREND_HALF_LIFE};
use foldin_lab::evaluate::by_users;
use foldin_lab::train::{Interactions, Trained};
use ndarray::{Array2, Axis};
use std::collections::HashMap;
use std::path::PathBuf;

/// Cold start.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Cold start")]
pub struct ColdStartArgs {
    /// Traits of the users: any columns of tags and numbers beside the id.
    #[arg(long, value_name = "FILE")]
    pub users: Option<Input>,
    /// Dense vectors of the items from a language model: .npy, .safetensors and what else `foldin pack` reads,
    /// with ids, or without with a row a line of --items.
    #[arg(long, value_name = "FILE", requires = "items")]
    item_embeddings: Option<PathBuf>,
    /// A side file with the ids of --item-embeddings, one a row.
    #[arg(long, value_name = "FILE", requires = "item_embeddings")]
    item_embedding_ids: Option<PathBuf>,
    /// A table from `foldin words`: learn what follows from the words of titles, descriptions and tags, so that new items
    /// can be told in words, and visitors can.
    #[arg(long, value_name = "TABLE", requires = "items")]
    words: Option<PathBuf>,
    /// A model of another domain whose visitors may come here: learn what their vectors say here.
    #[arg(long, value_name = "MODEL")]
    transfer_from: Option<PathBuf>,
    /// Learn it from people who are in both: the other domain's interactions, by the same user ids. Without FILE
    /// they are looked for in INTERACTIONS. Without this option, items' features that both models have decide.
    #[arg(long, value_name = "FILE", num_args = 0..=1, requires = "transfer_from")]
    shared_users: Option<Option<PathBuf>>,
    /// Days after which an interaction counts half in what is recommended to visitors of whom nothing is known; 0: all
    /// count alike, as they do without times.
    #[arg(long, value_name = "DAYS", default_value_t = TREND_HALF_LIFE)]
    trend_half_life: f64,
    /// Learn what is bought together: a file of baskets, one item of a basket a line. Without FILE they are looked for
    /// in INTERACTIONS.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    baskets: Option<Option<PathBuf>>,
    /// Column of baskets in it [default: order_id, basket_id, session_id, ...; else that of users]
    #[arg(long, value_name = "COLUMN", requires = "baskets")]
    basket_column: Option<String>,
    /// How shared users are learned from.
    #[arg(long, value_enum, default_value = "ridge", requires = "shared_users")]
    transfer_by: TransferBy,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TransferBy {
    /// Any linear map.
    Ridge,
    /// A rotation and a scale, between models of one dimension.
    Procrustes,
}

/// The other domain: its model, and what people did there.
pub struct Other {
    model: Model,
    interactions: Option<Interactions>,
}

impl ColdStartArgs {
    /// Only some models have a place for what is believed of a visitor before the first event.
    ///
    /// # Errors
    /// [`Problem::Argument`] for side data that an algorithm cannot use.
    pub fn check(&self, algorithm: Chosen) -> Result<()> {
        let refused = |field, expected| {
            let found = "another algorithm".into();
            Err(Problem::Argument { field, expected: String::from(expected), found }.into())
        };
        let is_ials = matches!(algorithm, Chosen::Auto | Chosen::Ials);
        #[cfg(feature = "deep")]
        let reads_traits = is_ials || algorithm == Chosen::TwoTower;
        #[cfg(not(feature = "deep"))]
        let reads_traits = is_ials;
        if self.users.is_some() && !reads_traits {
            return refused("users", "--algorithm ials or two-tower beside it");
        }
        if self.transfer_from.is_some() && !is_ials {
            return refused("transfer-from", "--algorithm ials beside it");
        }
        Ok(())
    }

    /// What was given that, of the algorithms that are compared, only iALS can use.
    pub fn only_of_ials(&self) -> Option<&'static str> {
        let given = [("--users", self.users.is_some()), ("--transfer-from", self.transfer_from.is_some())];
        given.into_iter().find_map(|(name, given)| given.then_some(name))
    }

    /// Reads the other domain, where there is one. Without a file of its own its interactions are taken out of
    /// `interactions`: those on its items.
    pub fn other(&self, interactions: &mut Interactions, reading: &Reading) -> Result<Option<Other>> {
        let Some(path) = &self.transfer_from else { return Ok(None) };
        let model = model_file::read(path)?;
        let theirs = match &self.shared_users {
            None => None,
            Some(Some(file)) => {
                let (theirs, _) = data::interactions::read_as(file, reading)?;
                let of_model: Vec<String> = (0..model.items() as u32).map(|row| model.id(row)).collect();
                let place = file.display().to_string();
                meet("users of INTERACTIONS", &interactions.user_ids, &place, &theirs.user_ids)?;
                meet("items of --shared-users", &theirs.item_ids, &path.display().to_string(), &of_model)?;
                Some(theirs)
            }
            Some(None) => {
                let (theirs, ours) = part(interactions, |id| model.find(id).is_ok());
                if ours.matrix.entries() == 0 {
                    return Err(Problem::Data {
                        place: "--shared-users".into(),
                        problem: "every interaction is on an item of the other model".into(),
                        remedy: "give INTERACTIONS of this domain, and the other's as --shared-users FILE"
                            .into(),
                    }
                    .into());
                }
                *interactions = ours;
                Some(theirs)
            }
        };
        Ok(Some(Other { model, interactions: theirs }))
    }

    /// What the side files say of the users and items of `interactions`.
    pub fn known(&self, interactions: &Interactions, items: Option<&ItemTable>) -> Result<Known<'static>> {
        Ok(Known {
            catalog: items.map(|items| items.columns_for(&interactions.item_ids)).unwrap_or_default(),
            embeddings: self.embeddings(interactions, items)?,
            texts: self.texts(interactions, items)?,
            traits: self.traits(interactions)?,
            trend_half_life: self.trend_half_life,
            ..Known::default()
        })
    }

    /// Baskets as interactions of whom each stands in the place of a user.
    pub fn baskets(&self, file: &Input, reading: &Reading) -> Result<Option<Interactions>> {
        let Some(baskets) = &self.baskets else { return Ok(None) };
        let file = &baskets.as_ref().map_or_else(|| file.clone(), Input::from);
        let mut columns = reading.columns.clone();
        match &self.basket_column {
            Some(column) => columns.user = Some(column.clone()),
            None => columns.baskets = true,
        }
        let (read, read_as) = data::interactions::read_as(file, &Reading { columns, ..reading.clone() })?;
        output::remark(&read_as);
        Ok(Some(read))
    }

    /// What traits there are, and every user's.
    fn traits(&self, interactions: &Interactions) -> Result<Option<(Features, Array2<f32>)>> {
        let Some(path) = &self.users else { return Ok(None) };
        let table = users::read(path)?;
        output::warn(&table.matching("INTERACTIONS", &interactions.user_ids)?);
        let (columns, left_out) = table.columns_for(&interactions.user_ids)?;
        if !left_out.is_empty() {
            let names = plain(left_out.join(", "));
            output::note(format_args!("left out of the traits, too many different values: {names}"));
        }
        let features = Features::of(&columns, 0);
        let encoded = features.encode_all(&columns, interactions.users(), None)?;
        Ok(Some((features, encoded)))
    }

    /// The dense vectors of `interactions`' items, [items, width]; zeros for items without one.
    fn embeddings(
        &self,
        interactions: &Interactions,
        items: Option<&ItemTable>,
    ) -> Result<Option<Array2<f32>>> {
        let (Some(path), Some(items)) = (&self.item_embeddings, items) else { return Ok(None) };
        let options = import::Options { ids: self.item_embedding_ids.clone(), ..import::Options::default() };
        let read = import::read(path, &options)?.factors;
        let (rows, width) = read.values.dim();
        let by_id: Option<HashMap<&str, usize>> =
            read.ids.as_ref().map(|ids| ids.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect());
        if by_id.is_none() && rows != items.lines() {
            return Err(Problem::Data {
                place: path.display().to_string(),
                problem: format!("{rows} vectors without ids for {} lines of --items", items.lines()),
                remedy: "give a vector a line, or their ids with --item-embedding-ids".into(),
            }
            .into());
        }
        let mut embeddings = Array2::zeros((interactions.items(), width));
        for (id, mut into) in interactions.item_ids.iter().zip(embeddings.rows_mut()) {
            let row = by_id.as_ref().map_or_else(|| items.line(id), |rows| rows.get(id.as_str()).copied());
            row.into_iter().for_each(|row| into.assign(&read.values.row(row)));
        }
        Ok(Some(embeddings))
    }

    /// The items' texts, as a table of words tells them.
    fn texts(&self, interactions: &Interactions, items: Option<&ItemTable>) -> Result<Option<Said>> {
        let (Some(path), Some(items)) = (&self.words, items) else { return Ok(None) };
        let words = data::words::read(path)?;
        let Told { inputs, frequent } = words.told(items, &interactions.item_ids);
        if inputs.iter().all(|&v| v == 0.0) {
            return Err(Problem::Data {
                place: path.display().to_string(),
                problem: "none of the words in --items is known".into(),
                remedy: "take a table of the catalogue's language".into(),
            }
            .into());
        }
        Ok(Some(Said { inputs, frequent, table: words.id }))
    }

    /// Learns what visitors of the other model bring along.
    pub fn transfer(
        &self,
        interactions: &Interactions,
        trained: &Trained,
        other: &Other,
    ) -> Result<Transfer> {
        let Some(theirs) = &other.interactions else {
            let content = Content::open(other.model.room())?.ok_or_else(|| Problem::Data {
                place: "--transfer-from".into(),
                problem: "the other model has no content map, and no --shared-users are given".into(),
                remedy: "train it with --items FILE, or give --shared-users".into(),
            })?;
            let catalog = &trained.items.catalog;
            let encoded = content.features().encode_all(catalog, interactions.items(), None)?;
            let anybody = trained.users.mean_axis(Axis(0)).expect("users, who were trained on");
            let factors = trained.items.values.view();
            return transfer::by_features(&content, encoded.view(), factors, anybody.view());
        };
        let (theirs, ours) = shared(&other.model, theirs, interactions, &trained.users);
        match self.transfer_by {
            TransferBy::Ridge => transfer::by_ridge(theirs.view(), ours.view()),
            TransferBy::Procrustes => transfer::by_procrustes(theirs.view(), ours.view()),
        }
    }
}

/// Some of `ours` must be in `theirs`.
fn meet(what: &str, ours: &[String], place: &str, theirs: &[String]) -> Result<()> {
    output::warn(&Matching::of(what, ours, place, theirs)?);
    Ok(())
}

/// Vectors there and here of those who are in both: there folded in, here those of training, `vectors`.
fn shared(
    model: &Model,
    theirs: &Interactions,
    ours: &Interactions,
    vectors: &Array2<f32>,
) -> (Array2<f32>, Array2<f32>) {
    let rows: Vec<Option<u32>> = theirs.item_ids.iter().map(|id| model.find(id).ok()).collect();
    let of_people = by_users(theirs, &ours.user_ids);
    let (mut histories, mut people) = (Vec::new(), Vec::new());
    for user in 0..ours.users() {
        let (items, values) = of_people.row(user);
        let known =
            items.iter().zip(values).filter_map(|(&item, &value)| Some((rows[item as usize]?, value)));
        let history: Vec<(u32, f32)> = known.collect();
        if !history.is_empty() && !ours.matrix.row(user).0.is_empty() {
            histories.extend_from_slice(FoldIn::of_history(model, &history).solve(model).vector());
            people.push(user);
        }
    }
    let histories = Array2::from_shape_vec((people.len(), model.dim()), histories).expect("a vector each");
    (histories, vectors.select(Axis(0), &people))
}

/// The interactions on items that `belongs` says yes to, and the others, each with its own items only.
fn part(interactions: &Interactions, belongs: impl Fn(&str) -> bool) -> (Interactions, Interactions) {
    let side: Vec<bool> = interactions.item_ids.iter().map(|id| belongs(id)).collect();
    let select = |wanted: bool| {
        let mut ids = Vec::new();
        let number: Vec<u32> = (interactions.item_ids.iter().zip(&side))
            .map(|(id, &side)| {
                ids.extend((side == wanted).then(|| id.clone()));
                ids.len().saturating_sub(1) as u32
            })
            .collect();
        let kept: Vec<(usize, (u32, u32, f32))> = (interactions.matrix.iter().enumerate())
            .filter(|(_, (_, item, _))| side[*item as usize] == wanted)
            .map(|(at, (user, item, value))| (at, (user, number[item as usize], value)))
            .collect();
        let times: Option<Vec<f64>> =
            interactions.times.as_ref().map(|times| kept.iter().map(|(at, _)| times[*at]).collect());
        let entries: Vec<(u32, u32, f32)> = kept.into_iter().map(|(_, entry)| entry).collect();
        Interactions::from_entries(interactions.user_ids.clone(), ids, &entries, times.as_deref())
    };
    (select(true), select(false))
}
