"""What long work says meanwhile: a bar where somebody watches, remarks in the log, warnings as warnings."""

from __future__ import annotations

import logging
import sys
import warnings
from types import TracebackType
from typing import Any

log = logging.getLogger("foldin")


def in_notebook() -> bool:
    """Whether a kernel of Jupyter runs this."""
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


class Listener:
    """Hears remarks and progress. The bar shows in a terminal and in a notebook, unless `show` says otherwise."""

    def __init__(self, show: bool | None = None) -> None:
        self.show = show if show is not None else sys.stderr.isatty() or in_notebook()
        self.bar: Any = None

    def remark(self, text: str) -> None:
        kind, colon, rest = text.partition(": ")
        if colon and kind in ("warning", "note"):
            warnings.warn(rest, UserWarning, stacklevel=4)
        else:
            log.info(text)

    def progress(self, what: str, done: int, total: int, message: str) -> None:
        if not self.show:
            return
        if self.bar is None or (self.bar.desc, self.bar.total) != (what, total):
            self.close()
            with warnings.catch_warnings():
                # Without its widgets tqdm says so, and draws text.
                warnings.simplefilter("ignore")
                from tqdm.auto import tqdm  # type: ignore[import-untyped,unused-ignore]

                self.bar = tqdm(total=total, desc=what, leave=False)
                self.bar.desc = what
        self.bar.set_postfix_str(message, refresh=False)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
