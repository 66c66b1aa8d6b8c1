"""Reads a CSV of ten million lines with foldin and with Polars in turn: seconds, and the peak of memory.

Polars hands over a table. foldin has besides numbered users and items, dropped what stood twice, and sorted the rest by
user. Usage: peers.py BENCH_READ FOLDER
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

LINES, USERS, ITEMS = 10_000_000, 300_000, 50_000
ROUNDS = 5

POLARS = """
import sys, time, polars
start = time.perf_counter()
table = polars.read_csv(sys.argv[1])
print(f"{time.perf_counter() - start:.3f}", table.height)
"""


def make(path):
    """Users, items by a law of few and many, ratings, seconds."""
    import numpy
    import polars

    chance = numpy.random.default_rng(1)
    table = polars.DataFrame(
        {
            "user_id": chance.integers(USERS, size=LINES),
            "item_id": (ITEMS * chance.random(LINES) ** 2).astype("int64"),
            "rating": chance.integers(1, 11, size=LINES) / 2,
            "timestamp": chance.integers(1_500_000_000, 1_700_000_000, size=LINES),
        }
    )
    beside = path.with_suffix(".part")
    table.write_csv(beside)
    beside.rename(path)


def measure(command):
    """Seconds of reading, and the peak of memory in MB."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return float(printed.split()[0]), used.ru_maxrss / 1024


def main():
    reader, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "interactions.csv"
    if not path.exists():
        make(path)
    commands = {"foldin": [reader, str(path)], "Polars": [sys.executable, "-c", POLARS, str(path)]}
    found = {name: [] for name in commands}
    for command in commands.values():
        measure(command)
    for _ in range(ROUNDS):
        for name, command in commands.items():
            found[name].append(measure(command))
    print(f"{LINES:,} lines of user, item, rating, time ({path.stat().st_size / 1e6:.0f} MB), median of {ROUNDS} in turn\n")
    for name, rounds in found.items():
        seconds, memory = (statistics.median(column) for column in zip(*rounds))
        print(f"{name:8} {seconds:6.2f} s {memory:7.0f} MB at most")
    ratios = [ours[0] / theirs[0] for ours, theirs in zip(*found.values())]
    print(f"\nfoldin takes {statistics.median(ratios):.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f})")


main()
