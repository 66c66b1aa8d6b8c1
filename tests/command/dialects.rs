//! Random tables, written in random dialects, are read back as they were.

use crate::tables::{entries, read_as};
use foldin_cli::data::{Columns, Reading};
use proptest::collection::vec;
use proptest::prelude::*;

/// One interaction: user, item, a rating in quarters where there is one, and seconds.
type Line = (u32, u32, Option<u8>, u32);

/// How a table is written.
#[derive(Clone, Debug)]
struct Dialect {
    separator: &'static str,
    /// All fields, those that need it, or none.
    quoting: u8,
    ends: &'static str,
    encoding: &'static str,
    header: Option<[&'static str; 4]>,
    /// The columns user, item, rating and time, in this order.
    order: [usize; 4],
    unit: &'static str,
    null: &'static str,
    id: &'static str,
    decimal: char,
    trailing: bool,
}

const HEADERS: [[&str; 4]; 6] = [
    ["user", "item", "rating", "timestamp"],
    ["userId", "movieId", "rating", "timestamp"],
    ["user_id:token", "item_id:token", "rating:float", "timestamp:float"],
    ["User-ID", "ISBN", "Book-Rating", "Date"],
    ["customer_id", "article_id", "score", "event_time"],
    ["member", "sku", "stars", "created_at"],
];

const ORDERS: [[usize; 4]; 4] = [[0, 1, 2, 3], [1, 0, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]];

fn dialects() -> impl Strategy<Value = Dialect> {
    let form = (
        prop::sample::select(vec![",", ";", "\t", "|", "::", " "]),
        0..3u8,
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec!["utf-8", "utf-8 with a mark", "utf-16le", "utf-16be", "windows-1252"]),
        prop::option::weighted(0.8, prop::sample::select(HEADERS.to_vec())),
        prop::sample::select(ORDERS.to_vec()),
    );
    let fields = (
        prop::sample::select(vec!["s", "ms", "us", "ns", "iso", "utc", "day-first"]),
        prop::sample::select(vec!["", "\\N", "NULL", "nan", "None"]),
        prop::sample::select(vec!["number", "zeros", "text", "accent", "comma", "uuid"]),
        prop::sample::select(vec!['.', ',']),
        any::<bool>(),
    );
    (form, fields).prop_map(
        |((separator, quoting, ends, encoding, header, order), (unit, null, id, decimal, trailing))| {
            let splits = |text: &str| {
                separator == "::" && text.contains("::") || separator == " " || text.contains(separator)
            };
            // What a separator would cut is in quotes, and `::` and blanks know none.
            let bare = matches!(separator, "::" | " ");
            let id = if header.is_none() {
                "number"
            } else if bare && matches!(id, "comma" | "text") {
                "zeros"
            } else {
                id
            };
            let unit = match unit {
                "iso" | "utc" | "day-first" if bare => "s",
                unit if header.is_none() && matches!(unit, "day-first") => "iso",
                unit => unit,
            };
            let needs = decimal == ',' && splits("4,5") || id == "comma" && matches!(separator, "," | ";");
            Dialect {
                separator,
                quoting: match separator {
                    "::" => 0,
                    " " => {
                        if null.is_empty() {
                            2
                        } else {
                            0
                        }
                    }
                    _ if needs => quoting.max(1),
                    "\t" | "|" => {
                        if quoting == 1 {
                            0
                        } else {
                            quoting
                        }
                    }
                    _ => quoting,
                },
                ends,
                encoding,
                order: if header.is_none() { ORDERS[0] } else { order },
                header,
                unit,
                null: if separator == " " && null.is_empty() { "NULL" } else { null },
                id,
                decimal: if separator == "," && quoting == 0 && !needs { '.' } else { decimal },
                trailing: trailing && separator != " ",
            }
        },
    )
}

