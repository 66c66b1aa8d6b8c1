"""Tables of words: what a language model made of each token."""

from __future__ import annotations

import os
from typing import Any

from . import _foldin
from ._errors import ArgumentError


class Words:
    """A table that `foldin words` made, read once for many questions.

    Args:
        path: The table's file (.safetensors).

    Raises:
        FormatError: For a damaged table, and for another kind of file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        """The table's file."""
        self._core = _foldin.Words.read(self.path)

    @property
    def id(self) -> str:
        """What tells the table from others; a model that learned from it has it in its metadata as `words_table`."""
        return self._core.id

    @property
    def dim(self) -> int:
        """Numbers of a vector."""
        return self._core.shape[1]

    def __len__(self) -> int:
        """How many tokens there are."""
        return self._core.shape[0]

    def __repr__(self) -> str:
        return f"<foldin.Words: {len(self)} tokens of dimension {self.dim}, {self.id}>"

    def vector(self, text: str) -> Any:
        """The direction in which a text points: an array [dim] of float32 and length 1, or [0] where no word is known."""
        return self._core.vector(said(text))

    def __reduce__(self) -> Any:
        return Words, (self.path,)


def said(text: Any) -> str:
    if not isinstance(text, str):
        raise ArgumentError(f"text: expected a text, found {text!r}")
    return text


def wished(text: Any, words: Words | str | os.PathLike[str] | None) -> tuple[str, _foldin.Words] | None:
    """A text with the table that knows its words; None without either."""
    if text is None:
        if words is not None:
            raise ArgumentError("words: expected a text beside the table, found none")
        return None
    return said(text), table(words)


def table(words: Words | str | os.PathLike[str] | None) -> _foldin.Words:
    if words is None:
        raise ArgumentError("words: expected the table that the model was trained with, or its path, found none")
    return (words if isinstance(words, Words) else Words(words))._core
