//! A shop's placements and rules, as its pages load them, checked against a model.

use crate::outcome::Outcome;
use foldin::recommender::Ask;
use foldin::score::Options;
use foldin::{Error, Named, Problem, Recommender, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::path::Path;

/// The document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Plan {
    placements: Named<Value>,
    rules: Vec<Rule>,
}

/// What holds for one placement or all, for its time.
#[derive(Deserialize)]
struct Rule {
    placement: Option<String>,
    from: Option<String>,
    until: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(flatten)]
    options: Map<String, Value>,
}

/// Whether each placement and each rule is one that the model can answer by.
///
/// # Errors
/// [`Problem::Io`]; [`Problem::Data`] for a file that is neither.
pub fn outcomes(file: &Path, shop: &Recommender) -> Result<Vec<Outcome>> {
    let text = std::fs::read_to_string(file).map_err(Error::io(file))?;
    let wrong = |problem: String| -> Error {
        let remedy = "see docs/shop.md for what it may hold".into();
        Problem::Data { place: file.display().to_string(), problem, remedy }.into()
    };
    let plan = match text.trim_start().starts_with('{') {
        true => serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?,
        false => Plan { rules: lines(&text).map_err(wrong)?, ..Plan::default() },
    };
    let placements = plan.placements.iter().map(|(name, options)| outcome(name, asks(options, shop)));
    let rules = (1..).zip(&plan.rules).map(|(number, rule)| {
        outcome(
            &format!("rule {number}"),
            rule.check(&plan.placements).and_then(|()| asks(&json!(rule.options), shop)),
        )
    });
    Ok(placements.chain(rules).collect())
}

fn outcome(name: &str, checked: std::result::Result<String, String>) -> Outcome {
    let holds = checked.is_ok();
    let expected = "what the page's `recommend` takes, with known items, not run out".into();
    Outcome { name: name.to_owned(), holds, found: checked.unwrap_or_else(|problem| problem), expected }
}

impl Rule {
    fn check(&self, placements: &Named<Value>) -> std::result::Result<(), String> {
        let known = |name: &String| placements.is_empty() || placements.get(name).is_some();
        if let Some(name) = self.placement.as_ref().filter(|name| !known(name)) {
            return Err(format!("no placement is called {name}"));
        }
        let [from, until] = [("from", &self.from), ("until", &self.until)].map(|(field, date)| {
            date.as_deref().map(|text| time(text).ok_or(format!("{field} is no date: {text}"))).transpose()
        });
        let (from, until) = (from?, until?);
        if let Some(until) = until.filter(|until| *until <= jiff::Timestamp::now()) {
            return Err(format!("ran out at {until}"));
        }
        match from.zip(until).is_some_and(|(from, until)| from >= until) {
            true => Err("ends before it begins".into()),
            false => Ok(()),
        }
    }
}

/// A date in UTC, or a moment, of ISO 8601.
fn time(text: &str) -> Option<jiff::Timestamp> {
    let day = |date: jiff::civil::Date| Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp());
    text.parse().ok().or_else(|| text.parse().ok().and_then(day))
}

/// How many items come back, or why none can.
fn asks(options: &Value, shop: &Recommender) -> std::result::Result<String, String> {
    let options: Options = serde_json::from_value(options.clone()).map_err(|error| error.to_string())?;
    let Options { exclude, bury, seeds, only, pin, boost, .. } = &options;
    let lists = exclude.iter().chain(bury).chain(seeds).chain(only.iter().flatten()).map(String::as_str);
    let mut ids = lists.chain(pin.names()).chain(boost.items.names());
    if let Some(id) = ids.find(|id| !shop.items().has(id)) {
        return Err(format!("no item is called {id}"));
    }
    let answer = shop.recommend(&options, Ask::default()).map_err(|error| error.to_string())?;
    match answer.results.len() {
        0 => Err("no item comes back".into()),
        count => Ok(format!("{count} items for a new visitor")),
    }
}

/// The rules of a CSV file, a line each.
fn lines(text: &str) -> std::result::Result<Vec<Rule>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let known = ["placement", "rule", "item", "column", "tag", "value", "from", "until", "note"];
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    if let Some(strange) = headers.iter().find(|name| !known.contains(name)) {
        return Err(format!("expected columns {}, found {strange}", known.join(", ")));
    }
    let line = |(number, record): (usize, csv::Result<csv::StringRecord>)| {
        let record = record.map_err(|error| error.to_string())?;
        let cell = |name: &str| {
            let at = headers.iter().position(|header| header == name);
            at.and_then(|at| record.get(at)).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let options = told(&cell).map_err(|problem| format!("line {number}: {problem}"))?;
        Ok(Rule {
            placement: cell("placement"),
            from: cell("from"),
            until: cell("until"),
            _note: None,
            options,
        })
    };
    (2..).zip(reader.records()).map(line).collect()
}

fn told(cell: &dyn Fn(&str) -> Option<String>) -> std::result::Result<Map<String, Value>, String> {
    let rule = cell("rule").unwrap_or_default();
    let needed = |name: &str| cell(name).ok_or(format!("expected {name} beside {rule}, found none"));
    let value =
        || needed("value")?.parse::<f64>().map_err(|_| format!("value: expected a number beside {rule}"));
    let whole = || value().map(|value| if value.fract() == 0.0 { json!(value as i64) } else { json!(value) });
    let by_tag = |value: Value| Ok::<_, String>(json!({ needed("column")?: { needed("tag")?: value } }));
    let options = match rule.as_str() {
        "exclude" | "bury" => json!({ &rule: [needed("item")?] }),
        "pin" => json!({ "pin": { needed("item")?: whole()? } }),
        "boost" if cell("item").is_some() => json!({ "boost": { "items": { needed("item")?: value()? } } }),
        "boost" => json!({ "boost": { "tags": by_tag(json!(value()?))? } }),
        "quota" | "atLeast" => json!({ &rule: by_tag(whole()?)? }),
        _ => return Err(format!("expected pin, bury, exclude, boost, quota or atLeast, found {rule:?}")),
    };
    Ok(options.as_object().expect("made as one").clone())
}