fn id(kind: &str, letter: char, number: u32) -> String {
    match kind {
        "number" => number.to_string(),
        "zeros" => format!("{number:06}"),
        "text" => format!("{letter} {number} of many"),
        "accent" => format!("{letter}\u{e9}\u{fc}{number}"),
        "comma" => format!("{letter}, {number}; so"),
        _ => format!("{number:08x}-0000-4000-8000-0000000000{:02x}", letter as u8),
    }
}

fn time(unit: &str, seconds: u32) -> String {
    let zoned = jiff::Timestamp::from_second(seconds.into()).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    match unit {
        "s" => seconds.to_string(),
        "ms" => format!("{seconds}000"),
        "us" => format!("{seconds}000000"),
        "ns" => format!("{seconds}000000000"),
        "iso" => zoned.timestamp().to_string(),
        "utc" => format!("{} UTC", zoned.strftime("%Y-%m-%d %H:%M:%S")),
        _ => zoned.strftime("%d/%m/%Y %H:%M:%S").to_string(),
    }
}

impl Dialect {
    fn quoted(&self, field: &str) -> String {
        let needs = field.contains(self.separator) || field.contains('"');
        match self.quoting {
            0 => field.to_owned(),
            1 if !needs => field.to_owned(),
            _ => format!("\"{}\"", field.replace('"', "\"\"")),
        }
    }

    fn write(&self, lines: &[Line]) -> Vec<u8> {
        let record = |fields: [String; 4]| {
            let fields: Vec<String> = self.order.iter().map(|&column| self.quoted(&fields[column])).collect();
            fields.join(self.separator) + if self.trailing { self.separator } else { "" }
        };
        let line = |&(user, item, rating, seconds): &Line| {
            let rating =
                rating.map(|quarters| f32::from(quarters) / 4.0).map(|rating| format!("{rating:.2}"));
            let rating =
                rating.map_or(self.null.to_owned(), |rating| rating.replace('.', &self.decimal.to_string()));
            record([id(self.id, 'u', user), id(self.id, 'i', item), rating, time(self.unit, seconds)])
        };
        let header = self.header.map(|names| record(names.map(String::from)));
        let text: String =
            header.into_iter().chain(lines.iter().map(line)).map(|line| line + self.ends).collect();
        match self.encoding {
            "utf-8" => text.into_bytes(),
            "utf-8 with a mark" => format!("\u{feff}{text}").into_bytes(),
            "utf-16le" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.chars().map(|c| u8::try_from(c).unwrap()).collect(),
        }
    }
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (1..40u32, 100..140u32, prop::option::weighted(0.9, 2..21u8), 1_500_000_000..1_600_000_000u32);
    vec(line, 20..60).prop_map(|mut lines| {
        lines.sort_by_key(|line| (line.0 * 7 % 41, line.1));
        lines.dedup_by_key(|line| (line.0, line.1));
        // A column without a rating is no column of ratings.
        lines[0].2 = Some(18);
        // Days beyond 12 tell days from months, and the first user is no counter of lines.
        lines[0].3 = 1_500_422_400;
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_table_in_any_dialect_is_read_back(dialect in dialects(), lines in lines()) {
        let bytes = dialect.write(&lines);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
        let (read, read_as) = read_as(&bytes, &Reading { columns: Columns::default(), ..Reading::default() })
            .map_err(|error| TestCaseError::fail(format!("{error}\n{shown}")))?;
        let mut expected: Vec<_> = lines.iter().map(|&(user, item, rating, seconds)| {
            let value = rating.map_or(0.0, |quarters| f32::from(quarters) / 4.0);
            // What has two decimals is as it was written.
            let value = format!("{value:.2}").parse::<f32>().unwrap();
            (id(dialect.id, 'u', user), id(dialect.id, 'i', item), value, Some(f64::from(seconds)))
        }).collect();
        expected.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        prop_assert_eq!(entries(&read), expected, "{}\n{}", read_as, shown);
    }
}
