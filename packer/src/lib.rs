//! Packing in a page: factors that it brings itself become a model as it hands them over.

#[cfg(any(test, all(target_arch = "wasm32", target_os = "unknown")))]
mod utf16;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod wasm;
