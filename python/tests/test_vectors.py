"""Item vectors of other libraries, and arrays good and bad."""

import types

import foldin
import numpy as np
import pytest
import scipy.sparse as sp

FACTORS = np.random.default_rng(1).normal(size=(12, 4))
IDS = [f"i{item}" for item in range(12)]


def matrix():
    return sp.csr_matrix(np.random.default_rng(2).random((30, 12)) < 0.3, dtype=np.float32)


def rows(model):
    """The factors by id."""
    return dict(zip(model.ids, model.item_factors))


@pytest.mark.parametrize(
    "array",
    [
        FACTORS,
        FACTORS.astype(np.float32),
        np.asfortranarray(FACTORS),
        np.repeat(FACTORS, 2, axis=1)[:, ::2],
        FACTORS.tolist(),
    ],
    ids=["float64", "float32", "fortran", "strided", "list"],
)
def test_arrays_of_every_layout_are_the_same_vectors(array):
    model = foldin.pack(array, ids=IDS, precision="f32")
    assert (len(model), model.dim, model.precision) == (12, 4, "f32")
    for at, id in enumerate(IDS):
        np.testing.assert_allclose(rows(model)[id], FACTORS[at].astype(np.float32))


def test_half_floats_and_the_default_precision():
    model = foldin.pack(FACTORS.astype(np.float16))
    assert model.precision == "int8" and sorted(model.ids, key=int) == [str(row) for row in range(12)]
    np.testing.assert_allclose(rows(model)["3"], FACTORS[3], atol=0.02)
    assert foldin.pack(FACTORS, ids=np.arange(12)).ids == foldin.pack(FACTORS).ids


def test_an_array_is_what_its_file_is(command, tmp_path):
    np.save(tmp_path / "factors.npy", FACTORS)
    (tmp_path / "ids.txt").write_text("\n".join(IDS))
    command("pack", tmp_path / "factors.npy", "--ids", tmp_path / "ids.txt", "-o", tmp_path / "theirs.safetensors")
    theirs = foldin.load(tmp_path / "theirs.safetensors")
    of_file = foldin.pack(tmp_path / "factors.npy", ids=tmp_path / "ids.txt")
    assert of_file.to_bytes() == theirs.to_bytes()
    of_array = foldin.pack(FACTORS, ids=IDS)
    assert of_array.metadata.pop("imported_from") == "arrays"
    np.testing.assert_array_equal(of_array.item_factors, theirs.item_factors)


@pytest.mark.parametrize(
    ("array", "options", "told"),
    [
        (FACTORS[0], {}, r"expected an array \[rows, dim\], found the shape \[4\]"),
        (FACTORS[None], {}, r"found the shape \[1, 12, 4\]"),
        (np.zeros((2, 5000)), {}, "is the array transposed"),
        (np.zeros((0, 4)), {}, "no item vectors"),
        (np.full((2, 2), np.nan), {}, "row 0: NaN is not finite"),
        (np.array([["a", "b"]]), {}, "expected numbers"),
        (FACTORS, {"ids": IDS[:11]}, "11 ids"),
        (FACTORS, {"ids": [*IDS[:11], None]}, "row 11 has none"),
        (FACTORS, {"ids": [*IDS[:11], "i0"]}, "i0"),
        (FACTORS, {"biases": [1.0, 2.0]}, "2 ids or biases for 12 vectors"),
        (FACTORS[:, :3], {"precision": "int4"}, "even"),
        (FACTORS, {"precision": "int2"}, "f32, f16, int8 or int4"),
    ],
)
def test_arrays_that_make_no_model_are_refused(array, options, told):
    with pytest.raises(foldin.FoldinError, match=told):
        foldin.pack(array, **options)


@pytest.mark.parametrize("name", ["als", "bpr", "lmf"])
def test_a_model_of_implicit_is_what_its_file_is(command, tmp_path, name):
    from implicit.cpu.als import AlternatingLeastSquares
    from implicit.cpu.bpr import BayesianPersonalizedRanking
    from implicit.cpu.lmf import LogisticMatrixFactorization

    model = {
        "als": lambda: AlternatingLeastSquares(factors=8, alpha=5.0, iterations=2, random_state=1),
        "bpr": lambda: BayesianPersonalizedRanking(factors=8, iterations=2, random_state=1),
        "lmf": lambda: LogisticMatrixFactorization(factors=8, iterations=2, random_state=1),
    }[name]()
    with pytest.raises(foldin.ArgumentError, match="call fit"):
        foldin.pack(model)
    model.fit(matrix(), show_progress=False)
    model.save(str(tmp_path / "model.npz"))
    command("pack", tmp_path / "model.npz", "-o", tmp_path / "theirs.safetensors")
    ours = foldin.pack(model)
    assert ours.to_bytes() == (tmp_path / "theirs.safetensors").read_bytes()
    if name == "als":
        # The same ranking for a user whom both know.
        user = matrix()[3]
        ids, _ = model.recommend(3, user, N=4, recalculate_user=True)
        shelf = foldin.pack(model, precision="f32").recommend(user, n=4)
        assert shelf["item"].tolist() == [str(id) for id in ids]


def test_vectors_of_gensim_bring_their_words():
    from gensim.models import Word2Vec

    sentences = [[f"i{(at * 3 + step) % 9}" for step in range(4)] for at in range(40)]
    word2vec = Word2Vec(sentences, vector_size=8, min_count=1, seed=1, workers=1)
    for source in (word2vec, word2vec.wv):
        model = foldin.pack(source, metric="cosine", precision="f32")
        assert sorted(model.ids) == sorted(word2vec.wv.index_to_key)
        neighbour = word2vec.wv.most_similar("i3", topn=1)[0][0]
        assert model.similar("i3", n=1)["item"].tolist() == [neighbour]


def test_vectors_and_biases_as_a_pair_and_as_lightfm_gives_them():
    biases = np.linspace(-1, 1, 12)
    of_pair = foldin.pack((FACTORS, biases), ids=IDS)
    assert of_pair.to_bytes() == foldin.pack((biases, FACTORS), ids=IDS).to_bytes()
    assert of_pair.to_bytes() == foldin.pack(FACTORS, ids=IDS, biases=biases[:, None]).to_bytes()
    lightfm = types.SimpleNamespace(get_item_representations=lambda: (biases, FACTORS))
    assert of_pair.to_bytes() == foldin.pack(lightfm, ids=IDS).to_bytes()
    assert "item_biases" in of_pair.tensors


def test_a_model_of_spark_is_its_item_factors():
    rows_of_spark = [{"id": id, "features": FACTORS[id].tolist()} for id in reversed(range(12))]
    spark = types.SimpleNamespace(itemFactors=types.SimpleNamespace(collect=lambda: rows_of_spark))
    model = foldin.pack(spark, unobserved_weight=0.1, regularization=0.01)
    assert model.to_bytes()[-200:] == foldin.pack(FACTORS, ids=list(range(12))).to_bytes()[-200:]
    assert model.metadata["unobserved_weight"] == "0.1"


def test_titles_and_counts_come_along(ratings, films):
    model = foldin.pack(FACTORS, ids=IDS, items=films, interactions=ratings, biases="popularity")
    assert dict(zip(model.ids, model.titles))["i3"] == "Title 3"
    assert {"item_counts", "item_biases"} <= set(model.tensors)
    assert model.report["titles"] == 12
    with pytest.raises(foldin.ArgumentError, match="biases: expected --interactions"):
        foldin.pack(FACTORS, biases="popularity")
