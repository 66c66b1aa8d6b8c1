"""Model cards as Hugging Face reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._model import Model

CARD = """---
library_name: foldin
tags:
- recommendation
- collaborative-filtering
- foldin
- {algorithm}
{results}---

# {name}

Item factors for [foldin](https://www.npmjs.com/package/foldin), a recommender that runs in the visitor's own browser: each
visitor is folded in on their device, and nothing they do leaves the page.

| | |
|---|---|
| items | {items} of dimension {dim}, in {precision} |
| algorithm | {algorithm} |
| data | {data} |
{measured}
## In a page

```js
import {{ Recommender }} from "foldin";
const shop = await Recommender.load("https://huggingface.co/OWNER/REPOSITORY/resolve/main/model.safetensors");
await shop.record({{ item: "{item}", event: "like" }});
const shelf = await shop.recommend({{ count: 12 }});
```

## In Python

```python
import foldin
foldin.load("model.safetensors").recommend(liked=["{item}"])
```

## Metadata

{metadata}
"""

RESULTS = """model-index:
- name: {name}
  results:
  - task:
      type: recommendation
      name: Recommendation
    dataset:
      name: {data}
      type: {data}
    metrics:
{metrics}
"""


def card(model: Model, name: str | None, evaluation: Mapping[str, Any] | None) -> str:
    """The card's text: YAML, then Markdown."""
    metadata = model.metadata
    data = metadata.get("data", "not named")
    name = name or f"foldin {model.algorithm}"
    measured = dict(evaluation["metrics"]) if evaluation else _of_metadata(metadata)
    metrics = "\n".join(f"    - type: {_yaml(key)}\n      value: {value['mean']:.4f}" for key, value in measured.items())
    return CARD.format(
        name=name,
        algorithm=model.algorithm,
        items=model.items,
        dim=model.dim,
        precision=model.precision,
        data=_cell(data),
        item=model.ids[0].replace("\\", "\\\\").replace('"', '\\"'),
        results=RESULTS.format(name=_yaml(name), data=_yaml(data), metrics=metrics) if measured else "",
        measured=_table(measured, evaluation),
        metadata="\n".join(f"- `{_cell(key)}`: {_cell(value)}" for key, value in sorted(metadata.items())),
    )


def _of_metadata(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Figures that whoever made the file wrote into it: `ndcg@10`, `hr@10`, `rmse` and the like."""
    figures = {}
    for key, value in metadata.items():
        if "@" in key or key in ("rmse", "mae"):
            try:
                figures[key] = {"mean": float(value)}
            except ValueError:
                continue
    return figures


def _table(measured: Mapping[str, Any], evaluation: Mapping[str, Any] | None) -> str:
    if not measured:
        return ""
    baselines = evaluation["baselines"] if evaluation else {}
    lines = ["", "| metric | model | " + "".join(f"{name} | " for name in baselines), "|---" * (2 + len(baselines)) + "|"]
    for key, value in measured.items():
        others = "".join(f"{metrics[key]['mean']:.4f} | " if key in metrics else "| " for metrics in baselines.values())
        lines.append(f"| {key} | {value['mean']:.4f} | {others}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _yaml(text: str) -> str:
    """A text in quotes, as YAML takes JSON's."""
    import json

    return json.dumps(text, ensure_ascii=False)


def _cell(text: str) -> str:
    """A text in a table."""
    return " ".join(text.split()).replace("|", "\\|")
