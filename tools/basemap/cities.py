# ruff: noqa: INP001 - a script beside the project, no package
"""Adds the names of large towns to data/basemap/labels.json.gz, from the compiled gazetteer (GeoNames, CC BY 4.0).

python tools/basemap/cities.py
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from geo.distance import km  # noqa: E402 - ours, found by the line above
from geo.gazetteer.local import LocalGazetteer  # noqa: E402
from geo.records import Place  # noqa: E402

LABELS = ROOT / "data" / "basemap" / "labels.json.gz"
STEPS = ((5_000_000, 4), (1_000_000, 5), (400_000, 6), (150_000, 7), (60_000, 8))  # population, zoom from which

QUARTER_KM = 12.0


def main() -> None:
    """Write the names, the largest first."""
    gazetteer = LocalGazetteer.open()
    part = gazetteer.parts[0]
    people = np.asarray(part.columns["population"])
    towns = np.flatnonzero((people >= STEPS[-1][0]) & (np.asarray(part.columns["level"]) == 0))
    importance = np.asarray(part.columns["importance"]).astype(int)
    ranked = towns[np.lexsort((-people[towns], -importance[towns]))]
    places = sorted(_apart([gazetteer.place_at(int(row)) for row in ranked]), key=lambda p: -(p.population or 0))
    cities = [
        [p.name, round(p.lon, 2), round(p.lat, 2), next(z for least, z in STEPS if (p.population or 0) >= least)]
        for p in places
    ]
    labels = json.loads(gzip.decompress(LABELS.read_bytes()))
    labels["cities"] = cities
    LABELS.write_bytes(gzip.compress(json.dumps(labels, ensure_ascii=False).encode(), 9, mtime=0))
    sys.stdout.write(f"{len(cities)} towns; {LABELS.stat().st_size:,} bytes\n")


def _apart(places: list[Place]) -> list[Place]:
    """Those places that no more important one lies close to: GeoNames lists quarters with the people of their town."""
    kept: list[Place] = []
    lon, lat = np.zeros(0), np.zeros(0)
    for place in places:
        if not (km(lon, lat, place.lon, place.lat) < QUARTER_KM).any():
            kept.append(place)
            lon, lat = np.append(lon, place.lon), np.append(lat, place.lat)
    return kept


if __name__ == "__main__":
    main()
