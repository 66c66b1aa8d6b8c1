"""Python, command and wheel's script are one program: the same bytes, ids, scores and texts."""

import json
import subprocess
import sys
from pathlib import Path

import foldin
import numpy as np
import pytest

ALGORITHMS = ["ials", "sgd", "bpr", "next"]


def at(model, path):
    model.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_seed_gives_the_bytes_of_the_command(shop, command, tmp_path, algorithm):
    theirs = tmp_path / "theirs.safetensors"
    words = ["--algorithm", algorithm, "--dim", 8, "--seed", 3, "--items", shop / "films.csv"]
    command("train", shop / "ratings.csv", *words, "-o", theirs)
    model = foldin.train(shop / "ratings.csv", items=shop / "films.csv", algorithm=algorithm, dim=8, seed=3)
    assert model.to_bytes() == theirs.read_bytes()
    assert at(model, tmp_path / "ours.safetensors") == theirs.read_bytes()


def test_two_towers_are_in_the_wheel(shop):
    options = {"items": shop / "films.csv", "algorithm": "two-tower", "dim": 8, "epochs": 2, "seed": 3}
    model = foldin.train(shop / "ratings.csv", **options)
    assert model.metadata["algorithm"] == "two-tower"
    assert len(model.recommend(liked=["i0", "i2"], n=5)) == 5


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "columns"])
def test_a_table_in_memory_gives_the_factors_of_its_file(shop, ratings, films, kind):
    import polars as pl
    import pyarrow as pa

    make = {
        "pandas": lambda table: table,
        "polars": pl.from_pandas,
        "pyarrow": pa.Table.from_pandas,
        "columns": lambda table: {name: table[name].tolist() for name in table},
    }[kind]
    options = {"algorithm": "ials", "dim": 8, "map": True}
    of_file = foldin.train(shop / "ratings.csv", items=shop / "films.csv", **options)
    of_table = foldin.train(make(ratings), items=make(films), **options)
    # A table has no name that could be the data set's.
    assert of_file.metadata.pop("data") == "ratings.csv"
    assert {**of_file.metadata, "data": None} == {**of_table.metadata, "data": None}
    assert of_file.tensors == of_table.tensors
    assert of_file.to_bytes()[-of_file._core.shape[3] :] == of_table.to_bytes()[-of_table._core.shape[3] :]


def test_recommendations_are_those_of_the_command(shop, command, model, ratings, tmp_path):
    path = tmp_path / "model.safetensors"
    model.save(path)
    ours = model.recommend(liked=["i0", "i2"], disliked=["i1"], n=5, explain=True)
    theirs = json.loads(
        command("recommend", path, "--liked", "i0,i2", "--disliked", "i1", "--count", 5, "--explain", "--json")
    )
    assert ours["item"].tolist() == [result["item"] for result in theirs]
    assert ours["title"].tolist() == [result["title"] for result in theirs]
    np.testing.assert_allclose(ours["score"], [result["score"] for result in theirs], rtol=1e-7)
    reasons = [[(b["item"], b["event"], pytest.approx(b["share"])) for b in result["because"]] for result in theirs]
    assert [[tuple(reason.values()) for reason in because] for because in ours["because"]] == reasons
    lines = command("recommend", path, "--batch", shop / "ratings.csv", "--count", 4).splitlines()
    theirs = [(line["user"], item["item"], item["score"]) for line in map(json.loads, lines) for item in line["items"]]
    for histories in (ratings, shop / "ratings.csv"):
        ours = model.recommend(histories, n=4)
        assert list(ours.columns) == ["user", "item", "title", "score", "rank", "rung"]
        assert list(zip(ours["user"], ours["item"])) == [(user, item) for user, item, _ in theirs]
        np.testing.assert_allclose(ours["score"], [score for *_, score in theirs], rtol=1e-6)
    assert ours["rank"].tolist()[:5] == [1, 2, 3, 4, 1]


