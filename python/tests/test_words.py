"""Words: questions in a sentence, with a table distilled from a teacher that is made up: two axes of meaning, robots and hearts."""

import json
import pickle

import foldin
import numpy as np
import pandas as pd
import pytest

ITEMS = 24


@pytest.fixture(scope="module", name="town")
def town_fixture():
    """Even people have films of robots, odd ones films of hearts."""
    said = [("A starship", "androids"), ("A wedding", "kisses")]
    films = [(f"f{item}", *said[item % 2], 1980 + item) for item in range(ITEMS)]
    met = [(f"u{user}", f"f{item}") for user in range(40) for item in range(ITEMS) if user % 2 == item % 2 and (user * 7 + item * 5) % 3]
    return pd.DataFrame(met, columns=["user", "item"]), pd.DataFrame(films, columns=["id", "title", "genres", "year"])


@pytest.fixture(scope="module", name="told")
def told_fixture(town, table):
    ratings, films = town
    return foldin.train(ratings, items=films, words=table, algorithm="ials", dim=8)


def hearts(answer):
    return [int(item[1:]) % 2 for item in answer["item"]]


def test_a_model_learns_from_words_and_answers_in_them(told, table):
    words = foldin.Words(table)
    assert told.metadata["words_table"] == words.id and "words.items.map" in told.tensors
    for given in (words, table, str(table)):
        answer = told.recommend(text="I like robots, but no kisses", words=given, n=5)
        assert hearts(answer) == [0] * 5 and set(answer["rung"]) == {"prior"}
    assert hearts(told.recommend(text="love", words=words, n=5)) == [1] * 5
    assert hearts(told.similar(text="robots", words=words, n=5)) == [0] * 5
    outweighed = told.recommend(liked=[f"f{item}" for item in range(0, 12, 2)], text="love", words=words, n=3)
    assert hearts(outweighed) == [0] * 3, "six likes say more than a word"


def test_search_goes_by_meaning_in_any_model(told, town, table):
    words = foldin.Words(table)
    plain = foldin.train(town[0], items=town[1], algorithm="ials", dim=8)
    for model in (told, plain, told):
        answer = model.search("machines", n=6, words=words)
        assert list(answer.columns) == ["item", "title", "score", "rank"]
        assert hearts(answer) == [0] * 6 and answer["score"].is_monotonic_decreasing and answer["score"].max() <= 1.001
    assert hearts(told.search("romance", n=3, words=table)) == [1] * 3


def test_the_command_answers_the_same(told, table, command, tmp_path):
    model = tmp_path / "town.safetensors"
    told.save(model)
    for method, verb, text in (("recommend", "recommend", "robots but not love"), ("similar", "similar", "a wedding")):
        theirs = json.loads(command(verb, model, "--words", table, "--text", text, "--count", "6", "--json"))
        ours = getattr(told, method)(text=text, words=table, n=6)
        assert list(ours["item"]) == [line["item"] for line in theirs]
        assert np.array_equal(ours["score"], np.float32([line["score"] for line in theirs]))


def test_a_table_says_what_it_is(table):
    words = foldin.Words(table)
    assert words.dim == 4 and repr(words) == f"<foldin.Words: {len(words)} tokens of dimension 4, {words.id}>"
    assert pickle.loads(pickle.dumps(words)).id == words.id
    vector = words.vector("robots")
    assert vector.shape == (4,) and vector.dtype == np.float32 and abs(np.linalg.norm(vector) - 1) < 1e-5
    assert words.vector("ꙮ ☃ \x00").shape == (0,)
    assert np.array_equal(words.vector("robots " * 150_000), vector), "a megabyte"


@pytest.mark.parametrize("text", ["", "ꙮ ☃", "\x01\x02", "1999999"])
def test_texts_without_a_known_word_are_refused(told, table, text):
    words = foldin.Words(table)
    for ask in (told.recommend, told.similar, told.search):
        with pytest.raises(foldin.ArgumentError, match="^text: expected a word that the table knows, found none$"):
            ask(text=text, words=words)


def test_what_cannot_be_is_refused_in_one_line(told, model, table, command, tmp_path):
    def refused(expected, ask, *arguments, **options):
        with pytest.raises(foldin.FoldinError, match=expected) as found:
            ask(*arguments, **options)
        assert "\n" not in str(found.value)

    refused("a model that learned from words", model.recommend, text="robots", words=table)
    refused("text: expected a text, found 5", told.recommend, text=5, words=table)
    refused("words: expected the table", told.recommend, text="robots")
    refused("words: expected a text beside the table", told.recommend, words=table)
    refused("expected an id or a text, found neither", told.similar)
    refused("expected an id or a text, found both", told.similar, "f1", text="robots", words=table)
    refused("expected histories, or liked", told.recommend, {"ann": ["f1"]}, text="robots", words=table)
    other = tmp_path / "other.safetensors"
    command("words", table.with_name("teacher.safetensors"), "--dim", "2", "-o", other)
    refused("words: expected the table that the model was trained with", told.similar, text="robots", words=other)
    told.save(other)
    refused("format: expected foldin-words, found foldin", foldin.Words, other)
    other.write_bytes(table.read_bytes()[:1000])
    refused("make the table with `foldin words`", foldin.Words, other)
    refused("none.safetensors", foldin.Words, tmp_path / "none.safetensors")
