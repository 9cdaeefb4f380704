"""Events from a table (GeoParquet, an export of ours) into the store, by columns: they come without their reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table, select

from geo import events as table
from geo.errors import TableError
from geo.store import words
from geo.store.reading import parts
from geo.store.rows import dumps
from geo.store.schema import events
from geo.store.writing import Writer

CHUNK: Final = 100_000
_LISTS: Final = frozenset({"reports", "outlets"})
_ESCAPED: Final = r'["\\\x00-\x1f]'  # what JSON does not hold as it is
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
    # A None takes long to bind: columns that hold nothing else are left out.
    names = [c.name for c in events.c if any(value is not None for value in columns[c.name])]
    bulk(writer.conn, events, names, zip(*(columns[name] for name in names), strict=True))
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
        found[name] = values.astype(object).where(values.notna(), None).tolist()
    return found


def _list(column: table.Column, values: pd.Series[Any]) -> list[Any]:
    if column.name in _LISTS:
        try:
            return _dumped(pa.array(values, pa.list_(pa.string())))
        except pa.ArrowException as error:
            raise TableError(f"the column {column.name} must hold lists of texts: {error}") from error
    if column.dtype in (table.DAY, table.INSTANT):
        plain = values if column.dtype == table.DAY else values.dt.tz_convert(None)
        unit = "datetime64[D]" if column.dtype == table.DAY else "datetime64[us]"
        numbers = plain.to_numpy().astype(unit).astype(np.int64)
        return [None if n == _MISSING else n for n in numbers.tolist()]
    if column.nullable:
        return values.astype(object).where(values.notna(), None).tolist()
    return values.tolist()


def _dumped(lists: pa.ListArray) -> list[str]:
    """Each list of texts as `dumps` writes it; most hold nothing to escape, and then a column is joined at once."""
    if pc.any(pc.match_substring_regex(lists.flatten(), _ESCAPED)).as_py():
        return [dumps(texts) for texts in lists.to_pylist()]
    joined = pc.binary_join_element_wise('["', pc.binary_join(lists, '","'), '"]', "")
    found: list[str] = pc.if_else(pc.equal(pc.list_value_length(lists), 0), "[]", joined).to_pylist()
    return found


def bulk(conn: Connection, where: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    listed = ", ".join(f'"{name}"' for name in names)
    if conn.dialect.name == "sqlite":
        statement = f"INSERT INTO {where.name} ({listed}) VALUES ({', '.join('?' * len(names))})"
        for part in parts(rows, words.AT_ONCE):
            conn.exec_driver_sql(statement, part)
        return
    raw: Any = conn.connection.driver_connection
    with raw.cursor().copy(f"COPY {where.name} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