def test_explained_answers_for_many_are_the_same_answers(model, ratings):
    plain, explained = model.recommend(ratings, n=3), model.recommend(ratings, n=3, explain=True)
    assert plain["item"].tolist() == explained["item"].tolist()
    for score, because in zip(explained["score"], explained["because"]):
        assert sum(reason["share"] for reason in because) == pytest.approx(score, abs=1e-4)


def test_similar_items_are_those_of_the_command(command, model, tmp_path):
    path = tmp_path / "model.safetensors"
    model.save(path)
    for metric in ("cosine", "dot"):
        ours = model.similar("i4", n=6, metric=metric)
        theirs = json.loads(command("similar", path, "i4", "--count", 6, "--metric", metric, "--json"))
        assert ours["item"].tolist() == [result["item"] for result in theirs]
    assert list(ours.columns) == ["item", "title", "score", "rank"]


def test_an_evaluation_is_that_of_the_command(shop, command):
    words = ["--algorithm", "ials", "--dim", 8, "--split", "leave-last-out", "--k", "5,10"]
    theirs = json.loads(command("evaluate", shop / "ratings.csv", *words, "--json"))
    ours = foldin.evaluate(shop / "ratings.csv", algorithm="ials", dim=8, split="leave-last-out", k=[5, 10])
    assert {**ours, "seconds": 0} == {**theirs, "seconds": 0}
    assert "95 % interval" in repr(ours)
    frame = ours.to_frame()
    assert frame.loc["ndcg@10", "model"] == theirs["metrics"]["ndcg@10"]["mean"]
    assert "popularity" in frame.columns


def test_a_model_can_be_evaluated_as_it_is(ratings, model, tmp_path):
    model.save(tmp_path / "model.safetensors")
    of_path = foldin.evaluate(ratings, model=tmp_path / "model.safetensors", split="leave-last-out")
    of_model = foldin.evaluate(ratings, model=model, split="leave-last-out")
    assert of_path["metrics"] == of_model["metrics"]


def test_vectors_of_the_same_history_score_as_recommend_does(model):
    vector = model.vector(["i0", "i2"])
    assert vector.shape == (8,) and vector.dtype == np.float32
    shelf = model.recommend(liked=["i0", "i2"], n=3)
    rows = [model.ids.index(item) for item in shelf["item"]]
    np.testing.assert_allclose(model.item_factors[rows] @ vector, shelf["score"], atol=1e-3)


def test_errors_have_the_texts_of_the_command(shop, command, model, tmp_path):
    path = tmp_path / "model.safetensors"
    model.save(path)
    told = command("similar", path, "none", code=1)
    with pytest.raises(foldin.UnknownItemError) as found:
        model.similar("none")
    assert told == f"error: {found.value}\n" and found.value.code == "unknown-item"
    told = command("train", shop / "ratings.csv", "--algorithm", "ials", "--dim", 5000, "-o", path, code=1)
    with pytest.raises(foldin.ArgumentError) as found:
        foldin.train(shop / "ratings.csv", algorithm="ials", dim=5000)
    assert told == f"error: {found.value}\n" and found.value.field == "dim"
    with pytest.raises(foldin.ArgumentError, match="invalid value 'als' for '--algorithm <ALGORITHM>'"):
        foldin.train(shop / "ratings.csv", algorithm="als")


def test_the_script_is_the_command(shop, command, tmp_path):
    script = Path(sys.executable).with_name("foldin")
    ours, theirs = tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    words = ["train", shop / "ratings.csv", "--dim", "8", "-o"]
    done = subprocess.run([script, *words, ours], capture_output=True, text=True, check=True)
    told = command(*words, theirs)
    assert ours.read_bytes() == theirs.read_bytes()
    repeat = [line for line in done.stdout.splitlines() if line.startswith("to repeat")]
    assert [line.replace("ours", "theirs") for line in repeat] == [
        line for line in told.splitlines() if line.startswith("to repeat")
    ]
    assert len(repeat) == 1
    refused = subprocess.run([sys.executable, "-m", "foldin", "inspect", tmp_path / "none"], capture_output=True, text=True)
    assert refused.returncode == 1 and refused.stderr == command("inspect", tmp_path / "none", code=1)
    version = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == f"foldin {foldin.__version__}\n"
