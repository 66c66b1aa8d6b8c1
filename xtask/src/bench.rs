//! `cargo xtask bench [NAME]`: measurements. They print figures and compare medians of interleaved runs; what
//! must hold is a test's business.

mod arrive;
mod cold;
mod next;
mod package;
mod page;
mod quality;
mod read;
mod results;
mod scale;
mod score;
mod train;
mod visitor;
mod words;

use anyhow::{Result, bail};
use std::path::PathBuf;

/// One measurement.
struct Entry {
    name: &'static str,
    run: fn(&Bench) -> Result<()>,
}

/// All there are, in the order in which they run.
const ENTRIES: [Entry; 12] = [
    Entry { name: "score", run: score::run },
    Entry { name: "package", run: |_| package::run() },
    Entry { name: "page", run: |_| page::run() },
    Entry { name: "arrive", run: |_| arrive::run() },
    Entry { name: "quality", run: quality::run },
    Entry { name: "next", run: next::run },
    Entry { name: "train", run: train::run },
    Entry { name: "visitor", run: visitor::run },
    Entry { name: "scale", run: |_| scale::run() },
    Entry { name: "cold", run: cold::run },
    Entry { name: "words", run: |_| words::run() },
    Entry { name: "read", run: |_| read::run() },
];

/// Measure: all there is, or what NAME names.
#[derive(clap::Args)]
pub struct Bench {
    /// The measurement's name
    name: Option<String>,
    /// Folder with MovieLens 1M as the NCF benchmark splits it (train.csv.gz, test.csv, negatives.csv.gz);
    /// score, quality and cold are then measured on it too, and train needs it
    #[arg(long, value_name = "FOLDER")]
    ncf: Option<PathBuf>,
    /// Folder with research sets (beauty, yoochoose-100k); next is then measured on them too
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// These parts of score alone, for a machine that is quiet only for minutes: 1000000, 100000, 10000, films, click,
    /// native, implicit
    #[arg(long, value_name = "PARTS", value_delimiter = ',', value_parser = score::PARTS)]
    only: Vec<String>,
    /// Put what is printed into benches/RESULTS.md, with the machine and the date
    #[arg(long)]
    write: bool,
}

impl Bench {
    pub fn run(self) -> Result<()> {
        let chosen = |entry: &&Entry| self.name.as_deref().is_none_or(|name| name == entry.name);
        let entries: Vec<&Entry> = ENTRIES.iter().filter(chosen).collect();
        if entries.is_empty() {
            let names = ENTRIES.map(|entry| entry.name).join(", ");
            bail!("no measurement of that name; there are: {names}");
        }
        entries.into_iter().try_for_each(|entry| self.measure(entry))
    }

    fn measure(&self, entry: &Entry) -> Result<()> {
        if self.write {
            return results::write(self, entry);
        }
        println!("== {}", entry.name);
        (entry.run)(self)
    }
}
