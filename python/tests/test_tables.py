"""Tables of every kind, good and bad."""

from __future__ import annotations

import logging

import foldin
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp

OPTIONS = {"algorithm": "ials", "dim": 4, "epochs": 2}


def trained(table, **options):
    return foldin.train(table, **{**OPTIONS, **options})


def small(**changes):
    columns = {"user": ["a", "a", "b", "b", "c"], "item": ["x", "y", "x", "z", "y"], **changes}
    return pd.DataFrame(columns)


def test_columns_are_known_by_their_usual_names_or_given(caplog):
    with caplog.at_level(logging.INFO, "foldin"):
        trained(small().rename(columns={"user": "customer_id", "item": "sku"}))
    assert 'user=col 1 "customer_id", item=col 2 "sku"' in caplog.text
    odd = small().rename(columns={"user": "wer", "item": "was"})
    with pytest.raises(foldin.DataError, match='interactions:1: no column of users found in "wer was"'):
        trained(odd)
    assert sorted(trained(odd, user_column="wer", item_column="was").ids) == ["x", "y", "z"]


def test_a_table_without_users_is_refused():
    with pytest.raises(foldin.DataError, match="no column of users found in \"item\".*--user-column"):
        trained(small()[["item"]])
    with pytest.raises(foldin.DataError, match="at least one interaction"):
        trained(small().iloc[:0])
    with pytest.raises(foldin.DataError):
        trained(pd.DataFrame())


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA, ""])
def test_ids_that_are_not_there_are_refused_with_their_row(nothing):
    with pytest.raises(foldin.DataError, match="interactions:3: an empty user.*--bad-lines skip"):
        trained(small(user=["a", nothing, "b", "b", "c"]))
    assert len(trained(small(item=["x", "y", nothing, "z", "y"]), bad_lines="skip")) == 3


def test_whole_numbers_that_became_floats_are_the_same_ids():
    missing = small(item=pd.Series([1, 2, None, 4, 2]))
    assert missing["item"].dtype == "float64"
    assert sorted(trained(missing, bad_lines="skip").ids) == ["1", "2", "4"]
    nullable = small(item=pd.Series([1, 2, 1, 4, 2], dtype="Int64"))
    assert sorted(trained(nullable).ids) == ["1", "2", "4"]


def test_numbers_on_one_side_and_texts_on_the_other_are_joined_as_text(caplog):
    films = pd.DataFrame({"item_id": ["1", "2", "4"], "title": ["One", "Two", "Four"]})
    with caplog.at_level(logging.INFO, "foldin"):
        model = trained(small(item=[1, 2, 1, 4, 2]), items=films)
    assert dict(zip(model.ids, model.titles or [])) == {"1": "One", "2": "Two", "4": "Four"}
    assert "compared as text" in caplog.text
    with pytest.raises(foldin.DataError, match="0 of 3 items of interactions are in it"):
        trained(small(), items=films)
    with pytest.warns(UserWarning, match="only 2 of 3 items"):
        trained(small(item=[1, 2, 1, 9, 2]), items=films)


def test_mixed_types_categories_and_an_index_with_duplicates_are_read_as_text():
    mixed = small(user=["a", 7, 7.0, b"b", "c"], item=["x", 1, 1.0, "z", "y"])
    assert sorted(trained(mixed).ids) == ["1", "x", "y", "z"]
    for categories in (small().astype("category"), pl.from_pandas(small()).cast(pl.Categorical)):
        assert sorted(trained(categories).ids) == ["x", "y", "z"]
    twice = small()
    twice.index = [0, 0, 1, 1, 2]
    assert trained(twice).ids == trained(small()).ids
    assert trained(small().set_index(["user", "item"])).ids == trained(small()).ids


def test_columns_that_have_one_name_are_told_apart():
    twice = pd.concat([small(), small()["item"]], axis=1)
    with pytest.raises(foldin.DataError, match="no column of items"):
        trained(twice)
    assert len(trained(twice, item_column="item.1")) == 3


ZONES = ["2024-05-01T12:00", "2024-05-02T12:00", "2024-05-03T12:00", "2024-05-04T12:00", "2024-05-05T12:00"]


@pytest.mark.parametrize("kind", ["pandas", "zone", "polars", "pyarrow", "dates"])
def test_times_of_every_kind_are_the_same_times(kind, caplog):
    naive = pd.to_datetime(ZONES)
    tables = {
        "pandas": small(time=naive),
        "zone": small(time=naive.tz_localize("UTC").tz_convert("Asia/Tokyo")),
        "polars": pl.from_pandas(small(time=naive.tz_localize("UTC").tz_convert("America/Lima"))),
        "pyarrow": pa.Table.from_pandas(small(time=naive.tz_localize("UTC"))),
        "dates": small(time=[day[:10] for day in ZONES]),
    }
    with caplog.at_level(logging.INFO, "foldin"):
        model = trained(tables[kind], trend_half_life=2)
    assert "time=col 3" in caplog.text and "without a time" not in caplog.text
    assert model.tensors == trained(small(time=naive), trend_half_life=2).tensors
    if kind != "dates":
        assert model.to_bytes() == trained(small(time=naive), trend_half_life=2).to_bytes()


