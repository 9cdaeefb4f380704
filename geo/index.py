"""The map's index: the events table as NumPy columns sorted by first day, about 60 bytes an event beside its id.

It answers what the map asks many times a second: which events fit a Filter, how many of each kind, how many a day,
and what is to be drawn in a view. Positions are Web Mercator, scaled to 32 bits (1 cm at the equator); days are
counted from 1970-01-01; an event without days sorts last. Words stay in the store: `rows` is given what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.files import replacing
from geo.records import EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from geo.filters import Filter

WORLD: Final = 2.0**32
UNDATED: Final = np.iinfo(np.int32).max
EPOCH: Final = date(1970, 1, 1)
MAX_LAT: Final = 85.0511287798  # where Web Mercator's square ends
SINGLES: Final = 2000  # below this many in view, each event is drawn; measured at 60 KB an answer
CELL_PIXELS_LOG2: Final = 5  # cells of 32 pixels

Rows = "NDArray[np.int32]"
Search = Callable[[str], Collection[str]]

_PART: Final = 50_000  # events that are turned into keys at once
_COLUMNS: Final[dict[str, str]] = {
    "x": "u4",
    "y": "u4",
    "first": "i4",
    "last": "i4",
    "place": "u4",
    "outlet_set": "u4",
    "radius": "f4",
    "confidence": "f4",
    "country": "u2",
    "admin1": "u2",
    "since": "u4",
    "reports": "u2",
    "type": "u1",
    "level": "u1",
    "status": "u1",
    "modality": "u1",
    "role": "u1",
    "placed": "?",
}


SLIM: Final = (
    "event_id", "type", "modality", "role", "place_id", "place", "level", "country", "admin1", "radius_km",
    "confidence", "first_day", "last_day", "status", "report_count", "outlets",
)  # fmt: skip
KEPT: Final = (*SLIM, "since", "lon", "lat")


def day_number(day: date) -> int:
    """Days since 1970-01-01.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The calendar day that is so many days after 1970-01-01.

    >>> day_of(1)
    datetime.date(1970, 1, 2)
    """
    return EPOCH + timedelta(days=int(number))


def project(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Web Mercator positions of points in degrees, scaled to 0..2**32-1; y runs from north to south."""
    sine = np.sin(np.radians(np.clip(np.asarray(lat, float), -MAX_LAT, MAX_LAT)))
    x = (np.asarray(lon, float) + 180) / 360
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return tuple(np.clip(v * WORLD, 0, WORLD - 1).astype(np.uint32) for v in (x, y))  # type: ignore[return-value]


