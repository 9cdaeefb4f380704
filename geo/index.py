"""The map's index: the events table as NumPy columns sorted by first day, 28 bytes an event beside its id and key.

It answers what the map asks many times a second: which events fit a Filter, how many of each kind, how many a day,
and what is to be drawn in a view. Positions are Web Mercator, scaled to 32 bits (1 cm at the equator); days are
counted from 1970-01-01; an event without days sorts last. Words stay in the store: `rows` is given what it found.

Events are many, places are few. What an event shares with others at its place stands once, in the table `spots`; what
it shares with others of its type and standing, in the table `kinds`. Filters, views and counts are worked out on the
tables, and for each event only its code is looked up, a part of the events at a time, so that what is made on the way
stays in the processor's cache. A view of all of 10,000,000 events takes 130 to 180 ms of CPU so, a histogram
30 ms (benchmarks/index.py), and 0.8 s where they lie at 3,000,000 points: hence no pyramid of zooms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
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

_KEYS_PART: Final = 50_000  # events that are turned into keys at once
_PART: Final = 2**17  # events that are gone through at once
_COLUMNS: Final[dict[str, str]] = {
    "id": "S1",  # as wide as the longest
    "key": "u8",
    "spot": "u4",
    "kind": "u2",
    "outlet_set": "u4",
    "first": "i4",
    "last": "i4",
    "confidence": "f4",
    "since": "u4",
    "reports": "u2",
}
_SPOT: Final = np.dtype(
    [
        ("x", "u4"), ("y", "u4"), ("place", "u4"), ("radius", "f4"), ("country", "u2"), ("admin1", "u2"),
        ("level", "u1"), ("placed", "?"),
    ]
)  # fmt: skip
_KIND: Final = np.dtype([("type", "u1"), ("status", "u1"), ("modality", "u1"), ("role", "u1")])

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
    """Events by first day and type: `counts[bin, type]`; bin i holds `width` days from `start + i * width`.

    `days` are the first and the last day of what is counted, as day numbers; None where nothing is.
    """

    start: int
    width: int
    counts: NDArray[np.int64]
    undated: int
    days: tuple[int, int] | None = None


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
    """The columns of the events, sorted by first day; it never changes: `extended` gives a new one.

    `spots` and `kinds` hold what events share, and the columns `spot` and `kind` say which. Rows, wherever they are
    given or asked for, ascend; only `told` and `listing` take any order.
    """

    def __init__(
        self, columns: dict[str, NDArray[Any]], spots: NDArray[Any], kinds: NDArray[Any], vocabulary: Vocabulary
    ) -> None:
        self.columns, self.spots, self.kinds, self.vocabulary = columns, spots, kinds, vocabulary
        self.ids, self.keys = columns["id"], columns["key"]
        self.all = np.arange(len(self.ids), dtype=np.int32)
        self._by_key = np.argsort(self.keys).astype(np.int32)
        self.dated = int(np.searchsorted(columns["first"], np.int32(UNDATED)))
        first, last = (columns[name][: self.dated] for name in ("first", "last"))
        self.latest = int(last.max(initial=-UNDATED))
        self.longest = int((last - first).max(initial=0))

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @classmethod
    def empty(cls) -> Index:
        """An index of no events."""
        columns = {name: np.empty(0, dtype) for name, dtype in _COLUMNS.items()}
        return cls(columns, np.empty(0, _SPOT), np.empty(0, _KIND), Vocabulary())

    @classmethod
    def of(cls, events: gpd.GeoDataFrame) -> Index:
        """The index of an events table."""
        return cls.empty().extended(events)

    def extended(self, events: gpd.GeoDataFrame, *, since: int = 0) -> Index:
        """A new index that holds these events too, which came with a version of the store; known ones are replaced."""
        return self.taking([slim(events, since=since)])

    def taking(self, parts: Iterable[pd.DataFrame]) -> Index:
        """A new index that holds the events of these slim tables too (`slim` says what stands in one)."""
        codes = _Codes(self)
        new = [codes.columns(part) for part in parts]
        if not sum(len(columns["key"]) for columns in new):
            return self
        rest = self._rest(np.concatenate([columns["key"] for columns in new]))
        order = np.argsort(np.concatenate([self["first"][rest], *(c["first"] for c in new)]), kind="stable")
        merged = {n: np.concatenate([self[n][rest], *(c.pop(n) for c in new)])[order] for n in _COLUMNS}
        return Index(merged, *codes.tables(), codes.vocabulary())

    def without(self, event_ids: Collection[str]) -> Index:
        """A new index that no longer holds these events."""
        rest = self._rest(keys_of(_raw(event_ids)))
        return Index({n: c[rest] for n, c in self.columns.items()}, self.spots, self.kinds, self.vocabulary)

    def save(self, path: Path, *, version: int) -> None:
        """Write the index beside the store, whole or not at all; `version` is the store's when it was built."""
        import json

        words = json.dumps({name: getattr(self.vocabulary, name) for name in Vocabulary.__dataclass_fields__})
        others: dict[str, Any] = {"vocabulary": np.frombuffer(words.encode(), np.uint8), **self.columns}
        with replacing(path) as beside:
            np.savez(beside, spots=self.spots, kinds=self.kinds, version=np.array([version]), **others)

    @classmethod
    def read(cls, path: Path) -> tuple[Index, int]:
        """The index that `save` wrote, and the store's version then."""
        import json

        with np.load(path, allow_pickle=False) as saved:
            words = json.loads(saved["vocabulary"].tobytes())
            sets = tuple(tuple(s) for s in words.pop("outlet_sets"))
            vocabulary = Vocabulary(outlet_sets=sets, **{name: tuple(v) for name, v in words.items()})
            index = cls({name: saved[name] for name in _COLUMNS}, saved["spots"], saved["kinds"], vocabulary)
            return index, int(saved["version"][0])

    def row_of(self, key: int) -> int | None:
        """The row of the event with this key (`keys_of`), None where there is none."""
        found = self._with_keys(np.array([key], np.uint64))
        return int(found[0]) if len(found) else None

    def row_of_id(self, event_id: str) -> int | None:
        """The row of the event with this event_id, None where there is none."""
        return self.row_of(int(keys_of(_raw([event_id]))[0]))

    def event_id(self, row: int) -> str:
        """The event_id of a row."""
        return bytes(self.ids[row]).decode()

    def told(self, name: str, rows: NDArray[np.int32] | int) -> Any:
        """What is known of rows, or of one row, under a name: a column's, the spots' or the kinds'."""
        for family in ("spot", "kind"):
            if name in (self._table(family).dtype.names or ()):
                return self._table(family)[name][self[family][rows]]
        return self[name][rows]

    def _table(self, family: str) -> NDArray[Any]:
        return {"spot": self.spots, "kind": self.kinds}[family]

    def _with_keys(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The rows of the events with these keys, as far as there are any."""
        if not len(self):
            return np.empty(0, np.int32)
        at = np.searchsorted(self.keys, keys, sorter=self._by_key)
        rows: NDArray[np.int32] = self._by_key[np.minimum(at, len(self) - 1)]
        return np.unique(rows[self.keys[rows] == keys])

    def _rest(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which rows are not of the events with these keys."""
        rest = np.ones(len(self), dtype=bool)
        rest[self._with_keys(keys)] = False
        return rest

    # --- which rows -----------------------------------------------------------------------------------------------

    def rows(self, wanted: Filter, search: Search | None = None) -> NDArray[np.int32]:
        """The rows that fit a filter, in the order of their first day, those without a place among them."""
        return self.in_days(self.undayed(wanted, search), wanted)

    def undayed(self, wanted: Filter, search: Search | None = None) -> NDArray[np.int32]:
        """The rows that fit all of a filter but its days."""
        if wanted.words.strip() and search is not None:
            rows = self._with_keys(keys_of(_raw(search(wanted.words))))
        else:
            rows = self.all
        if wanted.min_confidence > 0:
            rows = _joined([p[_at(self["confidence"], p) >= np.float32(wanted.min_confidence)] for p in _parts(rows)])
        choices = [(_FACETS[name][0], mask) for name, mask in self._choices(wanted).items()]
        return self._kept(rows, [*choices, *(("spot", mask) for mask in self._space(wanted))])

    def in_days(self, rows: NDArray[np.int32], wanted: Filter) -> NDArray[np.int32]:
        """Of these rows, those in the filter's range of days; only those near its ends are looked at one by one."""
        if wanted.first_day is None and wanted.last_day is None:
            return rows
        begin = -UNDATED if wanted.first_day is None else day_number(wanted.first_day)
        end = UNDATED - 1 if wanted.last_day is None else day_number(wanted.last_day)
        early, low, late, high = self._before(rows, [begin - self.longest, begin, end - self.longest + 1, end + 1])
        if wanted.mode == "possibly":
            near = rows[early:low]
            found = [near[_at(self["last"], near) >= begin], rows[low:high]]
        else:
            near = rows[max(low, late) : high]
            found = [rows[low : max(low, late)], near[_at(self["last"], near) <= end]]
        return _joined([*found, rows[len(rows) - self.undated(rows) :]] if wanted.undated else found)

    def undated(self, rows: NDArray[np.int32]) -> int:
        """How many of these rows have no first day: the last ones."""
        return len(rows) - int(np.searchsorted(rows, np.int32(self.dated)))

    def without_days(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Of these rows, those that have no first day."""
        return rows[len(rows) - self.undated(rows) :]

    def _before(self, rows: NDArray[np.int32], days: Sequence[int]) -> list[int]:
        """How many of these rows have their first day before each of these days."""
        limits = np.clip(days, -UNDATED, UNDATED).astype(np.int32)  # a column is copied to be searched for another type
        at = np.searchsorted(self["first"], limits).astype(np.int32)
        return [int(n) for n in np.searchsorted(rows, at)]

    def _choices(self, wanted: Filter) -> dict[str, NDArray[np.bool_]]:
        """Which entries of its family's table fit, for each dimension that the filter narrows."""
        masks = {}
        for name, (family, column) in _FACETS.items():
            chosen, words = set(getattr(wanted, name)), self._words(name)
            if not chosen or chosen == set(words):
                continue
            fits = np.array([bool(word) and word in chosen for word in words], dtype=bool)
            masks[name] = fits[self._table(family)[column]] if column else self._any_outlet(fits)
        return masks

    def _any_outlet(self, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.array([any(fits[o] for o in outlets) for outlets in self.vocabulary.outlet_sets], dtype=bool)

    def _words(self, name: str) -> Sequence[str]:
        fixed = {"types": EVENT_TYPES, "levels": LEVELS, "statuses": STATUSES, "modalities": MODALITIES, "roles": ROLES}
        found: Sequence[str] = fixed[name] if name in fixed else getattr(self.vocabulary, name)
        return found

    def _space(self, wanted: Filter) -> Iterator[NDArray[np.bool_]]:
        """Which spots lie in the filter's box, polygon and circle, for each that it has."""
        if wanted.box is not None:
            west, south, east, north = wanted.box
            x, y = project([west, east], [north, south])
            yield self._inside((int(x[0]), int(y[0]), int(x[1]), int(y[1])))
        if wanted.polygon or wanted.around is not None:
            lon, lat = unproject(self.spots["x"], self.spots["y"])
        if wanted.polygon:
            from shapely import Polygon, contains_xy, prepare

            shape = Polygon(wanted.polygon)
            prepare(shape)
            yield self.spots["placed"] & contains_xy(shape, lon, lat)
        if wanted.around is not None:
            from geo.distance import km

            yield self.spots["placed"] & (km(lon, lat, wanted.around[0], wanted.around[1]) <= wanted.around[2])

    def _inside(self, bounds: tuple[int, int, int, int]) -> NDArray[np.bool_]:
        """Which spots are on the map within west, north, east, south (scaled Mercator; west > east wraps)."""
        x, y = self.spots["x"], self.spots["y"]
        west, north, east, south = bounds
        across = (x >= west) | (x <= east) if west > east else (x >= west) & (x <= east)
        inside: NDArray[np.bool_] = across & (y >= north) & (y <= south) & self.spots["placed"]
        return inside

    def _kept(self, rows: NDArray[np.int32], masks: Iterable[tuple[str, NDArray[np.bool_]]]) -> NDArray[np.int32]:
        """Of these rows, those whose codes are marked in all masks over the tables of their families."""
        fits: dict[str, NDArray[np.bool_]] = {}
        for family, mask in masks:
            if not mask.all():
                fits[family] = mask & fits.get(family, True)
        if not fits:
            return rows
        return _joined(
            [p[np.logical_and.reduce([_of(mask, _at(self[f], p)) for f, mask in fits.items()])] for p in _parts(rows)]
        )

    def _counted(self, family: str, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """How many of these rows have each code of a family."""
        size = len(self.vocabulary.outlet_sets if family == "outlet_set" else self._table(family))
        counts = np.zeros(size, np.int64)
        for part in _parts(rows, size):
            counts += np.bincount(_at(self[family], part), minlength=size)
        return counts

    # --- what the page shows of them ------------------------------------------------------------------------------

    def on_map(self, rows: NDArray[np.int32]) -> int:
        """How many of these rows have a place on the map."""
        return int(self._counted("spot", rows)[self.spots["placed"]].sum())

    def placed(self, rows: NDArray[np.int32], *, really: bool = True) -> NDArray[np.int32]:
        """Of these rows, those that have a place on the map; those that have none, if not `really`."""
        return self._kept(rows, [("spot", self.spots["placed"] == really)])

    def in_bounds(self, rows: NDArray[np.int32], bounds: tuple[int, int, int, int]) -> NDArray[np.int32]:
        """Of these rows, those on the map within west, north, east, south (scaled Mercator; west > east wraps)."""
        return self._kept(rows, [("spot", self._inside(bounds))])

    def view(self, rows: NDArray[np.int32], zoom: int, bounds: tuple[int, int, int, int]) -> View:
        """What to draw of these rows at a zoom (0 to 20) within bounds (`in_bounds`)."""
        counts = self._counted("spot", rows)
        matched = int(counts[self.spots["placed"]].sum())
        shown = self._inside(bounds) & (counts > 0)
        inside = int(counts[shown].sum())
        if inside <= SINGLES:
            return View(inside=inside, matched=matched, rows=self._kept(rows, [("spot", shown)]))
        spots = np.flatnonzero(shown)
        cells = _Cells.of(self.spots["x"][spots], self.spots["y"][spots], counts[spots], zoom)
        n = len(cells.count)  # the cell behind the last is for what is not shown
        of_spot = np.full(len(self.spots), n, np.min_scalar_type((n + 1) * len(EVENT_TYPES)))  # small, to stay cached
        of_spot[spots] = cells.of_spot
        first, last, types = self._tallied(rows, of_spot, n)
        return View(
            inside=inside,
            matched=matched,
            x=cells.x,
            y=cells.y,
            count=cells.count.astype(np.uint32),
            first=first,
            last=last,
            type=types.argmax(axis=1).astype(np.uint8),
            one_spot=cells.one_spot,
        )

    def compare(
        self, now: NDArray[np.int32], then: NDArray[np.int32], zoom: int, bounds: tuple[int, int, int, int]
    ) -> Change:
        """Where there are more or fewer of some rows than of others, at a zoom and within bounds as for `view`."""
        both = [self._counted("spot", rows) for rows in (now, then)]
        counts = both[0] + both[1]
        spots = np.flatnonzero(self._inside(bounds) & (counts > 0))
        cells = _Cells.of(self.spots["x"][spots], self.spots["y"][spots], counts[spots], zoom)
        first = np.bincount(cells.of_spot, weights=both[0][spots], minlength=len(cells.count))
        return Change(
            x=cells.x,
            y=cells.y,
            now=first.astype(np.uint32),
            then=(cells.count - first).astype(np.uint32),
            inside=int(counts[spots].sum()),
            matched=int(counts[self.spots["placed"]].sum()),
        )

    def _tallied(
        self, rows: NDArray[np.int32], cell_of_spot: NDArray[Any], n: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """First day, last day and number of each type of these rows in each of n cells; cell n itself is left out.

        Rows come by first day, so most cells have their first day from the first part of the rows that they are in,
        and their last day from one of the last: other parts are only asked for what can still change something.
        """
        wide = len(EVENT_TYPES)
        types = np.zeros((n + 1, wide), np.int64)
        first, last = np.full(n + 1, UNDATED, np.int32), np.full(n + 1, -UNDATED, np.int32)
        first[n], last[n] = -UNDATED, UNDATED  # nothing is asked for cell n
        parts, there = list(_parts(rows)), []
        block_of_spot, type_of_kind = cell_of_spot * wide, self.kinds["type"].astype(np.int64)
        for part in parts:
            key = _of(block_of_spot, _at(self["spot"], part)) + _of(type_of_kind, _at(self["kind"], part))
            found = np.bincount(key, minlength=types.size).reshape(types.shape)
            types += found
            there.append(found.any(axis=1))
            new = there[-1] & (first == UNDATED)
            if new.any():
                cells, days = self._of_cells(part, "first", cell_of_spot, new)
                first[cells[::-1]] = days[::-1]  # the earliest is written last
        for part, seen in zip(reversed(parts), reversed(there), strict=True):
            late = seen & (last < _at(self["last"], part).max())
            if late.any():
                np.maximum.at(last, *self._of_cells(part, "last", cell_of_spot, late))
        return first[:n], last[:n], types[:n]

    def _of_cells(
        self, rows: NDArray[np.int32], name: str, cell_of_spot: NDArray[Any], wanted: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[np.int32]]:
        """The cells of those of these rows that lie in wanted ones, and what a column says of them."""
        cells = _of(cell_of_spot, _at(self["spot"], rows))
        hit = np.flatnonzero(_of(wanted, cells))
        return cells[hit], _at(self[name], rows)[hit]

    def histogram(self, rows: NDArray[np.int32], bins: int = 180, span: tuple[int, int] | None = None) -> Histogram:
        """These rows by first day and type, in at most `bins` bins of a day, a week, or more weeks.

        `span` (day numbers, both included) shows a part of time; without it, from the first event to the last.
        """
        undated = self.undated(rows)
        dated = len(rows) - undated
        if dated == 0 and span is None:
            return Histogram(start=0, width=1, counts=np.zeros((0, len(EVENT_TYPES)), np.int64), undated=undated)
        start, end = span or _usual_span(self["first"][rows[[0, dated // 20, dated - 1]]])
        width = next(w for w in _widths() if (end - start) // w + 1 <= bins)
        size = (end - start) // width + 1
        edges = self._before(rows[:dated], [start + at * width for at in range(size + 1)])
        kinds = np.array([self._counted("kind", rows[low:high]) for low, high in pairwise(edges)])
        counts = kinds @ (self.kinds["type"][:, None] == np.arange(len(EVENT_TYPES))).astype(np.int64)
        days = self._ends(rows[edges[0] : edges[-1]])
        return Histogram(start=start, width=width, counts=counts, undated=undated, days=days)

    def _ends(self, rows: NDArray[np.int32]) -> tuple[int, int] | None:
        """The first and the last day of any of these rows, all of them dated; only those near the end are looked at."""
        if not len(rows):
            return None
        first, latest = (int(day) for day in self["first"][rows[[0, -1]]])
        (early,) = self._before(rows, [latest - self.longest])
        return first, max(latest, int(_at(self["last"], rows[early:]).max()))

    def facets(self, wanted: Filter, search: Search | None = None) -> dict[str, dict[str, int]]:
        """How many events each choice would leave, by dimension: each counted with all other filters in force."""
        masks = self._choices(wanted)
        common = self.rows(
            replace(wanted, types=(), levels=(), statuses=(), modalities=(), roles=(), countries=(), admin1s=(),
                    outlets=()),
            search,
        )  # fmt: skip
        chosen = [(_FACETS[name][0], mask) for name, mask in masks.items()]
        fitting, told = self._kept(common, chosen), {}
        for family, names in _FAMILIES.items():
            elsewhere = [(among, mask) for among, mask in chosen if among != family]
            counts = self._counted(family, self._kept(common, elsewhere) if len(elsewhere) < len(chosen) else fitting)
            for name in names:
                others = [masks[other] for other in names if other in masks and other != name]
                told[name] = self._facet(name, np.where(np.logical_and.reduce(others), counts, 0))
        return told

    def types(self, rows: NDArray[np.int32]) -> dict[str, int]:
        """How many of these rows are of each type; a type that none is of is left out."""
        return self._facet("types", self._counted("kind", rows))

    def provinces(self, rows: NDArray[np.int32]) -> dict[str, int]:
        """How many of these rows lie in each province, as country code, tab, name; those without one by country."""
        wide = len(self.vocabulary.admin1s)
        key = self.spots["country"].astype(np.int64) * wide + self.spots["admin1"]
        counts = np.bincount(key, weights=self._counted("spot", rows))
        found = np.flatnonzero(counts)
        words = self.vocabulary
        told = {f"{words.countries[k // wide]}\t{words.admin1s[k % wide]}": int(counts[k]) for k in found.tolist()}
        return {name: n for name, n in told.items() if name != "\t"}

    def _facet(self, name: str, counts: NDArray[np.int64]) -> dict[str, int]:
        """How many of each choice of a dimension there are, given how many of each entry of its family's table."""
        words = self._words(name)
        totals = np.zeros(len(words), np.int64)
        family, column = _FACETS[name]
        if column:
            np.add.at(totals, self._table(family)[column], counts)
        else:
            for code in np.flatnonzero(counts).tolist():
                totals[list(self.vocabulary.outlet_sets[code])] += counts[code]
        return {word: n for word, n in zip(words, totals.tolist(), strict=True) if n and word}

    def listing(self, rows: NDArray[np.int32]) -> pd.DataFrame:
        """These rows as a small table for lists: what the index knows of them, in words."""
        words = self.vocabulary
        days = [_days(self.told(name, rows)) for name in ("first", "last")]
        return pd.DataFrame(
            {
                "event_id": [self.event_id(r) for r in rows],
                "type": [EVENT_TYPES[c] for c in self.told("type", rows)],
                "place": [words.names[c] for c in self.told("place", rows)],
                "country": [words.countries[c] or None for c in self.told("country", rows)],
                "admin1": [words.admin1s[c] or None for c in self.told("admin1", rows)],
                "level": [LEVELS[c] for c in self.told("level", rows)],
                "first_day": days[0],
                "last_day": days[1],
                "confidence": self.told("confidence", rows).astype(float),
                "reports": self.told("reports", rows).astype(int),
                "status": [STATUSES[c] for c in self.told("status", rows)],
                "modality": [MODALITIES[c] for c in self.told("modality", rows)],
                "role": [ROLES[c] for c in self.told("role", rows)],
            }
        )


_FACETS: Final = {  # the column that holds a dimension's codes, and in which family's table; outlets stand in sets
    "types": ("kind", "type"),
    "levels": ("spot", "level"),
    "statuses": ("kind", "status"),
    "modalities": ("kind", "modality"),
    "roles": ("kind", "role"),
    "countries": ("spot", "country"),
    "admin1s": ("spot", "admin1"),
    "outlets": ("outlet_set", ""),
}
_FAMILIES: Final = {
    family: [name for name, (among, _) in _FACETS.items() if among == family]
    for family in ("spot", "kind", "outlet_set")
}


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a map in which some spots lie: the middle of their events, how many, and whether all at one point.

    `of_spot` is the cell of each spot.
    """

    of_spot: NDArray[np.int64]
    x: NDArray[np.uint32]
    y: NDArray[np.uint32]
    count: NDArray[np.int64]
    one_spot: NDArray[np.uint8]

    @classmethod
    def of(cls, x: NDArray[np.uint32], y: NDArray[np.uint32], counts: NDArray[np.int64], zoom: int) -> _Cells:
        """The cells at a zoom of spots at these positions, which have so many events each."""
        key, size = _gridded(x, y, zoom)
        full = np.bincount(key, minlength=size) > 0
        cell = _of(np.cumsum(full) - 1, key)
        count = np.bincount(cell, weights=counts)
        some_x, some_y = np.empty((2, len(count)), np.uint32)
        some_x[cell], some_y[cell] = x, y
        elsewhere = np.bincount(cell[(_of(some_x, cell) != x) | (_of(some_y, cell) != y)], minlength=len(count))
        return cls(
            of_spot=cell,
            x=(np.bincount(cell, weights=x * counts) / count).astype(np.uint32),
            y=(np.bincount(cell, weights=y * counts) / count).astype(np.uint32),
            count=count.astype(np.int64),
            one_spot=(elsewhere == 0).astype(np.uint8),
        )


def _parts(rows: NDArray[np.int32], least: int = 0) -> Iterator[NDArray[np.int32]]:
    """Rows in parts of a size that is good for the cache, and of at least so many."""
    size = max(least, _PART)
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _joined(parts: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Rows in one piece; a single piece is not copied."""
    full = [part for part in parts if len(part)]
    if len(full) == 1:
        return full[0]
    return np.concatenate(full) if full else np.empty(0, np.int32)


def _at(column: NDArray[Any], rows: NDArray[np.int32]) -> NDArray[Any]:
    """A column at these rows, which ascend: where they follow each other, as in a range of days, nothing is copied."""
    if len(rows) and int(rows[-1]) - int(rows[0]) == len(rows) - 1:
        return column[rows[0] : rows[-1] + 1]
    return _of(column, rows)


def _of(table: NDArray[Any], codes: NDArray[Any]) -> NDArray[Any]:
    """What a table says of each of these codes; they are in its range, and not to check that takes half the time."""
    return table.take(codes, mode="clip")


def _raw(event_ids: Iterable[str]) -> NDArray[np.bytes_]:
    return np.array([event_id.encode() for event_id in event_ids], dtype="S")


def keys_of(ids: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """A 64-bit key for each event_id: the same on every machine, so that it may stand in a link."""
    from pandas.util import hash_array

    made = np.empty(len(ids), np.uint64)
    for at in range(0, len(ids), _KEYS_PART):  # as objects a million ids would take 100 MB for a moment
        part = np.array([event_id.decode() for event_id in ids[at : at + _KEYS_PART].tolist()], dtype=object)
        made[at : at + _KEYS_PART] = hash_array(part, categorize=False)
    return made


def _usual_span(first: NDArray[np.int32]) -> tuple[int, int]:
    """From the first day to the last; where a few very old events would press all others together, without them."""
    start, early, end = int(first[0]), int(first[1]), int(first[2])
    return (early, end) if end - early < (end - start) / 3 else (start, end)


def _widths() -> Sequence[int]:
    return [1, 7, *(7 * 2**n for n in range(1, 20))]


def _days(numbers: NDArray[np.int32]) -> list[date | None]:
    return [day_of(n) if abs(int(n)) < UNDATED else None for n in numbers]


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


class _Codes:
    """Turns slim tables into columns of codes, and keeps what the codes stand for."""

    def __init__(self, index: Index) -> None:
        words = index.vocabulary
        self._places, self._countries, self._admin1s, self._outlets = (
            {word: code for code, word in enumerate(known)}
            for known in (words.places, words.countries, words.admin1s, words.outlets)
        )
        self._names = dict(enumerate(words.names))
        self._outlet_sets = {outlets: code for code, outlets in enumerate(words.outlet_sets)}
        self._spots, self._kinds = (
            {entry: code for code, entry in enumerate(_entries(table))} for table in (index.spots, index.kinds)
        )

    def vocabulary(self) -> Vocabulary:
        """The words behind the codes."""
        return Vocabulary(
            places=tuple(self._places),
            names=tuple(self._names[code] for code in range(len(self._places))),
            countries=tuple(self._countries),
            admin1s=tuple(self._admin1s),
            outlets=tuple(self._outlets),
            outlet_sets=tuple(self._outlet_sets),
        )

    def tables(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The spots and the kinds behind the codes."""
        return np.frombuffer(b"".join(self._spots), _SPOT), np.frombuffer(b"".join(self._kinds), _KIND)

    def columns(self, part: pd.DataFrame) -> dict[str, NDArray[Any]]:
        """The columns of a slim table."""
        ids = _raw(part["event_id"])
        raw: dict[str, Any] = {
            "id": ids,
            "key": keys_of(ids),
            "spot": _coded(_entries(self._where(part)), self._spots),
            "kind": _coded(_entries(_kinds(part)), self._kinds),
            "outlet_set": _coded(self._outlet_codes(part["outlets"]), self._outlet_sets),
            "first": np.nan_to_num(part["first_day"].to_numpy(dtype=float), nan=UNDATED),
            "last": np.nan_to_num(part["last_day"].to_numpy(dtype=float), nan=-UNDATED),
            "confidence": part["confidence"],
            "since": part["since"],
            "reports": np.minimum(part["report_count"], np.iinfo(np.uint16).max),
        }
        return {n: ids if n == "id" else np.asarray(raw[n]).astype(dtype) for n, dtype in _COLUMNS.items()}

    def _where(self, part: pd.DataFrame) -> NDArray[Any]:
        lon, lat = (part[name].to_numpy(dtype=float) for name in ("lon", "lat"))
        made = np.zeros(len(part), _SPOT)
        made["placed"] = placed = ~np.isnan(lon) & (part["level"] != "country").to_numpy()
        made["x"], made["y"] = project(np.where(placed, lon, 0.0), np.where(placed, lat, 0.0))
        made["place"] = place = _coded(part["place_id"], self._places)
        self._names |= dict(zip(place.tolist(), map(str, part["place"]), strict=True))
        made["radius"] = part["radius_km"]
        made["level"] = pd.Categorical(part["level"], categories=LEVELS).codes
        for name, known in (("country", self._countries), ("admin1", self._admin1s)):
            made[name] = _coded((word if isinstance(word, str) else "" for word in part[name]), known)
        return made

    def _outlet_codes(self, lists: Iterable[Iterable[str]]) -> Iterator[tuple[int, ...]]:
        known = self._outlets
        return (tuple(sorted({known.setdefault(str(name), len(known)) for name in names})) for names in lists)


def _kinds(part: pd.DataFrame) -> NDArray[Any]:
    made = np.zeros(len(part), _KIND)
    for name, words in (("type", EVENT_TYPES), ("status", STATUSES), ("modality", MODALITIES), ("role", ROLES)):
        made[name] = pd.Categorical(part[name], categories=words).codes
    return made


def _entries(table: NDArray[Any]) -> list[bytes]:
    """The entries of a table, as bytes that can be compared."""
    return table.view(f"V{table.dtype.itemsize}").tolist()  # type: ignore[no-any-return]


def _coded(words: Iterable[Hashable], known: dict[Any, int]) -> NDArray[np.uint32]:
    """The codes of words, by a dictionary that learns the new ones."""
    return np.fromiter((known.setdefault(word, len(known)) for word in words), np.uint32)
