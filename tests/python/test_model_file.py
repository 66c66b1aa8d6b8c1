"""Opens foldin's model files with the `safetensors` package, and recommends from them with NumPy alone.

Whatever these tests know of a file, any Python program can rely on.
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy
from safetensors import safe_open

ROOT = Path(__file__).parents[2]
FOLDIN = os.environ.get("FOLDIN_BIN", ROOT / "target/release/foldin")
USERS, ITEMS, DIM = 60, 40, 8
PRECISIONS = {"f32": numpy.float32, "f16": numpy.float16, "int8": numpy.int8, "int4": numpy.uint8}


def foldin(*arguments):
    """What the command prints."""
    done = subprocess.run([FOLDIN, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def item_id(item):
    """An id that only UTF-8 can write."""
    return f"film-é{item}"


def history():
    """(user, item) pairs: items of a user's own third of the catalogue, the earlier ones more often."""
    random = numpy.random.default_rng(1)
    chance = numpy.linspace(0.9, 0.2, ITEMS)
    taste = numpy.arange(ITEMS) % 3 == numpy.arange(USERS)[:, None] % 3
    return numpy.argwhere(random.random((USERS, ITEMS)) < numpy.where(taste, chance, chance / 10))


class Model:
    """All tensors of a file, and its factors as they are meant."""

    def __init__(self, path):
        with safe_open(path, framework="numpy") as file:
            self.metadata = file.metadata()
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.ids = list(self.strings("item_ids", "item_id_offsets"))
        self.factors = self.decode()

    def strings(self, data, offsets):
        text, ends = self.tensors[data].tobytes(), self.tensors[offsets]
        return (text[start:end].decode() for start, end in zip(ends, ends[1:]))

    def decode(self):
        rows = self.tensors["item_factors"]
        if self.metadata["precision"] == "int4":
            nibbles = numpy.stack([rows & 15, rows >> 4], axis=-1).reshape(len(rows), -1).astype(numpy.int8)
            rows = numpy.where(nibbles > 7, nibbles - 16, nibbles)
        scales = self.tensors.get("item_scales", numpy.ones(len(rows), numpy.float32))
        return rows.astype(numpy.float64) * scales[:, None]

    def fold_in(self, liked):
        """The exact iALS solve of Rendle et al. (2021), section 3, for a visitor who liked these rows."""
        weight, strength, exponent = (
            float(self.metadata[key]) for key in ("unobserved_weight", "regularization", "frequency_exponent")
        )
        own = self.factors[liked]
        frequency = len(liked) + weight * len(self.factors)
        system = weight * self.factors.T @ self.factors + own.T @ own
        system += strength * frequency**exponent * numpy.eye(DIM)
        return numpy.linalg.solve(system, own.sum(axis=0))


class ModelFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.pairs = history()
        interactions = Path(cls.folder.name, "interactions.csv")
        lines = [f"{user},{item_id(item)}" for user, item in cls.pairs]
        interactions.write_text("\n".join(["user,item", *lines, ""]), encoding="utf-8")
        cls.models = {}
        for precision in PRECISIONS:
            foldin("train", interactions, "--dim", DIM, "--precision", precision, "-o", cls.path(precision))
            cls.models[precision] = Model(cls.path(precision))

    @classmethod
    def path(cls, precision):
        return Path(cls.folder.name, f"{precision}.safetensors")

    def test_names_its_format_and_its_recipe(self):
        for precision, model in self.models.items():
            with self.subTest(precision):
                for key, value in {"format": "foldin", "algorithm": "ials", "precision": precision}.items():
                    self.assertEqual(model.metadata[key], value)
                self.assertTrue(model.metadata["format_version"].isdigit())

    def test_tensors_have_the_promised_types_and_shapes(self):
        for precision, model in self.models.items():
            with self.subTest(precision):
                expected = {
                    "item_factors": (PRECISIONS[precision], (ITEMS, DIM // 2 if precision == "int4" else DIM)),
                    "item_gram": (numpy.float32, (DIM, DIM)),
                    "item_counts": (numpy.uint32, (ITEMS,)),
                    "item_id_offsets": (numpy.uint32, (ITEMS + 1,)),
                }
                if precision.startswith("int"):
                    expected["item_scales"] = (numpy.float32, (ITEMS,))
                found = {name: (model.tensors[name].dtype, model.tensors[name].shape) for name in expected}
                self.assertEqual(found, expected)
                self.assertEqual("item_scales" in model.tensors, "item_scales" in expected)

    def test_ids_and_counts_are_those_of_the_interactions(self):
        items, counts = numpy.unique(self.pairs[:, 1], return_counts=True)
        expected = dict(zip(map(item_id, items), counts))
        for precision, model in self.models.items():
            with self.subTest(precision):
                self.assertEqual(dict(zip(model.ids, model.tensors["item_counts"])), expected)

    def test_rounding_moves_no_half_float_by_more_than_half_a_step(self):
        exact, half = self.models["f32"].factors, self.models["f16"].factors
        # Half floats keep 11 bits of each number.
        self.assertLessEqual(numpy.max(abs(half - exact) - abs(exact) / 2048), 1e-6)

    def test_integers_err_no_more_than_with_the_largest_magnitude_at_the_limit(self):
        exact = self.models["f32"].factors
        # What counts of 4 bits are inner products with vectors like the items'.
        for precision, limit, others in [("int8", 127, numpy.eye(DIM)), ("int4", 7, exact)]:
            with self.subTest(precision):
                self.assertEqual(self.models[precision].ids, self.models["f32"].ids)
                step = abs(exact).max(axis=1, keepdims=True) / limit
                plain = step * numpy.round(exact / step)
                found, rival = (
                    (((rows - exact) @ others.T) ** 2).sum(axis=1) for rows in (self.models[precision].factors, plain)
                )
                if precision == "int8":
                    self.assertTrue(numpy.all(found <= rival * (1 + 1e-6)))
                else:
                    self.assertLess(found.sum(), 0.8 * rival.sum())

    def test_the_gram_matrix_is_that_of_the_rounded_factors(self):
        for precision, model in self.models.items():
            with self.subTest(precision):
                expected = model.factors.T @ model.factors
                numpy.testing.assert_allclose(model.tensors["item_gram"], expected, rtol=1e-5, atol=1e-5)

    def test_numpy_recommends_what_the_command_recommends(self):
        for precision, model in self.models.items():
            with self.subTest(precision):
                for liked in [[0], [1, 5], [2, 3, 8, 13, 21]]:
                    ids = ",".join(model.ids[row] for row in liked)
                    found = json.loads(foldin("recommend", self.path(precision), "--liked", ids, "--json"))
                    scores = model.factors @ model.fold_in(liked)
                    rows = [model.ids.index(result["item"]) for result in found]
                    self.assertFalse(set(rows) & set(liked))
                    # By score, not by place: what is equal to a rounding error may stand in either order.
                    numpy.testing.assert_allclose([result["score"] for result in found], scores[rows], atol=1e-4)
                    scores[liked] = -numpy.inf
                    numpy.testing.assert_allclose(scores[rows], numpy.sort(scores)[:-11:-1], atol=1e-4)


if __name__ == "__main__":
    unittest.main()
