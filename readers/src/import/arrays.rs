//! Which of the arrays in a file are the items'.

use super::{Options, refused};
use foldin::error::Result;
use std::path::Path;

/// An array as its file lists it.
#[derive(Debug)]
pub(super) struct Array {
    pub name: String,
    pub shape: Vec<usize>,
    /// Whether its numbers are floats.
    pub float: bool,
}

/// Names of the arrays to read.
#[derive(Debug, PartialEq)]
pub(super) struct Chosen<'a> {
    /// [items, dim]
    pub factors: &'a Array,
    /// [items] or [items, 1]
    pub biases: Option<&'a Array>,
    /// [items]
    pub ids: Option<&'a Array>,
}

impl PartialEq for Array {
    fn eq(&self, other: &Array) -> bool {
        self.name == other.name
    }
}

/// The item vectors are the array that the options name; else the only matrix of floats with `item` in its
/// name; else the only matrix of floats. Biases and ids are the only fitting arrays with `bias` (and `item`,
/// where several have it) or `ids` in their names.
pub(super) fn choose<'a>(path: &Path, arrays: &'a [Array], options: &Options) -> Result<Chosen<'a>> {
    let factors = factors(path, arrays, options)?;
    let items = factors.shape[0];
    let column = |array: &&Array| matches!(array.shape[..], [n] | [n, 1] if n == items);
    let named = |words: &[&str]| -> Option<&'a Array> {
        let fits = |array: &&Array| {
            let name = array.name.to_lowercase();
            column(array) && words.iter().all(|word| name.contains(word))
        };
        only(arrays.iter().filter(fits))
    };
    let biases = named(&["item", "bias"]).or_else(|| named(&["bias"]).filter(|array| !is_of_users(array)));
    let ids = named(&["ids"]).filter(|array| !array.float && !is_of_users(array));
    Ok(Chosen { factors, biases: biases.filter(|array| array.float), ids })
}

fn factors<'a>(path: &Path, arrays: &'a [Array], options: &Options) -> Result<&'a Array> {
    let matrix = |array: &&Array| array.float && matches!(array.shape[..], [n, dim] if n > 0 && dim > 1);
    let list = || {
        let describe = |array: &Array| format!("{} {:?}", array.name, array.shape);
        arrays.iter().take(20).map(describe).collect::<Vec<_>>().join(", ")
    };
    if let Some(wanted) = &options.tensor {
        return arrays.iter().filter(matrix).find(|array| array.name == *wanted).ok_or_else(|| {
            let problem = format!("no matrix of floats is called {wanted:?}");
            refused(path.display(), problem, format!("give --tensor one of {}", list()))
        });
    }
    let of_items = |array: &&Array| array.name.to_lowercase().contains("item");
    let found =
        only(arrays.iter().filter(matrix).filter(of_items)).or_else(|| only(arrays.iter().filter(matrix)));
    found.ok_or_else(|| {
        let problem = "it does not show which array holds the item vectors, [items, dim] of floats";
        refused(path.display(), problem, format!("name it with --tensor NAME; the file has {}", list()))
    })
}

fn is_of_users(array: &Array) -> bool {
    array.name.to_lowercase().contains("user")
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}
