//! What a file's content is called.

use base64::Engine;
use sha2::{Digest, Sha256};

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As `integrity` of HTML and of `Recommender.load` takes it.
pub(super) fn integrity(hash: [u8; 32]) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(hash))
}

/// The hash that [`integrity`] was made of.
pub(super) fn hash_of(integrity: &str) -> Option<[u8; 32]> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(integrity.strip_prefix("sha256-")?).ok()?;
    bytes.try_into().ok()
}
