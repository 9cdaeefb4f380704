"""A Filter as SQL, and rows as the events table: the same meaning as `Filter.mask`, by columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from math import cos, radians
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)

from geo import events as table
from geo.filters import EVERYTHING, Filter
from geo.store import words
from geo.store.rows import dumps
from geo.store.schema import CELL, LONG, USUAL_DAYS, changes, events, past_events
from geo.words import cut

EPOCH: Final = date(1970, 1, 1)
SMALL_BOX: Final = 4.0  # square degrees: below, the spatial index wins; above, it costs (measured at 1 M events)
MARGIN: Final = 1e-9
KM_PER_DEGREE: Final = 111.19
CHUNK: Final = 20_000
_KINDS: Final = {
    "str": pa.large_string(),
    "float64": pa.float64(),
    "int64": pa.int64(),
    "Int64": pa.int64(),
    table.DAY: pa.int64(),
    table.INSTANT: pa.int64(),
    "object": pa.large_string(),
}
_ARRIVAL: Final = events.c.id + 0  # an expression, or SQLite would read the whole table in this order
_LISTS: Final = frozenset({"reports", "outlets"})


def columns(conn: Connection, names: Sequence[str], *, part: int) -> Iterator[pd.DataFrame]:
    """Some columns of all events as they are kept, `part` rows at a time; JSON lists as tuples."""
    chosen = select(*(events.c[name] for name in names))
    for told in conn.execution_options(yield_per=part).execute(chosen).partitions(part):
        made: dict[str, Sequence[Any]] = dict(zip(names, zip(*told, strict=True), strict=True))
        made |= {name: [_shared(one) for one in made[name]] for name in _LISTS & made.keys()}
        yield pd.DataFrame(made, copy=False)


@lru_cache(maxsize=100_000)
def _shared(told: str) -> tuple[str, ...]:
    """A JSON list of texts, made once however many rows have it."""
    return tuple(_listed(told))


def where(conn: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions of a filter on `events`; a polygon or a circle is only its box here (see `narrowed`)."""
    found = [*_days(conn, wanted), *_space(conn, wanted), *_words(conn, wanted.words)]
    for column, among in (
        (events.c.country, wanted.countries),
        (events.c.admin1, wanted.admin1s),
        (events.c.type, wanted.types),
        (events.c.level, wanted.levels),
        (events.c.status, wanted.statuses),
        (events.c.modality, wanted.modalities),
        (events.c.role, wanted.roles),
    ):
        if among:
            found.append(column.in_(among))
    if wanted.outlets:
        found.append(or_(*(_lists(conn, outlet) for outlet in wanted.outlets)))
    if wanted.min_confidence > 0:
        found.append(events.c.confidence >= wanted.min_confidence)
    return found


