"""How fast the gazetteer is: opening, memory, exact and fuzzy look-ups, names in text, dumps, slowdown by an added one.

    python benchmarks/gazetteer.py [--rows ROWS] [--json]

Times are CPU times of one core; ROWS (500,000) is the size of the dump. `ratio` compares with the figure named as its
baseline, measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from geo.gazetteer import dump  # noqa: E402 - ours, beside this folder
from geo.gazetteer.local import LocalGazetteer  # noqa: E402
from geo.records import Query  # noqa: E402

_OPEN = """
import resource, time
import marisa_trie, numpy
from geo.gazetteer.local import LocalGazetteer
start = time.perf_counter()
gazetteer = LocalGazetteer.open()
opened = (time.perf_counter() - start) * 1000
from geo.records import Query
gazetteer.candidates([Query(name=name) for name in ("Kherson", "Kherson region", "Paris, Texas", "Springfield")])
print(opened, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_SLIPS = (
    ("Kramatorks", "UA"), ("Mykoliav", "UA"), ("Sacromento", "US"), ("Philadelpiha", "US"), ("Allepo", "SY"),
    ("Los Angelos", "US"), ("Mumbay", "IN"), ("Guangzou", "CN"), ("Sringfield", "US"), ("Novosibrsk", "RU"),
)  # fmt: skip
_TEXT = (
    "Officials in Kherson said on Thursday that shells had hit the villages of Blahodatne and Robotyne, 30 km north of "
    "Mykolayiv, while the U.S. and the United Kingdom promised more help. In New York, the Security Council met again. "
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of what is printed; `ratio` is to the figure `baseline` names."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    baseline: str = ""

    def __str__(self) -> str:
        beside = f" ({self.ratio:.2f} times: {self.baseline})" if self.ratio is not None else ""
        return f"{self.what}: {self.value:,.{0 if self.value >= 100 else 1}f} {self.unit}{beside}"


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def opening() -> Iterator[Figure]:
    """How long opening takes (the best of five fresh processes) and the memory after four look-ups."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", _OPEN], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout.split()
        for _ in range(5)
    ]
    yield Figure("opened in", min(float(run[0]) for run in runs), "ms")
    yield Figure("resident memory after look-ups", statistics.median(float(run[1]) for run in runs), "MB")


def look_ups(gazetteer: LocalGazetteer, names: list[str]) -> float:
    """Exact look-ups a second on one core: the best of five rounds."""
    return len(names) / min(_cpu(lambda: [gazetteer.lookup(name) for name in names]) for _ in range(5))


def queries(gazetteer: LocalGazetteer, names: list[str]) -> float:
    """Whole queries (candidates with Places and reasons) a second: the best of three rounds."""
    asked = [Query(name=name) for name in names[:2000]]
    return len(asked) / min(_cpu(lambda: gazetteer.candidates(asked)) for _ in range(3))


def fuzzy(gazetteer: LocalGazetteer) -> Iterator[Figure]:
    """The time of a fuzzy look-up within a country."""
    times = []
    for name, country in _SLIPS:
        query = [Query(name=name, country=country)]
        times.append(min(_cpu(lambda query=query: gazetteer.candidates(query)) for _ in range(3)) * 1000)
    yield Figure("fuzzy look-up within a country", statistics.mean(times), "ms")
    yield Figure("the slowest of them", max(times), "ms")


def in_text(gazetteer: LocalGazetteer) -> Iterator[Figure]:
    """How fast names are found in running text."""
    text = _TEXT * 2000
    spent = min(_cpu(lambda: gazetteer.find_names(text)) for _ in range(3))
    yield Figure("names in running text", len(text) / 1e6 / spent, "MB/s")


def made_dump(path: Path, rows: int) -> None:
    """Write a dump of a country as GeoNames makes them: mostly hamlets, streams, hills, schools; few other names."""
    rng = random.Random(3)
    parts = [a + b for a in "b d g k l m n p r s t v z kh sh".split() for b in "aeiou"]
    kinds = [("P", "PPL"), ("H", "STM"), ("S", "SCH"), ("T", "MT"), ("L", "LCTY"), ("S", "FRM")]

    def word() -> str:
        return "".join(rng.choices(parts, k=rng.randint(2, 4))).capitalize()

    with path.open("w", encoding="utf-8") as file:
        for number in range(20_000_000, 20_000_000 + rows):
            name = word() if rng.random() < 0.6 else f"{word()} {word()}"
            others = ",".join(word() for _ in range(rng.choice((0, 0, 1, 2))))
            class_, code = rng.choices(kinds, (30, 20, 15, 15, 10, 10))[0]
            people = rng.randint(1, 5000) if class_ == "P" and rng.random() < 0.4 else 0
            lat, lon = f"{rng.uniform(45, 52):.5f}", f"{rng.uniform(23, 40):.5f}"
            columns = [str(number), name, name, others, lat, lon, class_, code, "UA", "", "08", "", "", "", str(people)]
            file.write("\t".join([*columns, "", "100", "Europe/Kyiv", "2023-01-01"]) + "\n")


def growing(rows: int, names: list[str]) -> Iterator[Figure]:
    """How fast a dump is taken in, and what look-ups cost with it and without it."""
    with tempfile.TemporaryDirectory() as folder:
        file, home = Path(folder) / "UA.txt", Path(folder) / "home"
        made_dump(file, rows)
        spent = _cpu(lambda: dump.add(file, home))
        yield Figure(f"dump of {rows:,} rows taken in at", rows / spent, "rows/s")
        alone, grown = LocalGazetteer.open(), LocalGazetteer.open(extra=home)
        for what, measure in (("queries", queries), ("exact look-ups", look_ups)):
            rounds = [
                (measure(alone, names), measure(grown, names)) for _ in range(3)
            ]  # in turns: the machine is shared
            before, after = (max(one[i] for one in rounds) for i in (0, 1))
            yield Figure(f"{what} alone", before, "/s")
            yield Figure(f"{what} with the dump beside", after, "/s", after / before, f"{what} alone")
        yield from resumed(file, Path(folder) / "again", rows)


def resumed(file: Path, home: Path, rows: int) -> Iterator[Figure]:
    """What is left to do when taking in is interrupted after half of the rows."""

    def stop(done: int, share: float) -> None:
        if done > rows / 2 and share < 0.6:
            raise KeyboardInterrupt

    try:
        dump.add(file, home, stop)
    except KeyboardInterrupt:
        spent = _cpu(lambda: dump.add(file, home))
        yield Figure("interrupted after half of it, the rest takes", spent, "s of CPU")


def figures(rows: int) -> Iterator[Figure]:
    """All figures, as they are measured."""
    yield from opening()
    gazetteer = LocalGazetteer.open()
    rng = random.Random(1)
    names = [gazetteer.place_at(row).name for row in rng.sample(range(gazetteer.rows), 50_000)]
    yield Figure("exact look-ups", look_ups(gazetteer, names), "/s")
    yield from fuzzy(gazetteer)
    yield from in_text(gazetteer)
    yield from growing(rows, names)
    yield Figure("most memory in this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=500_000, help="rows of the dump")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    for figure in figures(given.rows):
        print(json.dumps(asdict(figure)) if given.json else figure, flush=True)


if __name__ == "__main__":
    main()
