//! `cargo xtask demo`: from a clone to a page that recommends.

use crate::wasm::For;
use crate::{interrupt, movielens, node, page, python, serve};
use anyhow::Result;
use std::path::Path;
use std::process::{Command, Stdio};

/// Set up all, train on MovieLens 100K, build the page and serve it.
#[derive(clap::Args)]
pub struct Demo {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Only print the address
    #[arg(long)]
    no_open: bool,
    /// Search by mood and in sentences, too: fetches a language model of 80 MB and learns from it, once, for up to an hour
    #[arg(long)]
    words: bool,
}

impl Demo {
    pub fn run(self) -> Result<()> {
        interrupt::ends_well()?;
        serve::check_free(self.port)?;
        node::check()?;
        if !movielens::is_here() {
            python::pip()?;
        }
        page::build(For::Today, if self.words { page::Words::With } else { page::Words::Without })?;
        let address = serve::start(Path::new(page::SITE), self.port)?;
        println!("The page is ready: {address} (Ctrl-C ends it)");
        if !self.no_open {
            open(&address);
        }
        loop {
            std::thread::park();
        }
    }
}

/// Shows `address` in the user's browser; where there is none the printed line has to do.
fn open(address: &str) {
    let opener: &[&str] = match std::env::consts::OS {
        "macos" => &["open"],
        "windows" => &["cmd", "/C", "start", ""],
        _ => &["xdg-open"],
    };
    let mut command = Command::new(opener[0]);
    command.args(&opener[1..]).arg(address);
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
