"""A small shop: even users have even items, odd users odd ones, apart from some."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

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


# How much of robots, and of hearts.
MEANS = {
    "robots": (1, 0),
    "androids": (0.95, 0.05),
    "starship": (0.9, 0),
    "machines": (0.85, 0.1),
    "love": (0, 1),
    "kisses": (0.05, 0.95),
    "wedding": (0, 0.9),
    "romance": (0.1, 0.85),
    "odd": (0.8, 0.1),
    "even": (0.1, 0.8),
    "space": (0.9, 0.05),
    "house": (0.1, 0.7),
}


@pytest.fixture(scope="session", name="table")
def table_fixture(tmp_path_factory: pytest.TempPathFactory, command) -> Path:
    """A table of words, distilled from a teacher that is made up."""
    folder = tmp_path_factory.mktemp("words")
    # Signs and letters come first, as in vocabularies, which begin with what is said most.
    common = [*"[PAD] [UNK] [CLS] [SEP] . , '".split(), *"abcdefghijklmnopqrstuvwxyz", "the", "and", "but", "not", "like"]
    tokens = [*common, *MEANS]
    tokenizer = {
        "model": {"type": "WordPiece", "vocab": {token: at for at, token in enumerate(tokens)}},
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "lowercase": True},
    }
    at = np.arange(len(tokens))
    # What little tells every token from the others, so that there are more axes than two.
    noise = 0.1 * np.stack([np.sin(at), np.cos(3 * at)], 1)
    means = 4 * np.array([MEANS.get(token, (0.5, 0.5)) for token in tokens])
    embeddings = np.ascontiguousarray(np.hstack([means, noise]), np.float32)
    metadata = {"format": "foldin-teacher", "teacher": "made up", "licence": "none", "tokenizer": json.dumps(tokenizer)}
    save_file({"embeddings": embeddings}, folder / "teacher.safetensors", metadata)
    command("words", folder / "teacher.safetensors", "--dim", "4", "--bits", "8", "-o", folder / "words.safetensors")
    return folder / "words.safetensors"
