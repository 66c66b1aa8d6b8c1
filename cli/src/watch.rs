//! Who watches long work in the terminal's place: a program that calls the verbs as a library.

use foldin::Problem;
use foldin::error::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::sync::Arc;

/// Hears what would go to stderr, and may end the work.
pub trait Watch: Send + Sync {
    /// A remark about what was read, or a warning.
    fn remark(&self, text: &str);

    /// `done` of `total` steps of `what` are done; `message` says how well.
    fn progress(&self, what: &'static str, done: u64, total: u64, message: &str);

    /// Whether the work should end without a result.
    fn is_interrupted(&self) -> bool;
}

thread_local! {
    static WATCH: RefCell<Option<Arc<dyn Watch>>> = const { RefCell::new(None) };
}

/// Does `work` on this thread, watched.
pub fn watched<T>(watch: Arc<dyn Watch>, work: impl FnOnce() -> T) -> T {
    let before = WATCH.replace(Some(watch));
    let done = work();
    WATCH.set(before);
    done
}

/// Who watches this thread.
pub(crate) fn current() -> Option<Arc<dyn Watch>> {
    WATCH.with_borrow(Clone::clone)
}

/// # Errors
/// [`Problem::Data`] where whoever watches has had enough.
pub(crate) fn go_on() -> Result<()> {
    match current().is_some_and(|watch| watch.is_interrupted()) {
        false => Ok(()),
        true => Err(Problem::Data {
            place: "foldin".into(),
            problem: "interrupted".into(),
            remedy: "nothing was written".into(),
        }
        .into()),
    }
}

/// A bar on stderr, or with whoever watches.
pub struct Bar {
    what: &'static str,
    bar: ProgressBar,
    watch: Option<Arc<dyn Watch>>,
}

impl Bar {
    /// For `total` steps of `what`. It is drawn where nobody watches and stderr is a terminal.
    pub(crate) fn new(total: u64, what: &'static str) -> Bar {
        let watch = current();
        let style = ProgressStyle::with_template("{prefix:>12} {bar:30} {pos}/{len} {msg} {eta}");
        let bar = ProgressBar::new(total).with_style(style.expect("a valid template")).with_prefix(what);
        if watch.is_some() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Bar { what, bar, watch }
    }

    /// How many steps there are.
    pub fn length(&self) -> u64 {
        self.bar.length().unwrap_or(0)
    }

    /// Says something beside the bar.
    pub fn set_message(&self, message: String) {
        self.bar.set_message(message);
    }

    /// So many steps are done; fewer than before count for nothing.
    pub fn set_position(&self, done: u64) {
        self.bar.set_position(done.max(self.bar.position()));
        self.tell();
    }

    /// One more is done.
    pub fn inc(&self) {
        self.bar.inc(1);
        self.tell();
    }

    fn tell(&self) {
        if let Some(watch) = &self.watch {
            watch.progress(self.what, self.bar.position(), self.length(), &self.bar.message());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
