//! Tables of Python as the readers take them: through Arrow's PyCapsule interface, or column by column.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float16Type, Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};
use foldin_cli::data::{self, Cells, Input};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyTable;
use std::borrow::Cow;
use std::sync::Arc;

/// A table with the name that errors give it.
#[pyclass(frozen)]
pub struct Frame(data::Frame);

#[pymethods]
impl Frame {
    /// Of an object with `__arrow_c_stream__`, whose numbers and texts are read where they are.
    #[staticmethod]
    fn of_arrow(name: String, table: PyTable) -> PyResult<Frame> {
        let (batches, schema) = table.into_inner();
        let names = schema.fields().iter().map(|field| field.name().clone()).collect();
        Frame::new(name, names, &batches).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Of columns of one length: float64 or int64 arrays, or lists of strings and None.
    #[staticmethod]
    fn of_columns(name: String, names: Vec<String>, columns: Vec<Column<'_>>) -> PyResult<Frame> {
        let rows = columns.first().map_or(0, Column::len);
        let arrays = columns.into_iter().map(Column::into_array).collect();
        Ok(Frame(data::Frame {
            name,
            cells: Arc::new(Table { names, blocks: vec![Block { start: 0, columns: arrays }], rows }),
        }))
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl Frame {
    fn new(name: String, names: Vec<String>, batches: &[RecordBatch]) -> Result<Frame, ArrowError> {
        let (mut blocks, mut rows) = (Vec::new(), 0);
        for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
            let columns = batch.columns().iter().map(plain).collect::<Result<_, _>>()?;
            blocks.push(Block { start: rows, columns });
            rows += batch.num_rows();
        }
        Ok(Frame(data::Frame { name, cells: Arc::new(Table { names, blocks, rows }) }))
    }

    /// As the verbs take it.
    pub fn input(&self) -> Input {
        Input::Frame(self.0.clone())
    }
}

/// A column that Python hands over.
#[derive(FromPyObject)]
pub enum Column<'py> {
    /// NaN where there is nothing.
    Floats(PyReadonlyArray1<'py, f64>),
    /// Whole numbers.
    Integers(PyReadonlyArray1<'py, i64>),
    /// None where there is nothing.
    Texts(Vec<Option<String>>),
}

impl Column<'_> {
    fn len(&self) -> usize {
        match self {
            Column::Floats(values) => values.as_array().len(),
            Column::Integers(values) => values.as_array().len(),
            Column::Texts(texts) => texts.len(),
        }
    }

    fn into_array(self) -> ArrayRef {
        match self {
            Column::Floats(values) => Arc::new(Float64Array::from(values.as_array().to_vec())),
            Column::Integers(values) => Arc::new(Int64Array::from(values.as_array().to_vec())),
            Column::Texts(texts) => Arc::new(StringArray::from(texts)),
        }
    }
}

/// Columns in blocks, as they came.
struct Table {
    names: Vec<String>,
    blocks: Vec<Block>,
    rows: usize,
}

struct Block {
    /// Rows before it.
    start: usize,
    columns: Vec<ArrayRef>,
}

impl Cells for Table {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        let block = self.blocks.partition_point(|block| block.start <= row) - 1;
        let Block { start, columns } = &self.blocks[block];
        text(&columns[column], row - start)
    }
}

/// Categories as what they stand for.
fn plain(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Dictionary(_, values) => cast(column, values),
        DataType::RunEndEncoded(_, values) => cast(column, values.data_type()),
        _ => Ok(column.clone()),
    }
}

/// A value as a file would hold it.
fn text(array: &ArrayRef, row: usize) -> Cow<'_, str> {
    if array.is_null(row) {
        return "".into();
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string().into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string().into(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string().into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).to_string().into(),
        // Whole numbers without decimals: ids become floats where one is missing.
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string().into(),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string().into(),
        DataType::Float16 => array.as_primitive::<Float16Type>().value(row).to_string().into(),
        DataType::List(_) => list(&array.as_list::<i32>().value(row)).into(),
        DataType::LargeList(_) => list(&array.as_list::<i64>().value(row)).into(),
        DataType::FixedSizeList(..) => list(&array.as_fixed_size_list().value(row)).into(),
        _ => {
            let formatter = ArrayFormatter::try_new(array, &FormatOptions::default());
            formatter.map(|formatter| formatter.value(row).to_string()).unwrap_or_default().into()
        }
    }
}

/// A list as JSON.
fn list(values: &ArrayRef) -> String {
    let texts = (0..values.len()).map(|row| serde_json::Value::from(text(values, row)));
    serde_json::Value::Array(texts.collect()).to_string()
}
