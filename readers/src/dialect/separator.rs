//! What stands between two fields.

use std::fmt;

/// What stands between two fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Separator {
    Byte(u8),
    /// `::`, as MovieLens has it.
    Colons,
    /// One blank or several.
    Blanks,
}

impl Separator {
    /// Where it stands first.
    pub fn find(self, text: &str) -> Option<usize> {
        match self {
            Separator::Byte(byte) => text.bytes().position(|found| found == byte),
            Separator::Colons => text.find("::"),
            Separator::Blanks => text.find([' ', '\t']),
        }
    }

    /// Its length at the start of the text; 0 where it does not stand there.
    pub fn len(self, text: &str) -> usize {
        match self {
            Separator::Byte(byte) => usize::from(text.as_bytes().first() == Some(&byte)),
            Separator::Colons => {
                if text.starts_with("::") {
                    2
                } else {
                    0
                }
            }
            Separator::Blanks => text.len() - text.trim_start_matches([' ', '\t']).len(),
        }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Separator::Byte(b'\t') => f.write_str("tab"),
            Separator::Byte(0x01) => f.write_str("\\x01"),
            Separator::Byte(byte) => write!(f, "\"{}\"", char::from(*byte)),
            Separator::Colons => f.write_str("\"::\""),
            Separator::Blanks => f.write_str("blanks"),
        }
    }
}
