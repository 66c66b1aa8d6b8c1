//! The summary as one HTML page without scripts or anything to fetch.

use super::{Alert, Summary};

const STYLE: &str = "
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e8ecf2); --soft: light-dark(#66707e, #98a2b0);
  --line: light-dark(#dde2e9, #343c48); --mark: light-dark(#3565c9, #7fa6ff); --bad: light-dark(#b3261e, #ff8a80); }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
th { color: var(--soft); font-weight: 500; }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
rect { fill: var(--mark); } .whisker { stroke: var(--ink); stroke-width: 1.5; }
.alert { border-left: 4px solid var(--bad); padding: .3rem .8rem; margin: .5rem 0; }
";

/// The page; `title` names what was summarised.
pub fn page(title: &str, summary: &Summary, alerts: &[Alert]) -> String {
    let title = escaped(title);
    let sections = [
        alerts_section(alerts),
        figures(summary),
        positions(summary),
        latency(summary),
        versions(summary),
        drift(summary),
        input(summary),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>foldin monitor: {title}</title>\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n{}</html>\n",
        sections.concat()
    )
}

fn alerts_section(alerts: &[Alert]) -> String {
    let line = |alert: &Alert| {
        let Alert { figure, value, limit, advice } = alert;
        let figure = escaped(figure);
        format!(
            "<p class=\"alert\" role=\"alert\"><b>{figure}</b> is {value:.4}, limit {limit}: {advice}</p>\n"
        )
    };
    match alerts {
        [] => "<p>Nothing is beyond its limit.</p>\n".into(),
        alerts => alerts.iter().map(line).collect(),
    }
}

fn figures(summary: &Summary) -> String {
    let rate = &summary.click_through;
    let optional = |value: Option<f64>| value.map_or("not measured".into(), |value| format!("{value:.3}"));
    table(
        "Figures",
        &["", "value"],
        [
            ["page loads".into(), summary.pages.to_string()],
            ["click-through".into(), format!("{:.4} ({:.4} to {:.4})", rate.rate, rate.low, rate.high)],
            ["different items shown".into(), summary.items_shown.to_string()],
            ["coverage of the catalogue".into(), optional(summary.coverage)],
            ["Gini of showings".into(), optional(summary.gini)],
            ["novelty, bits".into(), optional(summary.novelty)],
        ],
    )
}

fn positions(summary: &Summary) -> String {
    let bars = summary.positions.iter().map(|place| (place.place.to_string(), place.rate, None));
    section("Click-through by place", &bar_chart(&bars.collect::<Vec<_>>()))
}

fn latency(summary: &Summary) -> String {
    let rows = summary.latency.iter().map(|(call, latency)| {
        let failed = summary.failures.get(call).map_or(0, |failures| failures.failed);
        let ms = |value: f64| format!("{value:.1}");
        let [p50, p95, p99] = [latency.p50, latency.p95, latency.p99].map(ms);
        [call.clone(), latency.calls.to_string(), p50, p95, p99, failed.to_string()]
    });
    let mut html = table("Calls, milliseconds", &["call", "calls", "p50", "p95", "p99", "failed"], rows);
    if let Some(times) = summary.times.get("recommend") {
        let bars = times.buckets().filter(|(bound, count)| *count > 0 || *bound < 64.0);
        let bars: Vec<_> = bars.map(|(bound, count)| (format!("{bound:.1}"), count as f64, None)).collect();
        html += &section("Times of recommend: calls up to so many milliseconds", &bar_chart(&bars));
    }
    let errors = summary.errors.iter().map(|(code, count)| [code.clone(), count.to_string()]);
    html + &table("Errors", &["code", "calls"], errors)
}

fn versions(summary: &Summary) -> String {
    let bars = summary.versions.iter().map(|version| {
        let rate = &version.click_through;
        (version.version.clone(), rate.rate, Some((rate.low, rate.high)))
    });
    let rows = summary.versions.iter().map(|version| {
        let rate = &version.click_through;
        [
            version.version.clone(),
            version.pages.to_string(),
            format!("{:.4} ({:.4} to {:.4})", rate.rate, rate.low, rate.high),
            format!("{:.4}", version.load_failures.rate),
        ]
    });
    let compared = summary.comparisons.iter().map(|comparison| {
        let difference = &comparison.click_through;
        [
            format!("{} - {}", comparison.version, comparison.against),
            format!("{:+.4} ({:+.4} to {:+.4})", difference.difference, difference.low, difference.high),
        ]
    });
    table("Versions", &["version", "pages", "click-through", "failed loads"], rows)
        + &bar_chart(&bars.collect::<Vec<_>>())
        + &table("Differences", &["versions", "click-through"], compared)
}

fn drift(summary: &Summary) -> String {
    let Some(drift) = &summary.drift else { return String::new() };
    let axes = (1..).zip(&drift.factors).map(|(axis, shift)| (format!("factors, axis {axis}"), shift));
    let shifts = std::iter::once(("popularity".to_owned(), &drift.popularity)).chain(axes);
    let rows = shifts.map(|(name, shift)| [name, format!("{:.3}", shift.psi), format!("{:.3}", shift.ks)]);
    table("Drift of what is shown", &["of", "PSI", "KS"], rows)
}

fn input(summary: &Summary) -> String {
    let Summary { lines, broken, duplicates, skewed, .. } = summary;
    let counts =
        [("lines", lines), ("broken", broken), ("duplicates", duplicates), ("clocks not believed", skewed)];
    let rows = counts.map(|(name, count)| [name.to_owned(), count.to_string()]);
    let quoted = summary.broken_lines.iter().map(|line| [line.line.to_string(), line.problem.clone()]);
    table("Reports", &["", "count"], rows) + &table("Broken lines", &["line", "problem"], quoted)
}

/// Nothing where there are no rows.
fn table<const N: usize>(
    title: &str,
    head: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let cells = |tag: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: String = cells.map(|cell| format!("<{tag}>{}</{tag}>", escaped(&cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = rows.into_iter().map(|row| cells("td", &mut row.into_iter())).collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = cells("th", &mut head.iter().map(|&cell| cell.to_owned()));
    section(title, &format!("<table>\n{head}{rows}</table>"))
}

fn section(title: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<h2>{}</h2>\n{content}\n", escaped(title)) }
}

/// A name, a value, and the ends of its interval.
type Bar = (String, f64, Option<(f64, f64)>);

/// Bars from zero, with whiskers where there are intervals.
fn bar_chart(bars: &[Bar]) -> String {
    const WIDTH: f64 = 900.0;
    const HEIGHT: f64 = 180.0;
    const FOOT: f64 = 20.0;
    let highest = bars.iter().map(|(_, value, ends)| ends.map_or(*value, |ends| ends.1)).fold(0.0, f64::max);
    if highest <= 0.0 {
        return String::new();
    }
    let step = WIDTH / bars.len() as f64;
    let y = |value: f64| HEIGHT - value / highest * (HEIGHT - 14.0);
    let every = bars.len().div_ceil(30);
    let bar = |(at, (name, value, ends)): (usize, &Bar)| {
        let (x, top) = (at as f64 * step, y(*value));
        let (left, width, middle) =
            (x + step * 0.1, (step * 0.8).min(120.0), x + (step / 2.0).min(step * 0.1 + 60.0));
        let name = escaped(name);
        let label = match at % every {
            0 => format!(
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
                HEIGHT + 14.0
            ),
            _ => String::new(),
        };
        let whisker = ends.map_or(String::new(), |(low, high)| {
            let (low, high) = (y(low), y(high));
            format!("<path class=\"whisker\" d=\"M{middle:.1} {low:.1}V{high:.1}\"/>")
        });
        format!(
            "<g><title>{name}: {value:.4}</title><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
             height=\"{:.1}\"/>{whisker}{label}</g>\n",
            HEIGHT - top
        )
    };
    let drawn: String = bars.iter().enumerate().map(bar).collect();
    let top = format!("<text x=\"0\" y=\"10\">{highest:.3}</text>");
    format!("<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\">{top}{drawn}</svg>", HEIGHT + FOOT)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
