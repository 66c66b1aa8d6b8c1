//! From a model back to factors, to make another model of them.

use foldin::Model;
use foldin::model::{CatalogColumns, Factors, TagValues, TogetherView};
use ndarray::{Array2, Axis};

/// What [`Model::pack`] would make this model of: the rounded rows as f32, in the file's order, with all that goes
/// along.
pub fn unpack(model: &Model) -> Factors {
    let mut values = Array2::zeros((model.items(), model.dim()));
    for (item, row) in (0..).zip(values.rows_mut()) {
        model.factor_into(item, row.into_slice().expect("a row lies in one piece"));
    }
    Factors {
        values,
        ids: Some(each(model, |item| model.id(item))),
        biases: model.biases().map(<[f32]>::to_vec),
        counts: model.counts().map(<[u32]>::to_vec),
        trend: model.trend().map(<[u8]>::to_vec),
        together: model.together().ok().flatten().map(TogetherView::to_owned),
        recipe: model.recipe().clone(),
        catalog: columns(model),
        rooms: model.room().copied(),
        metadata: model.metadata().iter().map(|(name, value)| (name.to_owned(), value.clone())).collect(),
    }
}

fn columns(model: &Model) -> CatalogColumns {
    let catalog = model.catalog();
    let titles =
        catalog.title(0).map(|_| each(model, |item| catalog.title(item).unwrap_or_default().to_owned()));
    let tags = catalog.tag_columns().iter().map(|(name, column)| {
        let vocabulary =
            (0..column.vocabulary_len() as u32).map(|code| catalog.tag_name(column, code).to_owned());
        let codes = each(model, |item| catalog.tag_codes(column, item).to_vec());
        (name.to_owned(), TagValues { vocabulary: vocabulary.collect(), codes })
    });
    let numbers = catalog.number_columns().iter();
    CatalogColumns {
        titles,
        tags: tags.collect(),
        numbers: numbers
            .map(|(name, column)| (name.to_owned(), each(model, |item| catalog.number(column, item))))
            .collect(),
        places: (0..model.items() as u32).map(|item| model.place(item)).collect(),
    }
}

fn each<T>(model: &Model, of: impl Fn(u32) -> T) -> Vec<T> {
    (0..model.items() as u32).map(of).collect()
}

/// Keeps the items of these rows, in their order, with all that is known of them.
pub fn select(factors: &mut Factors, rows: &[usize]) {
    fn pick<T: Clone>(values: &mut Vec<T>, rows: &[usize]) {
        *values = rows.iter().map(|&row| values[row].clone()).collect();
    }
    factors.values = factors.values.select(Axis(0), rows);
    factors.ids.iter_mut().for_each(|ids| pick(ids, rows));
    factors.biases.iter_mut().for_each(|biases| pick(biases, rows));
    factors.counts.iter_mut().for_each(|counts| pick(counts, rows));
    factors.trend.iter_mut().for_each(|trend| pick(trend, rows));
    if let Some(together) = &factors.together {
        let rows: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
        factors.together = Some(together.select(&rows));
    }
    let CatalogColumns { titles, tags, numbers, places } = &mut factors.catalog;
    titles.iter_mut().for_each(|titles| pick(titles, rows));
    tags.values_mut().for_each(|column| pick(&mut column.codes, rows));
    numbers.values_mut().for_each(|column| pick(column, rows));
    places.iter_mut().for_each(|places| pick(places, rows));
}
