//! A C compiler for WebAssembly, which zstd needs: Zig's, from PyPI.

use crate::stamp::Stamp;
use crate::step::unless_unchanged;
use crate::{python, run};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

const PACKAGE: &str = "ziglang==0.17.1";
const FOLDER: &str = "target/zig";

/// Fetches the compiler unless it is here, and tells `cargo` of it, for the target `wasm32-wasip1`.
///
/// # Errors
/// Without pip or a network.
pub fn provide(cargo: &mut Command) -> Result<()> {
    unless_unchanged("zig", Stamp::of("zig", PACKAGE, &[])?, &[FOLDER], |step| {
        let mut pip = python::pip()?;
        pip.args(["install", "--no-deps", "--only-binary=:all:", "--progress-bar=off", "--upgrade"]);
        pip.args(["--target", FOLDER, PACKAGE]);
        run::quietly(step, pip, "check the network and pip's settings, then start again")
    })?;
    let root = std::env::current_dir()?;
    // By its name alone: a folder's name may have blanks, at which the crate cc divides.
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let here = root.join(FOLDER).join("ziglang");
    cargo.env("PATH", std::env::join_paths(std::iter::once(here).chain(std::env::split_paths(&usual)))?);
    cargo.env("CC_wasm32_wasip1", "zig cc").env("AR_wasm32_wasip1", "zig ar");
    // Rust's name for the target is not one of Zig's; zstd brings the headers that it needs.
    cargo.env("CFLAGS_wasm32_wasip1", "--target=wasm32-wasi -O2");
    cargo.env("ZIG_GLOBAL_CACHE_DIR", root.join(Path::new(FOLDER).join("cache")));
    Ok(())
}
