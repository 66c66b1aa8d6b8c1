//! Tables of characters. In a page they are the browser's, which has them already: ours weigh 200 KB.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod native;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod page;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(super) use native::{Decoder, composed, guess, name};
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(super) use page::{Decoder, composed, guess, name};
