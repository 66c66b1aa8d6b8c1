//! Models that implicit saved: `model.save("model.npz")` of its ALS, BPR and logistic matrix factorisation.

use super::numpy::Archive;
use super::vectors::Vectors;
use super::{Options, numpy};
use foldin::error::Result;
use foldin::model::Recipe;
use std::path::Path;

/// Reads the item factors; biases that the model keeps as a column of its factors become biases again.
pub(super) fn read(path: &Path) -> Result<Vectors> {
    let chosen = Options { tensor: Some("item_factors".into()), ..Options::default() };
    let mut vectors = numpy::read_archive(path, &chosen)?;
    let mut archive = Archive::open(path)?;
    if archive.has("alpha") && archive.has("regularization") {
        let mut number = |name| archive.array(name)?.number();
        trained_with(&mut vectors, number("alpha")?, number("regularization")?);
    } else if archive.has("user_factors") {
        let users = archive.array("user_factors")?;
        if users.shape().get(1) == Some(&vectors.dim) {
            split_biases(&mut vectors, &users.numbers()?);
        }
    }
    Ok(vectors)
}

/// The vectors are of ALS with these hyperparameters.
pub(super) fn trained_with(vectors: &mut Vectors, alpha: f32, regularization: f32) {
    vectors.recipe = Some(recipe(alpha, regularization));
    vectors.notes.push("alpha and regularisation as the model was trained with".into());
}

/// implicit solves `(G + Σ (c - 1) q qᵀ + λ I) p = Σ c q` with c = alpha for an observed item, from
/// `AlternatingLeastSquares.recalculate_user`. Divided by c - 1 this is the fold-in with alpha0 = 1 / (c - 1), whose
/// vector is shorter but points the same way, so that the ranking is the same. With the default, c = 1, observed
/// items weigh no more than others; a hundredth stands for that.
fn recipe(alpha: f32, regularization: f32) -> Recipe {
    let extra = (alpha - 1.0).max(0.01);
    Recipe {
        unobserved_weight: 1.0 / extra,
        regularization: regularization / extra,
        frequency_exponent: 0.0,
        ..Recipe::default()
    }
}

/// BPR and logistic factorisation keep the items' biases in a column where every user has 1, and logistic
/// factorisation the users' in one where every item has 1, which ranks nothing.
pub(super) fn split_biases(vectors: &mut Vectors, users: &[f32]) {
    let dim = vectors.dim;
    let all_ones =
        |rows: &[f32], column: usize| rows.iter().skip(column).step_by(dim).all(|&value| value == 1.0);
    let of_items = (0..dim).find(|&column| all_ones(users, column));
    let of_users = (0..dim).find(|&column| all_ones(&vectors.values, column));
    if let Some(column) = of_items {
        vectors.biases = Some(vectors.values.iter().skip(column).step_by(dim).copied().collect());
        vectors.notes.push("item biases from a column of the factors".into());
    }
    let dropped = [of_items, of_users];
    let kept = vectors.values.iter().enumerate().filter(|(at, _)| !dropped.contains(&Some(at % dim)));
    vectors.values = kept.map(|(_, &value)| value).collect();
    vectors.dim = dim - dropped.iter().flatten().count();
}
