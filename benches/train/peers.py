"""Trains foldin, irspack and implicit in turn on the same pairs, and prints times as ratios.

    python peers.py FOLDIN FOLDER

FOLDIN is the native command; FOLDER holds train.csv.gz, test.csv and negatives.csv.gz of MovieLens 1M as the
NCF benchmark splits it. Each round trains everybody once, begun by another one; a ratio is the median over the
rounds of foldin's time by another one's of the same round. Quality is NDCG@10 of the NCF protocol, of the first
round. foldin's peak of memory, with reading and packing, stands beside three times its factors (4 bytes a number,
users' and items') and the interactions (12 bytes each). It is Linux that tells it.
"""

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

THREADS = os.cpu_count()
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import implicit.als
import numpy
import scipy.sparse
from irspack import IALSRecommender

ROUNDS, EPOCHS, ALPHA, REGULARIZATION = 3, 12, 0.3, 0.006


MADE = tempfile.TemporaryDirectory()
PEAKS = {}


def read(folder):
    pairs = numpy.loadtxt(f"{folder}/train.csv.gz", delimiter=",", skiprows=1, dtype=numpy.int32)
    test = numpy.loadtxt(f"{folder}/test.csv", delimiter=",", skiprows=1, dtype=numpy.int32)
    negatives = numpy.loadtxt(
        f"{folder}/negatives.csv.gz", delimiter=",", skiprows=1, dtype=object, usecols=1, encoding="utf-8"
    )
    negatives = numpy.array([row.split() for row in negatives], dtype=numpy.int32)
    shape = (1 + max(pairs[:, 0].max(), test[:, 0].max()), 1 + max(pairs[:, 1].max(), test[:, 1].max(), negatives.max()))
    matrix = scipy.sparse.csr_matrix((numpy.ones(len(pairs), numpy.float32), pairs.T), shape=shape)
    return matrix, test, negatives


def ndcg(users, items, test, negatives):
    candidates = numpy.concatenate([test[:, 1:], negatives], axis=1)
    scores = numpy.einsum("ud,ucd->uc", users[test[:, 0]], items[candidates])
    rank = (scores[:, 1:] >= scores[:, :1]).sum(axis=1)
    return numpy.where(rank < 10, 1 / numpy.log2(rank + 2), 0).mean()


def watched(command):
    """What a command prints, its peak of memory, and how much of that it had asked for, in MB, looked at every 2 ms."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    peaks = {"VmHWM": 0, "RssAnon": 0}
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
        for name in peaks:
            peaks[name] = max(peaks[name], int(fields.get(name, "0").split()[0]) / 1024)
        time.sleep(0.002)
    if process.returncode:
        sys.exit(f"{command[0]} {command[1]} failed")
    return process.stdout.read(), tuple(peaks.values())


def foldin(command, folder, dim):
    options = f"--algorithm ials --dim {dim} --epochs {EPOCHS} --unobserved-weight {ALPHA} --regularization {REGULARIZATION}".split()
    model = f"{MADE.name}/model.safetensors"
    train = [command, "train", f"{folder}/train.csv.gz", "-o", model, "--precision", "f32", "--json", *options]
    report, PEAKS[dim] = watched(train)
    evaluate = [command, "evaluate", f"{folder}/train.csv.gz", "--model", model, "--test", f"{folder}/test.csv"]
    evaluate += ["--protocol", "ncf", "--negatives", f"{folder}/negatives.csv.gz", "--baselines", "none", "--json"]
    return json.loads(report)["seconds"], lambda: json.loads(subprocess.check_output(evaluate))["metrics"]["ndcg@10"]["mean"]


def irspack(data, dim, solver):
    matrix, test, negatives = data
    model = IALSRecommender(
        matrix, n_components=dim, alpha0=ALPHA, reg=REGULARIZATION, nu=1.0, train_epochs=EPOCHS,
        solver_type=solver, n_threads=THREADS,
    )
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):  # its progress bar
        model.learn()
    seconds = time.perf_counter() - start
    return seconds, lambda: ndcg(model.get_user_embedding(), model.get_item_embedding(), test, negatives)


def by_implicit(data, dim):
    """Its regularisation is not scaled by frequency: 30 scored best of 0.1, 1, 3, 10, 30 and 100 at dim 64."""
    matrix, test, negatives = data
    model = implicit.als.AlternatingLeastSquares(
        factors=dim, regularization=30.0, alpha=1 / ALPHA, iterations=EPOCHS, num_threads=THREADS, random_state=1
    )
    start = time.perf_counter()
    model.fit(matrix, show_progress=False)
    seconds = time.perf_counter() - start
    return seconds, lambda: ndcg(model.user_factors, model.item_factors, test, negatives)


def main(command, folder):
    data = read(folder)
    print(f"MovieLens 1M, {data[0].nnz} pairs, {EPOCHS} epochs, {THREADS} threads, {ROUNDS} rounds")
    print(f"{'dim':>5} {'trainer':24} {'seconds':>9} {'foldin by':>10} {'NDCG@10':>8}")
    for dim in 64, 192:
        trainers = {
            "foldin": lambda: foldin(command, folder, dim),
            "irspack (its default, CG)": lambda: irspack(data, dim, "CG"),
            "irspack (iALS++)": lambda: irspack(data, dim, "IALSPP"),
            "irspack (Cholesky)": lambda: irspack(data, dim, "CHOLESKY"),
            "implicit": lambda: by_implicit(data, dim),
        }
        names, times, quality = list(trainers), {name: [] for name in trainers}, {}
        for round_ in range(ROUNDS):
            for name in names[round_:] + names[:round_]:
                seconds, measure = trainers[name]()
                times[name].append(seconds)
                quality[name] = quality.get(name) or measure()
        for name in names:
            ratio = statistics.median(ours / t for t, ours in zip(times[name], times["foldin"]))
            print(f"{dim:>5} {name:24} {statistics.median(times[name]):>9.2f} {ratio:>10.2f} {quality[name]:>8.4f}")
        factors, interactions = 4 * dim * sum(data[0].shape) / 2**20, 12 * data[0].nnz / 2**20
        peak, asked_for = PEAKS[dim]
        print(
            f"{dim:>5} foldin's peak of memory {peak:.1f} MB, of which it asked for {asked_for:.1f}; the rest is the program. "
            f"3 times the factors ({factors:.1f}) and the interactions ({interactions:.1f}): {3 * factors + interactions:.1f}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
