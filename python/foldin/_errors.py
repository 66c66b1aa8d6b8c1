"""What foldin raises: the texts of the command, each in a class that Python's users expect."""

from __future__ import annotations


class FoldinError(Exception):
    """Anything that foldin refuses; the text says what was expected, what was found, and what to do."""

    code: str = "error"
    """A stable name of the kind, as in JavaScript."""
    field: str | None = None
    """The option that it is about, if it is about one."""


class ArgumentError(FoldinError, ValueError):
    """An option or argument outside its range."""


class DataError(FoldinError, ValueError):
    """A table that cannot be used; the text names the row."""


class FormatError(FoldinError, ValueError):
    """Bytes that are no model of this version."""


class UnknownItemError(FoldinError, KeyError):
    """An id that no item of the model has."""

    def __str__(self) -> str:
        # A KeyError shows its text in quotes.
        return str(self.args[0])


class FoldinOSError(FoldinError, OSError):
    """The system refused a file."""


class OutOfMemoryError(FoldinError, MemoryError):
    """More memory than there is."""


CLASSES = {
    "format": FormatError,
    "version": FormatError,
    "unknown-item": UnknownItemError,
    "argument": ArgumentError,
    "data": DataError,
    "diverged": FoldinError,
    "unsupported": FoldinError,
    "out-of-memory": OutOfMemoryError,
    "io": FoldinOSError,
}
