//! By the browser.

use js_sys::{JsString, Object, Reflect};
use std::borrow::Cow;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new(label: &str) -> TextDecoder;
    #[wasm_bindgen(method)]
    fn decode(this: &TextDecoder, bytes: &[u8], options: &Object) -> String;
}

/// The text with accents and letters in one character each (NFC).
pub fn composed(text: &str) -> Cow<'_, str> {
    Cow::Owned(JsString::from(text).normalize("NFC").into())
}

/// Nobody names an encoding in a page.
pub fn name(_label: &str) -> Option<&'static str> {
    None
}

/// The usual one of the West: what knows others would weigh more than all else here.
pub fn guess(_text: &[u8]) -> &'static str {
    "windows-1252"
}

/// Decodes a stream.
pub struct Decoder(TextDecoder);

impl Decoder {
    pub fn new(name: &'static str) -> Decoder {
        Decoder(TextDecoder::new(name))
    }

    /// The text of the next bytes, which may end within a character unless they are the last.
    pub fn decode(&mut self, bytes: &[u8], last: bool) -> String {
        let options = Object::new();
        // An own property of a fresh object is always set.
        let _ = Reflect::set(&options, &"stream".into(), &(!last).into());
        self.0.decode(bytes, &options)
    }
}
