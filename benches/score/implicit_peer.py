"""implicit's exact top-k on one thread, in turn with foldin's: python implicit_peer.py FOLDER BENCH_ASK

FOLDER is what bench-model wrote, BENCH_ASK the built example. Prints the median of the ratios.
"""

import json
import os
import statistics
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy
from implicit.cpu.topk import topk

DIM, K, ROUNDS = 64, 100, 7
folder, bench_ask = sys.argv[1:]
factors = numpy.fromfile(f"{folder}/factors.f32", numpy.float32).reshape(-1, DIM)
random = numpy.random.default_rng(1)


def implicit(items: int) -> float:
    """Milliseconds of the median answer."""
    times = []
    for _ in range(21):
        query = random.standard_normal((1, DIM), numpy.float32)
        started = time.perf_counter()
        topk(factors[:items], query, K, num_threads=1)
        times.append(1e3 * (time.perf_counter() - started))
    return statistics.median(times)


def foldin(model: str) -> float:
    answer = subprocess.run([bench_ask, f"{folder}/{model}.safetensors"], check=True, capture_output=True)
    return json.loads(answer.stdout)["median"]


for items in [10_000, 100_000, 1_000_000]:
    rounds = [(implicit(items), foldin(f"flat-{items}"), foldin(f"int8-{items}")) for _ in range(ROUNDS)]
    theirs, full, skipping = (statistics.median(column) for column in zip(*rounds))
    faster = [statistics.median(round[0] / round[at] for round in rounds) for at in (1, 2)]
    print(
        f"{items} items: implicit {theirs:.2f} ms, foldin int8 every row {full:.2f} ms ({faster[0]:.1f} x faster), "
        f"skipping {skipping:.2f} ms ({faster[1]:.1f} x faster)"
    )
