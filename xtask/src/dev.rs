//! `cargo xtask dev`: the page on its sources. A change of TypeScript shows at once, one of Rust within seconds.

use crate::stamp::files;
use crate::{interrupt, node, page, serve, wasm};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// Serve the page on its sources, and build what changes while you work.
#[derive(clap::Args)]
pub struct Dev {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 5173)]
    port: u16,
}

/// The folders whose Rust goes into the page.
const WATCHED: [&str; 5] = ["src", "kernel/src", "lab/src", "packer/src", "trainer/src"];

/// Between two looks at the sources.
const PAUSE: Duration = Duration::from_millis(300);

impl Dev {
    pub fn run(self) -> Result<()> {
        interrupt::ends_well()?;
        serve::check_free(self.port)?;
        node::check()?;
        wasm::add_target()?;
        node::install()?;
        // Trained once: the page's model changes with the data, not with the code that is worked on.
        if !Path::new(page::MODEL).exists() {
            page::model(page::Words::Without)?;
        }
        let mut built = newest_change()?;
        wasm::build_for_development()?;
        let port = self.port.to_string();
        let mut vite = Command::new("node");
        vite.current_dir("www").args([
            "node_modules/vite/bin/vite.js",
            "--host",
            "127.0.0.1",
            "--strictPort",
        ]);
        let mut vite = vite.args(["--port", &port]).spawn().context("vite does not start; is Node there?")?;
        loop {
            std::thread::sleep(PAUSE);
            if let Some(status) = vite.try_wait()? {
                anyhow::ensure!(status.success(), "vite ended ({status}); see what it printed");
                return Ok(());
            }
            let changed = newest_change()?;
            if changed > built {
                built = changed;
                // What does not compile yet is no reason to stop.
                if let Err(error) = wasm::build_for_development() {
                    eprintln!("error: {error:#}");
                }
            }
        }
    }
}

/// When a source was last written to.
fn newest_change() -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for folder in WATCHED {
        for file in files(Path::new(folder))? {
            // An editor may be just replacing it.
            let Ok(metadata) = file.metadata() else { continue };
            newest = newest.max(metadata.modified()?);
        }
    }
    Ok(newest)
}
