//! `foldin monitor`: how a deployed recommender is doing.

use super::check::share;
use super::size::Size;
use crate::deploy::Manifest;
use crate::model_file;
use crate::output::{self, plain};
use crate::publish::publish;
use foldin::Result;
use foldin_lab::monitor::{
    Alert, Events, Group, Limits, Rate, Summary, clicks, groups, html, placements, prometheus, summarize,
};
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Summarise the reports that pages sent, and raise alerts.
///
/// The npm package's `report` callback gets one document whenever its page is hidden; send it to any collector that
/// appends lines to a file (`navigator.sendBeacon("/collect", JSON.stringify(report))`). It holds times and counts,
/// and nothing of what the visitor did with which item. Reports of a page are cumulative: its last one counts, those
/// that come twice change nothing. Broken lines are counted and quoted.
///
/// Exit code: 0 when all is well, 3 when there are alerts, 1 when something cannot be read.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  foldin monitor events.ndjson --baseline movies.safetensors --html report.html
  foldin monitor events.ndjson --format prometheus > /var/lib/node_exporter/foldin.prom")]
pub struct Monitor {
    /// Reports, one JSON document a line, also gzipped.
    events: PathBuf,
    /// The model whose training is what to expect: for coverage, novelty and drift.
    #[arg(long, value_name = "MODEL")]
    baseline: Option<PathBuf>,
    /// Earlier reports that say what to expect, instead of the baseline's own lists.
    #[arg(long, value_name = "EVENTS", requires = "baseline")]
    reference: Option<PathBuf>,
    /// The folder that `foldin bundle` deploys to: its current version is what pages should run [default: the version
    /// that appeared last]
    #[arg(long, value_name = "FOLDER")]
    bundle: Option<PathBuf>,
    /// One group a version, variant of an experiment or placement, each with its click-through and how it differs from
    /// the first: instead of all other figures.
    #[arg(long, value_enum, conflicts_with_all = ["html", "baseline", "bundle"])]
    by: Option<By>,
    /// Write the report as a page, too.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How much is read of a file of reports, unpacked, before it is refused.
    #[arg(long, default_value = "1GiB", value_name = "SIZE")]
    max_bytes: Size,
    /// What is printed.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print one JSON document: --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum By {
    /// Of the model.
    Version,
    /// Of an experiment.
    Variant,
    /// Clicks and the like that name a placement's shelf, of the items shown there.
    Placement,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// One document.
    Json,
    /// For the textfile collector of Prometheus' node exporter.
    Prometheus,
}

/// What raises an alert.
#[derive(clap::Args)]
#[command(next_help_heading = "Limits, beyond which there is an alert")]
struct LimitArgs {
    /// Milliseconds that 95 % of the calls of `recommend` stay within.
    #[arg(long, default_value_t = 200.0, value_name = "MS")]
    max_recommend_ms: f64,
    /// Milliseconds that 95 % of the loads stay within.
    #[arg(long, default_value_t = 5000.0, value_name = "MS")]
    max_load_ms: f64,
    /// Share of loads that fail.
    #[arg(long, default_value_t = 0.02, value_name = "SHARE", value_parser = share)]
    max_load_failures: f64,
    /// Share of lines that are broken.
    #[arg(long, default_value_t = 0.1, value_name = "SHARE", value_parser = share)]
    max_broken: f64,
    /// Population stability index of what is shown, of popularity and along each axis of the factors.
    #[arg(long, default_value_t = 0.25, value_name = "PSI")]
    max_psi: f64,
    /// Kolmogorov-Smirnov distance of what is shown.
    #[arg(long, default_value_t = 0.25, value_name = "KS")]
    max_ks: f64,
    /// Share of pages on an old version since the current one is there.
    #[arg(long, default_value_t = 0.5, value_name = "SHARE", value_parser = share)]
    max_stale: f64,
    /// Least click-through rate [default: none]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_click_through: Option<f64>,
}

impl From<&LimitArgs> for Limits {
    fn from(args: &LimitArgs) -> Limits {
        Limits {
            recommend_ms: args.max_recommend_ms,
            load_ms: args.max_load_ms,
            load_failures: args.max_load_failures,
            broken: args.max_broken,
            psi: args.max_psi,
            ks: args.max_ks,
            stale: args.max_stale,
            click_through: args.min_click_through,
        }
    }
}

/// What the exit code says when there are alerts.
const ALERTS: u8 = 3;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    alerts: &'a [Alert],
}

