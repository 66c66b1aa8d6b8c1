"""The notebook runs as it stands, and what is written about the package is true."""

import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import foldin
import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples/python/from-ratings-to-a-page.ipynb"


def test_the_notebook_runs_from_ratings_to_a_page(monkeypatch):
    book = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in book.cells), "it is kept without its output"
    client = NotebookClient(book, timeout=120, resources={"metadata": {"path": NOTEBOOK.parent}})
    with client.setup_kernel():
        for at, cell in enumerate(book.cells):
            client.execute_cell(cell, at)
        outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
        texts = "\n".join(str(output.get("data", {})) for output in outputs)
        assert "<foldin.Model: ials, 120 items of dimension 16" in texts and "image/png" in texts
        address = re.search(r"http://127\.0\.0\.1:\d+/", texts).group()
        for file in ("index.html", "foldin.json", "load.js"):
            with urllib.request.urlopen(address + file) as answer:
                assert answer.status == 200


@pytest.mark.parametrize("page", ["docs/python.md", "python/README.md"])
def test_the_lines_of_python_in_a_page_run(page, shop, table, tmp_path, monkeypatch, ratings, films):
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    (tmp_path / "ratings.csv").write_bytes((shop / "ratings.csv").read_bytes().replace(b",i2,", b",50,").replace(b",i4,", b",181,"))
    (tmp_path / "movies.csv").write_bytes((shop / "films.csv").read_bytes())
    (tmp_path / "words.safetensors").write_bytes(table.read_bytes())
    monkeypatch.chdir(tmp_path)
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    matrix = csr_matrix(ratings.pivot_table(index="user", columns="item", values="rating", fill_value=0).to_numpy(float))
    fitted = AlternatingLeastSquares(factors=4, iterations=2)
    fitted.fit(matrix, show_progress=False)
    ids = [str(item) for item in range(matrix.shape[1])]
    names = {"ratings": ratings, "films": films, "matrix": matrix, "fitted": fitted, "ids": ids}
    for block in blocks:
        exec(compile(block, page, "exec"), names)


def test_mypy_accepts_the_package_and_its_users(tmp_path):
    use = tmp_path / "use.py"
    use.write_text(
        "import foldin\n"
        "model: foldin.Model = foldin.train('ratings.csv', dim=8)\n"
        "count: int = len(model) + model.dim\n"
        "model.similar('1').upper_case_of_anything()\n"
        "foldin.load(3)\n"
    )
    # What the libraries of others say takes mypy a minute to read, and nothing of it shows here.
    settings = tmp_path / "mypy.ini"
    libraries = "numpy", "pandas", "polars", "pyarrow", "safetensors", "tokenizers", "torch", "transformers"
    skipped = [f"[mypy-{name}.*]\nfollow_imports = skip\nignore_missing_imports = true\n" for name in libraries]
    settings.write_text("[mypy]\n" + "".join(skipped))
    # A copy, because mypy says nothing of what is installed.
    shutil.copytree(Path(foldin.__file__).parent, tmp_path / "foldin")
    run = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file", settings, "foldin", use]
    found = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
    errors = re.findall(r"(\S+.py:\d+): error: .*\[(.*)\]", found.stdout)
    assert [(Path(place).name, kind) for place, kind in errors] == [("use.py:5", "arg-type")], found.stdout


def test_stubs_tell_what_the_rust_part_has():
    """Every name of the compiled module is in its stubs, and the other way round."""
    import ast

    from foldin import _foldin

    stubs = ast.parse(Path(foldin.__file__).with_name("_foldin.pyi").read_text())
    told = {node.name: node for node in stubs.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    public = {name for name in dir(_foldin) if not name.startswith("_")}
    assert public == set(told) - {"Listener"}
    for name in ("Model", "Frame"):
        methods = {node.name for node in told[name].body if isinstance(node, ast.FunctionDef)}
        assert {method for method in vars(getattr(_foldin, name)) if not method.startswith("_")} == methods
