//! The optional rooms of a file: tensors under a prefix of the room's own, which the room itself knows to read.

use super::TensorInfo;
use super::catalog::PLACES;
use super::extremes::{bounded, finite, not_finite};
use super::header::{Layout, Tensors};
use super::rounding::to_nearest;
use super::strings::{Strings, Texts};
use super::{FACTORS, GRAM, Header, Model, Rows, SCALES, header::format_error, shape_of_factors};
use crate::error::Result;
use ndarray::{Array2, ArrayView2};

/// A tensor on its way into a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    name: String,
    dtype: &'static str,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    fn new<T: bytemuck::NoUninit>(name: String, dtype: &'static str, shape: &[usize], data: &[T]) -> Tensor {
        Tensor { name, dtype, shape: shape.to_vec(), bytes: bytemuck::cast_slice(data).to_vec() }
    }

    /// Numbers in a row, F32 [numbers].
    pub fn f32s(name: impl Into<String>, values: &[f32]) -> Tensor {
        Tensor::new(name.into(), "F32", &[values.len()], values)
    }

    /// Whole numbers in a row, U32 [numbers].
    pub fn u32s(name: impl Into<String>, values: &[u32]) -> Tensor {
        Tensor::new(name.into(), "U32", &[values.len()], values)
    }

    /// Strings: `NAME` U8 and `NAME.offsets` U32.
    pub fn strings(name: &str, strings: &[String]) -> [Tensor; 2] {
        let texts: Texts = strings.iter().collect();
        let (bytes, offsets) = (texts.bytes(), texts.offsets());
        [
            Tensor::new(name.to_owned(), "U8", &[bytes.len()], bytes),
            Tensor::new(format!("{name}.offsets"), "U32", &[offsets.len()], offsets),
        ]
    }

    /// A matrix [rows, columns] in bytes with a scale a row: `PREFIX.map` I8 and `PREFIX.scales` F32 [rows].
    ///
    /// # Errors
    /// [`crate::Error::Format`] for a number that is not finite: such a model is refused, never written.
    pub fn matrix(prefix: &str, matrix: ArrayView2<'_, f32>) -> Result<[Tensor; 2]> {
        let name = format!("{prefix}.map");
        if matrix.iter().any(|v| !v.is_finite()) {
            return Err(not_finite(&name));
        }
        let values: Vec<f32> = matrix.iter().copied().collect();
        let (rows, scales) = to_nearest(&values, matrix.ncols());
        let shape = [matrix.nrows(), matrix.ncols()];
        Ok([Tensor::new(name, "I8", &shape, &rows), Tensor::f32s(format!("{prefix}.scales"), &scales)])
    }

    /// What it is called in the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn push<'a>(&'a self, layout: &mut Layout<'a>) {
        layout.push(self.name.clone(), self.dtype, &self.shape, &self.bytes);
    }

    /// How many bytes it takes, without its entry in the header.
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }
}

/// Whether a tensor is the model's own or the catalogue's, and of no optional room.
fn is_of_model(name: &str) -> bool {
    name.starts_with("item_")
        || name.starts_with("catalog.")
        || name.starts_with("together.")
        || name == PLACES
}

/// The tensors of optional rooms beside factors of `dim` numbers.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    header: &'a Header,
    bytes: &'a [u8],
    dim: usize,
}

impl Model {
    /// Where the optional rooms read.
    pub fn room(&self) -> Room<'_> {
        Room { header: &self.header, bytes: &self.bytes, dim: self.dim }
    }
}