impl Monitor {
    pub fn run(self) -> Result<ExitCode> {
        let now = jiff::Timestamp::now().as_millisecond() as f64;
        let events = Events::read(&self.events, now, self.max_bytes.0)?;
        if let Some(by) = self.by {
            let groups = match by {
                By::Version => groups(&events, |page| vec![(page.batch.version.clone(), clicks(page))]),
                By::Variant => groups(&events, |page| {
                    page.batch.variant.iter().map(|variant| (variant.clone(), clicks(page))).collect()
                }),
                By::Placement => groups(&events, placements),
            };
            match self.json || matches!(self.format, Format::Json) {
                true => output::json(&groups),
                false => output::print(|out| print_groups(&groups, out)),
            }?;
            return Ok(ExitCode::SUCCESS);
        }
        let reference =
            self.reference.as_ref().map(|path| Events::read(path, now, self.max_bytes.0)).transpose()?;
        let baseline = self.baseline.as_ref().map(model_file::read).transpose()?;
        let manifest = self.bundle.as_ref().map(|folder| Manifest::read(folder)).transpose()?;
        let current = manifest.and_then(|manifest| manifest.current).map(|release| release.version);
        let summary = summarize(&events, baseline.as_ref(), reference.as_ref(), current.as_deref())?;
        let alerts = Limits::from(&self.limits).alerts(&summary);
        if let Some(path) = &self.html {
            let page = html::page(&self.events.display().to_string(), &summary, &alerts);
            publish(path, &[page.as_bytes()])?;
        }
        match if self.json { Format::Json } else { self.format } {
            Format::Table => output::print(|out| print(&summary, &alerts, out)),
            Format::Json => output::json(&Document { summary: &summary, alerts: &alerts }),
            Format::Prometheus => output::print(|out| write!(out, "{}", prometheus::text(&summary, &alerts))),
        }?;
        Ok(if alerts.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(ALERTS) })
    }
}

fn print(summary: &Summary, alerts: &[Alert], out: &mut dyn Write) -> io::Result<()> {
    let Summary { lines, broken, duplicates, skewed, pages, .. } = summary;
    writeln!(
        out,
        "{pages} page loads in {lines} lines; {broken} broken, {duplicates} twice, {skewed} with a wrong clock"
    )?;
    for line in &summary.broken_lines {
        writeln!(out, "  line {}: {}", line.line, plain(&line.problem))?;
    }
    writeln!(
        out,
        "\n{:16}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "milliseconds", "calls", "p50", "p95", "p99", "failed"
    )?;
    for (call, latency) in &summary.latency {
        let failed = summary.failures.get(call).map_or(0, |failures| failures.failed);
        let (p50, p95, p99) = (latency.p50, latency.p95, latency.p99);
        writeln!(out, "{:16}{:>9}{p50:>9.1}{p95:>9.1}{p99:>9.1}{failed:>9}", plain(call), latency.calls)?;
    }
    writeln!(out, "\n{:16} {}", "click-through", interval(&summary.click_through))?;
    let curve = summary.positions.iter().take(12).map(|place| format!("{:.3}", place.rate));
    writeln!(out, "{:16} {}", "by place", curve.collect::<Vec<_>>().join(" "))?;
    write!(out, "{:16} {}", "items shown", summary.items_shown)?;
    writeln!(
        out,
        "{}",
        summary.coverage.map_or(String::new(), |share| format!(", {:.1} % of the catalogue", 100.0 * share))
    )?;
    if let Some(bits) = summary.novelty {
        writeln!(out, "{:16} {bits:.2} bits", "novelty")?;
    }
    if let Some(drift) = &summary.drift {
        let axes = (1..).zip(&drift.factors).map(|(axis, shift)| (format!("drift, axis {axis}"), shift));
        for (name, shift) in std::iter::once(("drift, popularity".to_owned(), &drift.popularity)).chain(axes)
        {
            writeln!(out, "{name:17}PSI {:.3}, KS {:.3}", shift.psi, shift.ks)?;
        }
    }
    writeln!(out, "\n{:16}{:>9}  click-through", "version", "pages")?;
    for version in &summary.versions {
        let name = plain(&version.version);
        writeln!(out, "{name:16}{:>9}  {}", version.pages, interval(&version.click_through))?;
    }
    for comparison in &summary.comparisons {
        let difference = &comparison.click_through;
        let (low, high) = (difference.low, difference.high);
        writeln!(
            out,
            "{} - {}: {:+.4} ({low:+.4} to {high:+.4})",
            plain(&comparison.version),
            plain(&comparison.against),
            difference.difference
        )?;
    }
    if let Some(stale) = &summary.stale {
        writeln!(
            out,
            "{:16} {} of {} pages since {} is there",
            "stale", stale.stale, stale.pages, stale.current
        )?;
    }
    for Alert { figure, value, limit, advice } in alerts {
        writeln!(out, "ALERT  {figure} is {value:.4}, limit {limit}: {advice}")?;
    }
    Ok(())
}

fn print_groups(groups: &[Group], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:16}{:>9}  {:32}difference", "group", "pages", "click-through")?;
    for Group { name, pages, rate, difference } in groups {
        let against = difference.map_or(String::new(), |difference| {
            format!("{:+.4} ({:+.4} to {:+.4})", difference.difference, difference.low, difference.high)
        });
        let line = format!("{:16}{pages:>9}  {:32}{against}", plain(name), interval(rate));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn interval(rate: &Rate) -> String {
    format!("{:.4} ({:.4} to {:.4})", rate.rate, rate.low, rate.high)
}
