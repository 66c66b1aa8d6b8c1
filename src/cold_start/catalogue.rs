//! A model with other items: some added, some gone, all else as it was.

use crate::error::{Error, Result};
use crate::model::Model;
use ndarray::{Array2, Axis, concatenate};

/// The model without the items in `gone` and with new ones: `ids`, `titles` and `factors` [items, dim]. A new item has
/// no tags, no numbers and no interactions. Its row is rounded as the others were, which stay as they are in f32, f16
/// and int8; the Gram matrix follows.
///
/// # Errors
/// [`crate::Problem::UnknownItem`] for one that should go and is not there; [`crate::Problem::Argument`] for an id
/// that the model has already, a factor that is not finite, or when nothing would be left.
pub fn changed(
    model: &Model,
    ids: &[String],
    titles: &[String],
    factors: Array2<f32>,
    gone: &[String],
) -> Result<Model> {
    let mut stays = vec![true; model.items()];
    for id in gone {
        stays[model.find(id)? as usize] = false;
    }
    if let Some(id) = ids.iter().find(|id| model.find(id).is_ok_and(|row| stays[row as usize])) {
        return Err(Error::argument(
            "id",
            "an id that the model does not have yet; remove the item first",
            id,
        ));
    }
    if factors.iter().any(|v| !v.is_finite()) {
        return Err(Error::argument("vector", "finite numbers", "NaN or infinity"));
    }
    let kept: Vec<usize> = (0..stays.len()).filter(|&row| stays[row]).collect();
    if kept.is_empty() && ids.is_empty() {
        return Err(Error::argument("id", "at least one item to stay", "none"));
    }
    let mut all = model.unpack();
    let old = all.values.select(Axis(0), &kept);
    all.values = concatenate(Axis(0), &[old.view(), factors.view()])
        .map_err(|_| Error::argument("vector", format!("{} numbers", model.dim()), factors.ncols()))?;
    let count = ids.len();
    all.ids = all.ids.map(|old| extended(&old, &kept, ids.iter().cloned()));
    let none = |value| std::iter::repeat_n(value, count);
    all.biases = all.biases.map(|old| extended(&old, &kept, none(0.0)));
    all.counts = all.counts.map(|old| extended(&old, &kept, std::iter::repeat_n(0, count)));
    let catalog = &mut all.catalog;
    catalog.titles = catalog.titles.take().map(|old| extended(&old, &kept, titles.iter().cloned()));
    for column in catalog.tags.values_mut() {
        column.codes = extended(&column.codes, &kept, std::iter::repeat_n(Vec::new(), count));
    }
    for column in catalog.numbers.values_mut() {
        *column = extended(column, &kept, none(f32::NAN));
    }
    // A place on the map comes from training alone.
    catalog.places = catalog.places.take().filter(|_| count == 0).map(|old| extended(&old, &kept, None));
    Model::pack(&all, model.precision())
}

fn extended<T: Clone>(old: &[T], kept: &[usize], new: impl IntoIterator<Item = T>) -> Vec<T> {
    kept.iter().map(|&row| old[row].clone()).chain(new).collect()
}
