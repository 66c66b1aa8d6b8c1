//! The options that say how tables are read, shared by the verbs that read one.

use super::size::Size;
use crate::data::{BadLines, Columns, DateOrder, Decimal, Reading, Repeats};
use clap::ValueEnum;
use std::path::PathBuf;

/// How tables are read, where that is not to be guessed.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "How tables are read (`foldin look FILE` shows it)")]
pub struct ReadingArgs {
    /// Column of users, by name or number [default: user, userId, customer_id, ...; without a header the first]
    #[arg(long, value_name = "COLUMN")]
    user_column: Option<String>,
    /// Column of items [default: item, itemId, movieId, sku, asin, ...; without a header the second]
    #[arg(long, value_name = "COLUMN")]
    item_column: Option<String>,
    /// Column of ratings or weights, or none [default: rating, value, ...; 1 each without one]
    #[arg(long, value_name = "COLUMN")]
    value_column: Option<String>,
    /// Column of times, or none: since 1970 in any unit, ISO 8601, or dates as people write them [default: timestamp,
    /// event_time, date, ...]
    #[arg(long, value_name = "COLUMN")]
    time_column: Option<String>,
    /// Column of kinds of events, or none [default: event, event_type, action, ... where it holds known kinds]
    #[arg(long, value_name = "COLUMN")]
    event_column: Option<String>,
    /// Weights of kinds of events, over those of the page: view 0.5, addtocart, wishlist 0.7, like, purchase 1; 0 leaves them out.
    #[arg(long, value_name = "KIND=WEIGHT,...", value_delimiter = ',', value_parser = event_weight)]
    event_weights: Vec<(String, f32)>,
    /// Column that holds a list of items a line, as baskets and MIND's histories do.
    #[arg(long, value_name = "COLUMN", conflicts_with = "item_column")]
    explode: Option<String>,
    /// What a pair of user and item that stands several times counts [default: last; of kinds of events the strongest].
    /// Alone it means count; with --protocol next items may then come again.
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "count")]
    repeats: Option<RepeatsName>,
    /// What becomes of a file with lines that cannot be used.
    #[arg(long, value_enum, default_value = "error")]
    bad_lines: BadLinesName,
    /// Where to write the lines that --bad-lines skip leaves out.
    #[arg(long, value_name = "FILE")]
    bad_lines_file: Option<PathBuf>,
    /// The sign before decimals [default: as the column shows]
    #[arg(long, value_name = "SIGN", value_parser = decimal)]
    decimal: Option<Decimal>,
    /// What comes first in dates such as 05/06/2024 [default: as the column shows]
    #[arg(long, value_enum)]
    dates: Option<DatesName>,
    /// The encoding of the text, e.g. windows-1251 or shift_jis [default: as the first bytes show]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The most that a packed file or a pipe may unfold to, e.g. 64GB [default: 4GiB, and 100 times its size]
    #[arg(long, value_name = "SIZE")]
    max_bytes: Option<Size>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum RepeatsName {
    /// The last line.
    Last,
    /// All: values add up; without values each line is 1.
    Count,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum BadLinesName {
    /// It is refused, and the lines are listed by kind.
    Error,
    /// They are left out and counted.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum DatesName {
    /// 5 June.
    DayFirst,
    /// 6 May.
    MonthFirst,
}

fn event_weight(text: &str) -> Result<(String, f32), String> {
    let (kind, weight) = text.rsplit_once('=').ok_or("expected KIND=WEIGHT, e.g. share=0.5")?;
    let weight = weight.trim().parse().ok().filter(|weight| (0.0..=1000.0).contains(weight));
    Ok((kind.trim().to_owned(), weight.ok_or("expected a weight from 0 to 1000")?))
}

fn decimal(text: &str) -> Result<Decimal, String> {
    match text {
        "," | "comma" => Ok(Decimal::Comma),
        "." | "point" => Ok(Decimal::Point),
        _ => Err("expected , or .".into()),
    }
}

impl ReadingArgs {
    /// The same as the readers take it.
    pub fn reading(&self) -> Reading {
        Reading {
            columns: Columns {
                user: self.user_column.clone(),
                item: self.item_column.clone(),
                value: self.value_column.clone(),
                time: self.time_column.clone(),
                event: self.event_column.clone(),
                baskets: false,
            },
            bad_lines: match self.bad_lines {
                BadLinesName::Error => BadLines::Refuse,
                BadLinesName::Skip => BadLines::Skip(self.bad_lines_file.clone()),
            },
            repeats: self.repeats.map(|repeats| match repeats {
                RepeatsName::Last => Repeats::Last,
                RepeatsName::Count => Repeats::Count,
            }),
            decimal: self.decimal,
            dates: self.dates.map(|dates| match dates {
                DatesName::DayFirst => DateOrder::DayFirst,
                DatesName::MonthFirst => DateOrder::MonthFirst,
            }),
            explode: self.explode.clone(),
            event_weights: self.event_weights.clone(),
            need_values: false,
            max_bytes: self.max_bytes.map(|Size(bytes)| bytes),
            encoding: self.encoding.clone(),
        }
    }

    /// The options as they stand on a command line.
    pub fn command_line(&self) -> Vec<String> {
        let weights: Vec<String> =
            self.event_weights.iter().map(|(kind, weight)| format!("{kind}={weight}")).collect();
        let weights = (!weights.is_empty()).then(|| weights.join(","));
        let name =
            |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let pairs = [
            ("--user-column", self.user_column.clone()),
            ("--item-column", self.item_column.clone()),
            ("--value-column", self.value_column.clone()),
            ("--time-column", self.time_column.clone()),
            ("--event-column", self.event_column.clone()),
            ("--event-weights", weights),
            ("--explode", self.explode.clone()),
            ("--repeats", name(self.repeats.and_then(|repeats| repeats.to_possible_value()))),
            (
                "--decimal",
                self.decimal.map(|decimal| if decimal == Decimal::Comma { "," } else { "." }.to_owned()),
            ),
            ("--dates", name(self.dates.and_then(|dates| dates.to_possible_value()))),
            ("--encoding", self.encoding.clone()),
            ("--max-bytes", self.max_bytes.map(|size| size.to_string())),
        ];
        pairs.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?])).flatten().collect()
    }
}
