//! Nobody known yet: what is recommended before the first event, and what brings it closer.
//!
//! - [`prior`]: what is believed of anybody; [`traits`] and [`transfer`] make it a belief about this visitor, from
//!   what they say of themselves or from another model's vector of them.
//! - [`onboarding`]: the items whose answers tell most.
//! - [`content`]: factors of new items from their [`features`].
//!
//! A model carries all of it in tensors of its own; the lab learns them.

pub mod content;
mod feature_map;
pub mod features;
mod map;
mod new_item;
pub mod onboarding;
pub mod prior;
pub mod tower;
pub mod traits;
pub mod transfer;

pub use content::Content;
pub use feature_map::FeatureMap;
pub use features::{Features, Value};
pub use new_item::NewItem;
pub use onboarding::Onboarding;
pub use tower::Tower;
pub use traits::Traits;
pub use transfer::Transfer;
