"""Each importer reads what the real library wrote: the packed rows are that library's own vectors, by id."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import gensim
import implicit.als
import implicit.bpr
import implicit.lmf
import numpy as np
import pandas as pd
import scipy.sparse
from safetensors.numpy import load_file, save_file

FOLDIN = os.environ["FOLDIN_BIN"]
ITEMS, DIM = 60, 8
IDS = [f"item {row}" for row in range(ITEMS)]


def clicks(users=120):
    """Users click on items of their own half of the catalogue."""
    random = np.random.default_rng(1)
    likely = np.add.outer(np.arange(users) % 2, np.arange(ITEMS) % 2) % 2 == 0
    return scipy.sparse.csr_matrix(random.random((users, ITEMS)) < np.where(likely, 0.4, 0.02), dtype=np.float32)


def vectors():
    return np.random.default_rng(2).normal(size=(ITEMS, DIM)).astype(np.float32)


class Importers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.ids = self.folder / "ids.txt"
        self.ids.write_text("\n".join(IDS))

    def pack(self, source, *options):
        """Packs without rounding; returns the report, and vector and bias by id."""
        model = self.folder / "model.safetensors"
        command = [FOLDIN, "pack", source, "-o", model, "--precision", "f32", "--json", *options]
        report = json.loads(subprocess.check_output(command))
        tensors = load_file(model)
        if "item_ids" in tensors:
            text, ends = tensors["item_ids"].tobytes(), tensors["item_id_offsets"]
            ids = [text[start:end].decode() for start, end in zip(ends, ends[1:])]
        else:
            ids = [str(number) for number in tensors["item_numbers"]]
        biases = tensors.get("item_biases", np.zeros(len(ids)))
        np.testing.assert_allclose(tensors["item_gram"], tensors["item_factors"].T @ tensors["item_factors"], rtol=1e-4, atol=1e-4)
        return report, dict(zip(ids, tensors["item_factors"])), dict(zip(ids, biases))

    def refuses(self, source, *words, options=()):
        """Fails with one line that says all the words, and leaves no model."""
        model = self.folder / "refused.safetensors"
        run = subprocess.run([FOLDIN, "pack", source, "-o", model, *options], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)
        self.assertFalse(model.exists())

    def same(self, packed, expected, ids=IDS):
        self.assertEqual(set(packed), set(ids))
        np.testing.assert_array_equal([packed[id] for id in ids], expected)

    def test_implicit_als(self):
        model = implicit.als.AlternatingLeastSquares(factors=DIM, alpha=20.0, regularization=0.5, random_state=1)
        model.fit(clicks(), show_progress=False)
        model.save(self.folder / "als.npz")
        report, packed, _ = self.pack(self.folder / "als.npz", "--ids", self.ids)
        self.assertEqual(report["format"], "implicit")
        self.same(packed, model.item_factors)
        self.same_ranking(model)

    def same_ranking(self, model):
        """A visitor is ranked for as implicit ranks for a user that it learns anew."""
        matrix = clicks()
        batch = self.folder / "batch.csv"
        users = range(20)
        rows = [f"{user},{IDS[item]}" for user in users for item in matrix[user].indices]
        batch.write_text("user,item\n" + "\n".join(rows))
        command = [FOLDIN, "recommend", self.folder / "model.safetensors", "--batch", batch, "--count", "10"]
        for line in subprocess.check_output(command, text=True).splitlines():
            ours = json.loads(line)
            user = int(ours["user"])
            theirs, scores = model.recommend(user, matrix[user], N=10, recalculate_user=True)
            self.assertEqual([item["item"] for item in ours["items"]], [IDS[item] for item in theirs])

    def test_implicit_bpr_and_logistic(self):
        for kind in implicit.bpr.BayesianPersonalizedRanking, implicit.lmf.LogisticMatrixFactorization:
            with self.subTest(kind.__name__):
                model = kind(factors=DIM, random_state=1)
                model.fit(clicks(), show_progress=False)
                model.save(self.folder / "other.npz")
                report, packed, biases = self.pack(self.folder / "other.npz", "--ids", self.ids)
                self.assertEqual(report["dim"], DIM)
                self.assertTrue(report["biases"])
                users = model.user_factors
                shared = [column for column in range(users.shape[1]) if not (users[:, column] == 1).all()]
                shared = [column for column in shared if not (model.item_factors[:, column] == 1).all()]
                ours = [users[3, shared] @ packed[id] + biases[id] for id in IDS]
                theirs = model.item_factors @ users[3]
                # What only a user adds ranks nothing.
                np.testing.assert_allclose(ours - np.mean(ours), theirs - np.mean(theirs), atol=1e-5)

    def test_numpy(self):
        for order in "C", "F":
            for dtype in "<f2", "<f4", "<f8", ">f4":
                expected = np.asarray(vectors(), dtype=dtype, order=order)
                np.save(self.folder / "items.npy", expected)
                for ids in self.ids_files():
                    report, packed, _ = self.pack(self.folder / "items.npy", "--ids", ids)
                    self.assertEqual(report["format"], "npy")
                    self.same(packed, expected.astype("<f4"))
        _, packed, _ = self.pack(self.folder / "items.npy")
        self.same(packed, expected.astype("<f4"), [str(row) for row in range(ITEMS)])

    def ids_files(self):
        np.save(self.folder / "ids.npy", np.array(IDS))
        (self.folder / "ids.json").write_text(json.dumps(IDS))
        pd.DataFrame({"title": IDS, "item_id": IDS}).to_csv(self.folder / "ids.csv", index=False)
        return [self.ids, *(self.folder / f"ids.{end}" for end in ("npy", "json", "csv"))]

    def test_numpy_archive(self):
        biases = np.arange(ITEMS, dtype=np.float32)
        for save in np.savez, np.savez_compressed:
            save(self.folder / "items.npz", user_emb=vectors()[:9], item_emb=vectors(), item_bias=biases, item_ids=np.array(IDS))
            report, packed, packed_biases = self.pack(self.folder / "items.npz")
            self.assertEqual(report["format"], "npz")
            self.same(packed, vectors())
            self.assertEqual([packed_biases[id] for id in IDS], list(biases))
        np.savez(self.folder / "two.npz", a=vectors(), b=vectors())
        self.refuses(self.folder / "two.npz", "--tensor", "a [60, 8]", "b [60, 8]")
        self.same(self.pack(self.folder / "two.npz", "--tensor", "b", "--ids", self.ids)[1], vectors())

    def test_safetensors(self):
        # As PyTorch's state_dict names them.
        tensors = {"item.weight": vectors(), "user.weight": vectors()[:7], "item_bias.weight": np.ones((ITEMS, 1), np.float32)}
        save_file(tensors, self.folder / "torch.safetensors")
        report, packed, biases = self.pack(self.folder / "torch.safetensors", "--ids", self.ids)
        self.assertEqual(report["format"], "safetensors")
        self.same(packed, vectors())
        self.assertEqual(set(biases.values()), {1.0})
        save_file({"w": vectors().astype(np.float16), "ids": np.arange(100, 160)}, self.folder / "half.safetensors")
        _, packed, _ = self.pack(self.folder / "half.safetensors")
        self.same(packed, vectors().astype(np.float16).astype(np.float32), [str(id) for id in range(100, 160)])

    def test_gensim(self):
        model = gensim.models.Word2Vec([[f"i{n % 7}", f"i{n % 5}"] for n in range(200)], vector_size=DIM, min_count=1, workers=1)
        for name in "items.txt", "items.txt.gz":
            model.wv.save_word2vec_format(self.folder / name, binary=False)
            report, packed, _ = self.pack(self.folder / name)
            self.assertEqual(report["format"], "word2vec")
            np.testing.assert_allclose([packed[word] for word in model.wv.index_to_key], model.wv.vectors, rtol=1e-6)
        model.wv.save_word2vec_format(self.folder / "items.bin", binary=True)
        self.refuses(self.folder / "items.bin", "binary=False")
        model.wv.save(str(self.folder / "items.kv"))
        self.refuses(self.folder / "items.kv", "pickle")

    def test_parquet(self):
        frame = pd.DataFrame({"item_id": IDS, "title": IDS, "embedding": list(vectors())})
        for compression in "snappy", "gzip", "lz4", "zstd", None:
            frame.to_parquet(self.folder / "items.parquet", compression=compression)
            report, packed, _ = self.pack(self.folder / "items.parquet")
            self.assertEqual(report["format"], "parquet")
            self.same(packed, vectors())
        pd.DataFrame(vectors(), index=IDS, columns=[f"f{n}" for n in range(DIM)]).to_parquet(self.folder / "wide.parquet")
        self.same(self.pack(self.folder / "wide.parquet")[1], vectors())
        frame.to_parquet(self.folder / "items.parquet", compression="brotli")
        self.refuses(self.folder / "items.parquet", "snappy")

    def test_csv(self):
        wide = pd.DataFrame(vectors(), columns=[f"f{n}" for n in range(DIM)])
        wide.insert(0, "movieId", IDS)
        for separator in ",", "\t", ";":
            wide.to_csv(self.folder / "items.csv", sep=separator, index=False)
            report, packed, _ = self.pack(self.folder / "items.csv")
            self.assertEqual(report["format"], "table")
            np.testing.assert_allclose([packed[id] for id in IDS], vectors(), rtol=1e-6)
        lists = pd.DataFrame({"embedding": [row.tolist() for row in vectors()], "id": IDS})
        lists.to_csv(self.folder / "lists.csv", index=False)
        self.same(self.pack(self.folder / "lists.csv")[1], vectors())

    def test_cosine_and_popularity(self):
        np.save(self.folder / "items.npy", vectors())
        seen = self.folder / "seen.csv"
        seen.write_text("user,item\n" + "\n".join(f"{user},item {item}" for user in range(9) for item in range(user + 1)))
        options = ["--metric", "cosine", "--interactions", seen, "--biases", "popularity", "--ids", self.ids]
        report, packed, biases = self.pack(self.folder / "items.npy", *options)
        self.assertEqual(report["metric"], "cosine")
        np.testing.assert_allclose([np.linalg.norm(row) for row in packed.values()], 1, rtol=1e-6)
        self.assertAlmostEqual(float(biases["item 0"]), np.log(9 / 45), places=6)
        self.assertAlmostEqual(float(biases["item 59"]), np.log(0.5 / 45), places=6)

    def test_refusals(self):
        np.save(self.folder / "objects.npy", np.array([{"a": 1}]), allow_pickle=True)
        self.refuses(self.folder / "objects.npy", "pickle", "astype")
        pd.DataFrame({"a": [1]}).to_pickle(self.folder / "frame.pkl")
        self.refuses(self.folder / "frame.pkl", "pickle", "safetensors")
        np.save(self.folder / "items.npy", vectors())
        self.ids.write_text("\n".join(IDS[:-1]))
        self.refuses(self.folder / "items.npy", "59 ids for 60 vectors", options=["--ids", self.ids])
        self.ids.write_text("\n".join(IDS[:-1] + IDS[:1]))
        self.refuses(self.folder / "items.npy", "item 0 twice", options=["--ids", self.ids])
        broken = vectors()
        broken[7, 3] = np.nan
        np.save(self.folder / "broken.npy", broken)
        self.refuses(self.folder / "broken.npy", "row 7", "not finite")


if __name__ == "__main__":
    unittest.main()
