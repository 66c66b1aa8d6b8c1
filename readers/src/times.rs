//! Times in every form that files have: numbers since 1970 in any unit, ISO 8601, and dates as people write them.
//!
//! Whether a day or a month stands first is decided by the whole column: 13 is no month.

mod forms;

use super::bad_lines::Bad;
use super::source::refused;
use super::value::is_no_number;
use foldin::error::Result;
use forms::{NumericDate, clock, compact, days, iso, named_date, numeric_date, seconds};
use jiff::civil::Date;
use serde::Serialize;

pub(super) use forms::{is_time, year};

/// Which comes first in dates such as 05/06/2024.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 05/06/2024 is 5 June, as in most of the world.
    DayFirst,
    /// 05/06/2024 is 6 May, as in the United States.
    MonthFirst,
}

/// What a field says.
#[derive(Clone, Copy, Debug)]
enum Told {
    At(f64),
    /// One of two dates: with the month first, and with the day first.
    Either(f64, f64),
}

/// The times of a column, one a line.
#[derive(Debug, Default)]
pub(super) struct Times {
    order: Option<DateOrder>,
    /// All are numbers such as 20240531.
    compact: bool,
    seconds: Vec<f64>,
    /// Entries without a time.
    missing: Vec<usize>,
    /// Entries whose date may be another one, and that one.
    ambiguous: Vec<(usize, f64)>,
    /// Dates that can only be read with the day, or with the month first.
    day_first: bool,
    month_first: bool,
    example: String,
    units: [u64; 5],
    /// What was read last.
    last: Option<Told>,
}

/// Units by their size, and dates.
const UNITS: [&str; 5] = ["seconds", "milliseconds", "microseconds", "nanoseconds", "dates"];
const DATES: usize = 4;

/// Whether a number is a moment of the last decades, in seconds or a smaller unit.
pub(super) fn is_moment(number: f64) -> bool {
    seconds(number).is_some_and(|(_, seconds)| seconds >= A_MOMENT)
}

/// In March 1973. Smaller numbers of seconds may be counts.
const A_MOMENT: f64 = 1e8;

/// The times of a column, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Span {
    /// `seconds` to `nanoseconds` or `dates`; several, where the column has several.
    pub unit: String,
    /// The first and the last, in ISO 8601.
    pub from: String,
    /// See `from`.
    pub to: String,
    /// Entries without a time; they count as the first.
    pub missing: usize,
    /// How 05/06/2024 was read, where such dates occur.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<DateOrder>,
}

