//! The boundary to JavaScript: classes whose methods convert, call one room and convert back.
//!
//! JavaScript fetches and stores; nothing here does. A model's bytes are written by JavaScript straight into
//! a [`ModelBuffer`] as they arrive, and [`Engine`] reads them there.

mod buffer;
mod engine;
mod error;
mod types;
