"""How fast the store is with many events: import, open, filter, search and size, on SQLite and on PostGIS.

    python benchmarks/store.py --events 1000000 [--store sqlite|postgres|both] [--json]

The events are made up (seeded); times are wall-clock seconds with process CPU seconds beside them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from geo import events as table  # noqa: E402
from geo.filters import Filter  # noqa: E402
from geo.records import EVENT_TYPES  # noqa: E402
from geo.store import Store  # noqa: E402

WORDS = """bridge drone shelling troops river civilians strike damaged hospital officials said overnight convoy
crossed village power station evacuated residents flood water market protest police arrested talks border railway
grain harbour school shelter patrol commander mine field road east west north south""".split()
QUERIES = {
    "year + Ukraine box": Filter(first_day=date(2022, 1, 1), last_day=date(2022, 12, 31), box=(22, 44, 40, 53)),
    "month + Ukraine box": Filter(first_day=date(2022, 6, 1), last_day=date(2022, 6, 30), box=(22, 44, 40, 53)),
    "month + type": Filter(first_day=date(2022, 6, 1), last_day=date(2022, 6, 30), types=("strike",)),
    "small box (0.4 degrees)": Filter(box=(32.4, 46.4, 32.8, 46.8)),
    "country + month": Filter(countries=("UA",), first_day=date(2022, 6, 1), last_day=date(2022, 6, 30)),
    "words": Filter(words="bridge drone"),
    "month + words": Filter(first_day=date(2022, 6, 1), last_day=date(2022, 6, 30), words="bridge"),
}


def made(many: int) -> gpd.GeoDataFrame:
    """So many events: half of them in Ukraine, the rest anywhere, from 2014 to 2024."""
    rng = np.random.default_rng(1)
    near = rng.random(many) < 0.5
    lon = np.where(near, rng.normal(33, 4, many), rng.uniform(-180, 180, many)).clip(-180, 180).round(4)
    lat = np.where(near, rng.normal(48, 2, many), rng.uniform(-60, 70, many)).round(4)
    first = pd.Timestamp("2014-01-01") + pd.to_timedelta(rng.integers(0, 4000, many), "D")
    vocabulary = np.array([*WORDS, *(f"word{n}" for n in range(5000))])
    weights = 1 / np.arange(1, len(vocabulary) + 1)  # Zipf: few words are in most sentences, most words in few
    drawn = rng.choice(vocabulary, (20_000, 22), p=weights / weights.sum())
    sentences = np.array([" ".join(words) for words in drawn])
    names = np.array([f"Place {n}" for n in range(3000)])
    place = rng.integers(0, len(names), many)
    none = pd.array([None] * many, dtype="Int64")
    number = np.arange(many)
    return table.frame(
        {
            "event_id": np.char.add("e", number.astype(str)),
            "title": np.char.add("Strike: ", names[place]),
            "type": rng.choice(EVENT_TYPES, many),
            "subtype": np.full(many, ""),
            "trigger": rng.choice(WORDS, many),
            "modality": rng.choice(["actual", "planned"], many, p=[0.9, 0.1]),
            "role": np.full(many, "place"),
            "place_id": np.char.add("geonames:", place.astype(str)),
            "place": names[place],
            "name": names[place],
            "level": np.full(many, "point"),
            "country": np.where(near, "UA", "US"),
            "admin1": np.full(many, "Somewhere"),
            "radius_km": np.full(many, 5.0),
            "confidence": rng.random(many).round(3),
            "first_day": first,
            "last_day": first + pd.to_timedelta(rng.integers(0, 3, many), "D"),
            "date_basis": np.full(many, "stated"),
            "edtf": first.strftime("%Y-%m-%d"),
            "published": first.tz_localize("UTC") + pd.Timedelta(days=1),
            "status": np.full(many, "unreviewed"),
            "report_id": np.char.add("r", (number // 5).astype(str)),
            "reports": [[f"r{n}"] for n in number // 5],
            "report_count": np.ones(many, dtype=np.int64),
            "origin_count": np.ones(many, dtype=np.int64),
            "outlets": [["Reuters" if n % 3 else "AP"] for n in number],
            "quote": sentences[rng.integers(0, len(sentences), many)],
            "killed_low": none,
            "killed_high": none,
            "injured_low": none,
            "injured_high": none,
            "geometry": shapely.points(lon, lat),
        }
    )


@contextmanager
def homes(kind: str) -> Iterator[tuple[str | Path, Callable[[Store], int]]]:
    """Where a store may live, and a function that says how many bytes it takes."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
            file = Path(folder) / "store.sqlite"
            yield file, lambda _: sum(f.stat().st_size for f in file.parent.iterdir())
        return
    import own_postgres

    def size(store: Store) -> int:
        with store.home.reading() as conn:
            return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    with own_postgres.server(durable=True) as url:
        yield url, size


def timed(work: Callable[[], Any], *, repeat: int = 1) -> tuple[Any, float, float]:
    """What the work gave back, and its shortest wall and CPU seconds."""
    walls, cpus, found = [], [], None
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return found, min(walls), min(cpus)


def measure(kind: str, parquet: Path, many: int) -> dict[str, Any]:
    """All figures of one home."""
    with homes(kind) as (where, size):
        store = Store.open(where)

        def bring() -> int:
            return store.import_table(gpd.read_parquet(parquet))

        new, wall, cpu = timed(bring)
        told: dict[str, Any] = {
            "events": new,
            "import_s": round(wall, 1),
            "import_cpu_s": round(cpu, 1),
            "import_events_per_s": round(many / wall),
            "import_events_per_cpu_s": round(many / cpu),
        }
        store.vacuum()
        told["bytes"] = size(store)
        store.close()
        store, wall, cpu = timed(lambda: Store.open(where))
        told["open_s"], told["open_cpu_s"] = round(wall, 2), round(cpu, 2)
        _, wall, cpu = timed(store.load)
        told["load_all_s"], told["load_all_cpu_s"] = round(wall, 1), round(cpu, 1)
        told["queries"] = {}
        for name, wanted in QUERIES.items():
            ids, wall, cpu = timed(lambda wanted=wanted: store.ids(wanted), repeat=3)
            told["queries"][name] = {"hits": len(ids), "ms": round(wall * 1000, 1), "cpu_ms": round(cpu * 1000, 1)}
        _, wall, cpu = timed(lambda: store.event("e5"), repeat=3)
        told["one_event_ms"] = round(wall * 1000, 1)
        store.close()
    print(kind, json.dumps(told), file=sys.stderr, flush=True)  # kept should the next home fail
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--store", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    kinds = ["sqlite", "postgres"] if arguments.store == "both" else [arguments.store]
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        parquet = Path(folder) / "events.parquet"
        made(arguments.events).to_parquet(parquet)
        found: dict[str, Any] = {kind: measure(kind, parquet, arguments.events) for kind in kinds}
    if len(found) == 2:
        pairs = {name: (found["sqlite"][name], found["postgres"][name]) for name in ("import_s", "bytes", "load_all_s")}
        found["sqlite_to_postgis"] = {name: round(a / b, 2) for name, (a, b) in pairs.items()} | {
            name: round(q["ms"] / max(found["postgres"]["queries"][name]["ms"], 0.1), 2)
            for name, q in found["sqlite"]["queries"].items()
        }
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