def unproject(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lon, lat in degrees of positions made by `project`."""
    lon = np.asarray(x, float) / WORLD * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.asarray(y, float) / WORLD))))
    return lon, lat


@dataclass(frozen=True, slots=True)
class View:
    """What is to be drawn: single events (`rows`), or cells with count, dominant type and span of days.

    `inside` is how many events lie in the view, `matched` how many the filter leaves anywhere on the map.
    """

    inside: int
    matched: int
    rows: NDArray[np.int32] | None = None
    x: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    y: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    count: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    first: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    last: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    type: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    one_spot: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True)
class Change:
    """Two selections compared, a part of the map at a time: how many events of each lie where."""

    x: NDArray[np.uint32]
    y: NDArray[np.uint32]
    now: NDArray[np.uint32]
    then: NDArray[np.uint32]
    inside: int
    matched: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Events by first day and type: `counts[bin, type]`; bin i holds `width` days from `start + i * width`."""

    start: int
    width: int
    counts: NDArray[np.int64]
    undated: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The strings behind the codes of an index; code 0 of `countries` and `admin1s` is "none"."""

    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ("",)
    admin1s: tuple[str, ...] = ("",)
    outlets: tuple[str, ...] = ()
    outlet_sets: tuple[tuple[int, ...], ...] = ((),)


class Index:
    """The columns of the events, sorted by first day; it never changes: `extended` gives a new one."""

    def __init__(self, ids: NDArray[np.bytes_], columns: dict[str, NDArray[Any]], vocabulary: Vocabulary) -> None:
        order = np.argsort(columns["first"], kind="stable")
        self.ids = ids[order]
        self.columns = {name: columns[name][order] for name in _COLUMNS}
        self.vocabulary = vocabulary
        self.keys = keys_of(self.ids)
        self._by_key = np.argsort(self.keys, kind="stable").astype(np.int32)
        first, last = self.columns["first"], self.columns["last"]
        self.dated = int(np.searchsorted(first, UNDATED))
        self.longest = int((last[: self.dated] - first[: self.dated]).max(initial=0))

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @classmethod
    def empty(cls) -> Index:
        """An index of no events."""
        columns = {name: np.empty(0, dtype) for name, dtype in _COLUMNS.items()}
        return cls(np.empty(0, "S1"), columns, Vocabulary())

    @classmethod
    def of(cls, events: gpd.GeoDataFrame) -> Index:
        """The index of an events table."""
        return cls.empty().extended(events)

    def extended(self, events: gpd.GeoDataFrame, *, since: int = 0) -> Index:
        """A new index that holds these events too, which came with a version of the store; known ones are replaced."""
        return self.taking([slim(events, since=since)])

    def taking(self, parts: Iterable[pd.DataFrame]) -> Index:
        """A new index that holds the events of these slim tables too (`slim` says what stands in one)."""
        ids: list[NDArray[np.bytes_]] = [np.empty(0, "S1")]
        columns: list[dict[str, NDArray[Any]]] = []
        vocabulary = self.vocabulary
        for part in parts:
            encoded, vocabulary = _encoded(part, vocabulary)
            ids.append(part["event_id"].to_numpy(dtype=object).astype("S"))
            columns.append(encoded)
        new = np.concatenate(ids)
        if not len(new):
            return self
        keep = ~np.isin(self.keys, keys_of(new)) if len(self) else np.zeros(0, dtype=bool)
        merged = {n: np.concatenate([self.columns[n][keep], *(c[n] for c in columns)]) for n in _COLUMNS}
        return Index(np.concatenate([self.ids[keep], new]), merged, vocabulary)

    def without(self, event_ids: Collection[str]) -> Index:
        """A new index that no longer holds these events."""
        keep = ~np.isin(self.keys, keys_of(np.array([i.encode() for i in event_ids] or [b""])))
        return Index(self.ids[keep], {n: c[keep] for n, c in self.columns.items()}, self.vocabulary)

    def save(self, path: Path, *, version: int) -> None:
        """Write the index beside the store, whole or not at all; `version` is the store's when it was built."""
        import json

        words = json.dumps({name: getattr(self.vocabulary, name) for name in Vocabulary.__dataclass_fields__})
        others: dict[str, Any] = {"vocabulary": np.frombuffer(words.encode(), np.uint8), **self.columns}
        with replacing(path) as beside:
            np.savez(beside, ids=self.ids, version=np.array([version]), **others)

    @classmethod
    def read(cls, path: Path) -> tuple[Index, int]:
        """The index that `save` wrote, and the store's version then."""
        import json

        with np.load(path, allow_pickle=False) as saved:
            words = json.loads(saved["vocabulary"].tobytes())
            sets = tuple(tuple(s) for s in words.pop("outlet_sets"))
            vocabulary = Vocabulary(outlet_sets=sets, **{name: tuple(v) for name, v in words.items()})
            index = cls(saved["ids"], {name: saved[name] for name in _COLUMNS}, vocabulary)
            return index, int(saved["version"][0])

    def row_of(self, key: int) -> int | None:
        """The row of the event with this key (`keys_of`), None where there is none."""
        at = int(np.searchsorted(self.keys, np.uint64(key), sorter=self._by_key))
        if at == len(self.keys) or self.keys[self._by_key[at]] != np.uint64(key):
            return None
        return int(self._by_key[at])

    def row_of_id(self, event_id: str) -> int | None:
        """The row of the event with this event_id, None where there is none."""
        return self.row_of(int(keys_of(np.array([event_id.encode()]))[0]))

    def event_id(self, row: int) -> str:
        """The event_id of a row."""
        return bytes(self.ids[row]).decode()

    # --- which rows -----------------------------------------------------------------------------------------------

    def rows(self, wanted: Filter, search: Search | None = None) -> NDArray[np.int32]:
        """The rows that fit a filter, in the order of their first day, those without a place among them."""
        return self.in_days(self.undayed(wanted, search), wanted)

    def undayed(self, wanted: Filter, search: Search | None = None) -> NDArray[np.int32] | None:
        """The rows that fit all of a filter but its days; None for all rows."""
        masks = [*self._attributes(wanted).values(), *self._space(wanted)]
        if wanted.words.strip() and search is not None:
            masks.append(self._with_ids(search(wanted.words)))
        if not masks:
            return None
        return np.flatnonzero(np.logical_and.reduce(masks)).astype(np.int32)

    def in_days(self, base: NDArray[np.int32] | None, wanted: Filter) -> NDArray[np.int32]:
        """Of these rows (None: all), those in the filter's range of days; a range scan, not a full one."""
        if wanted.first_day is None and wanted.last_day is None:
            return np.arange(len(self), dtype=np.int32) if base is None else base
        begin = -UNDATED if wanted.first_day is None else day_number(wanted.first_day)
        end = UNDATED - 1 if wanted.last_day is None else day_number(wanted.last_day)
        firsts = self["first"] if base is None else self["first"][base]
        start = begin - self.longest if wanted.mode == "possibly" else begin
        low, high = np.searchsorted(firsts, [start, end + 1])
        dated = int(np.searchsorted(firsts, UNDATED))
        high = min(int(high), dated)
        rows = np.arange(low, high, dtype=np.int32) if base is None else base[low:high]
        lasts = self["last"][rows]
        rows = rows[lasts >= begin] if wanted.mode == "possibly" else rows[lasts <= end]
        if wanted.undated:
            rows = np.concatenate([rows, np.arange(dated, len(self), dtype=np.int32) if base is None else base[dated:]])
        return rows

    def _attributes(self, wanted: Filter) -> dict[str, NDArray[np.bool_]]:
        """One mask a dimension that the filter narrows."""
        masks = {}
        for name, column, chosen, words in (
            ("types", "type", wanted.types, EVENT_TYPES),
            ("levels", "level", wanted.levels, LEVELS),
            ("statuses", "status", wanted.statuses, STATUSES),
            ("modalities", "modality", wanted.modalities, MODALITIES),
            ("roles", "role", wanted.roles, ROLES),
            ("countries", "country", wanted.countries, self.vocabulary.countries),
            ("admin1s", "admin1", wanted.admin1s, self.vocabulary.admin1s),
        ):
            if chosen and set(chosen) != set(words):
                masks[name] = np.isin(words, chosen)[self[column]] & _present(self[column], words)
        if wanted.outlets:
            codes = {i for i, o in enumerate(self.vocabulary.outlets) if o in set(wanted.outlets)}
            hit = np.array([not codes.isdisjoint(s) for s in self.vocabulary.outlet_sets], dtype=bool)
            masks["outlets"] = hit[self["outlet_set"]]
        if wanted.min_confidence > 0:
            masks["confidence"] = self["confidence"] >= np.float32(wanted.min_confidence)
        return masks

    def _space(self, wanted: Filter) -> list[NDArray[np.bool_]]:
        masks: list[NDArray[np.bool_]] = []
        if wanted.box is not None:
            west, south, east, north = wanted.box
            (x0, x1), (y1, y0) = project([west, east], [south, north])
            x, y = self["x"], self["y"]
            across = (x >= x0) | (x <= x1) if west > east else (x >= x0) & (x <= x1)
            masks.append(across & (y >= y0) & (y <= y1) & self["placed"])
        if wanted.polygon or wanted.around is not None:
            masks.append(self._in_shape(wanted))
        return masks

    def _in_shape(self, wanted: Filter) -> NDArray[np.bool_]:
        lon, lat = unproject(self["x"], self["y"])
        keep: NDArray[np.bool_] = self["placed"].copy()
        if wanted.polygon:
            from shapely import Polygon, contains_xy, prepare

            shape = Polygon(wanted.polygon)
            prepare(shape)
            keep &= contains_xy(shape, lon, lat)
        if wanted.around is not None:
            from geo.distance import km

            keep &= km(lon, lat, wanted.around[0], wanted.around[1]) <= wanted.around[2]
        return keep

    def _with_ids(self, event_ids: Collection[str]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self), dtype=bool)
        if event_ids:
            found = keys_of(np.array([i.encode() for i in event_ids]))
            at = np.searchsorted(self.keys, found, sorter=self._by_key)
            rows = self._by_key[np.minimum(at, len(self) - 1)] if len(self) else np.empty(0, np.int32)
            mask[rows[self.keys[rows] == found]] = True
        return mask

    # --- what the page shows of them ------------------------------------------------------------------------------

    def placed(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Of these rows, those that have a place on the map."""
        kept: NDArray[np.int32] = rows[self["placed"][rows]]
        return kept

    def in_bounds(self, rows: NDArray[np.int32], bounds: tuple[int, int, int, int]) -> NDArray[np.int32]:
        """Of these rows, those on the map within west, north, east, south (scaled Mercator; west > east wraps)."""
        x, y = self["x"][rows], self["y"][rows]
        west, north, east, south = bounds
        across = (x >= west) | (x <= east) if west > east else (x >= west) & (x <= east)
        kept: NDArray[np.int32] = rows[across & (y >= north) & (y <= south) & self["placed"][rows]]
        return kept

    def view(self, rows: NDArray[np.int32], zoom: int, bounds: tuple[int, int, int, int]) -> View:
        """What to draw of these rows at a zoom (0 to 20) within bounds (`in_bounds`)."""
        inside = self.in_bounds(rows, bounds)
        matched = int(np.count_nonzero(self["placed"][rows]))
        if len(inside) <= SINGLES:
            return View(inside=len(inside), matched=matched, rows=inside)
        return self._cells(inside, matched, zoom)

    def compare(
        self, now: NDArray[np.int32], then: NDArray[np.int32], zoom: int, bounds: tuple[int, int, int, int]
    ) -> Change:
        """Where there are more or fewer of some rows than of others, at a zoom and within bounds as for `view`."""
        seen = [self.in_bounds(rows, bounds) for rows in (now, then)]
        rows = np.concatenate(seen)
        x, y = self["x"][rows], self["y"][rows]
        key, size = _gridded(x, y, zoom)
        count = np.bincount(key, minlength=size)
        full = np.flatnonzero(count)
        first = np.bincount(key[: len(seen[0])], minlength=size)[full]
        middle = [(np.bincount(key, weights=v, minlength=size)[full] / count[full]).astype(np.uint32) for v in (x, y)]
        return Change(
            x=middle[0],
            y=middle[1],
            now=first.astype(np.uint32),
            then=(count[full] - first).astype(np.uint32),
            inside=len(rows),
            matched=len(self.placed(now)) + len(self.placed(then)),
        )

    def _cells(self, rows: NDArray[np.int32], matched: int, zoom: int) -> View:
        x, y = self["x"][rows], self["y"][rows]
        key, size = _gridded(x, y, zoom)
        count = np.bincount(key, minlength=size)
        full = np.flatnonzero(count)
        kinds = np.bincount(key * len(EVENT_TYPES) + self["type"][rows], minlength=size * len(EVENT_TYPES))
        first, last = np.empty(size, np.int32), np.full(size, -UNDATED, np.int32)
        first[key[::-1]] = self["first"][rows][::-1]  # rows run by first day, so the earliest is written last
        np.maximum.at(last, key, self["last"][rows])
        some_x, some_y = np.empty(size, np.uint32), np.empty(size, np.uint32)
        some_x[key], some_y[key] = x, y
        spread = np.bincount(key[(some_x[key] != x) | (some_y[key] != y)], minlength=size)
        return View(
            inside=len(rows),
            matched=matched,
            x=(np.bincount(key, weights=x, minlength=size)[full] / count[full]).astype(np.uint32),
            y=(np.bincount(key, weights=y, minlength=size)[full] / count[full]).astype(np.uint32),
            count=count[full].astype(np.uint32),
            first=first[full],
            last=last[full],
            type=kinds.reshape(size, len(EVENT_TYPES))[full].argmax(axis=1).astype(np.uint8),
            one_spot=(spread[full] == 0).astype(np.uint8),
        )

    def histogram(self, rows: NDArray[np.int32], bins: int = 180, span: tuple[int, int] | None = None) -> Histogram:
        """These rows by first day and type, in at most `bins` bins of a day, a week, or more weeks.

        `span` (day numbers, both included) shows a part of time; without it, from the first event to the last.
        """
        first = self["first"][rows]
        dated = int(np.searchsorted(first, UNDATED))
        undated = len(rows) - dated
        if dated == 0 and span is None:
            return Histogram(start=0, width=1, counts=np.zeros((0, len(EVENT_TYPES)), np.int64), undated=undated)
        start, end = span or _usual_span(first[:dated])
        width = next(w for w in _widths() if (end - start) // w + 1 <= bins)
        size = (end - start) // width + 1
        low, high = np.searchsorted(first[:dated], [start, start + size * width])
        key = (first[low:high] - start) // width * len(EVENT_TYPES) + self["type"][rows[low:high]]
        counts = np.bincount(key, minlength=size * len(EVENT_TYPES)).reshape(size, len(EVENT_TYPES))
        return Histogram(start=start, width=width, counts=counts, undated=undated)

    def facets(self, wanted: Filter, search: Search | None = None) -> dict[str, dict[str, int]]:
        """How many events each choice would leave, by dimension: each counted with all other filters in force."""
        masks = self._attributes(wanted)
        common = self.rows(
            replace(wanted, types=(), levels=(), statuses=(), modalities=(), roles=(), countries=(), admin1s=(),
                    outlets=(), min_confidence=0.0),
            search,
        )  # fmt: skip
        return {name: self._facet(name, common, masks) for name in _FACETS}

    def types(self, rows: NDArray[np.int32]) -> dict[str, int]:
        """How many of these rows are of each type; a type that none is of is left out."""
        return self._facet("types", rows, {})

    def provinces(self, rows: NDArray[np.int32]) -> dict[str, int]:
        """How many of these rows lie in each province, as country code, tab, name; those without one by country."""
        wide = len(self.vocabulary.admin1s)
        counts = np.bincount(self["country"][rows].astype(np.int64) * wide + self["admin1"][rows])
        found = np.flatnonzero(counts)
        words = self.vocabulary
        told = {f"{words.countries[k // wide]}\t{words.admin1s[k % wide]}": int(counts[k]) for k in found.tolist()}
        return {name: n for name, n in told.items() if name != "\t"}

    def _facet(self, name: str, rows: NDArray[np.int32], masks: dict[str, NDArray[np.bool_]]) -> dict[str, int]:
        others = [mask[rows] for other, mask in masks.items() if other != name]
        kept = rows[np.logical_and.reduce(others)] if others else rows
        if name == "outlets":
            return self._outlet_counts(kept)
        words = {
            "types": EVENT_TYPES,
            "levels": LEVELS,
            "statuses": STATUSES,
            "modalities": MODALITIES,
            "roles": ROLES,
            "countries": self.vocabulary.countries,
            "admin1s": self.vocabulary.admin1s,
        }[name]
        counts = np.bincount(self[_FACETS[name]][kept], minlength=len(words))
        return {str(word): int(n) for word, n in zip(words, counts, strict=True) if n and word}

    def _outlet_counts(self, rows: NDArray[np.int32]) -> dict[str, int]:
        totals: dict[str, int] = {}
        for code, n in enumerate(np.bincount(self["outlet_set"][rows], minlength=1)):
            for outlet in self.vocabulary.outlet_sets[code] if n else ():
                name = self.vocabulary.outlets[outlet]
                totals[name] = totals.get(name, 0) + int(n)
        return totals

    def listing(self, rows: NDArray[np.int32]) -> pd.DataFrame:
        """These rows as a small table for lists: what the index knows of them, in words."""
        column = {name: values[rows] for name, values in self.columns.items()}
        words = self.vocabulary
        days = [_days(column[c]) for c in ("first", "last")]
        return pd.DataFrame(
            {
                "event_id": [self.event_id(r) for r in rows],
                "type": [EVENT_TYPES[c] for c in column["type"]],
                "place": [words.names[c] for c in column["place"]],
                "country": [words.countries[c] or None for c in column["country"]],
                "admin1": [words.admin1s[c] or None for c in column["admin1"]],
                "level": [LEVELS[c] for c in column["level"]],
                "first_day": days[0],
                "last_day": days[1],
                "confidence": column["confidence"].astype(float),
                "reports": column["reports"].astype(int),
                "status": [STATUSES[c] for c in column["status"]],
                "modality": [MODALITIES[c] for c in column["modality"]],
                "role": [ROLES[c] for c in column["role"]],
            }
        )


_FACETS: Final = {
    "types": "type",
    "levels": "level",
    "statuses": "status",
    "modalities": "modality",
    "roles": "role",
    "countries": "country",
    "admin1s": "admin1",
    "outlets": "outlet_set",
}


def keys_of(ids: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """A 64-bit key for each event_id: the same on every machine, so that it may stand in a link."""
    from pandas.util import hash_array

    made = np.empty(len(ids), np.uint64)
    for at in range(0, len(ids), _PART):  # as objects a million ids would take 100 MB for a moment
        part = ids[at : at + _PART].astype(str).astype(object)
        made[at : at + _PART] = hash_array(part, categorize=False)
    return made


def _usual_span(first: NDArray[np.int32]) -> tuple[int, int]:
    """From the first day to the last; where a few very old events would press all others together, without them."""
    start, early, end = int(first[0]), int(first[len(first) // 20]), int(first[-1])
    return (early, end) if end - early < (end - start) / 3 else (start, end)


def _widths() -> Sequence[int]:
    return [1, 7, *(7 * 2**n for n in range(1, 20))]


def _days(numbers: NDArray[np.int32]) -> list[date | None]:
    return [day_of(n) if abs(int(n)) < UNDATED else None for n in numbers]


def _present(codes: NDArray[Any], words: Sequence[str]) -> NDArray[np.bool_]:
    return codes > 0 if words and words[0] == "" else np.ones(len(codes), dtype=bool)


def _gridded(x: NDArray[np.uint32], y: NDArray[np.uint32], zoom: int) -> tuple[NDArray[np.int64], int]:
    """The cell of each position, and how many cells there are: cells of 32 pixels, or so wide that they are few."""
    if not len(x):
        return np.empty(0, np.int64), 0
    shift = max(0, 32 - 8 - zoom + CELL_PIXELS_LOG2)
    key, width, height = _grid(x, y, shift)
    while width * height > 64 * SINGLES or np.count_nonzero(np.bincount(key)) > SINGLES:
        shift += 1
        key, width, height = _grid(x, y, shift)
    return key, width * height


def _grid(x: NDArray[np.uint32], y: NDArray[np.uint32], shift: int) -> tuple[NDArray[np.int64], int, int]:
    column, line = (x >> np.uint32(min(shift, 31))).astype(np.int64), (y >> np.uint32(min(shift, 31))).astype(np.int64)
    column -= column.min()
    line -= line.min()
    width = int(column.max()) + 1
    return line * width + column, width, int(line.max()) + 1


def _codes(values: pd.Series, known: tuple[str, ...]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Codes of strings against a growing vocabulary, and the vocabulary; missing strings are code 0's ""."""
    found, uniques = pd.factorize(values, use_na_sentinel=True)
    at = {word: code for code, word in enumerate(known)}
    words = list(known)
    table = np.empty(len(uniques) + 1, np.int64)
    table[-1] = at.get("", 0)
    for position, raw in enumerate(uniques):
        word = str(raw)
        if word not in at:
            at[word] = len(words)
            words.append(word)
        table[position] = at[word]
    return table[found], tuple(words)


def slim(events: gpd.GeoDataFrame, *, since: int = 0) -> pd.DataFrame:
    """What the index needs of an events table: lon and lat (NaN where unplaced), days as day numbers, NaN unknown.

    `since` is the version of the store that the events came with.
    """
    kept = pd.DataFrame(events[list(SLIM)])
    kept["since"] = since
    for day in ("first_day", "last_day"):
        numbers = events[day].to_numpy().astype("datetime64[D]").astype(np.float64)
        kept[day] = np.where(events[day].isna().to_numpy(), np.nan, numbers)
    kept["lon"], kept["lat"] = events.geometry.x.to_numpy(), events.geometry.y.to_numpy()
    return kept


def _encoded(part: pd.DataFrame, known: Vocabulary) -> tuple[dict[str, NDArray[Any]], Vocabulary]:
    """The columns of a slim table, and the vocabulary they need."""
    lon, lat = (part[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    placed = ~np.isnan(lon) & (part["level"] != "country").to_numpy()
    x, y = project(np.where(placed, lon, 0.0), np.where(placed, lat, 0.0))
    place, places = _codes(part["place_id"], known.places)
    names = [*known.names, *([""] * (len(places) - len(known.names)))]
    for code, name in dict(zip(place.tolist(), part["place"].tolist(), strict=True)).items():
        names[code] = str(name)
    country, countries = _codes(part["country"], known.countries)
    admin1, admin1s = _codes(part["admin1"], known.admin1s)
    outlet_set, outlets, outlet_sets = _outlet_codes(part["outlets"].tolist(), known)
    raw: dict[str, Any] = {
        "x": x,
        "y": y,
        "first": np.nan_to_num(part["first_day"].to_numpy(dtype=float), nan=UNDATED),
        "last": np.nan_to_num(part["last_day"].to_numpy(dtype=float), nan=-UNDATED),
        "place": place,
        "outlet_set": outlet_set,
        "radius": part["radius_km"],
        "confidence": part["confidence"],
        "country": country,
        "admin1": admin1,
        "since": part["since"],
        "reports": np.minimum(part["report_count"], np.iinfo(np.uint16).max),
        "type": pd.Categorical(part["type"], categories=EVENT_TYPES).codes,
        "level": pd.Categorical(part["level"], categories=LEVELS).codes,
        "status": pd.Categorical(part["status"], categories=STATUSES).codes,
        "modality": pd.Categorical(part["modality"], categories=MODALITIES).codes,
        "role": pd.Categorical(part["role"], categories=ROLES).codes,
        "placed": placed,
    }
    columns = {name: np.asarray(raw[name]).astype(dtype) for name, dtype in _COLUMNS.items()}
    return columns, Vocabulary(places, tuple(names), countries, admin1s, outlets, outlet_sets)


def _outlet_codes(
    lists: Sequence[Sequence[str]], known: Vocabulary
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[tuple[int, ...], ...]]:
    outlets = {name: code for code, name in enumerate(known.outlets)}
    sets = {codes: code for code, codes in enumerate(known.outlet_sets)}
    column = np.empty(len(lists), np.int64)
    for row, names in enumerate(lists):
        codes = tuple(sorted({outlets.setdefault(str(name), len(outlets)) for name in names}))
        column[row] = sets.setdefault(codes, len(sets))
    return column, tuple(outlets), tuple(sets)
