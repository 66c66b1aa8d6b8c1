"""Item vectors out of the models of other libraries."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np

from ._errors import ArgumentError, DataError
from ._tables import column


class Vectors(NamedTuple):
    """Item vectors, and what is known of their training."""

    values: Any
    """[items, dim] float32"""
    ids: Optional[list[str]] = None
    biases: Any = None
    """[items] float32"""
    als: Optional[tuple[float, float]] = None
    """Alpha and regularisation of implicit's ALS."""
    users: Any = None
    """[users, dim] float32, of implicit's other models."""


def vectors_of(source: Any, ids: Any = None, biases: Any = None) -> Vectors:
    """The item vectors of a fitted model, of (vectors, biases) in any order, or of an array [items, dim]."""
    found = _of_model(source)
    ids = found.ids if ids is None else texts(ids)
    biases = found.biases if biases is None else biases
    return found._replace(
        values=_matrix("item vectors", found.values),
        ids=ids,
        biases=None if biases is None else _numbers("biases", biases),
        users=None if found.users is None else _matrix("user vectors", found.users),
    )


def texts(ids: Any) -> list[str]:
    """Ids as texts; each must be there."""
    values = column("ids", "ids", ids.to_list() if hasattr(ids, "to_list") else ids)
    found: list[str | None] = values if isinstance(values, list) else [_id(value) for value in values.tolist()]
    there = [id for id in found if id is not None]
    if len(there) < len(found):
        raise DataError(f"ids: row {found.index(None)} has none; give every item an id")
    return there


def _id(value: float) -> str | None:
    if value != value:
        return None
    return str(int(value)) if float(value).is_integer() else str(value)


def _of_model(source: Any) -> Vectors:
    library = type(source).__module__.partition(".")[0]
    if library == "implicit" and hasattr(source, "item_factors"):
        if source.item_factors is None:
            raise ArgumentError("model: expected a fitted model of implicit, found one without item_factors; call fit")
        if hasattr(source, "alpha"):
            return Vectors(_host(source.item_factors), als=(float(source.alpha), float(source.regularization)))
        return Vectors(_host(source.item_factors), users=_host(source.user_factors))
    if hasattr(source, "itemFactors"):  # Spark's ALSModel
        rows = sorted(source.itemFactors.collect(), key=lambda row: row["id"])
        return Vectors([list(row["features"]) for row in rows], [str(row["id"]) for row in rows])
    if hasattr(source, "get_item_representations"):  # LightFM
        biases, vectors = source.get_item_representations()
        return Vectors(vectors, biases=biases)
    keyed = getattr(source, "wv", source)  # gensim's Word2Vec or its KeyedVectors
    if hasattr(keyed, "index_to_key"):
        return Vectors(keyed.vectors, [str(key) for key in keyed.index_to_key])
    if isinstance(source, tuple) and len(source) == 2:
        first, second = (_host(part) for part in source)
        if np.ndim(first) == 1:
            first, second = second, first
        return Vectors(first, biases=second)
    return Vectors(_host(source))


def _host(array: Any) -> Any:
    """An array of a graphics card or of PyTorch, in this memory."""
    for method in ("detach", "cpu", "to_numpy"):
        if hasattr(array, method):
            array = getattr(array, method)()
    return array


def _matrix(what: str, values: Any) -> Any:
    array = _floats(what, values)
    if array.ndim != 2:
        raise ArgumentError(f"{what}: expected an array [rows, dim], found the shape {list(array.shape)}")
    return np.ascontiguousarray(array, np.float32)


def _numbers(what: str, values: Any) -> Any:
    array = _floats(what, _host(values))
    if array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)
    if array.ndim != 1:
        raise ArgumentError(f"{what}: expected an array [items], found the shape {list(array.shape)}")
    return np.ascontiguousarray(array, np.float32)


def _floats(what: str, values: Any) -> Any:
    try:
        array = np.asarray(values)
        return array if array.dtype.kind == "f" else array.astype(np.float32)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{what}: expected numbers, found {type(values).__name__}: {error}") from None