impl<'a> Room<'a> {
    /// Of a part of a file: `bytes` hold the tensors of `header` and no others.
    ///
    /// # Errors
    /// [`crate::Problem::Format`] for tensors that do not lie there.
    pub fn check(header: &'a Header, bytes: &'a [u8], dim: usize) -> Result<Room<'a>> {
        Tensors::check(header, bytes.len())?;
        Ok(Room { header, bytes, dim })
    }

    /// Length of the factors that the rooms lead to.
    pub fn dim(self) -> usize {
        self.dim
    }

    fn tensors(self) -> Tensors<'a> {
        Tensors::of_open(self.header)
    }

    /// Whether there is a tensor of that name.
    pub fn has(self, name: &str) -> bool {
        self.tensors().get(name).is_ok()
    }

    /// Names of the tensors that start with `prefix`, without it, in a fixed order.
    pub fn names(self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        // They are few: a sort of texts would be half as large as all that reads them in a page.
        for name in self.tensors().names(prefix) {
            names.insert(names.partition_point(|other| other.as_str() < name), name.to_owned());
        }
        names
    }

    /// The rows of factors, and how many there are.
    ///
    /// # Errors
    /// [`crate::Problem::Format`].
    pub fn rows(self) -> Result<(Rows<'a>, usize)> {
        let tensors = self.tensors();
        let (items, dim, precision) = shape_of_factors(&tensors)?;
        let factors = tensors.range(FACTORS, precision.dtype(), &[items, precision.row_bytes(dim)?])?;
        let scales = match precision.has_scales() {
            true => tensors.required_f32s(SCALES, &[items])?.of(self.bytes),
            false => &[],
        };
        Ok((Rows::new(precision, dim, &self.bytes[factors], scales), items))
    }

    /// The Gram matrix of the rows, [dim, dim] row-major; None where there is none.
    ///
    /// # Errors
    /// [`crate::Problem::Format`].
    pub fn gram(self) -> Result<Option<&'a [f32]>> {
        let range = self.tensors().f32s(GRAM, &[self.dim, self.dim])?;
        Ok(range.map(|range| range.of(self.bytes)))
    }

    /// Whole numbers, U32 of any length.
    ///
    /// # Errors
    /// [`crate::Problem::Format`].
    pub fn u32s(self, name: &str) -> Result<&'a [u32]> {
        let (range, _) = self.tensors().vector(name, "U32")?;
        Ok(bytemuck::cast_slice(&self.bytes[range]))
    }

    /// A string of the file's `__metadata__`.
    pub fn note(self, key: &str) -> Option<&'a str> {
        self.header.metadata.get(key).map(String::as_str)
    }

    /// The tensors of all rooms, to be packed again.
    pub fn copied(self) -> Vec<Tensor> {
        let of_rooms = self.header.tensors.iter().filter(|(name, _)| !is_of_model(name));
        let tensor = |(name, info): (&str, &TensorInfo)| {
            let dtype = ["F32", "U8", "I8", "U32"].into_iter().find(|dtype| *dtype == info.dtype)?;
            let [start, end] = info.data_offsets.map(|offset| offset as usize);
            let shape = info.shape.iter().map(|&axis| axis as usize).collect();
            Some(Tensor { name: name.to_owned(), dtype, shape, bytes: self.bytes[start..end].to_vec() })
        };
        of_rooms.filter_map(tensor).collect()
    }

    /// Finite numbers, F32 of any length.
    ///
    /// # Errors
    /// [`crate::Error::Format`].
    pub fn f32s(self, name: &str) -> Result<&'a [f32]> {
        let (range, _) = self.tensors().vector(name, "F32")?;
        let values = bytemuck::cast_slice(&self.bytes[range]);
        finite(name, values)?;
        Ok(values)
    }

    /// Strings as [`Tensor::strings`] writes them.
    ///
    /// # Errors
    /// [`crate::Error::Format`].
    pub fn strings(self, name: &str) -> Result<Vec<String>> {
        let tensors = self.tensors();
        let offsets = format!("{name}.offsets");
        let (_, ends) = tensors.vector(&offsets, "U32")?;
        let count = ends.checked_sub(1);
        let count = count.ok_or_else(|| format_error(&offsets, "at least 1 offset", "none"))?;
        let strings = Strings::open(&tensors, name, &offsets, count, Some(self.bytes))?;
        Ok((0..count).map(|at| strings.get(at, self.bytes).to_owned()).collect())
    }

    /// A matrix of `columns` as [`Tensor::matrix`] writes it; None where there is none.
    ///
    /// # Errors
    /// [`crate::Error::Format`].
    pub fn matrix(self, prefix: &str, columns: usize) -> Result<Option<Array2<f32>>> {
        let name = format!("{prefix}.map");
        let tensors = self.tensors();
        let Ok(info) = tensors.get(&name) else { return Ok(None) };
        let rows = info.shape.first().map_or(0, |&rows| rows as usize);
        let range = tensors.range(&name, "I8", &[rows, columns])?;
        let of_scales = format!("{prefix}.scales");
        let scales = self.f32s(&of_scales)?;
        bounded(&of_scales, scales)?;
        if scales.len() != rows {
            return Err(format_error(of_scales, format_args!("{rows} numbers"), scales.len()));
        }
        let packed = Rows::Int8 { values: bytemuck::cast_slice(&self.bytes[range]), scales, dim: columns };
        let mut matrix = Array2::zeros((rows, columns));
        for (at, row) in matrix.rows_mut().into_iter().enumerate() {
            packed.decode(at, row.into_slice().expect("a row lies in one piece"));
        }
        Ok(Some(matrix))
    }
}
