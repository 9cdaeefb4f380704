"""Events from a table (GeoParquet, an export of ours) into the store, by columns: they come without their reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, select

from geo import events as table
from geo.store import words
from geo.store.reading import parts
from geo.store.rows import dumps
from geo.store.schema import events
from geo.store.writing import Writer

CHUNK: Final = 100_000
_LISTS: Final = frozenset({"reports", "outlets"})
_MISSING: Final = np.iinfo(np.int64).min


def chunks(told: gpd.GeoDataFrame) -> Iterator[gpd.GeoDataFrame]:
    """The table in parts of which each is one transaction."""
    for start in range(0, len(told), CHUNK):
        yield told.iloc[start : start + CHUNK]


def put(writer: Writer, told: gpd.GeoDataFrame) -> int:
    """Write those of these events whose event_id the store does not hold; how many they were."""
    told = told[~told["event_id"].isin(_held(writer.conn, told["event_id"].tolist()))]
    if not len(told):
        return 0
    first = writer.new_id(events)
    columns = columns_of(told) | {
        "id": range(first, first + len(told)),
        "since": [writer.version] * len(told),
        "origins": ["[]"] * len(told),
        "counts": ["[]"] * len(told),
        "day_words": [""] * len(told),
        "place_row": [None] * len(told),
    }
    names = [c.name for c in events.c]
    bulk(writer.conn, events, names, list(zip(*(columns[name] for name in names), strict=True)))
    three = zip(columns["title"], columns["quote"], columns["name"], strict=True)
    words.put_events(writer.conn, zip(columns["id"], map(" ".join, three), strict=True))
    writer.skip_ids(events, len(told) - 1)
    return len(told)


def _held(conn: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these event_ids that are there, asked in parts: databases take 32,766 or 65,535 parameters at most."""
    held: set[str] = set()
    if conn.execute(select(events.c.id).limit(1)).first() is None:
        return held
    for part in parts(ids):
        held.update(conn.execute(select(events.c.event_id).where(events.c.event_id.in_(part))).scalars())
    return held


def columns_of(told: gpd.GeoDataFrame) -> dict[str, Any]:
    """The columns of an events table as lists of what the database keeps."""
    found: dict[str, Any] = {c.name: _list(c, told[c.name]) for c in table.COLUMNS}
    for name, values in (("lon", told.geometry.x), ("lat", told.geometry.y)):
        found[name] = [None if v != v else v for v in values.tolist()]  # noqa: PLR0124 - NaN is not itself
    return found


def _list(column: table.Column, values: pd.Series[Any]) -> list[Any]:
    if column.name in _LISTS:
        return [_dumped(tuple(v)) for v in values]
    if column.dtype in (table.DAY, table.INSTANT):
        plain = values if column.dtype == table.DAY else values.dt.tz_convert(None)
        unit = "datetime64[D]" if column.dtype == table.DAY else "datetime64[us]"
        numbers = plain.to_numpy().astype(unit).astype(np.int64)
        return [None if n == _MISSING else n for n in numbers.tolist()]
    if column.nullable:
        return values.astype(object).where(values.notna(), None).tolist()
    return values.tolist()


@lru_cache(maxsize=10_000)
def _dumped(names: tuple[str, ...]) -> str:
    return dumps(names)


def bulk(conn: Connection, where: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write many rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    listed = ", ".join(f'"{name}"' for name in names)
    if conn.dialect.name == "sqlite":
        holes = ", ".join("?" * len(names))
        conn.exec_driver_sql(f"INSERT INTO {where.name} ({listed}) VALUES ({holes})", list(rows))
        return
    raw: Any = conn.connection.driver_connection
    with raw.cursor().copy(f"COPY {where.name} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
