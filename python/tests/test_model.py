"""What becomes of a model: files, pickles, folders, cards."""

import copy
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import foldin
import joblib
import numpy as np
import pytest


def test_a_model_says_what_it_is(model):
    assert repr(model).startswith("<foldin.Model: ials, 24 items of dimension 8 in int8, ")
    assert len(model) == 24 and "i3" in model and "i99" not in model and 3 not in model
    assert model.item_factors.shape == (24, 8) and model.item_factors.dtype == np.float32
    assert model.report["interactions"] > 0 and model.report["cold_start"]["prior"] > 0
    assert {"prior.mean", "onboarding.map"} <= set(model.tensors)


def test_it_pickles_copies_and_goes_through_joblib_as_its_bytes(model, tmp_path):
    joblib.dump(model, tmp_path / "model.joblib")
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), copy.copy(model), joblib.load(tmp_path / "model.joblib")):
        assert other.to_bytes() == model.to_bytes() and other.report == model.report
    model.save(tmp_path / "model.safetensors")
    assert foldin.load(tmp_path / "model.safetensors").to_bytes() == model.to_bytes()


def test_other_programs_read_its_file(model, tmp_path):
    from safetensors.numpy import load_file

    model.save(tmp_path / "model.safetensors")
    tensors = load_file(tmp_path / "model.safetensors")
    assert tensors["item_factors"].shape == (24, 8) and set(tensors) == set(model.tensors)


def test_damaged_and_newer_files_are_refused(model, tmp_path):
    whole = model.to_bytes()
    path = tmp_path / "model.safetensors"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(foldin.FormatError, match="download it again"):
        foldin.load(path)
    path.write_bytes(whole.replace(b'"format_version":"1"', b'"format_version":"9"'))
    with pytest.raises(foldin.FormatError, match="expected 1, found 9; use the foldin version that wrote it"):
        foldin.load(path)
    with pytest.raises(OSError, match="none.safetensors"):
        foldin.load(tmp_path / "none.safetensors")
    for cut in range(0, len(whole), len(whole) // 50):
        path.write_bytes(whole[:cut])
        with pytest.raises(foldin.FormatError):
            foldin.load(path)


def test_a_full_disk_leaves_what_was_there(model, tmp_path):
    if not Path("/dev/full").exists():
        pytest.fail("this test needs /dev/full")
    with pytest.raises(foldin.FoldinError, match="/dev/full: No space left") as found:
        model.save("/dev/full")
    assert isinstance(found.value, OSError)
    folder = tmp_path / "file"
    folder.write_text("no folder")
    with pytest.raises(OSError):
        model.save(folder / "model.safetensors")
    assert folder.read_text() == "no folder"


def test_two_processes_that_write_one_file_leave_a_whole_one(model, tmp_path):
    path = tmp_path / "model.safetensors"
    source = tmp_path / "source.safetensors"
    model.save(source)
    script = "import foldin, sys; m = foldin.load(sys.argv[1]); [m.save(sys.argv[2]) for _ in range(20)]"
    writers = [subprocess.Popen([sys.executable, "-c", script, source, path]) for _ in range(2)]
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            assert foldin.load(path).to_bytes() == model.to_bytes()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.safetensors", "source.safetensors"]


def test_export_lays_out_what_bundle_does(model, tmp_path, monkeypatch):
    model.save(tmp_path / "shop.safetensors")
    # Where it is built, the command finds the npm package beside it.
    command = shutil.copy(os.environ["FOLDIN_BIN"], tmp_path / "command")
    words = ["bundle", tmp_path / "shop.safetensors", "-o", tmp_path / "theirs", "--json"]
    monkeypatch.chdir(tmp_path)
    theirs = json.loads(subprocess.run([command, *words], capture_output=True, check=True).stdout)
    with pytest.warns(UserWarning, match="npm install foldin"):
        ours = model.export(tmp_path / "ours", name="shop")
    assert ours["current"]["model"]["file"] == theirs["current"]["model"]["file"]
    assert (tmp_path / "ours" / ours["current"]["model"]["file"]).read_bytes() == model.to_bytes()
    ours, theirs = ({file.name for file in (tmp_path / whose).iterdir()} for whose in ("ours", "theirs"))
    assert ours == theirs


def test_a_card_is_yaml_and_the_lines_for_a_page(model, ratings):
    report = foldin.evaluate(ratings, model=model, split="leave-last-out", k=10)
    text = model.card(name='A "shop"', evaluation=report)
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert 'name: "A \\"shop\\""' in head and "library_name: foldin" in head
    assert f"value: {report['metrics']['ndcg@10']['mean']:.4f}" in head
    assert "| ndcg@10 | " in body and "Recommender.load(" in body
    assert "model-index" not in model.card()


def test_the_lock_is_released_so_that_another_thread_works_meanwhile(ratings):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.002):
            ticks.append(time.perf_counter())

    ticker = threading.Thread(target=tick)
    ticker.start()
    took, epochs = 0.0, 300
    while took < 0.3:  # long enough to tell, whatever the machine
        epochs *= 3
        start = time.perf_counter()
        foldin.train(ratings, algorithm="bpr", dim=64, epochs=epochs)
        took = time.perf_counter() - start
    done.set()
    ticker.join()
    gaps = np.diff([start, *(at for at in ticks if at > start), start + took])
    assert gaps.max() < took / 2


ENDLESS = """
import foldin, sys
table = {"user": [at % 400 for at in range(20000)], "item": [at * 7 % 301 for at in range(20000)]}
print("ready", flush=True)
try:
    foldin.train(table, algorithm="bpr", dim=64, epochs=1_000_000)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for others")
def test_ctrl_c_stops_a_training():
    import signal

    child = subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=20)
    assert out == "stopped\n"


def test_progress_shows_when_asked_for(ratings, capfd):
    foldin.train(ratings, algorithm="ials", dim=4, epochs=3)
    assert capfd.readouterr().err == ""
    foldin.train(ratings, algorithm="ials", dim=4, epochs=3, progress=True)
    assert "training" in capfd.readouterr().err
