//! Nobody known yet: what is recommended before the first event, and what brings it closer. A model carries what is
//! learned here in tensors of its own.
//!
//! - [`prior`]: what is believed of anybody; [`traits`] and [`transfer`] make it a belief about this visitor, from
//!   what they say of themselves or from another model's vector of them.
//! - [`texts`]: the same from what a visitor writes, and factors of new items from what they are described with.
//! - [`onboarding`]: the items whose answers tell most.
//! - [`content`]: factors of new items from their [`features`]; [`crossed`]: features for those who learn from them.

pub mod content;
pub mod crossed;
mod feature_map;
pub mod features;
mod map;
pub mod onboarding;
pub mod prior;
mod ridge;
pub mod texts;
pub mod traits;
pub mod transfer;
pub mod trend;

pub use content::Content;
pub use features::{Features, Value};
pub use onboarding::Onboarding;
pub use texts::Texts;
pub use traits::Traits;
pub use transfer::Transfer;
