//! Answers what is asked before the first event: a belief about a visitor, the items to ask them about, the factor of an
//! item that nobody has met. A model carries what that takes in tensors of its own, which the lab learns; a page fetches this
//! crate when it first asks.
//!
//! - [`prior`]: what is believed of anybody; [`traits`] and [`transfer`] make it a belief about this visitor, from
//!   what they say of themselves or from another model's vector of them.
//! - [`onboarding`]: the items whose answers tell most.
//! - [`content`]: factors of new items from their [`features`].

mod catalogue;
pub mod content;
mod feature_map;
pub mod features;
mod map;
pub mod onboarding;
pub mod prior;
pub mod traits;
pub mod transfer;
#[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "page"))]
mod wasm;

pub use catalogue::{NewItem, changed};
pub use content::Content;
pub use feature_map::FeatureMap;
pub use features::{Features, Value};
pub use onboarding::Onboarding;
pub use traits::Traits;
pub use transfer::Transfer;
