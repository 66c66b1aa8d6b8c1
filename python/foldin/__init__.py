"""Train, evaluate and pack recommenders that run inside the visitor's own browser.

>>> import foldin
>>> model = foldin.train("ratings.csv", items="movies.csv")  # doctest: +SKIP
>>> model.recommend(liked=["50", "181"], n=3)  # doctest: +SKIP
"""

from ._errors import ArgumentError, DataError, FoldinError, FormatError, UnknownItemError
from ._foldin import __version__
from ._model import Model, load
from ._verbs import Evaluation, evaluate, pack, train
from ._words import Words

__all__ = [
    "ArgumentError",
    "DataError",
    "Evaluation",
    "FoldinError",
    "FormatError",
    "Model",
    "UnknownItemError",
    "Words",
    "__version__",
    "evaluate",
    "load",
    "pack",
    "train",
]
