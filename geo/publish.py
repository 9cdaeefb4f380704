"""The publish gate: which events may leave, how coarse their coordinates, and nothing that gives the exact ones back.

What leaves holds only events that happened (modality actual) where they are shown (role place), of the statuses and
confidence that `Publish` allows.
For events chosen by type or by hand the coordinate is replaced or removed:

- coarsened: by the centre of its cell in a grid of 0.1, 0.01 or 0.001 degrees (`decimals` 1, 2, 3), so radius_km grows
  by the cell's diagonal at the equator, 15.7, 1.57 or 0.157 km. Where the centre is the very coordinate, in lon or in
  lat, the next cell's centre is taken, which the diagonal covers too;
- removed: there is no geometry, the level is what is still known (admin1 or country), and radius_km is half the
  Earth's girth, for by its coordinates the event may have been anywhere.

A coordinate hidden beside the place's name is not hidden: unless `keep_words` is set, such an event also loses
place_id, place, name, title, quote and the ids of its reports, and its event_id (which is made from them) becomes a
running number. `place_id` is withheld in any case. Other events at the very same place get the same coarse
coordinate, or they would tell it, but keep their words. Numbers in any words that spell a hidden coordinate, in
decimals or in degrees and minutes, become "[…]". Words in other reports may still name the place; only a reader can
see that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.events import CRS, NAMES
from geo.records import EVENT_TYPES, STATUSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.records import Report

ADDED_KM: Final[Mapping[int, float]] = {1: 15.7, 2: 1.57, 3: 0.157}
ANYWHERE_KM: Final = 20_015.1  # half of the Earth's girth
WITHHELD: Final = "withheld"
LEFT_OUT: Final = "[…]"
_WORDS: Final = ("title", "subtype", "trigger", "place", "name", "admin1", "edtf", "report_id", "quote")
_LISTS: Final = ("reports", "outlets")
_NUMBER: Final = re.compile(
    r"(?P<d>\d{1,3}(?:[.,]\d+)?)(?:\s*[°º]\s*(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*"
    r"(?:[\"″”]|'')?)?)?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """What may leave, and how coarse: the section [publish] of the settings, and the choices by hand of a project.

    `decimals` (1, 2 or 3) is the grid of coarsened coordinates; `coarsen_types` and `coarsen_ids` say whose are
    coarsened, `remove_types` and `remove_ids` whose are removed, which goes before.
    """

    statuses: tuple[str, ...] = ("unreviewed", "accepted", "corrected")
    min_confidence: float = 0.0
    decimals: int = 1
    coarsen_types: tuple[str, ...] = ()
    remove_types: tuple[str, ...] = ()
    coarsen_ids: frozenset[str] = frozenset()
    remove_ids: frozenset[str] = frozenset()
    keep_words: bool = False

    def __post_init__(self) -> None:
        if self.decimals not in ADDED_KM:
            raise ValueError(f"coordinates are coarsened to 1, 2 or 3 decimals, not {self.decimals!r}")
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence is 0 to 1, not {self.min_confidence!r}")
        for told, known in ((self.statuses, STATUSES), ((*self.coarsen_types, *self.remove_types), EVENT_TYPES)):
            if unknown := set(told) - set(known):
                raise ValueError(f"unknown {sorted(unknown)}; known are {', '.join(known)}")


def public(events: gpd.GeoDataFrame, publish: Publish) -> gpd.GeoDataFrame:
    """The events table that may leave, with coordinates as coarse as `publish` says; see the top of this file."""
    kept = events[_allowed(events, publish)].reset_index(drop=True)
    hiding = _Hiding.of(kept, publish)
    if not hiding.any:
        return kept
    told = pd.DataFrame(kept).copy()
    _scrub(told, hiding)
    told["place_id"] = told["place_id"].mask(hiding.moved, _withheld(told["place_id"]))
    told["radius_km"] += np.where(hiding.moved & ~hiding.removed, ADDED_KM[publish.decimals], 0.0)
    told.loc[hiding.removed, "radius_km"] = ANYWHERE_KM
    told.loc[hiding.removed, "level"] = np.where(told.loc[hiding.removed, "admin1"].notna(), "admin1", "country")
    if not publish.keep_words:
        _hush(told, hiding.chosen)
    told["geometry"] = hiding.geometry(publish.decimals)
    return gpd.GeoDataFrame(told[list(NAMES)], geometry="geometry", crs=CRS)


def public_reports(reports: Mapping[str, Report], events: gpd.GeoDataFrame, publish: Publish) -> dict[str, Report]:
    """The reports that the public events rest on, without their texts.

    A report that tells of a hidden place is left out, unless words are kept; coordinates are taken out of the rest.
    """
    kept = events[_allowed(events, publish)].reset_index(drop=True)
    hiding = _Hiding.of(kept, publish)
    named = {str(id_) for ids in kept["reports"] for id_ in ids}
    if not publish.keep_words:
        named -= {str(id_) for ids in kept["reports"][hiding.chosen] for id_ in ids}
    return {
        id_: replace(report, text="", title=hiding.scrubbed(report.title), url=report.url and hiding.link(report.url))
        for id_, report in reports.items()
        if id_ in named
    }


def _allowed(events: gpd.GeoDataFrame, publish: Publish) -> NDArray[np.bool_]:
    allowed: NDArray[np.bool_] = (
        (events["modality"] == "actual")
        & (events["role"] == "place")
        & events["status"].isin(publish.statuses)
        & (events["confidence"] >= publish.min_confidence)
    ).to_numpy(dtype=bool)
    return allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hiding:
    """Which rows are hidden: `chosen` by type or by hand, `removed` among them, `moved` with all at the same place."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    removed: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    near: float  # degrees: a number in words this near to a hidden coordinate is taken out

    @classmethod
    def of(cls, events: gpd.GeoDataFrame, publish: Publish) -> _Hiding:
        """What is hidden of a table that has passed the gate."""
        lon, lat = events.geometry.x.to_numpy(dtype=float), events.geometry.y.to_numpy(dtype=float)
        placed = ~np.isnan(lon)

        def among(types: tuple[str, ...], ids: frozenset[str]) -> NDArray[np.bool_]:
            chosen = events["type"].isin(types) | events["event_id"].isin(ids)
            return np.asarray(chosen.to_numpy(dtype=bool) & placed)

        removed = among(publish.remove_types, publish.remove_ids)
        chosen = removed | among(publish.coarsen_types, publish.coarsen_ids)
        same_id = events["place_id"].isin(set(events["place_id"][chosen])).to_numpy(dtype=bool)
        points = set(zip(lon[chosen], lat[chosen], strict=True))
        same_point = np.fromiter((p in points for p in zip(lon, lat, strict=True)), bool, len(lon))
        return cls(
            lon=lon, lat=lat, chosen=chosen, removed=removed, moved=placed & (chosen | same_id | same_point),
            near=10.0**-publish.decimals,
        )  # fmt: skip

    @property
    def any(self) -> bool:
        """Whether anything is hidden."""
        return bool(self.moved.any())

    def geometry(self, decimals: int) -> gpd.GeoSeries:
        """The points that may be shown: true, coarse, or none."""
        lon = np.where(self.moved, _centre(self.lon, decimals, 180), self.lon)
        lat = np.where(self.moved, _centre(self.lat, decimals, 90), self.lat)
        points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=CRS)
        gone = self.removed | np.isnan(self.lon)
        return gpd.GeoSeries([None if g else p for g, p in zip(gone, points, strict=True)], crs=CRS)

    def scrubbed(self, words: str) -> str:
        """The words, with each number that spells a hidden coordinate taken out."""
        return _NUMBER.sub(lambda m: LEFT_OUT if self._tells(m) else m[0], words)

    def link(self, url: str) -> str | None:
        """The address, None where it spells a hidden coordinate."""
        return url if self.scrubbed(url) == url else None

    def _tells(self, match: re.Match[str]) -> bool:
        degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.group("d", "m", "s"))
        if match["m"] is None and not re.search(r"[.,]\d\d", match["d"]):
            return False  # a whole number or a tenth tells no more than the grid does
        value = degrees + minutes / 60 + seconds / 3600
        hidden = np.abs(np.concatenate([self.lon[self.moved], self.lat[self.moved]]))
        return bool((np.abs(hidden - value) <= self.near).any())


