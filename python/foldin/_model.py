"""A model: what it recommends, and what becomes of it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from . import _foldin
from ._answers import count, ids, item_id, listed, shelf
from ._card import card
from ._errors import ArgumentError
from ._listen import Listener
from ._tables import frame, is_path
from ._words import Words, said, table, wished


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
        text: str | None = None,
        words: Words | str | os.PathLike[str] | None = None,
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
        of items. Scores are those of `foldin recommend --batch`. For one visitor give `liked`, `disliked` and `text`; scores
        are those of `foldin recommend` and of a page.

        Args:
            histories: What each user did. Their items do not come back; those that the model does not know are told, and
                count for nothing.
            n: How many items each gets; fewer where there are fewer.
            liked: Items that one visitor likes.
            disliked: Items that the visitor dislikes.
            text: What the visitor looks for: "slow space operas, but no war". Likes and dislikes outweigh it.
            words: The table that the model was trained with: a :class:`foldin.Words`, or a path.
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
        asked = json.dumps({"count": count(n), **options})
        if histories is None:
            core = self._core.recommend_one(ids(liked), ids(disliked), wished(text, words), asked, explain)
            return shelf(core, explain)
        if any(given is not None for given in (liked, disliked, text)):
            raise ArgumentError("liked: expected histories, or liked, disliked and text, found both")
        history = histories if is_path(histories) else frame("histories", listed(histories))
        names = (user_column, item_column, value_column, time_column)
        with Listener(progress) as listener:
            users, core = self._core.recommend(history, asked, names, explain, listener)
        return shelf(core, explain, users, like=histories)

    def similar(
        self,
        item: Any = None,
        n: int = 10,
        *,
        text: str | None = None,
        words: Words | str | os.PathLike[str] | None = None,
        metric: str = "cosine",
    ) -> Any:
        """The items most like one, or like what a text describes, as a data frame: item, title, score, rank.

        Args:
            item: The item's id.
            n: How many items.
            text: What describes an item, in place of its id; `words` as for :meth:`recommend`.
            words: See `text`.
            metric: `cosine` compares directions alone; `dot` lets popular items come first.
        """
        described = wished(text, words)
        if (item is None) == (described is None):
            raise ArgumentError(f"item: expected an id or a text, found {'neither' if item is None else 'both'}")
        return shelf(self._core.similar(described or item_id(item), count(n), metric), None)

    def search(self, text: str, n: int = 10, *, words: Words | str | os.PathLike[str]) -> Any:
        """The items that are about a text, nearest first, as a data frame: item, title, score, rank.

        By meaning: the score is the cosine between the text, and an item's title and tags. A model that learned from no words
        does, too. (A page lists what it finds by letters before.)

        Args:
            text: "slow space opera with robots".
            n: How many items; fewer where fewer have anything to do with it.
            words: A :class:`foldin.Words`, which keeps what it made of the items for the next search, or a path.
        """
        return shelf(self._core.search(said(text), table(words), count(n)), None)

    def vector(self, liked: Sequence[Any], disliked: Sequence[Any] = ()) -> Any:
        """The vector that a visitor is folded in with who liked and disliked these: an array [dim] of float32."""
        return self._core.vector(ids(liked), ids(disliked))

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
        head: int | None = None,
        keep: int = 3,
        base: str = "/",
    ) -> dict[str, Any]:
        """Lays out what a static host serves, as `foldin bundle` does; the manifest.

        Args:
            folder: Where; what else it holds stays.
            name: What the model is called there.
            package: The built npm package, to be laid out too; unless told, node_modules/foldin here or above.
            head: Bytes of the head that pages answer from first, 0 for none; unless told, 1 MB for models above 4 MB.
            keep: How many earlier releases keep their files.
            base: The address of the folder on its host.
        """
        now = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
        with tempfile.TemporaryDirectory() as made, Listener(False) as listener:
            path = os.path.join(made, f"{name}.safetensors")
            self.save(path)
            where = None if package is None else os.fspath(package)
            manifest: dict[str, Any] = json.loads(
                _foldin.export(path, os.fspath(folder), where, head, keep, base, now, listener)
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
