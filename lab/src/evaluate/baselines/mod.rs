//! Simple recommenders that every result stands beside.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod ease;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod inverse;
mod item_knn;
mod item_weights;
mod popularity;
mod sequential_rules;
mod session_knn;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use ease::Ease;
pub use item_knn::ItemKnn;
pub use item_weights::ItemWeights;
pub use popularity::Popularity;
pub use sequential_rules::{Rules, SequentialRules};
pub use session_knn::{SessionKnn, Sessions, Similarity};
