//! Parsers of others that panic at some damages where they could return an error.

use std::cell::Cell;
use std::io::{Write, stderr};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `parse` gives, or the words of its panic, which nobody sees on stderr.
pub(in super::super) fn caught<T>(parse: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            match QUIET.get() {
                false => usual(info),
                // WebAssembly cannot go on after a panic.
                true if cfg!(panic = "abort") => end(info.payload_as_str()),
                true => {}
            }
        }));
    });
    let before = QUIET.replace(true);
    // What a panic leaves half done is dropped with the file.
    let parsed = panic::catch_unwind(AssertUnwindSafe(parse));
    QUIET.set(before);
    parsed.map_err(|panic| match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or(UNKNOWN).to_owned(),
    })
}

const UNKNOWN: &str = "it cannot be parsed";

/// Ends the process as a damaged file does, with what the parser said.
fn end(words: Option<&str>) {
    let words = words.unwrap_or(UNKNOWN).replace(char::is_control, "\u{fffd}");
    let _ = writeln!(stderr(), "error: a damaged file: {words}; make it anew, or fetch it once more");
    std::process::exit(1);
}
