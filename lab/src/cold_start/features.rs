//! Features of an item, or traits of a visitor, as numbers: tags, numbers, and a dense embedding.
//!
//! A column of tags gives a feature a tag (1 where the item has it). A column of numbers gives one a knot, quantiles of
//! the known numbers: a number has the two knots that it lies between, the nearer one more, so that what follows from it
//! may rise and fall along the way (a spline of first degree). An embedding comes as it is, and a constant 1 stands last.
//! A number that is not known has no knot.
//!
//! In a file, under a prefix: for each column of tags its vocabulary (`PREFIX.tags.NAME` with `.offsets`), for each
//! column of numbers its knots (`PREFIX.numbers.NAME` F32 [knots]). Features stand in that order, by name; then the
//! embedding, then the 1.

use foldin::decimal::Decimal;
use foldin::error::{Error, Result};
use foldin::model::{CatalogColumns, Room, Tensor, format_error};
use foldin::named::Named;
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// What features there are, and how they become numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// By name, in the order of their numbers.
    pub columns: Vec<(String, Column)>,
    /// Width of the embedding, 0 where there is none.
    pub embedding: usize,
}

/// A column of features.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Any number of tags out of these.
    Tags(Vec<String>),
    /// A number, by its knots, rising.
    Number(Vec<f32>),
}

/// What is said in one column of an item that has just come, or of a visitor.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f32),
    /// One tag.
    Tag(String),
    /// Any number of tags.
    Tags(Vec<String>),
    /// Not known.
    Unknown(()),
}

const OFFSETS: &str = ".offsets";

/// The argument that describes an item.
const FEATURES: &str = "features";

/// Knots of a number, at most. On splits of MovieLens 100K that the bench does not use, 16 were no better for the year of
/// a film, 6 worse.
const KNOTS: usize = 10;

impl Features {
    /// Those of a catalogue's columns, with an embedding of that width.
    pub fn of(columns: &CatalogColumns, embedding: usize) -> Features {
        let tags = columns.tags.iter().map(|(name, c)| (name.clone(), Column::Tags(c.vocabulary.clone())));
        let numbers = columns.numbers.iter().map(|(name, values)| (name.clone(), Column::of_numbers(values)));
        Features { columns: tags.chain(numbers).collect(), embedding }
    }

    /// Those under `prefix` in a file, without an embedding.
    ///
    /// # Errors
    /// [`foldin::Problem::Format`] for tensors that do not belong together.
    pub fn open(room: Room<'_>, prefix: &str) -> Result<Features> {
        let mut columns = Vec::new();
        let tags = format!("{prefix}.tags.");
        for name in room.names(&tags).into_iter().filter(|name| !name.ends_with(OFFSETS)) {
            let vocabulary = room.strings(&format!("{tags}{name}"))?;
            columns.push((name, Column::Tags(vocabulary)));
        }
        let numbers = format!("{prefix}.numbers.");
        for name in room.names(&numbers) {
            let knots = room.f32s(&format!("{numbers}{name}"))?;
            if knots.windows(2).any(|pair| pair[0] >= pair[1]) {
                return Err(format_error(format_args!("{numbers}{name}"), "rising numbers", "others"));
            }
            columns.push((name, Column::Number(knots.to_vec())));
        }
        Ok(Features { columns, embedding: 0 })
    }

    /// The tensors of a file under `prefix`.
    pub fn tensors(&self, prefix: &str) -> Vec<Tensor> {
        let of_column = |(name, column): &(String, Column)| match column {
            Column::Tags(vocabulary) => Tensor::strings(&format!("{prefix}.tags.{name}"), vocabulary).into(),
            Column::Number(knots) => vec![Tensor::f32s(format!("{prefix}.numbers.{name}"), knots)],
        };
        self.columns.iter().flat_map(of_column).collect()
    }

    /// How many numbers describe an item.
    pub fn width(&self) -> usize {
        self.columns.iter().map(|(_, column)| column.width()).sum::<usize>() + self.embedding + 1
    }

    /// Where each number's knots stand among what describes an item.
    pub fn knots(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let spans = self.columns.iter().map(|(_, column)| {
            start += column.width();
            (column, start - column.width()..start)
        });
        spans.filter(|(column, _)| matches!(column, Column::Number(_))).map(|(_, span)| span).collect()
    }

