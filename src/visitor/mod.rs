//! Who asks: what a visitor did, and the vector that follows from it.
//!
//! A visitor was never in the training data. Their events become observations (item, target, weight), and the
//! observations a vector: the minimum of the loss that the model was trained with, the item factors held fixed.
//! That is the *fold-in*. *Fine-tuning* moves the factors of the items they touched as well, a little and for
//! this visitor alone.

mod cholesky;
mod counted;
mod event;
mod fine_tune;
mod fold_in;
mod following;
mod history;
mod next;
mod observation;
mod pairwise;
mod places;
mod power;
mod profile;
mod ridge;
mod standing;
mod tower;
mod two_towers;
mod weights;

pub use cholesky::Cholesky;
pub use event::{Event, EventKind, OWN_KINDS};
pub use fine_tune::{FineTune, FineTuning};
pub use fold_in::{FoldIn, Folded};
pub use history::{MAX_EVENTS, RECENT_EVENTS, SUMMARY_EVENTS};
pub use observation::{Meaning, Observation};
pub use profile::{Profile, Reason};
pub use tower::Tower;
pub use weights::EventWeights;
