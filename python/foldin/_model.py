"""A model: what it recommends, and what becomes of it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from . import _foldin
from ._card import card
from ._errors import ArgumentError
from ._listen import Listener
from ._tables import column, frame, is_path


class Model:
    """A recommender of item factors. Visitors are folded in from what they did; none of them is in it.

    Made by :func:`foldin.train`, :func:`foldin.pack` and :func:`foldin.load`. It pickles, copies and goes through joblib
    as the bytes of its file.
    """

    def __init__(self, core: _foldin.Model, report: dict[str, Any] | None = None) -> None:
        self._core = core
        self.report = report
        """How it was made: what `foldin train --json` or `foldin pack --json` prints; None for a model from a file."""

    @property
    def items(self) -> int:
        """How many items there are."""
        return self._core.shape[0]

    @property
    def dim(self) -> int:
        """Numbers in a factor."""
        return self._core.shape[1]

    @property
    def precision(self) -> str:
        """How the rows are stored: f32, f16, int8 or int4."""
        return self._core.shape[2]

    @property
    def algorithm(self) -> str:
        """How the factors were learned."""
        return self.metadata["algorithm"]

    @property
    def metadata(self) -> dict[str, str]:
        """The strings of the file's metadata."""
        return dict(self._core.metadata)

    @property
    def tensors(self) -> list[str]:
        """The names of the file's tensors; FORMAT.md says what each holds."""
        return self._core.tensors

    @property
    def ids(self) -> list[str]:
        """Every item's id, in the order of the rows."""
        return self._core.ids

    @property
    def titles(self) -> list[str] | None:
        """Every item's title, where there are any."""
        return self._core.titles

    @property
    def item_factors(self) -> Any:
        """The factors as they are scored with, an array [items, dim] of float32."""
        return self._core.factors()

    def __len__(self) -> int:
        return self.items

    def __contains__(self, item: object) -> bool:
        return self._core.has(str(item))

    def __repr__(self) -> str:
        size = self._core.shape[3]
        return f"<foldin.Model: {self.algorithm}, {self.items} items of dimension {self.dim} in {self.precision}, {size} bytes>"

    def recommend(
        self,
        histories: Any = None,
        n: int = 10,
        *,
        liked: Sequence[Any] | None = None,
        disliked: Sequence[Any] | None = None,
        explain: bool = False,
        user_column: str | None = None,
        item_column: str | None = None,
        value_column: str | None = None,
        time_column: str | None = None,
        progress: bool | None = None,
        **options: Any,
    ) -> Any:
        """What is recommended, as a data frame: user, item, title, score, rank, rung, and because if `explain`.

        For many users give `histories`: a table or a path, as for :func:`foldin.train`, or a mapping from users to lists
        of items. Scores are those of `foldin recommend --batch`. For one visitor give `liked` and `disliked`; scores are
        those of `foldin recommend` and of a page.

        Args:
            histories: What each user did. Their items do not come back; those that the model does not know are told, and
                count for nothing.
            n: How many items each gets; fewer where there are fewer.
            liked: Items that one visitor likes.
            disliked: Items that the visitor dislikes.
            explain: Whether each result says which items brought it: a list of {item, event, share}.
            user_column: The column of users, where its name is none of the usual ones; the others likewise.
            item_column: See `user_column`.
            value_column: See `user_column`.
            time_column: See `user_column`.
            progress: As for :func:`foldin.train`.
            **options: Those of a page's `recommend`: `exclude`, `only`, `where`, `boost`, `quota`, `diversity`,
                `offset`, `explore`.

        Returns:
            A data frame of polars or pyarrow for histories of theirs, else of pandas; a dict of columns without pandas.
        """
        asked = json.dumps({"count": _count(n), **options})
        if histories is None:
            core = self._core.recommend_one(_ids(liked), _ids(disliked), asked, explain)
            return _shelf(core, explain)
        if liked is not None or disliked is not None:
            raise ArgumentError("liked: expected histories or liked and disliked, found both")
        history = histories if is_path(histories) else frame("histories", _listed(histories))
        names = (user_column, item_column, value_column, time_column)
        with Listener(progress) as listener:
            users, core = self._core.recommend(history, asked, names, explain, listener)
        return _shelf(core, explain, users, like=histories)

    def similar(self, item: Any, n: int = 10, *, metric: str = "cosine") -> Any:
        """The items most like one, as a data frame: item, title, score, rank.

        `cosine` compares directions alone; `dot` lets popular items come first.
        """
        return _shelf(self._core.similar(_id(item), _count(n), metric), None)

    def vector(self, liked: Sequence[Any], disliked: Sequence[Any] = ()) -> Any:
        """The vector that a visitor is folded in with who liked and disliked these: an array [dim] of float32."""
        return self._core.vector(_ids(liked), _ids(disliked))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model's file (.safetensors); what was there before stays until it is whole."""
        self._core.write(os.fspath(path))

    def to_bytes(self) -> bytes:
        """The bytes of the model's file."""
        return self._core.to_bytes()

    def export(
        self,
        folder: str | os.PathLike[str],
        *,
        name: str = "model",
        package: str | os.PathLike[str] | None = None,
        keep: int = 3,
        base: str = "/",
    ) -> dict[str, Any]:
        """Lays out what a static host serves, as `foldin bundle` does; the manifest.

        Args:
            folder: Where; what else it holds stays.
            name: What the model is called there.
            package: The built npm package, to be laid out too; unless told, node_modules/foldin here or above.
            keep: How many earlier releases keep their files.
            base: The address of the folder on its host.
        """
        now = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
        with tempfile.TemporaryDirectory() as made, Listener(False) as listener:
            path = os.path.join(made, f"{name}.safetensors")
            self.save(path)
            where = None if package is None else os.fspath(package)
            manifest: dict[str, Any] = json.loads(
                _foldin.export(path, os.fspath(folder), where, keep, base, now, listener)
            )
            return manifest

    def card(self, *, name: str | None = None, evaluation: Mapping[str, Any] | None = None) -> str:
        """A model card for Hugging Face: README.md beside the model's file.

        Args:
            name: What the model is called.
            evaluation: What :func:`foldin.evaluate` measured, to be told in it.
        """
        return card(self, name, evaluation)

    def __reduce__(self) -> Any:
        return _restored, (self.to_bytes(), self.report)


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model file, and checks it whole.

    Raises:
        FormatError: For a damaged file, or one of a newer version.
    """
    return Model(_foldin.Model.read(os.fspath(path)))


def _restored(data: bytes, report: dict[str, Any] | None) -> Model:
    return Model(_foldin.Model.of_bytes(data), report)


def _count(n: Any) -> int:
    if isinstance(n, bool) or not hasattr(n, "__index__") or n < 1:
        raise ArgumentError(f"n: expected a whole number from 1 on, found {n!r}")
    return int(n)


def _id(item: Any) -> str:
    """An id as text; 50.0 is 50, as in tables."""
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)


def _ids(items: Any) -> list[str]:
    if items is None:
        return []
    if isinstance(items, (str, bytes)):
        raise ArgumentError(f"liked: expected a list of ids, found the text {items!r}; write [{items!r}]")
    return [_id(item) for item in items]


def _listed(histories: Any) -> Any:
    """Users with their lists of items, as columns."""
    is_lists = isinstance(histories, Mapping) and all(
        isinstance(items, (list, tuple, set)) and user not in ("user", "item") for user, items in histories.items()
    )
    if not is_lists:
        return histories
    pairs = [(user, item) for user, items in histories.items() for item in items]
    return {"user": [user for user, _ in pairs], "item": [item for _, item in pairs]}


def _shelf(core: Any, explain: bool | None, users: list[str] | None = None, like: Any = None) -> Any:
    """Columns as a data frame. Without `explain` being told, of items that are like one."""
    rows, items, scores, titles, rungs, reasons = core
    ranks: list[int] = []
    for at, row in enumerate(rows):
        ranks.append(ranks[-1] + 1 if at and rows[at - 1] == row else 1)
    columns: dict[str, Any] = {} if users is None else {"user": [users[row] for row in rows]}
    columns["item"] = items
    if any(title is not None for title in titles):
        columns["title"] = titles
    columns |= {"score": column("answer", "score", scores), "rank": ranks}
    if explain is not None:
        columns["rung"] = rungs
    if explain:
        names = ("item", "event", "share")
        columns["because"] = [[dict(zip(names, reason)) for reason in because] for because in reasons]
    return _framed(columns, like)


def _framed(columns: dict[str, Any], like: Any) -> Any:
    library = type(like).__module__.partition(".")[0]
    if library == "polars":
        import polars

        return polars.DataFrame(columns, strict=False)
    if library == "pyarrow":
        import pyarrow  # type: ignore[import-untyped,unused-ignore]

        return pyarrow.table(columns)
    try:
        import pandas
    except ImportError:
        return columns
    return pandas.DataFrame(columns)
