//! From a model back to factors, for whoever makes another model of it.

use super::catalog::PLACES;
use super::header::Tensors;
use super::{CatalogColumns, Factors, Model, TagValues, recipe};
use ndarray::Array2;

impl Model {
    /// What [`Model::pack`] would make this model of: the rounded rows as f32, in the file's order, with all that
    /// goes along.
    pub fn unpack(&self) -> Factors {
        let mut values = Array2::zeros((self.items(), self.dim()));
        for (item, row) in (0..).zip(values.rows_mut()) {
            self.factor_into(item, row.into_slice().expect("a row lies in one piece"));
        }
        let own = |name: &str| recipe::RESERVED.contains(&name) || name == "precision";
        let metadata = self.metadata().iter().filter(|(name, _)| !own(name));
        Factors {
            values,
            ids: Some(self.rows_with(|item| self.id(item))),
            biases: self.biases().map(<[f32]>::to_vec),
            counts: self.counts().map(<[u32]>::to_vec),
            trend: self.trend().map(<[u8]>::to_vec),
            recipe: self.recipe().clone(),
            catalog: self.catalog_columns(),
            rooms: self.room().tensors_as_they_are(),
            metadata: metadata.map(|(name, value)| (name.to_owned(), value.clone())).collect(),
        }
    }

    fn catalog_columns(&self) -> CatalogColumns {
        let catalog = self.catalog();
        let titles = catalog
            .title(0)
            .map(|_| self.rows_with(|item| catalog.title(item).unwrap_or_default().to_owned()));
        let tags = catalog.tag_columns().iter().map(|(name, column)| {
            let vocabulary =
                (0..column.vocabulary_len() as u32).map(|code| catalog.tag_name(column, code).to_owned());
            let codes = self.rows_with(|item| catalog.tag_codes(column, item).to_vec());
            (name.to_owned(), TagValues { vocabulary: vocabulary.collect(), codes })
        });
        let numbers = catalog.number_columns().iter();
        CatalogColumns {
            titles,
            tags: tags.collect(),
            numbers: numbers
                .map(|(name, column)| (name.to_owned(), self.rows_with(|item| catalog.number(column, item))))
                .collect(),
            places: self.places(),
        }
    }

    fn places(&self) -> Option<Vec<[f32; 2]>> {
        let range = Tensors::of_open(&self.header).range(PLACES, "F32", &[self.items(), 2]).ok()?;
        Some(bytemuck::cast_slice(&self.bytes[range]).to_vec())
    }

    fn rows_with<T>(&self, of: impl Fn(u32) -> T) -> Vec<T> {
        (0..self.items() as u32).map(of).collect()
    }
}