def _centre(degrees: NDArray[np.float64], decimals: int, limit: int) -> NDArray[np.float64]:
    """The centre of each cell, or of the next one where it is the coordinate itself."""
    cells = 10**decimals
    cell = np.clip(np.floor(degrees * cells), -limit * cells, limit * cells - 1)
    centre = np.round((cell + 0.5) / cells, decimals + 1)
    itself = np.abs(centre - degrees) < 1e-6  # degrees, 0.1 m: as many digits as we write
    onwards = np.where(cell >= limit * cells - 1, cell - 1, cell + 1)
    moved: NDArray[np.float64] = np.where(itself, np.round((onwards + 0.5) / cells, decimals + 1), centre)
    return moved


def _withheld(place_ids: pd.Series[Any]) -> pd.Series[Any]:
    """The provider alone, so that it can still be thanked."""
    return place_ids.str.partition(":")[0] + f":{WITHHELD}"


def _hush(told: pd.DataFrame, chosen: NDArray[np.bool_]) -> None:
    """Take from the chosen rows what names their place; division and country stay."""
    known = told["admin1"].fillna(told["country"]).fillna("").astype("str")
    told.loc[chosen, "place"] = known[chosen]
    told.loc[chosen, "name"] = ""
    told.loc[chosen, "quote"] = ""
    told.loc[chosen, "title"] = told["type"].str.capitalize() + np.where(known == "", "", ", ") + known
    told.loc[chosen, "report_id"] = ""
    told.loc[chosen, "event_id"] = [f"{WITHHELD}-{n}" for n in range(1, math.floor(chosen.sum()) + 1)]
    told["reports"] = [[] if hidden else list(ids) for hidden, ids in zip(chosen, told["reports"], strict=True)]


def _scrub(told: pd.DataFrame, hiding: _Hiding) -> None:
    for name in _WORDS:
        suspect = told[name].str.contains(r"\d[.,]\d\d|\d\s*[°º]", regex=True, na=False)
        if suspect.any():
            told.loc[suspect, name] = [hiding.scrubbed(words) for words in told.loc[suspect, name]]
    for name in _LISTS:
        told[name] = [[hiding.scrubbed(str(item)) for item in items] for items in told[name]]
