//! The names that foldin gives to what it deploys. What is called otherwise is not foldin's, and is never removed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many digits of a SHA-256 stand in a name.
const DIGITS: usize = 12;

const MODELS: &str = "models/";
const MODEL: &str = ".safetensors";
const PACKAGES: &str = "foldin/";

/// A path in the deployed folder: `models/TITLE.HASH.safetensors`, or `foldin/HASH` for a package's folder.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// Of a model file. What a URL would have to encode becomes a hyphen in the title.
    pub(super) fn of_model(title: &str, sha256: &str) -> Name {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let title: String = title.chars().map(plain).collect();
        let title = title.trim_matches(['-', '.']);
        let title = if title.is_empty() { "model" } else { title };
        Name(format!("{MODELS}{title}.{}{MODEL}", &sha256[..DIGITS]))
    }

    /// Of a package's folder.
    pub(super) fn of_package(sha256: &str) -> Name {
        Name(format!("{PACKAGES}{}", &sha256[..DIGITS]))
    }

    /// The path, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a model file's name, and that of one with this hash.
    pub(super) fn is_model(&self, sha256: &str) -> bool {
        self.0.strip_suffix(MODEL).is_some_and(|rest| sha256.starts_with(&rest[rest.len() - DIGITS..]))
    }

    /// Whether it is a package folder's name, and that of one with this hash.
    pub(super) fn is_package(&self, sha256: &str) -> bool {
        self.0.strip_prefix(PACKAGES).is_some_and(|digits| sha256.starts_with(digits))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0
    }
}

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(path: String) -> Result<Name, String> {
        let model = path.strip_prefix(MODELS).and_then(|rest| rest.strip_suffix(MODEL));
        let ours = match model.and_then(|rest| rest.rsplit_once('.')) {
            Some((title, digits)) => is_part(title) && is_hash(digits),
            None => path.strip_prefix(PACKAGES).is_some_and(is_hash),
        };
        if ours { Ok(Name(path)) } else { Err(format!("\"{path}\" is no name that foldin gives")) }
    }
}

fn is_hash(digits: &str) -> bool {
    digits.len() == DIGITS && is_hex(digits)
}

/// Whether these are hexadecimal digits as foldin writes them.
pub(super) fn is_hex(digits: &str) -> bool {
    digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `part` names a visible file or folder on its own, on every system.
pub(super) fn is_part(part: &str) -> bool {
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    !part.is_empty() && !part.starts_with('.') && !part.contains(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef";

    #[test]
    fn names_need_no_encoding_and_are_read_back() {
        for (title, wanted) in [
            ("movies", "models/movies.0123456789ab.safetensors"),
            ("a #1?", "models/a--1.0123456789ab.safetensors"),
            ("../../etc", "models/etc.0123456789ab.safetensors"),
            ("映画", "models/model.0123456789ab.safetensors"),
        ] {
            let name = Name::of_model(title, HASH);
            assert_eq!(name.as_str(), wanted);
            assert_eq!(Name::try_from(wanted.to_owned()), Ok(name.clone()));
            assert!(name.is_model(HASH) && !name.is_model("f") && !name.is_package(HASH));
        }
        let name = Name::of_package(HASH);
        assert_eq!(Name::try_from(name.0.clone()), Ok(name.clone()));
        assert!(name.is_package(HASH) && !name.is_model(HASH));
    }

    #[test]
    fn all_other_names_are_refused() {
        for path in [
            "",
            ".",
            "..",
            "models",
            "models/",
            "img",
            "index.html",
            "foldin",
            "foldin/",
            "foldin/..",
            "foldin/0123456789ab/index.js",
            "foldin/0123456789AB",
            "foldin/0123456789abc",
            "models/.0123456789ab.safetensors",
            "models/a.safetensors",
            "models/0123456789ab.safetensors",
            "models/../a.0123456789ab.safetensors",
            "models/a\\b.0123456789ab.safetensors",
            "models/a.0123456789ab.safetensors.gz",
            "/models/a.0123456789ab.safetensors",
            "models/é123456789ab.safetensors",
        ] {
            assert!(Name::try_from(path.to_owned()).is_err(), "{path}");
        }
    }
}
