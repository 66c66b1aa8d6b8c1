//! A model with other items: some added, some gone, all else as it was.

use super::features::{Features, Value};
use foldin::error::{Error, Result};
use foldin::model::Model;
use foldin::named::Named;
use foldin::order;
use ndarray::{Array2, ArrayView1};

/// An item that joins a model.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// Its id, which the model does not have yet.
    pub id: String,
    /// Its title; kept where the catalogue has titles.
    pub title: String,
    /// What the catalogue says of it: columns that are not said stay empty.
    pub features: Named<Value>,
    /// [dim]: from [`super::Content::factor`], or from elsewhere.
    pub factor: Vec<f32>,
}

/// The model without the items in `gone` and with `new` ones, of which nobody knows interactions yet. Their rows are
/// rounded as the others were, which stay as they are in f32, f16 and int8; the Gram matrix follows.
///
/// # Errors
/// [`foldin::Problem::UnknownItem`] for one that should go and is not there; [`foldin::Problem::Argument`] for an id
/// that the model has already, a factor that does not fit, features that the catalogue has no place for, or when
/// nothing would be left.
pub fn changed(model: &Model, new: &[NewItem], gone: &[String]) -> Result<Model> {
    let mut stays = vec![true; model.items()];
    for id in gone {
        stays[model.find(id)? as usize] = false;
    }
    let kept: Vec<usize> = (0..stays.len()).filter(|&row| stays[row]).collect();
    if kept.is_empty() && new.is_empty() {
        return Err(Error::argument("id", "at least one item to stay", "none"));
    }
    let mut all = model.unpack();
    all.select(&kept);
    let known = std::mem::take(&mut all.values);
    let mut values: Vec<f32> = known.iter().copied().collect();
    for NewItem { id, title, features, factor } in new {
        if model.find(id).is_ok_and(|row| stays[row as usize]) {
            let expected = "an id that the model does not have yet; remove the item first";
            return Err(Error::argument("id", expected, id));
        }
        if factor.len() != model.dim() || factor.iter().any(|v| !v.is_finite()) {
            let expected = format!("{} finite numbers", model.dim());
            return Err(Error::argument("vector", expected, "others"));
        }
        values.extend(factor);
        Features::add_to(&mut all.catalog, features)?;
        all.catalog.titles.iter_mut().for_each(|titles| titles.push(title.clone()));
        all.ids.iter_mut().for_each(|ids| ids.push(id.clone()));
        all.biases.iter_mut().for_each(|biases| biases.push(0.0));
        all.counts.iter_mut().for_each(|counts| counts.push(0));
        all.trend.iter_mut().for_each(|trend| trend.push(0));
        all.catalog.places.iter_mut().for_each(|places| places.push(place(&known, places, factor)));
    }
    let rows = kept.len() + new.len();
    all.values = Array2::from_shape_vec((rows, model.dim()), values).expect("rows of one length");
    Model::pack(&all, model.precision())
}

/// How many neighbours place a new item.
const NEIGHBOURS: usize = 5;

/// Where an item with this factor stands on the map: amid the known ones that point most nearly where it does.
fn place(known: &Array2<f32>, places: &[[f32; 2]], factor: &[f32]) -> [f32; 2] {
    let cosine = |row: ArrayView1<'_, f32>| {
        let product: f32 = row.iter().zip(factor).map(|(a, b)| a * b).sum();
        product / row.dot(&row).sqrt().max(f32::MIN_POSITIVE)
    };
    let nearest = order::by_falling(known.rows().into_iter().map(cosine)).take(NEIGHBOURS);
    let nearest: Vec<[f32; 2]> = nearest.map(|row| places[row]).collect();
    let mean =
        |axis: usize| nearest.iter().map(|place| place[axis]).sum::<f32>() / nearest.len().max(1) as f32;
    [mean(0), mean(1)]
}
