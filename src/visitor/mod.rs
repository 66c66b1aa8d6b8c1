//! Who asks: what a visitor did, and the vector that follows from it.
//!
//! A visitor was never in the training data. Their events become observations (item, target, weight), and the
//! observations a vector: the minimum of the loss that the model was trained with, the item factors held fixed.
//! That is the *fold-in*.

mod cholesky;
mod event;
mod fold_in;
mod observation;
mod pairwise;
mod profile;
mod ridge;

pub use event::{Event, EventKind, EventWeights};
pub use fold_in::{FoldIn, Folded};
pub use observation::{Meaning, Observation};
pub use profile::{Profile, Reason};
