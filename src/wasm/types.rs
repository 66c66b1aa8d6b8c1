//! The plain objects that cross the boundary.

use crate::error::{Error, Result};
use crate::model::{Header, Model};
use crate::named::Named;
use crate::visitor::{Event, EventKind};
use js_sys::{Object, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// An event as the page gives it and gets it back.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JsEvent {
    item: String,
    event: EventKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default)]
    time: f64,
}

impl JsEvent {
    pub fn resolve(&self, model: &Model) -> Result<Event> {
        Ok(Event { item: model.find(&self.item)?, kind: self.event, value: self.value, time: self.time })
    }

    pub fn new(event: &Event, model: &Model) -> JsEvent {
        JsEvent { item: model.id(event.item), event: event.kind, value: event.value, time: event.time }
    }
}

/// What a model is.
#[derive(Serialize)]
pub struct Info<'a> {
    pub items: usize,
    pub dim: usize,
    pub precision: &'static str,
    pub bytes: usize,
    pub metadata: &'a Named<String>,
}

/// An options object of which some fields are taken out before the rest is read.
pub struct JsOptions(Object);

impl JsOptions {
    /// A copy of `value`; undefined and null are no options at all.
    pub fn new(value: &JsValue) -> Result<JsOptions> {
        if !(value.is_undefined() || value.is_null() || value.is_object()) {
            return Err(Error::argument(
                "options",
                "an object",
                value.js_typeof().as_string().unwrap_or_default(),
            ));
        }
        Ok(JsOptions(Object::assign(&Object::new(), value.unchecked_ref())))
    }

    /// Takes `field` out; None where it is missing or undefined.
    pub fn take(&self, field: &'static str) -> Option<JsValue> {
        let value = Reflect::get(&self.0, &field.into()).ok().filter(|value| !value.is_undefined());
        let _ = Reflect::delete_property(&self.0, &field.into());
        value
    }

    /// Takes a field of type `T` out.
    pub fn read<T: for<'de> Deserialize<'de>>(&self, field: &'static str) -> Result<Option<T>> {
        self.take(field).map(|value| from_js(value, field)).transpose()
    }

    /// Takes a user vector out.
    pub fn vector(&self) -> Result<Option<Vec<f32>>> {
        let array = |value: JsValue| match value.dyn_into::<js_sys::Float32Array>() {
            Ok(array) => Ok(array.to_vec()),
            Err(other) => from_js(other, "vector"),
        };
        self.take("vector").map(array).transpose()
    }

    /// Reads all that is left.
    pub fn rest<T: for<'de> Deserialize<'de>>(self) -> Result<T> {
        from_js(self.0.into(), "options")
    }
}

/// Reads `value`; what does not fit is an argument error that names `field`.
pub fn from_js<T: for<'de> Deserialize<'de>>(value: JsValue, field: &'static str) -> Result<T> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| Error::argument(field, "its documented form", error.to_string()))
}

/// Writes `value` as plain objects and arrays.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Plain data always serialises.
    value.serialize(&serializer).unwrap_or_default()
}

/// A parsed safetensors header: `__metadata__` beside the tensors by name.
pub fn header_from_js(value: &JsValue) -> Result<Header> {
    let wrong = |found: String| Error::Format {
        what: "header".into(),
        expected: "a safetensors header".into(),
        found,
        remedy: "the file is damaged or not a foldin model: download it again, or pack it again",
    };
    let fields = JsOptions::new(value).map_err(|_| wrong("no object".into()))?;
    let read = |error: Error| wrong(error.to_string());
    let metadata = fields.read("__metadata__").map_err(read)?;
    let tensors = fields.rest().map_err(read)?;
    Ok(Header { metadata: metadata.unwrap_or_default(), tensors })
}
