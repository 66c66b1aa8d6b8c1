"""A small shop: even users have even items, odd users odd ones, apart from some."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

USERS, ITEMS = 40, 24


def interactions() -> pd.DataFrame:
    met = [
        (f"u{user}", f"i{item}", 1 + (user + item) % 5, 1_000_000 + item * 86_400)
        for user in range(USERS)
        for item in range(ITEMS)
        if user % 2 == item % 2 and (user * 7 + item * 5) % 3
    ]
    return pd.DataFrame(met, columns=["user", "item", "rating", "timestamp"])


def items() -> pd.DataFrame:
    kinds = ["odd" if item % 2 else "even" for item in range(ITEMS)]
    titles = [f"Title {item}" for item in range(ITEMS)]
    return pd.DataFrame({"id": [f"i{item}" for item in range(ITEMS)], "title": titles, "genres": kinds})


@pytest.fixture(name="ratings")
def ratings_fixture() -> pd.DataFrame:
    return interactions()


@pytest.fixture(name="films")
def films_fixture() -> pd.DataFrame:
    return items()


@pytest.fixture(scope="session", name="shop")
def shop_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as files."""
    folder = tmp_path_factory.mktemp("shop")
    interactions().to_csv(folder / "ratings.csv", index=False)
    items().to_csv(folder / "films.csv", index=False)
    return folder


@pytest.fixture(scope="session", name="command")
def command_fixture():
    """Runs the native command, which is built apart from the wheel; what it prints."""
    binary = os.environ["FOLDIN_BIN"]

    def run(*arguments: object, code: int = 0) -> str:
        done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    return run


@pytest.fixture(scope="session", name="model")
def model_fixture():
    import foldin

    return foldin.train(interactions(), items=items(), algorithm="ials", dim=8)
