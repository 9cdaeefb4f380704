"""Filter: which events are wanted; one meaning, whether asked of a table or of a store.

`days` may be taken surely (the event lies wholly inside) or possibly (it overlaps); possibly contains surely. An
event without days is in no range of days, unless `undated` asks for them as well. Empty tuples and None ask for
nothing in particular. `words` are looked for in title, quote and name (in a store: in the whole report too) as
beginnings of words, all of them, case and accents aside. Without being asked, only what happened is wanted, and only
where the place is that of the happening: plans and denials (`modalities`), statements and history (`roles`) on demand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geo.records import EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES
from geo.words import cut, joined

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

Mode = Literal["surely", "possibly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events are wanted. `box` is west, south, east, north in degrees; west > east crosses the antimeridian.

    `polygon` is a ring of (lon, lat) in degrees; `around` is lon, lat, km (geodesic).
    """

    first_day: date | None = None
    last_day: date | None = None
    mode: Mode = "possibly"
    undated: bool = False
    box: tuple[float, float, float, float] | None = None
    polygon: tuple[tuple[float, float], ...] = ()
    around: tuple[float, float, float] | None = None
    countries: tuple[str, ...] = ()
    admin1s: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("actual",)
    roles: tuple[str, ...] = ("place",)
    min_confidence: float = 0.0
    words: str = ""

    def __post_init__(self) -> None:
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise ValueError(f"the range of days runs backwards: {self.first_day} to {self.last_day}")
        for told, known in (
            (self.types, EVENT_TYPES),
            (self.levels, LEVELS),
            (self.statuses, STATUSES),
            (self.modalities, MODALITIES),
            (self.roles, ROLES),
        ):
            if unknown := set(told) - set(known):
                raise ValueError(f"unknown {sorted(unknown)}; known are {', '.join(known)}")

    def mask(self, events: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        """Which rows of an events table are wanted, as booleans."""
        keep = self._in_days(events) & self._in_space(events)
        for column, wanted in (
            ("country", self.countries),
            ("admin1", self.admin1s),
            ("type", self.types),
            ("level", self.levels),
            ("status", self.statuses),
            ("modality", self.modalities),
            ("role", self.roles),
        ):
            if wanted:
                keep &= events[column].isin(wanted).to_numpy(dtype=bool)
        if self.outlets:
            wanted_outlets = set(self.outlets)
            keep &= np.fromiter((not wanted_outlets.isdisjoint(o) for o in events["outlets"]), bool, len(events))
        if self.min_confidence > 0:
            keep &= events["confidence"].to_numpy() >= self.min_confidence
        if wanted_words := cut(self.words):
            told = [
                joined(" ".join(three)) for three in zip(events["title"], events["quote"], events["name"], strict=True)
            ]
            keep &= np.fromiter((all(f" {word}" in text for word in wanted_words) for text in told), bool, len(told))
        return keep

    def __call__(self, events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The wanted rows of an events table, in their order, with a fresh RangeIndex."""
        return events[self.mask(events)].reset_index(drop=True)

    def _in_days(self, events: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        keep = np.ones(len(events), dtype=bool)
        if self.first_day is None and self.last_day is None:
            return keep
        first, last = events["first_day"], events["last_day"]
        begins, ends = (first, last) if self.mode == "surely" else (last, first)
        if self.first_day is not None:
            keep &= (begins >= pd.Timestamp(self.first_day)).to_numpy(dtype=bool)
        if self.last_day is not None:
            keep &= (ends <= pd.Timestamp(self.last_day)).to_numpy(dtype=bool)
        if self.undated:
            keep |= (first.isna() & last.isna()).to_numpy()
        return keep

    def _in_space(self, events: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        keep = np.ones(len(events), dtype=bool)
        if self.box is None and not self.polygon and self.around is None:
            return keep
        lon, lat = events.geometry.x.to_numpy(), events.geometry.y.to_numpy()
        if self.box is not None:
            west, south, east, north = self.box
            across = west > east
            keep &= ((lon >= west) | (lon <= east)) if across else ((lon >= west) & (lon <= east))
            keep &= (lat >= south) & (lat <= north)
        if self.polygon:
            from shapely import Polygon, contains_xy

            keep &= contains_xy(Polygon(self.polygon), lon, lat)
        if self.around is not None:
            from geo.distance import km

            keep &= km(lon, lat, self.around[0], self.around[1]) <= self.around[2]
        return keep


EVERYTHING: Final = Filter(modalities=(), roles=())
"""All events, also what was only planned, denied, said or told as history."""
