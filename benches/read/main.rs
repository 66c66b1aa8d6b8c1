//! Reads an interaction file as training does: for benches/read/peers.py.

use foldin_cli::data::{Columns, interactions};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let start = Instant::now();
    let read = interactions::read(path, &Columns::default())?;
    println!("{:.3} {}", start.elapsed().as_secs_f64(), read.matrix.entries());
    Ok(())
}
