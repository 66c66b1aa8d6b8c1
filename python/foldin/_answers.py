"""Questions and answers: ids, histories, and columns that become data frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._errors import ArgumentError
from ._tables import column


def count(n: Any) -> int:
    if isinstance(n, bool) or not hasattr(n, "__index__") or n < 1:
        raise ArgumentError(f"n: expected a whole number from 1 on, found {n!r}")
    return int(n)


def item_id(item: Any) -> str:
    """An id as text; 50.0 is 50, as in tables."""
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)


def ids(items: Any) -> list[str]:
    if items is None:
        return []
    if isinstance(items, (str, bytes)):
        raise ArgumentError(f"liked: expected a list of ids, found the text {items!r}; write [{items!r}]")
    return [item_id(item) for item in items]


def listed(histories: Any) -> Any:
    """Users with their lists of items, as columns."""
    is_lists = isinstance(histories, Mapping) and all(
        isinstance(items, (list, tuple, set)) and user not in ("user", "item") for user, items in histories.items()
    )
    if not is_lists:
        return histories
    pairs = [(user, item) for user, items in histories.items() for item in items]
    return {"user": [user for user, _ in pairs], "item": [item for _, item in pairs]}


def shelf(core: Any, explain: bool | None, users: list[str] | None = None, like: Any = None) -> Any:
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
