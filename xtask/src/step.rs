//! A step says its name when it starts, shows that it is alive, and says how long it took.

use crate::stamp::Stamp;
use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Steps that run side by side have a line each.
static LINES: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// What a running step draws on.
pub struct Step {
    spinner: ProgressBar,
}

impl Step {
    /// Shows the latest line that the step's work said.
    pub fn say(&self, line: &str) {
        self.spinner.set_message(line.chars().take(60).collect::<String>());
    }
}

/// Runs `work`, which is quiet, under a spinner.
pub fn step<T>(name: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let spinner = spinner(name);
    let result = work(&Step { spinner: spinner.clone() });
    spinner.finish_and_clear();
    if result.is_ok() {
        done(name, &format!("{:.1} s", started.elapsed().as_secs_f64()));
    }
    result
}

/// Runs `work`, which prints for itself, between two lines.
pub fn aloud<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    eprintln!("· {name}");
    let result = work()?;
    done(name, &format!("{:.1} s", started.elapsed().as_secs_f64()));
    Ok(result)
}

/// Runs `work` unless `stamp` says that the last run had the same inputs and its `outputs` are still there.
pub fn unless_unchanged(
    name: &str,
    stamp: Stamp,
    outputs: &[&str],
    work: impl FnOnce(&Step) -> Result<()>,
) -> Result<()> {
    if stamp.holds(outputs) {
        done(name, "unchanged");
        return Ok(());
    }
    step(name, work)?;
    stamp.set()
}

fn done(name: &str, how: &str) {
    LINES.suspend(|| eprintln!("✓ {name:<28} {how:>10}"));
}

/// A spinner with the seconds gone by; a plain line where stderr is no terminal.
fn spinner(name: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        eprintln!("· {name}");
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {prefix:<28} {elapsed:>10} {msg:.dim}");
    let spinner = LINES.add(ProgressBar::new_spinner()).with_style(style.expect("a valid template"));
    spinner.set_prefix(name.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
