//! Times in every form that files have: numbers since 1970 in any unit, ISO 8601, and dates as people write them.
//!
//! Whether a day or a month stands first is decided by the whole column: 13 is no month.

use super::bad_lines::Bad;
use super::source::refused;
use super::value::is_no_number;
use foldin::error::Result;
use jiff::civil::Date;
use jiff::fmt::strtime;
use serde::Serialize;

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
#[derive(Clone, Copy)]
enum Told {
    At(f64),
    /// One of two dates: with the month first, and with the day first.
    Either(f64, f64),
}

/// The times of a column, one an interaction.
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
        Times {
            order,
            compact,
            seconds: Vec::new(),
            missing: Vec::new(),
            ambiguous: Vec::new(),
            day_first: false,
            month_first: false,
            example: String::new(),
            units: [0; 5],
            last: None,
        }
    }

    /// Reads a field, which [`Times::push`] adds.
    pub fn read(&mut self, text: &str) -> std::result::Result<(), Bad> {
        self.last = match self.told(text) {
            Some(told) => Some(told),
            None if is_no_number(text) => None,
            None => {
                let expected = "time: expected seconds or milliseconds since 1970, or a date such as 2024-05-31T12:00:00Z";
                return Err(Bad::new(expected, format!("{text:?}")));
            }
        };
        Ok(())
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

    /// All times, where there are any, and what they are. An entry without one counts as the first of all.
    ///
    /// # Errors
    /// [`foldin::Problem::Data`] where days and months cannot be told apart.
    pub fn finish(mut self, place: &str) -> Result<Option<(Vec<f64>, Span)>> {
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
        let known = || self.seconds.iter().copied().filter(|time| !time.is_nan());
        let (first, last) =
            (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        if !first.is_finite() {
            return Ok(None);
        }
        self.missing.iter().for_each(|&at| self.seconds[at] = first);
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

/// Whether a field is a time without doubt: a date, or a number of a size that only times have.
pub(super) fn is_time(text: &str) -> bool {
    match text.parse::<f64>() {
        // From 1995 to 2039.
        Ok(number) => {
            !text.starts_with('0') && seconds(number).is_some_and(|(_, time)| (8e8..2.2e9).contains(&time))
        }
        Err(_) => {
            numeric_date(text).is_some_and(|(_, rest)| clock(rest).is_some()) || named_date(text).is_some()
        }
    }
}

/// The year of a date, or of a number that is one.
pub(super) fn year(text: &str) -> Option<f32> {
    if let Ok(year) = text.parse::<f32>() {
        return year.is_finite().then_some(year);
    }
    let seconds = match numeric_date(text) {
        Some((NumericDate::YearFirst(date), _)) => return Some(f32::from(date.year())),
        Some((NumericDate::Other { month_first, day_first }, _)) => {
            return month_first.or(day_first).map(|date| f32::from(date.year()));
        }
        None => named_date(text)?,
    };
    let timestamp = jiff::Timestamp::from_second(seconds as i64).ok()?;
    Some(f32::from(timestamp.to_zoned(jiff::tz::TimeZone::UTC).year()))
}

fn iso(seconds: f64) -> String {
    let rounded = jiff::Timestamp::from_second(seconds as i64);
    rounded.map_or_else(|_| format!("{seconds} s"), |timestamp| timestamp.to_string())
}

fn days(date: Date) -> f64 {
    f64::from((date - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Unit and seconds of a number since 1970: as seconds, what is one of the larger units is in the year 5138 or later.
fn seconds(number: f64) -> Option<(usize, f64)> {
    match number.abs() {
        size if size < 1e11 => Some((0, number)),
        size if size < 1e14 => Some((1, number / 1e3)),
        size if size < 1e17 => Some((2, number / 1e6)),
        size if size < 1e20 => Some((3, number / 1e9)),
        _ => None,
    }
}

/// 20240531, 202405311200 or 20240531120000.
fn compact(text: &str) -> Option<f64> {
    if !matches!(text.len(), 8 | 12 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number =
        |from: usize, to: usize| text.get(from..to).map_or(Some(0), |digits| digits.parse::<i16>().ok());
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let [hours, minutes, seconds] = [number(8, 10)?, number(10, 12)?, number(12, 14)?];
    let is_clock = hours < 24 && minutes < 60 && seconds < 61;
    is_clock.then(|| {
        days(date) * 86_400.0 + f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds)
    })
}

enum NumericDate {
    YearFirst(Date),
    /// As a date, where it is one.
    Other {
        month_first: Option<Date>,
        day_first: Option<Date>,
    },
}

/// A date of three numbers, and what follows it.
fn numeric_date(text: &str) -> Option<(NumericDate, &str)> {
    let sign = text.find(['-', '/', '.'])?;
    let sign = char::from(text.as_bytes()[sign]);
    let mut parts = text.splitn(3, sign);
    let (first, second, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (third, rest) = rest.split_at(end);
    let number = |digits: &str| -> Option<i16> {
        (1..=4).contains(&digits.len()).then(|| digits.parse().ok())?.filter(|number| *number >= 0)
    };
    let (first_number, second_number, third_number) = (number(first)?, number(second)?, number(third)?);
    let date = |year: i16, month: i16, day: i16| {
        Date::new(year, month as i8, day.min(99) as i8).ok().filter(|_| month < 13)
    };
    if first.len() == 4 {
        return Some((NumericDate::YearFirst(date(first_number, second_number, third_number)?), rest));
    }
    let year = match third.len() {
        4 => third_number,
        2 if third_number < 70 => third_number + 2000,
        2 => third_number + 1900,
        _ => return None,
    };
    // Nobody writes months first with points.
    let month_first = date(year, first_number, second_number).filter(|_| sign != '.');
    let day_first = date(year, second_number, first_number);
    Some((NumericDate::Other { month_first, day_first }, rest))
}

/// Seconds of a time of day with its zone, less the zone's offset: `T12:00:00Z`, ` 9:05:58 PM`, ` 12:00:00.5 +02:00`.
fn clock(text: &str) -> Option<f64> {
    let text = text.strip_prefix(['T', 't', ',']).unwrap_or(text).trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let (time, rest) = text.split_at(end);
    let mut seconds = 0.0;
    if !time.is_empty() {
        let mut parts = time.split(':');
        let hours: f64 = parts.next()?.parse().ok()?;
        let minutes: f64 = parts.next()?.parse().ok()?;
        let rest: f64 = parts.next().map_or(Some(0.0), |part| part.parse().ok())?;
        if parts.next().is_some() || hours > 24.0 || minutes >= 60.0 || rest >= 61.0 {
            return None;
        }
        seconds = hours * 3600.0 + minutes * 60.0 + rest;
    }
    let mut zone = rest.trim();
    for (word, is_evening) in [("AM", false), ("PM", true), ("a.m.", false), ("p.m.", true)] {
        if zone.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
            let is_twelve = (43_200.0..46_800.0).contains(&seconds);
            seconds += if is_evening && !is_twelve {
                43_200.0
            } else if !is_evening && is_twelve {
                -43_200.0
            } else {
                0.0
            };
            zone = zone[word.len()..].trim();
        }
    }
    Some(seconds - offset(zone)?)
}

/// Seconds east of Greenwich of `Z`, `UTC`, `+02:00`, `-0700`, `+0000 UTC`.
fn offset(zone: &str) -> Option<f64> {
    let zone = zone.trim_end_matches("UTC").trim_end_matches("GMT").trim();
    if matches!(zone, "" | "Z" | "z") {
        return Some(0.0);
    }
    let sign = if zone.starts_with('-') { -1.0 } else { 1.0 };
    let digits: String = zone.strip_prefix(['+', '-'])?.chars().filter(|c| *c != ':').collect();
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        1 | 2 if is_plain => (digits.as_str(), "0"),
        4 if is_plain => digits.split_at(2),
        _ => return None,
    };
    Some(sign * (hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0))
}

/// Dates with the month in words.
fn named_date(text: &str) -> Option<f64> {
    const FORMS: [&str; 15] = [
        "%a %b %d %H:%M:%S %z %Y",
        "%a, %d %b %Y %H:%M:%S %z",
        "%d %b %Y, %H:%M",
        "%d %b %Y %H:%M",
        "%d %b %Y %H:%M:%S",
        "%d-%b-%Y %H:%M:%S",
        "%b %d, %Y %I:%M:%S %p",
        "%b %d, %Y, %I:%M %p",
        "%d-%b-%Y",
        "%d %b %Y",
        "%b %d, %Y",
        "%d %B %Y",
        "%B %d, %Y",
        "%B %d, %Y %H:%M:%S",
        "%m %d, %Y",
    ];
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b',') || text.len() > 64 {
        return None;
    }
    let text = text.trim_end_matches(" GMT").trim_end_matches(" UTC");
    FORMS.iter().find_map(|form| {
        let parsed = strtime::parse(form, text).ok()?;
        if let Ok(timestamp) = parsed.to_timestamp() {
            return Some(timestamp.as_second() as f64);
        }
        let day = parsed.to_date().ok()?;
        let time = parsed.to_time().unwrap_or_default();
        let seconds =
            f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second());
        Some(days(day) * 86_400.0 + seconds)
    })
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