def _days(conn: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.first_day is None and wanted.last_day is None:
        return []
    first, last = events.c.first_day, events.c.last_day
    begins, ends = (first, last) if wanted.mode == "surely" else (last, first)
    inside: list[ColumnElement[bool]] = []
    if wanted.first_day is not None:
        day = (wanted.first_day - EPOCH).days
        inside.append(begins >= day)
        if wanted.mode == "possibly":  # the index is by first day: no need to start with the oldest
            inside.append(first >= day - _longest(conn))
    if wanted.last_day is not None:
        inside.append(ends <= (wanted.last_day - EPOCH).days)
    both = and_(*inside)
    return [or_(both, first.is_(None) & last.is_(None)) if wanted.undated else both]


def _longest(conn: Connection) -> int:
    """The most days that any event spans, less one."""
    long = conn.execute(select(func.max(events.c.last_day - events.c.first_day)).where(LONG)).scalar()
    return max(USUAL_DAYS, long or 0)


def _space(conn: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.box is not None:
        found += _box(conn, wanted.box)
    if wanted.polygon:
        lons, lats = zip(*wanted.polygon, strict=True)
        found += _box(conn, (min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN))
    if wanted.around is not None:
        found += _box(conn, _circle(*wanted.around))
    return found


def _circle(lon: float, lat: float, km: float) -> tuple[float, float, float, float]:
    tall = km / KM_PER_DEGREE * 1.001 + MARGIN
    south, north = lat - tall, lat + tall
    if south <= -89 or north >= 89:
        return (-180.0, south, 180.0, north)
    wide = tall / cos(radians(max(abs(south), abs(north)))) * 1.001
    if wide >= 180:
        return (-180.0, south, 180.0, north)
    west, east = lon - wide, lon + wide
    return (west + 360 if west < -180 else west, south, east - 360 if east > 180 else east, north)


def _box(conn: Connection, box: tuple[float, float, float, float]) -> list[ColumnElement[bool]]:
    west, south, east, north = box
    lon, lat = events.c.lon, events.c.lat
    across = west > east
    inside = [or_(lon >= west, lon <= east) if across else lon.between(west, east), lat.between(south, north)]
    if across or (east - west) * (north - south) > SMALL_BOX:
        return inside
    if conn.dialect.name == "sqlite":
        return [literal_column(CELL).in_(_cells(*box)), *inside]
    # GiST keeps float32 boxes, of which it may find too few: ask a little more, then exactly
    envelope = func.st_makeenvelope(west - 1e-4, south - 1e-4, east + 1e-4, north + 1e-4, 4326)
    return [func.st_setsrid(func.st_makepoint(lon, lat), 4326).op("&&")(envelope), *inside]


def _cells(west: float, south: float, east: float, north: float) -> list[int]:
    """The numbers, as CELL gives them, of the cells of a quarter of a degree that a box touches."""
    lines = range(int((south + 90) * 4), int((north + 90) * 4) + 1)
    columns = range(int((west + 180) * 4), int((east + 180) * 4) + 1)
    return [line * 1440 + column for line in lines for column in columns]


def _words(conn: Connection, wanted: str) -> list[ColumnElement[bool]]:
    """Each word begins a word of title, quote or name, or of a report that the event rests on."""
    found: list[ColumnElement[bool]] = []
    for word in dict.fromkeys(cut(wanted)):
        terms: BindParameter[str] = bindparam("terms", words.query(conn, word), unique=True)
        either = (
            f"{words.matching(conn, 'event')} UNION ALL SELECT event FROM claims "
            f"WHERE event IS NOT NULL AND report IN ({words.matching(conn, 'report')})"
        )
        found.append(events.c.id.in_(text(either).bindparams(terms)))
    return found


def _lists(conn: Connection, name: str) -> ColumnElement[bool]:
    inner = dumps(name)
    return or_(_stands(conn, events.c.outlets, f"[{inner}"), _stands(conn, events.c.outlets, f",{inner}"))


def _stands(conn: Connection, column: Any, piece: str) -> ColumnElement[bool]:
    return (func.instr if conn.dialect.name == "sqlite" else func.strpos)(column, literal(piece)) > 0


def narrowed(wanted: Filter) -> Filter | None:
    """What of a filter SQL did not say exactly: polygon and circle; None where nothing is left."""
    if not wanted.polygon and wanted.around is None:
        return None
    return replace(EVERYTHING, polygon=wanted.polygon, around=wanted.around)


def load(conn: Connection, wanted: Filter, *, limit: int | None = None) -> gpd.GeoDataFrame:
    """The events that the filter selects, in the order in which they came to the store."""
    found = fetch(conn, where(conn, wanted), limit=None if narrowed(wanted) else limit)
    rest = narrowed(wanted)
    if rest is not None:
        found = rest(found)
        return found if limit is None else found.head(limit)
    return found


def fetch(conn: Connection, conditions: Sequence[Any], *, limit: int | None = None) -> gpd.GeoDataFrame:
    """The events table of the rows that meet the conditions, read in chunks of columns."""
    names = [c.name for c in table.COLUMNS]
    chosen = select(*(events.c[n] for n in names), events.c.lon, events.c.lat).order_by(events.c.id).limit(limit)
    if conditions:
        chosen = chosen.where(events.c.id.in_(select(events.c.id).where(*conditions)))
    kinds = [_KINDS[c.dtype] for c in table.COLUMNS] + [pa.float64(), pa.float64()]
    chunks = [
        [pa.array(column, kind) for column, kind in zip(zip(*part, strict=True), kinds, strict=True)]
        for part in conn.execution_options(yield_per=CHUNK).execute(chosen).partitions(CHUNK)
    ]
    return framed(names, kinds, chunks)


def framed(names: Sequence[str], kinds: Sequence[Any], chunks: Sequence[Sequence[pa.Array]]) -> gpd.GeoDataFrame:
    """The events table from chunks of Arrow columns, `names` and then lon and lat."""
    whole = [
        pa.chunked_array([chunk[n] for chunk in chunks], kind) if chunks else pa.chunked_array([], kind)
        for n, kind in enumerate(kinds)
    ]
    columns: dict[str, Any] = {c.name: _column(c, whole[n]) for n, c in enumerate(table.COLUMNS)}
    lon, lat = (_numbers(column) for column in whole[len(names) :])
    columns["geometry"] = _points(lon, lat)
    return table.frame(columns)


def _points(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
    points = np.full(len(lon), None, dtype=object)
    placed = ~np.isnan(lon)
    points[placed] = shapely.points(lon[placed], lat[placed])
    return points


def _column(column: table.Column, told: pa.ChunkedArray) -> Any:
    if column.name in _LISTS:
        return [_listed(v) for v in told.to_pylist()]
    if column.dtype == table.DAY:
        days = told.cast(pa.int32()).cast(pa.date32()).to_numpy()
        return days.astype(table.DAY)
    if column.dtype == table.INSTANT:
        return pd.Series(told.cast(pa.timestamp("us", tz="UTC")).to_pandas())
    if column.dtype == "str":
        return pd.array(told.combine_chunks(), dtype="str")
    if column.dtype == "Int64":
        return pd.array(told.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), dtype="Int64")
    return told.to_numpy()


def _listed(told: str) -> list[str]:
    """A JSON list of texts; most hold nothing that needs a parser, which takes ten times as long."""
    if "\\" in told or len(told) < len('[""]'):
        found: list[str] = json.loads(told)
        return found
    return told[2:-2].split('","')


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def ids(conn: Connection, wanted: Filter) -> list[str]:
    """The event_ids that the filter selects, in the order in which they came to the store."""
    rest, conditions = narrowed(wanted), where(conn, wanted)
    if rest is None:
        return _ids_at_once(conn, conditions)
    chosen = select(events.c.event_id, events.c.lon, events.c.lat).where(*conditions).order_by(_ARRIVAL)
    found = conn.execute(chosen).all()
    lon, lat = (np.array([row[n] for row in found], dtype=np.float64) for n in (1, 2))
    keep = rest.mask(gpd.GeoDataFrame(geometry=_points(lon, lat), crs=table.CRS))
    return [row[0] for row, kept in zip(found, keep, strict=True) if kept]


def _ids_at_once(conn: Connection, conditions: Sequence[Any]) -> list[str]:
    """Ids as one JSON list: for the events of a year that takes half the time of rows that the database sorts."""
    whole = func.json_group_array if conn.dialect.name == "sqlite" else func.json_agg
    chosen = select(*(whole(column, type_=JSON) for column in (events.c.id, events.c.event_id))).where(*conditions)
    arrived, found = (column or [] for column in conn.execute(chosen).one())
    order = np.array(arrived, dtype=np.int64).argsort()
    in_order: list[str] = np.array(found, dtype=object)[order].tolist()
    return in_order


def as_of(conn: Connection, moment: int) -> gpd.GeoDataFrame:
    """The events table as it was at an instant (microseconds): states since replaced, and those that still stand."""
    version = conn.execute(select(func.max(changes.c.version)).where(changes.c.moment <= moment)).scalar() or 0
    still = fetch(conn, [events.c.since <= version])
    was = conn.execute(
        select(past_events.c.body)
        .where(past_events.c.since <= version, past_events.c.until > version, past_events.c.body.is_not(None))
        .order_by(past_events.c.event_id)
    ).scalars()
    names = [c.name for c in table.COLUMNS]
    kinds = [_KINDS[c.dtype] for c in table.COLUMNS] + [pa.float64(), pa.float64()]
    bodies = [json.loads(body) for body in was]
    if not bodies:
        return still
    columns = [pa.array([b[n] for b in bodies], kind) for n, kind in zip([*names, "lon", "lat"], kinds, strict=True)]
    past = framed(names, kinds, [columns])
    both = pd.concat([still, past], ignore_index=True) if len(still) else past
    return gpd.GeoDataFrame(both, crs=table.CRS)[list(table.NAMES)]
