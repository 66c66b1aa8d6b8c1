//! The curve of quality against number of events, as an SVG for the README.

use crate::rankers::Row;
use crate::replay::STEPS;
use foldin::{Error, Result};
use std::fmt::Write;
use std::path::Path;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
/// Room for the numbers at the left, the words at the bottom and the names at the right.
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 44.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 12.0;
/// Readable on white and on black.
const COLOURS: [&str; 5] = ["#888888", "#d08a00", "#4a90d9", "#2f9e44", "#c2509a"];

pub fn draw(path: &Path, rows: &[Row]) -> Result<()> {
    std::fs::write(path, svg(rows)).map_err(Error::io(path))
}

fn svg(rows: &[Row]) -> String {
    let most = rows.iter().flat_map(|row| row.ndcg).fold(0.0, f64::max);
    let ceiling = (most * 20.0).ceil() / 20.0;
    let x = |at: usize| LEFT + (WIDTH - LEFT - RIGHT) * at as f64 / (STEPS.len() - 1) as f64;
    let y = |ndcg: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - ndcg / ceiling);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\" role=\"img\">\n<title>NDCG@10 of the next film by the number of events before it</title>\n"
    );
    let mut element = |text: std::fmt::Arguments<'_>| {
        // Writing into a string cannot fail.
        let _ = writeln!(out, "{text}");
    };
    for line in 0..=(ceiling * 20.0) as u32 {
        let ndcg = f64::from(line) / 20.0;
        let (at, end) = (y(ndcg), WIDTH - RIGHT);
        element(format_args!("<path d=\"M{LEFT} {at:.1}H{end:.1}\" stroke=\"#8884\"/>"));
        let text = at + 4.0;
        element(format_args!(
            "<text x=\"{:.1}\" y=\"{text:.1}\" fill=\"#888\" text-anchor=\"end\">{ndcg:.2}</text>",
            LEFT - 6.0
        ));
    }
    for (at, step) in STEPS.iter().enumerate() {
        let bottom = HEIGHT - BOTTOM + 18.0;
        element(format_args!(
            "<text x=\"{:.1}\" y=\"{bottom}\" fill=\"#888\" text-anchor=\"middle\">{step}</text>",
            x(at)
        ));
    }
    element(format_args!(
        "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#888\" text-anchor=\"middle\">events told; NDCG@10 of the next film</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 8.0
    ));
    for (at, (row, colour)) in rows.iter().zip(COLOURS).enumerate() {
        let points: Vec<String> =
            row.ndcg.iter().enumerate().map(|(at, &ndcg)| format!("{:.1},{:.1}", x(at), y(ndcg))).collect();
        element(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        ));
        let legend = TOP + 16.0 * (at + 1) as f64;
        element(format_args!(
            "<text x=\"{:.1}\" y=\"{legend:.1}\" fill=\"{colour}\">{}</text>",
            WIDTH - RIGHT + 8.0,
            row.name.trim()
        ));
    }
    out + "</svg>\n"
}
