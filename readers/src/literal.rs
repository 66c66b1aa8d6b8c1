//! What a field or a line holds in the notation of JSON or of Python.

use serde_json::{Map, Number, Value};

/// Deeper ones are no data.
const MAX_DEPTH: usize = 64;

/// The value of a text in JSON, or in what Python's `repr` writes: `{u'a': ['b', None, nan]}`.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| {
        let mut python = Python { rest: text.trim() };
        let value = python.value(0)?;
        python.rest.trim().is_empty().then_some(value)
    })
}

/// A value as the text of a field: nothing for null, the bare text of a string, lists and objects as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

struct Python<'a> {
    rest: &'a str,
}

impl Python<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.chars().next()? {
            '{' => self.dictionary(depth),
            '[' => self.list(']', depth),
            '(' => self.list(')', depth),
            '\'' | '"' => self.string().map(Value::String),
            'u' | 'b' if self.rest[1..].starts_with(['\'', '"']) => {
                self.rest = &self.rest[1..];
                self.string().map(Value::String)
            }
            _ => self.word(),
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, sign: char) -> bool {
        self.blanks();
        let rest = self.rest.strip_prefix(sign);
        rest.inspect(|rest| self.rest = rest).is_some()
    }

    fn list(&mut self, end: char, depth: usize) -> Option<Value> {
        self.rest = &self.rest[1..];
        let mut values = Vec::new();
        while !self.eat(end) {
            values.push(self.value(depth + 1)?);
            if !self.eat(',') {
                return self.eat(end).then_some(Value::Array(values));
            }
        }
        Some(Value::Array(values))
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        self.rest = &self.rest[1..];
        let mut values = Map::new();
        while !self.eat('}') {
            let key = self.value(depth + 1)?;
            if !self.eat(':') {
                return None;
            }
            values.insert(text(&key), self.value(depth + 1)?);
            if !self.eat(',') {
                return self.eat('}').then_some(Value::Object(values));
            }
        }
        Some(Value::Object(values))
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    code @ ('x' | 'u') => {
                        let digits = if code == 'x' { 2 } else { 4 };
                        let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
                        text.push(char::from_u32(u32::from_str_radix(&hex, 16).ok()?).unwrap_or('\u{fffd}'));
                    }
                    other => text.push(other),
                },
                c if c == quote => {
                    self.rest = &self.rest[at + quote.len_utf8()..];
                    return Some(text);
                }
                c => text.push(c),
            }
        }
        None
    }

    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find([',', ']', '}', ')', ':', ' ', '\n']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "None" | "null" | "nan" | "NaN" => Some(Value::Null),
            "True" | "true" => Some(Value::Bool(true)),
            "False" | "false" => Some(Value::Bool(false)),
            _ => match word.trim_end_matches('L').parse::<i64>() {
                Ok(number) => Some(Value::Number(number.into())),
                Err(_) => Number::from_f64(word.parse().ok()?).map(Value::Number),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_and_python_say_the_same() {
        let expected = json!({"a": ["x", null, 1.5, true], "it's": 7});
        let texts = [
            r#"{"a": ["x", null, 1.5, true], "it's": 7}"#,
            r#"{u'a': ['x', None, 1.5, True], "it's": 7L}"#,
            r#"{'a': ('x', nan, 1.5, True,), 'it\'s': 7}"#,
        ];
        for text in texts {
            assert_eq!(parse(text), Some(expected.clone()), "{text}");
        }
        for text in ["{", "['a'", "[a b]", "{'a'}", "['a'] x", &"[".repeat(20_000)] {
            assert_eq!(parse(text), None);
        }
    }
}
