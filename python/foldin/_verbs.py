"""`train`, `evaluate` and `pack`: the verbs of the command, for what is in memory."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from . import _foldin
from ._errors import ArgumentError
from ._foldin import Frame
from ._listen import Listener, log
from ._model import Model
from ._tables import frame, is_path
from ._vectors import vectors_of
from ._words import Words


def train(
    interactions: Any,
    *,
    items: Any = None,
    users: Any = None,
    progress: bool | None = None,
    **options: Any,
) -> Model:
    """Learns a model from who did what.

    Args:
        interactions: A path, a data frame (pandas, polars, pyarrow), a mapping of columns, or a SciPy matrix [users,
            items]. Columns are known by their usual names (`user`, `item`, `rating`, `timestamp`, ...), or named with
            `user_column="..."` and its like.
        items: Titles, tags and numbers of the items: a path or a table.
        users: Traits of the users: a path or a table.
        progress: Whether a bar shows; unless told, in a terminal and in a notebook.
        **options: Those of `foldin train`, with `_` for `-`: `algorithm="ials"`, `dim=64`, `seed=1`,
            `precision="int8"`, `min_value=4`, `words="words.safetensors"` (a table of words, to learn from what `items` says),
            ...

    Raises:
        ArgumentError: For an option out of its range.
        DataError: For a table that cannot be used.
    """
    words, frames = _asked("train", options, interactions=interactions, items=items, users=users)
    with Listener(progress) as listener:
        model, report = _foldin.train(words, frames, listener)
    return Model(model, json.loads(report))


class Evaluation(dict):  # type: ignore[type-arg]
    """What `foldin evaluate --json` prints; its text is the command's table."""

    def __init__(self, report: str, table: str) -> None:
        super().__init__(json.loads(report))
        self._table = table

    def __repr__(self) -> str:
        return self._table

    def __reduce__(self) -> Any:
        return Evaluation, (json.dumps(self), self._table)

    def to_frame(self) -> Any:
        """A pandas data frame: a row a metric, a column a recommender."""
        import pandas as pd

        means = {"model": self["metrics"], **self["baselines"]}
        return pd.DataFrame({name: {m: v["mean"] for m, v in metrics.items()} for name, metrics in means.items()})


def evaluate(
    interactions: Any,
    *,
    items: Any = None,
    test: Any = None,
    model: Model | str | os.PathLike[str] | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Evaluation:
    """Measures how well hidden interactions are found, beside simple baselines.

    Args:
        interactions: As for :func:`train`.
        items: As for :func:`train`.
        test: Interactions that are hidden; all others are learned from.
        model: Evaluates this model instead of training one.
        progress: As for :func:`train`.
        **options: Those of `foldin evaluate`: `split="leave-last-out"`, `k=[10, 100]`, `algorithm="next"`, ...

    Returns:
        A dictionary: `metrics` and `baselines` with `mean`, `low` and `high` of each, `users`, `protocol`, `seconds`.
    """
    words, frames = _asked("evaluate", options, interactions=interactions, items=items, test=test)
    with tempfile.TemporaryDirectory() as folder, Listener(progress) as listener:
        if isinstance(model, Model):
            path = os.path.join(folder, "model.safetensors")
            model.save(path)
            words += ["--model", path]
        elif model is not None:
            words += ["--model", os.fspath(model)]
        return Evaluation(*_foldin.evaluate(words, frames, listener))


def pack(
    source: Any,
    ids: Any = None,
    *,
    biases: Any = None,
    items: Any = None,
    interactions: Any = None,
    progress: bool | None = None,
    **options: Any,
) -> Model:
    """Makes a model of item vectors that were trained elsewhere.

    Args:
        source: A fitted model of implicit (ALS, BPR, logistic), Spark (ALSModel), LightFM or gensim; an array [items, dim]
            of floats (NumPy, PyTorch); vectors and biases as a pair; or the path of a file.
        ids: An id a row, or the path of a file of them; row numbers unless told.
        biases: Added to each item's inner product, [items]; or `"popularity"` (of `interactions`) or `"none"`.
        items: Titles, tags and numbers of the items: a path or a table.
        interactions: Who did what, which tells how popular items are: a path or a table.
        progress: As for :func:`train`.
        **options: Those of `foldin pack`: `precision="int8"`, `metric="cosine"`, `unobserved_weight=0.1`, ...
    """
    if isinstance(biases, str):
        options["biases"], biases = biases, None
    if is_path(source) or is_path(ids):
        options["ids"] = ids if ids is None or is_path(ids) else _refused("ids", "a path, as the vectors are one")
    words, frames = _asked("pack", options, items=items, interactions=interactions)
    with Listener(progress) as listener:
        if is_path(source):
            model, report = _foldin.pack(words, frames, listener, os.fspath(source))
        else:
            vectors = vectors_of(source, None if is_path(ids) else ids, biases)
            model, report = _foldin.pack(words, frames, listener, "item vectors", vectors)
    return Model(model, json.loads(report))


def _refused(field: str, expected: str) -> Any:
    raise ArgumentError(f"{field}: expected {expected}, found something else")


def _asked(verb: str, options: dict[str, Any], **tables: Any) -> tuple[list[str], dict[str, Frame]]:
    """The words of a command line, and the tables that are in memory."""
    known = _foldin.options(verb)
    for name in options:
        if name not in known:
            raise TypeError(f"{verb}() has no option {name!r}; it has {', '.join(sorted(known))}")
    words: list[str] = []
    frames: dict[str, Frame] = {}
    for name, table in tables.items():
        if table is None:
            continue
        if is_path(table):
            word = os.fspath(table)
        else:
            word, frames[name] = name, frame(name, table)
        if name == "interactions" and verb != "pack":
            words.insert(0, os.path.join(".", word) if word.startswith("-") else word)
        else:
            words += ["--" + name, word]
    if len(frames) > 1:
        log.info('ids of all tables are compared as text: 5, 5.0 and "5" are one')
    for name, value in options.items():
        words += _words("--" + name.replace("_", "-"), value)
    return words, frames


def _words(option: str, value: Any) -> list[str]:
    """An option as it stands on a command line."""
    if value is None or value is False:
        return []
    if value is True:
        return [option]
    if isinstance(value, Words):
        value = value.path
    if isinstance(value, dict):
        value = [f"{key}={part}" for key, part in value.items()]
    if isinstance(value, (list, tuple)):
        value = ",".join(str(part) for part in value)
    return [f"{option}={os.fspath(value) if is_path(value) else value}"]
