"""How quick the map's index is by itself, with no store, no server and no browser, and how large.

    python benchmarks/index.py                                   a table
    python benchmarks/index.py --sizes 1000000,10000000 --json   one JSON object a line

Each line is a question that the page asks of the index: CPU time in milliseconds, the median of several tries, and
the ratio to `count`, the plainest question in the same run: how many events each place has, in one call of NumPy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from crowds import OUTLETS, START, crowd  # noqa: E402 - ours, found by the line above

from geo.filters import Filter  # noqa: E402
from geo.index import Index, project  # noqa: E402

SIZES = (1_000_000, 10_000_000)
PLACES = 30_000
TRIES = 7
WORLD = (0, 0, 2**32 - 1, 2**32 - 1)
BEGIN = START.astype(date)
YEAR = Filter(first_day=BEGIN + timedelta(900), last_day=BEGIN + timedelta(1265))
UKRAINE = (22.0, 44.0, 40.0, 52.0)
RING = ((22.0, 44.0), (40.0, 44.0), (31.0, 52.0))
FILTERS = {
    "all": Filter(),
    "a year": YEAR,
    "a year, possibly": Filter(first_day=YEAR.first_day, last_day=YEAR.last_day, mode="possibly", undated=True),
    "a type": Filter(types=("strike",)),
    "an outlet": Filter(outlets=OUTLETS[:1]),
    "half by confidence": Filter(min_confidence=0.5),
    "a rectangle": Filter(box=UKRAINE),
    "a polygon, two types": Filter(polygon=RING, types=("strike", "protest")),
}


def made(n: int) -> Index:
    """An index of n made-up events, drawn from the columns of a smaller crowd; a tenth are hidden until asked for."""
    rng = np.random.default_rng(1)
    few = crowd(200_000, places=PLACES)
    few = Index.of(few.assign(role=rng.choice(["place", "said"], len(few), p=[0.9, 0.1])))
    days = np.sort(rng.integers(0, len(few), n, dtype=np.int32))  # the events stay in the order of their days
    columns = {
        name: column[days if name in {"first", "last"} else rng.integers(0, len(few), n, dtype=np.int32)]
        for name, column in few.columns.items()
    }
    columns["key"] = rng.integers(0, 2**63, n, dtype=np.uint64)
    return Index(columns, few.spots, few.kinds, few.vocabulary)


def cpu_ms(act: Callable[[], object]) -> float:
    """CPU time of a call in milliseconds, the median of several tries after one that does not count."""
    act()
    times = []
    for _ in range(TRIES):
        begin = time.process_time()
        act()
        times.append(time.process_time() - begin)
    return statistics.median(times) * 1000


def questions(index: Index) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """What is asked: the filter's name, the question's, and how to ask it."""
    (west, east), (north, south) = project([22, 40], [52, 44])
    near = (int(west), int(north), int(east), int(south))
    for name, wanted in FILTERS.items():
        base, rows = index.undayed(wanted), index.rows(wanted)
        timed: dict[str, Callable[[], object]] = {
            "undayed": lambda w=wanted: index.undayed(w),
            "in_days": lambda b=base, w=wanted: index.in_days(b, w),
            "view of the world": lambda r=rows: index.view(r, 2, WORLD),
            "view of a country": lambda r=rows: index.view(r, 6, near),
            "on_map": lambda r=rows: index.on_map(r),
            "in_bounds": lambda r=rows: index.in_bounds(r, near),
            "histogram": lambda r=rows: index.histogram(r),
            "provinces": lambda r=rows: index.provinces(r),
            "facets": lambda w=wanted: index.facets(w),
        }
        yield from ((name, question, ask) for question, ask in timed.items())


def measured(n: int) -> Iterator[dict[str, Any]]:
    """The lines for one size."""
    index = made(n)
    size = sum(column.nbytes for column in index.columns.values()) + index.spots.nbytes + index.kinds.nbytes
    beside = index.ids.nbytes + index.keys.nbytes
    told = {"events": n, "bytes_an_event": round((size - beside) / n, 1), "with_id_and_key": round(size / n + 4, 1)}
    baseline = cpu_ms(lambda: np.bincount(index["spot"]))
    yield {**told, "filter": "all", "question": "count", "cpu_ms": round(baseline, 1), "ratio": 1.0}
    for name, question, ask in questions(index):
        taken = cpu_ms(ask)
        line = {"filter": name, "question": question, "cpu_ms": round(taken, 1), "ratio": round(taken / baseline, 2)}
        yield {**told, **line}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of events, parted by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    for at, size in enumerate(given.sizes.split(",")):
        for row, line in enumerate(measured(int(size))):
            if not given.json and at == row == 0:
                print("| " + " | ".join(line) + " |\n|" + "---|" * len(line))
            told = json.dumps(line) if given.json else "| " + " | ".join(str(value) for value in line.values()) + " |"
            print(told, flush=True)


if __name__ == "__main__":
    main()