impl Times {
    /// For a column that begins with these fields.
    pub fn new<'a>(order: Option<DateOrder>, sample: impl Iterator<Item = &'a str>) -> Times {
        let mut sample = sample.filter(|field| !is_no_number(field)).peekable();
        let compact = sample.peek().is_some() && sample.all(|field| compact(field).is_some());
        Times { order, compact, ..Times::default() }
    }

    /// Reads a field, which [`Times::push`] adds.
    pub fn read(&mut self, text: &str) -> std::result::Result<(), Bad> {
        self.last = self.told(text);
        match self.last {
            None if !is_no_number(text) => {
                let expected = "time: expected seconds or milliseconds since 1970, or a date such as 2024-05-31T12:00:00Z";
                Err(Bad::new(expected, format!("{text:?}")))
            }
            _ => Ok(()),
        }
    }

    /// Adds the time that was read last.
    pub fn push(&mut self) {
        let at = self.seconds.len();
        let seconds = match self.last {
            None => {
                self.missing.push(at);
                f64::NAN
            }
            Some(Told::At(seconds)) => seconds,
            Some(Told::Either(month_first, day_first)) => {
                self.ambiguous.push((at, day_first));
                month_first
            }
        };
        self.seconds.push(seconds);
    }

    fn told(&mut self, text: &str) -> Option<Told> {
        if self.compact
            && let Some(seconds) = compact(text)
        {
            self.units[DATES] += 1;
            return Some(Told::At(seconds));
        }
        if let Ok(number) = text.parse::<f64>() {
            let (unit, seconds) = seconds(number)?;
            self.units[unit] += 1;
            return Some(Told::At(seconds));
        }
        let told = self.date(text)?;
        self.units[DATES] += 1;
        Some(told)
    }

    fn date(&mut self, text: &str) -> Option<Told> {
        let Some((date, rest)) = numeric_date(text) else { return named_date(text).map(Told::At) };
        let clock = clock(rest)?;
        let at = |date: Date| days(date) * 86_400.0 + clock;
        match date {
            NumericDate::YearFirst(date) => Some(Told::At(at(date))),
            NumericDate::Other { month_first, day_first } => match (month_first, day_first, self.order) {
                (Some(date), _, Some(DateOrder::MonthFirst)) | (_, Some(date), Some(DateOrder::DayFirst)) => {
                    Some(Told::At(at(date)))
                }
                (.., Some(_)) => None,
                (Some(month_first), Some(day_first), None) if month_first != day_first => {
                    if self.ambiguous.is_empty() {
                        self.example = text.to_owned();
                    }
                    Some(Told::Either(at(month_first), at(day_first)))
                }
                (Some(date), Some(_), None) => Some(Told::At(at(date))),
                (Some(date), None, None) => {
                    self.month_first = true;
                    Some(Told::At(at(date)))
                }
                (None, Some(date), None) => {
                    self.day_first = true;
                    Some(Told::At(at(date)))
                }
                (None, None, None) => None,
            },
        }
    }

    /// Takes 0 and -1 for no time where all others are moments of the last decades.
    fn forget_placeholders(&mut self) {
        let is_placeholder = |time: f64| time == 0.0 || time == -1.0;
        let others = self.seconds.iter().copied().filter(|&time| !time.is_nan() && !is_placeholder(time));
        let first = others.fold(f64::INFINITY, f64::min);
        if first < A_MOMENT || first.is_infinite() {
            return;
        }
        for (at, time) in self.seconds.iter_mut().enumerate() {
            if is_placeholder(*time) {
                *time = f64::NAN;
                self.missing.push(at);
            }
        }
    }

    /// All times, where there are any, and what they are. An entry without one counts as the first of all.
    ///
    /// # Errors
    /// As [`Times::known`].
    pub fn finish(self, place: &str) -> Result<Option<(Vec<f64>, Span)>> {
        let Some((mut times, span)) = self.known(place)? else { return Ok(None) };
        let first = times.iter().copied().fold(f64::INFINITY, f64::min);
        times.iter_mut().filter(|time| time.is_nan()).for_each(|time| *time = first);
        Ok(Some((times, span)))
    }

    /// The same, with NaN for an entry without a time.
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] where days and months cannot be told apart.
    pub fn known(mut self, place: &str) -> Result<Option<(Vec<f64>, Span)>> {
        let mut order = self.order.filter(|_| self.units[DATES] > 0);
        if !self.ambiguous.is_empty() {
            match (self.day_first, self.month_first) {
                (true, false) => {
                    self.ambiguous.iter().for_each(|&(at, day_first)| self.seconds[at] = day_first);
                    order = Some(DateOrder::DayFirst);
                }
                (false, true) => order = Some(DateOrder::MonthFirst),
                _ => {
                    let problem =
                        format!("dates such as {:?} may begin with the day or with the month", self.example);
                    return Err(refused(place, problem, "say it: --dates day-first or --dates month-first"));
                }
            }
        }
        self.forget_placeholders();
        let known = || self.seconds.iter().copied().filter(|time| !time.is_nan());
        let (first, last) =
            (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        if !first.is_finite() {
            return Ok(None);
        }
        let units = UNITS.iter().zip(self.units).filter(|(_, count)| *count > 0).map(|(unit, _)| *unit);
        let span = Span {
            unit: units.collect::<Vec<_>>().join(" and "),
            from: iso(first),
            to: iso(last),
            missing: self.missing.len(),
            order,
        };
        Ok(Some((self.seconds, span)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(order: Option<DateOrder>, fields: &[&str]) -> Result<Option<(Vec<f64>, Span)>> {
        let mut times = Times::new(order, fields.iter().copied());
        for field in fields {
            times.read(field).unwrap_or_else(|bad| panic!("{}: {}", bad.problem, bad.found));
            times.push();
        }
        times.finish("here")
    }

    #[test]
    fn one_moment_in_every_form() {
        let forms = [
            "1570013958",
            "1570013958000",
            "1570013958000000",
            "1570013958000000000",
            "1.570013958e9",
            "2019-10-02T10:59:18Z",
            "2019-10-02 10:59:18",
            "2019-10-02 10:59:18 UTC",
            "2019-10-02 12:59:18+02:00",
            "2019-10-02 10:59:18 +0000 UTC",
            "2019/10/02 10:59:18",
            "2019-10-02T03:59:18-0700",
            "Wed Oct 02 03:59:18 -0700 2019",
            "02-Oct-2019 10:59:18",
            "Wed, 02 Oct 2019 10:59:18 +0000",
            "20191002105918",
            "Oct 02, 2019 10:59:18 AM",
            "02.10.2019 10:59:18",
        ];
        for form in forms {
            let (times, span) = read(None, &[form]).unwrap().unwrap();
            assert_eq!(times, [1_570_013_958.0], "{form}");
            assert_eq!(span.from, "2019-10-02T10:59:18Z");
        }
        let day = ["2019-10-02", "20191002", "2 Oct 2019", "October 2, 2019", "10 02, 2019"];
        day.iter()
            .for_each(|day| assert_eq!(read(None, &[day]).unwrap().unwrap().0, [1_569_974_400.0], "{day}"));
    }

    #[test]
    fn the_column_says_whether_the_day_is_first() {
        let (month_first, span) =
            read(None, &["11/12/2019 9:05:58 PM", "11/13/2019 12:05:58 AM"]).unwrap().unwrap();
        assert_eq!(month_first, [1_573_592_758.0, 1_573_603_558.0]);
        assert_eq!(span.order, Some(DateOrder::MonthFirst));
        let (day_first, _) = read(None, &["11/12/19", "13/12/19"]).unwrap().unwrap();
        assert_eq!(day_first, [1_576_022_400.0, 1_576_195_200.0]);
        let message = read(None, &["05/06/2024", "06/05/2024"]).unwrap_err().to_string();
        assert!(message.contains("\"05/06/2024\"") && message.contains("--dates day-first"), "{message}");
        let told = read(Some(DateOrder::DayFirst), &["05/06/2024"]).unwrap().unwrap().0;
        assert_eq!(told, read(None, &["2024-06-05"]).unwrap().unwrap().0);
    }

    #[test]
    fn zero_and_minus_one_are_no_times_among_moments() {
        let (times, span) = read(None, &["-1", "1700000000", "0", "1700000100"]).unwrap().unwrap();
        assert_eq!(times, [1.7e9, 1.7e9, 1.7e9, 1_700_000_100.0]);
        assert_eq!((span.missing, &*span.from), (2, "2023-11-14T22:13:20Z"));
        let (counts, span) = read(None, &["0", "1", "2"]).unwrap().unwrap();
        assert_eq!((counts, span.missing), (vec![0.0, 1.0, 2.0], 0));
        let (old, span) = read(None, &["-1", "-300000000"]).unwrap().unwrap();
        assert_eq!((old, span.missing), (vec![-1.0, -300_000_000.0], 0));
        assert!(read(None, &["0", "0"]).unwrap().is_some());
    }

    #[test]
    fn what_is_no_time_is_none_or_refused() {
        let (times, span) = read(None, &["10", "\\N", "", "5"]).unwrap().unwrap();
        assert_eq!((times, span.missing), (vec![10.0, 5.0, 5.0, 5.0], 2));
        assert!(read(None, &["", "NULL"]).unwrap().is_none());
        for text in [
            "noon",
            "1e99",
            "inf",
            "2019-13-45",
            "31/31/2019",
            "12:00",
            "2019-10-02 25:00",
            "2019-10-02 soon",
        ] {
            assert!(Times::new(None, [text].into_iter()).read(text).is_err(), "{text}");
        }
    }
}