    /// The catalogue's items, with an embedding each if there is one: [items, width]. A tag that these features
    /// do not have counts for nothing, nor does a column that the catalogue lacks: it may be another's.
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] for an embedding of another width or with a number that is not finite.
    pub fn encode_all(
        &self,
        columns: &CatalogColumns,
        items: usize,
        embeddings: Option<ArrayView2<'_, f32>>,
    ) -> Result<Array2<f32>> {
        let mut encoded = Array2::zeros((items, self.width()));
        let translated: Vec<Vec<Option<usize>>> =
            self.columns.iter().map(|c| translate(c, columns)).collect();
        for (item, row) in encoded.rows_mut().into_iter().enumerate() {
            let mut row = Row(row.into_slice().expect("a row lies in one piece"));
            for ((name, column), translated) in self.columns.iter().zip(&translated) {
                match column {
                    Column::Tags(vocabulary) => {
                        let codes = columns.tags.get(name).map_or(&[][..], |tags| &tags.codes[item]);
                        row.tags(
                            vocabulary.len(),
                            codes.iter().filter_map(|&code| translated[code as usize]),
                        );
                    }
                    Column::Number(knots) => {
                        row.number(columns.numbers.get(name).map_or(f32::NAN, |v| v[item]), knots);
                    }
                }
            }
            match embeddings {
                Some(embeddings) => row.embedding(self.embedding, &embeddings.row(item).to_vec())?,
                None => row.embedding(self.embedding, &vec![0.0; self.embedding])?,
            }
            row.one();
        }
        Ok(encoded)
    }

    /// One item, of which every column must be said, if only as unknown: [width].
    ///
    /// # Errors
    /// [`foldin::Problem::Argument`] naming the column for one that is missing or that there is not, a tag that training
    /// did not have, a number that is not finite, and an embedding of another width.
    pub fn encode(&self, said: &Named<Value>, embedding: Option<&[f32]>) -> Result<Vec<f32>> {
        let mut encoded = vec![0.0; self.width()];
        let mut row = Row(&mut encoded);
        self.write(said, &mut row).map_err(Refused::of_item)?;
        if let Some((name, _)) = self.columns.iter().find(|(name, _)| said.get(name).is_none()) {
            let expected = format_args!("\"{name}\" too, null where it is not known");
            return Err(Error::argument(FEATURES, expected, "none"));
        }
        row.embedding(self.embedding, embedding.unwrap_or_default())?;
        row.one();
        Ok(encoded)
    }

    /// A person who says what they like to say; what is not said is not known: [width].
    ///
    /// # Errors
    /// As [`Features::encode`], but for what is missing.
    pub fn encode_some(&self, said: &Named<Value>) -> Result<Vec<f32>> {
        let mut encoded = vec![0.0; self.width()];
        let mut row = Row(&mut encoded);
        self.write(said, &mut row).map_err(|refused| refused.about("traits"))?;
        row.one();
        Ok(encoded)
    }

    /// Writes every column but the embedding.
    fn write(&self, said: &Named<Value>, row: &mut Row<'_>) -> Result<(), Refused> {
        let known = |name: &str| self.columns.iter().any(|(column, _)| column == name);
        if let Some((name, _)) = said.iter().find(|(name, _)| !known(name)) {
            let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
            return Err(refused(format!("only {}, as in training", names.join(", ")), name));
        }
        for (name, column) in &self.columns {
            let value = said.get(name).unwrap_or(&Value::Unknown(()));
            match column {
                Column::Tags(vocabulary) => {
                    let positions = value.tags(name)?.iter().map(|tag| position(name, vocabulary, tag));
                    row.tags(vocabulary.len(), positions.collect::<Result<Vec<_>, _>>()?.into_iter());
                }
                Column::Number(knots) => row.number(value.number(name)?, knots),
            }
        }
        Ok(())
    }
}

impl Column {
    fn of_numbers(values: &[f32]) -> Column {
        Column::Number(knots(values))
    }

    /// How many numbers it becomes.
    pub fn width(&self) -> usize {
        match self {
            Column::Tags(vocabulary) => vocabulary.len(),
            Column::Number(knots) => knots.len(),
        }
    }
}

