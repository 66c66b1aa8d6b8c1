//! The forms that a single time may have.

use jiff::civil::Date;
use jiff::fmt::strtime;

/// Whether a field is a time without doubt: a date, or a number of a size that only times have.
pub(in super::super) fn is_time(text: &str) -> bool {
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
pub(in super::super) fn year(text: &str) -> Option<f32> {
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

pub(super) fn iso(seconds: f64) -> String {
    let rounded = jiff::Timestamp::from_second(seconds as i64);
    rounded.map_or_else(|_| format!("{seconds} s"), |timestamp| timestamp.to_string())
}

pub(super) fn days(date: Date) -> f64 {
    f64::from((date - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Unit and seconds of a number since 1970: as seconds, what is one of the larger units is in the year 5138 or later.
pub(super) fn seconds(number: f64) -> Option<(usize, f64)> {
    match number.abs() {
        size if size < 1e11 => Some((0, number)),
        size if size < 1e14 => Some((1, number / 1e3)),
        size if size < 1e17 => Some((2, number / 1e6)),
        size if size < 1e20 => Some((3, number / 1e9)),
        _ => None,
    }
}

/// 20240531, 202405311200 or 20240531120000.
pub(super) fn compact(text: &str) -> Option<f64> {
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

pub(super) enum NumericDate {
    YearFirst(Date),
    /// As a date, where it is one.
    Other {
        month_first: Option<Date>,
        day_first: Option<Date>,
    },
}

/// A date of three numbers, and what follows it.
pub(super) fn numeric_date(text: &str) -> Option<(NumericDate, &str)> {
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
pub(super) fn clock(text: &str) -> Option<f64> {
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
pub(super) fn named_date(text: &str) -> Option<f64> {
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
