//! The chores of the house: `cargo xtask demo | dev | test | dist | bench | fuzz`. Needs only cargo and node to start.

mod bench;
mod chromium;
mod crates;
mod demo;
mod deny;
mod dev;
mod dist;
mod features;
mod fuzz;
mod interrupt;
mod movielens;
mod node;
mod node_test;
mod notices;
mod npm;
mod page;
mod panics;
mod python;
mod reproducible;
mod run;
mod serve;
mod shipped;
mod sizes;
mod spark;
mod split;
mod stamp;
mod step;
mod teacher;
mod test;
mod tokens;
mod wasm;
mod wheel;
mod zig;

use clap::Parser;
use std::path::Path;
use std::process::ExitCode;

/// Sets up, tests, measures and packs foldin.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    Demo(demo::Demo),
    Dev(dev::Dev),
    Test(test::Test),
    Dist(dist::Dist),
    Bench(bench::Bench),
    Fuzz(fuzz::Fuzz),
}

impl Chore {
    fn run(self) -> anyhow::Result<()> {
        // From here on every path is relative to the root of the repository.
        std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
        match self {
            Chore::Demo(demo) => demo.run(),
            Chore::Dev(dev) => dev.run(),
            Chore::Test(test) => test.run(),
            Chore::Dist(dist) => dist.run(),
            Chore::Bench(bench) => bench.run(),
            Chore::Fuzz(fuzz) => fuzz.run(),
        }
    }
}

fn main() -> ExitCode {
    match Chore::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
