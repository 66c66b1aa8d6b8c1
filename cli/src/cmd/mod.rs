//! The verbs, one file each: clap's types stop here, the library gets plain options.

mod algorithm;
mod auto;
mod baseline;
mod bundle;
mod check;
mod cold_start;
mod evaluate;
mod inspect;
mod learning;
mod look;
mod monitor;
mod optimize;
mod pack;
mod reading;
mod recency;
mod recommend;
mod repeat;
mod sample;
mod similar;
mod size;
mod split;
mod stable_order;
mod train;
mod tune;
mod validation;
mod words;

pub use bundle::{NO_PACKAGE, find_package};
pub use evaluate::{Evaluation, Report};
pub use pack::{Packed, Packing};
pub use train::{Made, Training};

use crate::data::Input;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use foldin::Error;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Train, evaluate, pack and watch recommenders that run in the visitor's browser.
#[derive(Parser)]
#[command(name = "foldin", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Start with: foldin train ratings.csv -o model.safetensors")]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one value a run")]
enum Verb {
    Bundle(bundle::Bundle),
    Check(check::Check),
    Evaluate(evaluate::Evaluate),
    Inspect(inspect::Inspect),
    Look(look::Look),
    Monitor(monitor::Monitor),
    Optimize(optimize::Optimize),
    Pack(pack::Pack),
    Train(train::Train),
    Tune(tune::Tune),
    Recommend(recommend::Recommend),
    Similar(similar::Similar),
    Words(words::Words),
}

/// Arguments that name what is written; all other paths are read.
const WRITTEN: [&str; 3] = ["output", "html", "pruned"];

impl Cli {
    /// Carries out the verb that these arguments name.
    pub fn run(arguments: Vec<OsString>) -> foldin::Result<ExitCode> {
        repeat::remember(&arguments);
        let matches = Cli::command().get_matches_from(arguments);
        if let Some((_, arguments)) = matches.subcommand() {
            refuse_to_overwrite(arguments)?;
        }
        match Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()).verb {
            Verb::Bundle(verb) => verb.run(),
            Verb::Check(verb) => verb.run(),
            Verb::Evaluate(verb) => verb.run(),
            Verb::Inspect(verb) => verb.run(),
            Verb::Look(verb) => verb.run(),
            Verb::Monitor(verb) => return verb.run(),
            Verb::Optimize(verb) => verb.run(),
            Verb::Pack(verb) => verb.run(),
            Verb::Train(verb) => verb.run(),
            Verb::Tune(verb) => verb.run(),
            Verb::Recommend(verb) => verb.run(),
            Verb::Similar(verb) => verb.run(),
            Verb::Words(verb) => verb.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// # Errors
/// [`foldin::Problem::Argument`] where a file would be written that is read, by whatever names.
fn refuse_to_overwrite(arguments: &ArgMatches) -> foldin::Result<()> {
    let files = |written: bool| {
        let ids = arguments.ids().map(clap::Id::as_str).filter(move |id| WRITTEN.contains(id) == written);
        let paths = ids.flat_map(|id| paths(arguments, id));
        // A terminal or a pipe may well be both.
        paths.filter(|path| path.is_file())
    };
    for output in files(true) {
        if files(false).any(|input| is_same(input, output)) {
            let found = format_args!("{}, which is read", output.display());
            return Err(Error::argument("output", "a file that is not read too", found));
        }
    }
    Ok(())
}

/// Whether two paths lead to one file. Where the system does not say, as under WASI, the paths themselves tell all but
/// hard links.
fn is_same(one: &Path, other: &Path) -> bool {
    same_file::is_same_file(one, other).unwrap_or_else(|_| resolved(one) == resolved(other))
}

/// The path from the root, without `.` and `..`, and where links at its end lead to.
fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // A circle of links leads nowhere.
    for _ in 0..40 {
        let Ok(target) = path.read_link() else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    let mut plain = std::env::current_dir().unwrap_or_default();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The files that an argument names.
fn paths<'a>(arguments: &'a ArgMatches, id: &str) -> Vec<&'a Path> {
    let paths = arguments.try_get_many::<PathBuf>(id).ok().flatten().into_iter().flatten();
    let inputs = arguments.try_get_many::<Input>(id).ok().flatten().into_iter().flatten();
    let files = inputs.filter_map(|input| match input {
        Input::Path(path) => Some(path),
        _ => None,
    });
    paths.chain(files).map(PathBuf::as_path).collect()
}

/// Arguments of a verb without the files that it writes: for programs that call it as a library.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Arguments<T: Args> {
    #[command(flatten)]
    verb: T,
}

/// A verb that reads tables.
pub trait Reads: Args {
    /// Takes `input` in place of the file that an argument names: `interactions`, `items` and the like.
    fn give(&mut self, argument: &str, input: Input);
}

/// Reads what a verb is told, as on a command line. An argument that is among `tables` is taken from there; its word on the
/// command line is left aside.
///
/// # Errors
/// What the command would say of the arguments.
pub fn parse<T: Reads>(
    arguments: &[String],
    tables: impl IntoIterator<Item = (String, Input)>,
) -> Result<T, clap::Error> {
    let mut verb: T = Arguments::try_parse_from(arguments)?.verb;
    tables.into_iter().for_each(|(argument, input)| verb.give(&argument, input));
    Ok(verb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_where_its_parts_and_links_say() {
        let here = std::env::current_dir().unwrap();
        for path in ["a/b.csv", "./a/b.csv", "a/c/../b.csv", "../x/../a/./b.csv"] {
            let from = if path.starts_with("..") { here.join("y") } else { here.clone() };
            assert_eq!(resolved(&from.join(path)), here.join("a/b.csv"), "{path}");
        }
        assert_eq!(resolved(Path::new("a/b.csv")), here.join("a/b.csv"));
        #[cfg(unix)]
        {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            std::os::unix::fs::symlink("b.csv", at("link.csv")).unwrap();
            std::os::unix::fs::symlink("link.csv", at("link of a link.csv")).unwrap();
            std::os::unix::fs::symlink("round.csv", at("round.csv")).unwrap();
            assert_eq!(resolved(&at("link of a link.csv")), at("b.csv"));
            assert_eq!(resolved(&at("round.csv")), at("round.csv"));
        }
    }
}
