"""The countries for the one-file page: fine borders where the events are, coarse ones elsewhere, as one TopoJSON.

Lines that two countries share are one arc, and each arc is thinned once, so that no gap opens between neighbours.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

DATA: Final = Path(__file__).resolve().parents[2] / "data" / "basemap"
MOST_POINTS: Final = 90_000  # about 1 MB; with 1,000 events, Leaflet and the names the page stays well below 3 MB
_COARSE: Final = 0.07  # degrees; less than a pixel at zoom 4, and from there on nothing coarse is in view
_FINER: Final = (0.0, 0.004, 0.01, 0.02, _COARSE)  # degrees, tried until the whole is small enough
_AROUND: Final = 3  # degrees around an event that are drawn finely
_SPECK: Final = 0.15  # degrees; an island smaller than this is left out where the map is coarse


def basemap(points: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """The world as TopoJSON, fine around these (lon, lat) in degrees."""
    return _world(frozenset((math.floor(lon), math.floor(lat)) for lon, lat in points))


@lru_cache(maxsize=2)
def _world(degrees: frozenset[tuple[int, int]]) -> dict[str, Any]:
    """The world, fine around these whole degrees; kept, as the same selection is often written twice."""
    world = _read("world-fine")
    lines = _Lines.of(world, _near(degrees))
    objects = dict(world["objects"])
    objects["countries"] = {
        **objects["countries"], "geometries": [_without_specks(g, lines) for g in objects["countries"]["geometries"]]
    }  # fmt: skip
    divisions = objects["admin1"]["arcs"]
    objects["admin1"] = {**objects["admin1"], "arcs": [d for d in divisions if lines.has_fine(_indices(d))]}
    used = np.zeros(len(world["arcs"]), bool)
    used[list(_indices([o.get("arcs", o.get("geometries")) for o in objects.values()]))] = True
    step = world["transform"]["scale"][0]
    for tolerance in _FINER:
        thinned = lines.thinned(used, tolerance / step, _COARSE / step)
        if sum(map(len, thinned)) <= MOST_POINTS:
            break
    return {"type": "Topology", "transform": world["transform"], "objects": objects, "arcs": thinned}


def labels() -> dict[str, Any]:
    """The names of countries and provinces: [name, lon, lat, the zoom from which it is shown]."""
    told: dict[str, Any] = _read("labels")
    return told


def _read(name: str) -> dict[str, Any]:
    with gzip.open(DATA / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        told: dict[str, Any] = json.load(file)
    return told


def _near(degrees: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """A grid of whole degrees, true around some; lon goes round, lat does not."""
    grid = np.zeros((180, 360), bool)
    for lon, lat in degrees:
        columns = np.arange(lon + 180 - _AROUND, lon + 180 + _AROUND + 1) % 360
        grid[max(0, lat + 90 - _AROUND) : lat + 90 + _AROUND + 1, columns] = True
    return grid


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """All arcs of a topology, end to end: points in the topology's steps, the arc of each, and whether it is near."""

    points: NDArray[np.int64]
    arc: NDArray[np.intp]
    starts: NDArray[np.intp]
    fine: NDArray[np.bool_]
    extent: NDArray[np.float64]  # degrees, the longer side of each arc's box

    @classmethod
    def of(cls, world: dict[str, Any], near: NDArray[np.bool_]) -> _Lines:
        """The arcs, undone from their steps; `near` is a grid of whole degrees."""
        sizes = np.array([len(arc) for arc in world["arcs"]])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        steps = np.array([step for arc in world["arcs"] for step in arc], np.int64)
        whole = np.cumsum(steps, axis=0)
        before = np.where(starts[:, None] > 0, whole[starts - 1], 0)
        points = whole - np.repeat(before, sizes, axis=0)
        scale, origin = (np.array(world["transform"][key]) for key in ("scale", "translate"))
        cell = np.floor(points * scale + origin).astype(np.int64)
        fine = near[np.clip(cell[:, 1] + 90, 0, 179), np.clip(cell[:, 0] + 180, 0, 359)]
        span = np.maximum.reduceat(points, starts) - np.minimum.reduceat(points, starts)
        arc = np.repeat(np.arange(len(sizes)), sizes)
        return cls(points=points, arc=arc, starts=starts, fine=fine, extent=(span * scale).max(axis=1))

    def has_fine(self, arcs: Iterable[int]) -> bool:
        """Whether any of these arcs comes near an event."""
        return any(self.fine[self.starts[a] : self._end(a)].any() for a in arcs)

    def _end(self, arc: int) -> int:
        return int(self.starts[arc + 1]) if arc + 1 < len(self.starts) else len(self.points)

    def thinned(self, used: NDArray[np.bool_], fine: float, coarse: float) -> list[list[list[int]]]:
        """The arcs in steps again, by Douglas and Peucker: near stretches to one tolerance, others to another."""
        n = len(self.points)
        breaks = np.concatenate([[True], (np.diff(self.arc) != 0) | np.diff(self.fine)])
        first = np.flatnonzero(breaks)
        last = np.concatenate([first[1:], [n - 1]])  # a stretch ends where the next begins, in the same arc
        last = np.where(self.arc[last] == self.arc[first], last, last - 1)
        keep = (last > first) & used[self.arc[first]]
        first, last = first[keep], last[keep]
        sizes = last - first + 1
        index = np.repeat(first - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
        number = np.repeat(np.arange(len(first)), sizes)
        stretches = shapely.linestrings(self.points[index].astype(float), indices=number)
        simple = shapely.simplify(stretches, np.where(self.fine[first], fine, coarse), preserve_topology=False)
        told, stretch = shapely.get_coordinates(simple, return_index=True)
        return self._encoded(told.astype(np.int64), self.arc[first][stretch])

    def _encoded(self, points: NDArray[np.int64], arc: NDArray[np.intp]) -> list[list[list[int]]]:
        """Points, arc by arc, as TopoJSON has them: the first, then the steps that lead anywhere."""
        begins = np.concatenate([[True], np.diff(arc) != 0])
        steps = np.diff(points, axis=0, prepend=0)
        steps[begins] = points[begins]
        keep = begins | np.any(steps != 0, axis=1)
        steps, arc = steps[keep], arc[keep]
        ends = np.searchsorted(arc, np.arange(len(self.starts) + 1))
        listed = steps.tolist()
        return [listed[a:b] for a, b in pairwise(ends)]


def _without_specks(country: dict[str, Any], lines: _Lines) -> dict[str, Any]:
    """The country without islands that no coarse map shows, but never without its largest part."""
    if country["type"] != "MultiPolygon":
        return country

    def extent(polygon: Sequence[Any]) -> float:
        return float(max(lines.extent[a] for a in _indices(polygon[:1])))

    largest = max(country["arcs"], key=extent)
    kept = [p for p in country["arcs"] if p is largest or extent(p) > _SPECK or lines.has_fine(_indices(p))]
    return {**country, "arcs": kept}


def _indices(arcs: Sequence[Any]) -> Iterator[int]:
    """The arcs that TopoJSON objects name, wherever they stand in them."""
    for item in arcs:
        if isinstance(item, int):
            yield item if item >= 0 else ~item
        elif isinstance(item, dict):
            yield from _indices(item.get("arcs") or item.get("geometries") or ())
        elif item:
            yield from _indices(item)
