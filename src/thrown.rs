//! Errors as JavaScript has them: a real `Error` with `code`, and `field` where one argument is to blame.

use crate::error::Error;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

impl From<Error> for JsValue {
    fn from(error: Error) -> JsValue {
        let thrown = js_sys::Error::new(&error.to_string());
        set(&thrown, "code", error.code());
        if let Some(field) = error.field() {
            set(&thrown, "field", field);
        }
        thrown.into()
    }
}

fn set(thrown: &js_sys::Error, key: &str, value: &str) {
    // Cannot fail: a fresh Error takes new properties.
    let _ = Reflect::set(thrown, &key.into(), &value.into());
}
