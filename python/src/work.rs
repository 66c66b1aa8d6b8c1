//! Long work: on a thread of its own, while this one waits with Python's lock released, hands on what is said of it, and
//! listens for Ctrl-C.

use crate::errors::raised;
use foldin_cli::watch::{Watch, watched};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long Ctrl-C waits to be heard.
const PATIENCE: Duration = Duration::from_millis(50);

enum Said {
    Remark(String),
    Progress { what: &'static str, done: u64, total: u64, message: String },
}

/// Hands on what the work says.
struct Listener {
    said: Mutex<Sender<Said>>,
    interrupted: AtomicBool,
}

impl Listener {
    fn send(&self, said: Said) {
        // Where nobody listens any more, there is nobody to tell.
        let _ = self.said.lock().map(|to| to.send(said));
    }
}

impl Watch for Listener {
    fn remark(&self, text: &str) {
        self.send(Said::Remark(text.to_owned()));
    }

    fn progress(&self, what: &'static str, done: u64, total: u64, message: &str) {
        self.send(Said::Progress { what, done, total, message: message.to_owned() });
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

/// Does `work`; `listener` has methods `remark(text)` and `progress(what, done, total, message)`.
///
/// # Errors
/// What `work` refuses, what the listener raises, and `KeyboardInterrupt`; the work has ended then.
pub fn work<T: Send>(
    listener: &Bound<'_, PyAny>,
    work: impl FnOnce() -> foldin::Result<T> + Send,
) -> PyResult<T> {
    let py = listener.py();
    let listener = listener.clone().unbind();
    let (said, heard) = channel();
    let watch = Arc::new(Listener { said: Mutex::new(said), interrupted: AtomicBool::new(false) });
    let (told, done) = py.detach(move || {
        std::thread::scope(|scope| {
            let worker: Arc<dyn Watch> = watch.clone();
            let running = scope.spawn(move || watched(worker, work));
            let told = listen(&listener, &heard, || running.is_finished());
            watch.interrupted.store(told.is_err(), Ordering::Relaxed);
            (told, running.join())
        })
    });
    told?;
    match done {
        Ok(done) => done.map_err(|error| raised(py, &error)),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Hands on what is said until the work is done.
fn listen(listener: &Py<PyAny>, heard: &Receiver<Said>, is_done: impl Fn() -> bool) -> PyResult<()> {
    loop {
        let finished = is_done();
        match heard.recv_timeout(if finished { Duration::ZERO } else { PATIENCE }) {
            Ok(first) => Python::attach(|py| {
                py.check_signals()?;
                std::iter::once(first)
                    .chain(heard.try_iter())
                    .try_for_each(|said| tell(listener.bind(py), said))
            })?,
            Err(RecvTimeoutError::Timeout) if !finished => Python::attach(|py| py.check_signals())?,
            Err(_) => return Ok(()),
        }
    }
}

fn tell(listener: &Bound<'_, PyAny>, said: Said) -> PyResult<()> {
    match said {
        Said::Remark(text) => listener.call_method1("remark", (text,)),
        Said::Progress { what, done, total, message } => {
            listener.call_method1("progress", (what, done, total, message))
        }
    }
    .map(drop)
}
