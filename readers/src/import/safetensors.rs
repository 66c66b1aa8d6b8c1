//! safetensors files, as Python's library writes them from NumPy or PyTorch.

use super::arrays::{self, Array};
use super::vectors::Vectors;
use super::{Options, damaged, refused};
use foldin::error::{Error, Result};
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::path::Path;

/// Reads the matrix of item vectors, with biases and ids where the file has them.
pub(super) fn read(path: &Path, options: &Options) -> Result<Vectors> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| damaged(path, error))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| damaged(path, error))?;
    if header.metadata().as_ref().and_then(|metadata| metadata.get("format")).is_some_and(|is| is == "foldin")
    {
        let remedy = "use it as it is, or make it smaller with `foldin optimize`";
        return Err(refused(path.display(), "a foldin model already", remedy));
    }
    let list = |(name, tensor): (String, TensorView<'_>)| {
        let float = matches!(tensor.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64);
        Array { name, shape: tensor.shape().to_vec(), float }
    };
    let arrays: Vec<Array> = file.tensors().into_iter().map(list).collect();
    let chosen = arrays::choose(path, &arrays, options)?;
    let tensor = |array: &Array| file.tensor(&array.name).map_err(|error| damaged(path, error));
    let factors = tensor(chosen.factors)?;
    let mut vectors = Vectors {
        dim: chosen.factors.shape[1],
        values: floats(path, &factors)?,
        notes: vec![format!("item vectors from the tensor {}", chosen.factors.name)],
        ..Vectors::default()
    };
    if let Some(biases) = chosen.biases {
        vectors.biases = Some(floats(path, &tensor(biases)?)?);
        vectors.notes.push(format!("item biases from the tensor {}", biases.name));
    }
    if let Some(ids) = chosen.ids.filter(|_| options.ids.is_none()) {
        vectors.ids = Some(integers(path, &tensor(ids)?)?);
        vectors.notes.push(format!("ids from the tensor {}", ids.name));
    }
    Ok(vectors)
}

fn floats(path: &Path, tensor: &TensorView<'_>) -> Result<Vec<f32>> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Ok(data.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect()),
        Dtype::F64 => Ok(data.as_chunks().0.iter().map(|&eight| f64::from_le_bytes(eight) as f32).collect()),
        Dtype::F16 => Ok(data.as_chunks().0.iter().map(|&two| f16::from_le_bytes(two).to_f32()).collect()),
        Dtype::BF16 => Ok(data.as_chunks().0.iter().map(|&two| bf16::from_le_bytes(two).to_f32()).collect()),
        other => Err(refused(path.display(), format!("numbers of type {other:?}"), "export floats")),
    }
}

fn integers(path: &Path, tensor: &TensorView<'_>) -> Result<Vec<String>> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::I32 => {
            Ok(data.as_chunks().0.iter().map(|&four| i32::from_le_bytes(four).to_string()).collect())
        }
        Dtype::I64 => {
            Ok(data.as_chunks().0.iter().map(|&eight| i64::from_le_bytes(eight).to_string()).collect())
        }
        other => {
            let remedy = "save them as int64, or give them with --ids FILE";
            Err(refused(path.display(), format!("ids of type {other:?}"), remedy))
        }
    }
}