/// Quantiles of the known numbers, rising.
pub(super) fn knots(values: &[f32]) -> Vec<f32> {
    let mut known: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_by(f32::total_cmp);
    let quantile = |at: usize| known[at * (known.len() - 1) / (KNOTS - 1)];
    let mut knots: Vec<f32> = if known.is_empty() { Vec::new() } else { (0..KNOTS).map(quantile).collect() };
    knots.dedup();
    knots
}

impl Value {
    fn tags(&self, name: &str) -> Result<&[String], Refused> {
        match self {
            Value::Tag(tag) => Ok(std::slice::from_ref(tag)),
            Value::Tags(tags) => Ok(tags),
            Value::Unknown(()) => Ok(&[]),
            Value::Number(number) => {
                Err(refused(format!("tags in \"{name}\""), Decimal(f64::from(*number)).to_string()))
            }
        }
    }

    /// NaN where it is not known.
    fn number(&self, name: &str) -> Result<f32, Refused> {
        let expected = || format!("a finite number in \"{name}\", null where it is not known");
        match self {
            Value::Number(number) if number.is_finite() => Ok(*number),
            Value::Number(_) => Err(refused(expected(), "another")),
            Value::Unknown(()) => Ok(f32::NAN),
            Value::Tag(text) => Err(refused(expected(), text)),
            Value::Tags(_) => Err(refused(expected(), "tags")),
        }
    }
}

/// Why something that was said cannot be.
struct Refused {
    expected: String,
    found: String,
}

impl Refused {
    fn about(self, field: &'static str) -> Error {
        Error::argument(field, self.expected, self.found)
    }

    fn of_item(self) -> Error {
        self.about(FEATURES)
    }
}

/// What is still to be written of an encoded row.
pub(super) struct Row<'a>(pub &'a mut [f32]);

impl Row<'_> {
    fn take(&mut self, width: usize) -> &mut [f32] {
        let (head, rest) = std::mem::take(&mut self.0).split_at_mut(width);
        self.0 = rest;
        head
    }

    fn tags(&mut self, width: usize, positions: impl Iterator<Item = usize>) {
        let features = self.take(width);
        positions.for_each(|position| features[position] = 1.0);
    }

    pub fn number(&mut self, value: f32, knots: &[f32]) {
        let features = self.take(knots.len());
        if value.is_nan() || knots.is_empty() {
            return;
        }
        // Beyond the first and the last knot a number counts as they do: a slip of the pen must not outweigh all else.
        let above = knots.partition_point(|&knot| knot <= value);
        if above == 0 || above == knots.len() {
            features[above.saturating_sub(1)] = 1.0;
            return;
        }
        let [low, high] = [knots[above - 1], knots[above]].map(f64::from);
        let part = ((f64::from(value) - low) / (high - low)) as f32;
        features[above - 1..=above].copy_from_slice(&[1.0 - part, part]);
    }

    fn embedding(&mut self, width: usize, values: &[f32]) -> Result<()> {
        if values.len() != width {
            return Err(Error::argument(
                "embedding",
                format!("{width} numbers, as in training"),
                values.len(),
            ));
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Error::argument("embedding", "finite numbers", "NaN or infinity"));
        }
        self.take(width).copy_from_slice(values);
        Ok(())
    }

    fn one(&mut self) {
        self.take(1)[0] = 1.0;
    }
}

/// Where each tag of the catalogue's column stands among this column's; empty for numbers.
fn translate((name, column): &(String, Column), columns: &CatalogColumns) -> Vec<Option<usize>> {
    let Column::Tags(vocabulary) = column else { return Vec::new() };
    let theirs = columns.tags.get(name).map_or(&[][..], |tags| &tags.vocabulary);
    theirs.iter().map(|tag| vocabulary.iter().position(|known| known == tag)).collect()
}

fn position(column: &str, vocabulary: &[String], tag: &str) -> Result<usize, Refused> {
    vocabulary.iter().position(|known| known == tag).ok_or_else(|| {
        let some: Vec<&str> = vocabulary.iter().take(20).map(String::as_str).collect();
        refused(format!("in \"{column}\" one of {}", some.join(", ")), tag)
    })
}

fn refused(expected: String, found: impl std::fmt::Display) -> Refused {
    Refused { expected, found: found.to_string() }
}
