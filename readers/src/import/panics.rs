//! Parsers of others that panic at some damages where they could return an error.

use std::cell::Cell;
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
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    // What a panic leaves half done is dropped with the file.
    let parsed = panic::catch_unwind(AssertUnwindSafe(parse));
    QUIET.set(before);
    parsed.map_err(|panic| match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or("it cannot be parsed").to_owned(),
    })
}
