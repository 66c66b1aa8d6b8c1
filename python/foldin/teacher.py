"""What a sentence encoder makes of each of its tokens alone: what `foldin words` distils.

    python -m foldin.teacher FOLDER -o teacher.safetensors

FOLDER is a model of sentence-transformers: config.json, model.safetensors, tokenizer.json (WordPiece). It takes numpy,
safetensors and, to embed texts, tokenizers. A BERT network is written down here; others take PyTorch and transformers.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from typing import Any

import numpy as np
import safetensors.numpy

Array = Any  # of NumPy, whatever its release calls them
TOGETHER = 512


class Bert:
    """The network of Devlin et al., "BERT" (2018): the mean of the last layer's tokens."""

    def __init__(self, folder: str | pathlib.Path) -> None:
        folder = pathlib.Path(folder)
        self.config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.weights = safetensors.numpy.load_file(folder / "model.safetensors")

    def means(self, ids: Array, mask: Array) -> Array:
        """Rows [texts, width] of token numbers [texts, length], of which those count that `mask` says."""
        x = self._table("word")[ids] + self._table("position")[: ids.shape[1]] + self._table("token_type")[0]
        x = self._layer_norm(x, "embeddings.LayerNorm")
        for layer in range(self.config["num_hidden_layers"]):
            name = f"encoder.layer.{layer}"
            x = self._attend(x, mask, f"{name}.attention")
            wide = self._linear(x, f"{name}.intermediate.dense")
            wide = wide * 0.5 * (1 + _erf(wide / np.sqrt(np.float32(2))))
            x = self._layer_norm(x + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)

    def _table(self, name: str) -> Array:
        return self.weights[f"embeddings.{name}_embeddings.weight"]

    def _layer_norm(self, x: Array, name: str) -> Array:
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + self.config.get("layer_norm_eps", 1e-12))
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _linear(self, x: Array, name: str) -> Array:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _attend(self, x: Array, mask: Array, name: str) -> Array:
        heads = self.config["num_attention_heads"]
        split = lambda part: self._linear(x, f"{name}.self.{part}").reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)
        query, key, value = map(split, ("query", "key", "value"))
        ruled_out = np.where(mask, 0, -1e9).astype(np.float32)[:, None, None]
        scores = query @ key.swapaxes(2, 3) / np.sqrt(np.float32(query.shape[-1])) + ruled_out
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (shares / shares.sum(-1, keepdims=True)) @ value
        out = self._linear(seen.swapaxes(1, 2).reshape(x.shape), f"{name}.output.dense")
        return self._layer_norm(x + out, f"{name}.output.LayerNorm")


class Transformer:
    """Any other network, by PyTorch and transformers."""

    def __init__(self, folder: str | pathlib.Path) -> None:
        try:
            import torch
            import transformers
        except ImportError:
            sys.exit("error: this network is no BERT: pip install torch transformers, then start again")
        self.torch, self.network = torch, transformers.AutoModel.from_pretrained(folder).eval()

    def means(self, ids: Array, mask: Array) -> Array:
        with self.torch.inference_mode():
            ids, mask = (self.torch.from_numpy(array.astype(np.int64)) for array in (ids, mask))
            x = self.network(input_ids=ids, attention_mask=mask).last_hidden_state.numpy()
        return (x * mask.numpy()[..., None]).sum(1) / mask.numpy().sum(1, keepdims=True)


def _erf(x: Array) -> Array:
    """Abramowitz and Stegun (1964), 7.1.26: within 2e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - series * np.exp(-x * x))


def network_of(folder: str | pathlib.Path) -> Bert | Transformer:
    """The encoder in a folder."""
    config = json.loads((pathlib.Path(folder) / "config.json").read_text(encoding="utf-8"))
    return (Bert if config.get("model_type") == "bert" else Transformer)(folder)


def embed(folder: str | pathlib.Path, texts: list[str], longest: int = 64) -> Array:
    """Vectors of length 1, [texts, width]."""
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(longest)
    network, rows = network_of(folder), []
    for at in range(0, len(texts), 64):
        encoded = tokenizer.encode_batch(texts[at : at + 64])
        means = network.means(np.array([t.ids for t in encoded]), np.array([t.attention_mask for t in encoded], bool))
        rows.append(means / np.linalg.norm(means, axis=1, keepdims=True))
    return np.concatenate(rows).astype(np.float32)


def teach(folder: str | pathlib.Path, out: str) -> None:
    """Writes what the encoder makes of each token between its marks of beginning and end."""
    folder = pathlib.Path(folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    kind = tokenizer.get("model", {}).get("type")
    if kind != "WordPiece":
        sys.exit(f"error: {folder}: expected a tokeniser of WordPiece, found {kind}; take a teacher that has one")
    vocabulary = tokenizer["model"]["vocab"]
    network, count, rows = network_of(folder), len(vocabulary), []
    first, last = vocabulary["[CLS]"], vocabulary["[SEP]"]
    for at in range(0, count, TOGETHER):
        token = np.arange(at, min(at + TOGETHER, count))
        ids = np.stack([np.full_like(token, first), token, np.full_like(token, last)], 1)
        rows.append(network.means(ids, np.ones(ids.shape, bool)))
        print(f"\r{at + len(token)} of {count} tokens", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    name, licence = card_of(folder)
    metadata = {"format": "foldin-teacher", "teacher": name, "licence": licence}
    small = {part: tokenizer[part] for part in ("model", "normalizer")}
    metadata["tokenizer"] = json.dumps(small, ensure_ascii=False)
    embeddings = np.ascontiguousarray(np.concatenate(rows), np.float32)
    safetensors.numpy.save_file({"embeddings": embeddings}, out, metadata)


def card_of(folder: pathlib.Path) -> tuple[str, str]:
    """The model's name and licence, as its card has them; the licence goes along with what is made of the model."""
    card = folder / "README.md"
    lines = card.read_text(encoding="utf-8").splitlines() if card.exists() else []
    names = [line[2:].strip() for line in lines if line.startswith("# ")]
    licences = [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith(("license:", "licence:"))]
    return (names or [folder.resolve().name])[0], (licences or ["unknown: see the teacher's own page"])[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="foldin.teacher", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, help="a model of sentence-transformers")
    parser.add_argument("-o", "--output", required=True, help="where to write (.safetensors)")
    arguments = parser.parse_args()
    missing = [name for name in ("config.json", "tokenizer.json") if not (arguments.folder / name).exists()]
    if missing:
        sys.exit(f"error: {arguments.folder}: expected a model of sentence-transformers, found no {missing[0]}")
    teach(arguments.folder, arguments.output)


if __name__ == "__main__":
    main()
