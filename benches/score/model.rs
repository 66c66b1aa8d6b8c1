//! Writes what `cargo xtask bench score` measures with, into the folder given as the argument:
//! `factors.f32`, a million random directions with lognormal norms as plain f32, and models made of its first
//! rows. In the models called `flat` every factor has length 1, so that no row can be skipped. From an interaction file,
//! if one is given, real factors are trained: `films.f32`, the model `int8-films`, and the users' vectors as
//! `visitors.f32`.

use foldin::model::{Factors, Model, Precision};
use foldin_cli::data::{Columns, interactions};
use foldin_cli::model_file;
use foldin_lab::train::{Trained, ials, unobserved};
use ndarray::{Array2, Axis, Slice};
use rand::SeedableRng;
use rand_distr::{Distribution, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::path::Path;

const ITEMS: usize = 1_000_000;
const DIM: usize = 64;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: bench-model FOLDER [INTERACTIONS]")?;
    let folder = Path::new(&folder);
    if let Some(file) = std::env::args().nth(2) {
        return films(folder, &file);
    }
    let factors = lognormal(&mut Xoshiro256PlusPlus::seed_from_u64(1));
    write_rows(folder, "factors", &factors)?;
    for items in [10_000, 100_000, ITEMS] {
        let rows = factors.slice_axis(Axis(0), Slice::from(..items)).to_owned();
        write(folder, "int8", &rows, Precision::Int8)?;
        if items == ITEMS {
            write(folder, "int4", &rows, Precision::Int4)?;
        }
        write(folder, "flat", &unit(rows), Precision::Int8)?;
    }
    Ok(())
}

fn films(folder: &Path, file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let interactions = interactions::read(file, &Columns::default())?;
    let options = ials::Options { dim: DIM, ..Default::default() };
    let Trained { items, users, .. } = ials::train(&interactions, &options, &mut unobserved)?;
    write_rows(folder, "films", &items.values)?;
    write_rows(folder, "visitors", &users)?;
    let model = Model::pack(&Factors::external(items.values, None), Precision::Int8)?;
    Ok(model_file::write(&model, folder.join("int8-films.safetensors"))?)
}

fn write(folder: &Path, name: &str, rows: &Array2<f32>, precision: Precision) -> foldin::Result<()> {
    let model = Model::pack(&Factors::external(rows.clone(), None), precision)?;
    model_file::write(&model, folder.join(format!("{name}-{}.safetensors", rows.nrows())))
}

fn write_rows(folder: &Path, name: &str, rows: &Array2<f32>) -> std::io::Result<()> {
    let numbers = rows.as_slice().expect("row-major");
    std::fs::write(folder.join(format!("{name}.f32")), bytemuck::cast_slice(numbers))
}

fn lognormal(rng: &mut Xoshiro256PlusPlus) -> Array2<f32> {
    let norms = LogNormal::new(0.0, 0.5).expect("a deviation that is not negative");
    let directions = Array2::from_shape_simple_fn((ITEMS, DIM), || StandardNormal.sample(&mut *rng));
    let mut rows = unit(directions);
    rows.rows_mut().into_iter().for_each(|mut row| row *= norms.sample(&mut *rng));
    rows
}

fn unit(mut rows: Array2<f32>) -> Array2<f32> {
    rows.rows_mut().into_iter().for_each(|mut row| row /= row.dot(&row).sqrt());
    rows
}
