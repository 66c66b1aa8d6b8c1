//! By libraries.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text with accents and letters in one character each (NFC).
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// The name of the encoding that a label means.
pub fn name(label: &str) -> Option<&'static str> {
    Encoding::for_label(label.as_bytes()).map(Encoding::name)
}

/// What encoding older than Unicode a text is probably in: windows-1252 where little speaks for another.
pub fn guess(text: &[u8]) -> &'static str {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(text, false);
    detector.guess(None, Utf8Detection::Deny).name()
}

/// Decodes a stream.
pub struct Decoder(encoding_rs::Decoder);

impl Decoder {
    pub fn new(name: &'static str) -> Decoder {
        let encoding = Encoding::for_label(name.as_bytes()).expect("a name of an encoding");
        Decoder(encoding.new_decoder_with_bom_removal())
    }

    /// The text of the next bytes, which may end within a character unless they are the last.
    pub fn decode(&mut self, bytes: &[u8], last: bool) -> String {
        let longest = self.0.max_utf8_buffer_length(bytes.len()).expect("no chunk is so long");
        let mut text = String::with_capacity(longest);
        // It reads all, as there is room for the longest text.
        let _ = self.0.decode_to_string(bytes, &mut text, last);
        text
    }
}