def test_a_sparse_matrix_is_users_by_items():
    matrix = sp.csr_matrix(np.array([[5, 0, 1], [0, 2, 0], [4, 0, 3]], np.float64))
    model = trained(matrix, confidence=1)
    table = {"user": [0, 0, 1, 2, 2], "item": [0, 2, 1, 0, 2], "value": [5, 1, 2, 4, 3]}
    assert model.to_bytes() == trained(table, confidence=1).to_bytes()
    for other in (matrix.tocsc(), matrix.tocoo(), sp.csr_array(matrix), matrix.astype(np.int8)):
        assert trained(other, confidence=1).ids == model.ids
    shelf = model.recommend(matrix[:1], n=2)
    assert shelf["item"].tolist() == ["1"] and shelf["user"].tolist() == ["0"]


def test_explicit_zeros_are_left_out_and_negative_values_are_told(caplog):
    matrix = sp.csr_matrix(np.array([[5.0, 2, 1], [0, 2, 0], [4, 0, 3]]))
    matrix.data[1] = 0
    with caplog.at_level(logging.INFO, "foldin"):
        model = trained(matrix)
    assert "1 explicit zeros" in caplog.text
    assert model.metadata["interactions"] == "5"
    matrix.data[2] = -1
    with pytest.warns(UserWarning, match="1 values below 0 .*min_value"):
        trained(matrix)
    with pytest.raises(foldin.ArgumentError, match="expected a matrix"):
        trained(sp.coo_array(np.array([1, 0, 2])))


def test_what_is_no_table_is_refused():
    for thing in (7, [1, 2], object()):
        with pytest.raises(foldin.ArgumentError, match="expected a path, a data frame, a sparse matrix"):
            trained(thing)
    with pytest.raises(foldin.ArgumentError, match="columns of one length, found user 2, item 1"):
        trained({"user": [1, 2], "item": [1]})
    with pytest.raises(foldin.ArgumentError, match="to be a column, found an array of shape"):
        trained({"user": np.zeros((2, 2)), "item": [1, 2]})
    with pytest.raises(TypeError, match="has no option 'factors'"):
        trained(small(), factors=3)


def test_lists_in_a_column_are_tags():
    films = {"id": ["x", "y", "z"], "genres": [["Comedy", "Drama"], [], ["Drama"]]}
    for table in (films, pd.DataFrame(films), pl.DataFrame(films), pa.table(films)):
        model = trained(small(), items=table)
        assert "catalog.vocabulary.genres" in model.tensors
        shelf = model.recommend(liked=["x"], where={"genres": {"in": ["Drama"]}})
        assert shelf["item"].tolist() == ["z"]
    with pytest.raises(ValueError, match="expected a tag of genres, found Dramas"):
        model.recommend(liked=["x"], where={"genres": {"in": ["Dramas"]}})


def test_answers_come_in_the_library_of_the_question():
    model = trained(small())
    history = {"user": ["new"], "item": ["x"]}
    assert isinstance(model.recommend(pl.DataFrame(history), explain=True), pl.DataFrame)
    assert isinstance(model.recommend(pa.table(history), explain=True), pa.Table)
    assert isinstance(model.recommend(history), pd.DataFrame)
    lists = model.recommend({"new": ["x"], "other": ["y", "z"]}, n=1)
    assert lists["user"].tolist() == ["new", "other"]


def test_items_that_the_model_does_not_know_count_for_nothing_and_are_told():
    model = trained(small())
    with pytest.warns(UserWarning, match="only 1 of 2 items of histories are in it"):
        shelf = model.recommend({"user": ["new", "new"], "item": ["x", "later"]})
    assert shelf["item"].tolist() == model.recommend({"new": ["x"]})["item"].tolist()
    with pytest.raises(foldin.DataError, match="0 of 1 items of histories"):
        model.recommend({"new": ["later"]})
    with pytest.raises(foldin.UnknownItemError, match='unknown item "later"'):
        model.recommend(liked=["later"])


def test_arguments_of_recommend_are_checked():
    model = trained(small())
    for n in (0, -1, 1.5, True, None):
        with pytest.raises(foldin.ArgumentError, match="n: expected a whole number"):
            model.recommend(liked=["x"], n=n)
    with pytest.raises(foldin.ArgumentError, match="a list of ids"):
        model.recommend(liked="xy")
    with pytest.raises(foldin.ArgumentError, match="found both"):
        model.recommend(small(), liked=["x"])
    with pytest.raises(ValueError, match="unknown field `filter`"):
        model.recommend(liked=["x"], filter=1)
    with pytest.raises(foldin.ArgumentError, match="cosine or dot"):
        model.similar("x", metric="angle")
    # Nobody known yet: what is popular.
    assert set(model.recommend(n=2)["rung"]) == {"popular"}
