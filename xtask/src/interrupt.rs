//! Ctrl-C is how a demo ends, so it ends well.

use anyhow::{Context, Result};

/// From here on an interrupt ends the process at once, with success.
pub fn ends_well() -> Result<()> {
    ctrlc::set_handler(|| {
        eprintln!("\nstopped");
        std::process::exit(0);
    })
    .context("cannot listen for Ctrl-C")
}
