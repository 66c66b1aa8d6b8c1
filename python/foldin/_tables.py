"""Tables of every kind, as foldin reads them: data frames, sparse matrices, columns, paths."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import Any, Union

import numpy as np

from ._errors import ArgumentError
from ._foldin import Frame
from ._listen import log

Path = Union[str, "os.PathLike[str]"]


def is_path(table: object) -> bool:
    return isinstance(table, (str, os.PathLike))


def frame(name: str, table: Any) -> Frame:
    """A table in memory, called `name` in errors.

    A data frame of pandas, polars, pyarrow or anything else with `__arrow_c_stream__`; a sparse matrix of SciPy [users,
    items]; or a mapping from names to columns.
    """
    if _is_pandas(table):
        return _of_columns(name, _pandas_columns(name, table))
    if hasattr(table, "__arrow_c_stream__"):
        return Frame.of_arrow(name, table)
    if hasattr(table, "tocoo"):
        return _of_columns(name, _sparse_columns(name, table))
    if isinstance(table, Mapping):
        return _of_columns(name, {str(key): column(name, str(key), values) for key, values in table.items()})
    raise ArgumentError(
        f"{name}: expected a path, a data frame, a sparse matrix or a mapping of columns, found {type(table).__name__}"
    )


def _of_columns(name: str, columns: dict[str, Any]) -> Frame:
    lengths = {key: len(values) for key, values in columns.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{key} {length}" for key, length in lengths.items())
        raise ArgumentError(f"{name}: expected columns of one length, found {found}")
    return Frame.of_columns(name, list(columns), list(columns.values()))


def column(table: str, name: str, values: Any) -> Any:
    """A column as float64, int64, or texts with None where there is nothing."""
    array = values if isinstance(values, np.ndarray) else np.asarray(_plain(values))
    if array.ndim != 1:
        if array.ndim > 1 and not isinstance(values, np.ndarray):
            return [_text(value) for value in values]
        raise ArgumentError(f"{table}: expected {name} to be a column, found an array of shape {list(array.shape)}")
    if array.dtype.kind in "iu" and array.dtype != np.uint64:
        return np.ascontiguousarray(array, np.int64)
    if array.dtype.kind == "f":
        return np.ascontiguousarray(array, np.float64)
    if array.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(array.astype("datetime64[us]")).tolist()]
    # A list of mixed types is to be kept as it is: NumPy would make texts of its numbers.
    return [_text(value) for value in (array if isinstance(values, np.ndarray) else values)]


def _plain(values: Any) -> Any:
    values = values if isinstance(values, (list, tuple)) else list(values)
    uniform = {type(value) for value in values}
    return values if len(uniform) == 1 and not uniform & {list, tuple, set} else np.asarray([None] * len(values), object)


def _text(value: Any) -> str | None:
    """What a file would hold."""
    if value is None or value != value:
        return None
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        import json

        return json.dumps([_text(part) for part in value], ensure_ascii=False)
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _is_pandas(table: Any) -> bool:
    return type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "dtypes")


def _pandas_columns(name: str, table: Any) -> dict[str, Any]:
    """Its columns; a named index is one too."""
    if hasattr(table, "to_frame"):  # a series
        table = table.to_frame()
    if any(level is not None for level in table.index.names):
        table = table.reset_index()
    names = [str(key) for key in table.columns]
    return {
        key if names.count(key) == 1 else f"{key}.{at}": _pandas_column(name, key, table.iloc[:, at])
        for at, key in enumerate(names)
    }


def _pandas_column(table: str, name: str, series: Any) -> Any:
    if hasattr(series, "cat"):
        series = series.astype(series.cat.categories.dtype if not series.isna().any() else object)
    if getattr(series.dtype, "tz", None) is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    if kind in "iuf" and series.isna().any():
        return column(table, name, series.to_numpy("float64", na_value=np.nan))
    values = series.to_numpy()
    return column(table, name, values if kind in "iufM" else np.asarray(values, object))


def _sparse_columns(name: str, matrix: Any) -> dict[str, Any]:
    """Entries of a matrix [users, items], user by user; ids are row and column numbers. An explicit zero is no entry."""
    if len(matrix.shape) != 2:
        raise ArgumentError(f"{name}: expected a matrix [users, items], found the shape {list(matrix.shape)}")
    rows = matrix.tocsr(copy=True)
    rows.sum_duplicates()
    entries = rows.tocoo()
    there = entries.data != 0
    if not there.all():
        log.info(f"{name}: {len(there) - int(there.sum())} explicit zeros left out")
    negative = int((entries.data < 0).sum())
    if negative:
        warnings.warn(
            f"{name}: {negative} values below 0 count as observed, except with algorithm='sgd', which learns ratings;"
            " leave them out with min_value=0",
            UserWarning,
            stacklevel=5,
        )
    return {
        "user": np.ascontiguousarray(entries.row[there], np.int64),
        "item": np.ascontiguousarray(entries.col[there], np.int64),
        "value": np.ascontiguousarray(entries.data[there], np.float64),
    }
