"""Made-up events tables of any size, for tests and benchmarks: the same seed gives the same table."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import points

from geo.events import COLUMNS, CRS, NAMES
from geo.records import EVENT_TYPES, LEVELS, STATUSES

COUNTRIES = ("UA", "RU", "SY", "US", "GE", None)
OUTLETS = tuple(f"Outlet {n}" for n in range(9))
START = np.datetime64("2020-01-01", "D")


def crowd(
    n: int, *, seed: int = 1, days: int = 2200, places: int = 500, undated: float = 0.05, world: int | None = None
) -> gpd.GeoDataFrame:
    """An events table of n events at so many places, two in five in or around Ukraine; one `world`, the same places."""
    rng = np.random.default_rng(seed)
    there = rng if world is None else np.random.default_rng(world)
    near = there.random(places) < 0.4
    lon = np.where(near, there.uniform(22, 40, places), there.uniform(-179, 179, places))
    lat = np.where(near, there.uniform(44, 52, places), there.uniform(-60, 72, places))
    level = there.choice(len(LEVELS), places, p=[0.8, 0.06, 0.07, 0.02, 0.05])
    at = rng.integers(0, places, n)
    first = START + rng.integers(0, days, n).astype("timedelta64[D]")
    last = first + rng.choice([0, 0, 0, 1, 3, 30], n).astype("timedelta64[D]")
    dated = rng.random(n) >= undated
    kinds = rng.integers(0, len(EVENT_TYPES), n)
    country = there.integers(0, len(COUNTRIES), places)
    outlet = rng.integers(0, len(OUTLETS), n)
    columns: dict[str, Any] = {
        "event_id": [f"e{seed}-{i:09d}" for i in range(n)],
        "title": [f"{EVENT_TYPES[k].capitalize()}: Place {p}" for k, p in zip(kinds, at, strict=True)],
        "type": np.array(EVENT_TYPES, object)[kinds],
        "subtype": "", "trigger": "shelled", "modality": "actual", "role": "place",
        "place_id": [f"made:{p}" for p in at],
        "place": [f"Place {p}" for p in at],
        "name": [f"Place {p}" for p in at],
        "level": np.array(LEVELS, object)[level[at]],
        "country": np.array(COUNTRIES, object)[country[at]],
        "admin1": [None if p % 3 else f"Province {p % 40}" for p in at],
        "radius_km": there.uniform(0.5, 60, places)[at],
        "confidence": rng.random(n).round(2),
        "first_day": np.where(dated, first, np.datetime64("NaT")),
        "last_day": np.where(dated, last, np.datetime64("NaT")),
        "date_basis": np.where(dated, "stated", "none"),
        "edtf": "",
        "published": pd.NaT,
        "status": np.array(STATUSES, object)[rng.choice(len(STATUSES), n, p=[0.9, 0.04, 0.03, 0.02, 0.01])],
        "report_id": [f"r{i % (n // 2 + 1)}" for i in range(n)],
        "reports": [[f"r{i % (n // 2 + 1)}"] for i in range(n)],
        "report_count": rng.integers(1, 6, n),
        "origin_count": 1,
        "outlets": [[OUTLETS[o]] for o in outlet],
        "quote": "Shells fell there.",
        "killed_low": pd.NA, "killed_high": pd.NA, "injured_low": pd.NA, "injured_high": pd.NA,
    }  # fmt: skip
    index = pd.RangeIndex(n)
    data = {c.name: pd.Series(columns[c.name], index=index, dtype=c.dtype) for c in COLUMNS}
    spots = points(lon, lat).astype(object)
    geometry = np.where(level[at] == LEVELS.index("country"), None, spots[at])
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(geometry, index=index, crs=CRS), crs=CRS)[list(NAMES)]
