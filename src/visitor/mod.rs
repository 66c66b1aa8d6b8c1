//! Who asks: what a visitor did, and the vector that follows from it.
//!
//! A visitor was never in the training data. Their events become observations (item, target, weight), and the
//! observations a vector, solved exactly with the item factors held fixed: the *fold-in*.

mod cholesky;
mod event;
mod fold_in;
mod profile;

pub use event::{Event, EventKind, EventWeights, Observation};
pub use fold_in::{FoldIn, Folded};
pub use profile::{Profile, Reason};
