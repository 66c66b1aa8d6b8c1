//! Encodings of text, by their names on the web.

use super::unicode::{self, Decoder};

/// An encoding, by the name that the web has for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Encoding(&'static str);

pub(super) const UTF_8: Encoding = Encoding("UTF-8");
pub(super) const UTF_16LE: Encoding = Encoding("UTF-16LE");
pub(super) const UTF_16BE: Encoding = Encoding("UTF-16BE");
pub(super) const WINDOWS_1252: Encoding = Encoding("windows-1252");

impl Encoding {
    /// The encoding that a label means.
    pub fn labelled(label: &str) -> Option<Encoding> {
        unicode::name(label.trim()).map(Encoding)
    }

    /// What a byte order mark says.
    pub fn marked(head: &[u8]) -> Option<Encoding> {
        match head {
            [0xef, 0xbb, 0xbf, ..] => Some(UTF_8),
            [0xff, 0xfe, ..] => Some(UTF_16LE),
            [0xfe, 0xff, ..] => Some(UTF_16BE),
            _ => None,
        }
    }

    /// What a text that is no Unicode is probably in.
    pub fn guess(text: &[u8]) -> Encoding {
        Encoding(unicode::guess(text))
    }

    pub fn name(self) -> &'static str {
        self.0
    }

    /// Decodes bytes as they come, without a byte order mark. What is no character becomes U+FFFD.
    pub fn decoder(self) -> Decoder {
        Decoder::new(self.0)
    }

    /// All at once.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.decoder().decode(bytes, true)
    }
}
