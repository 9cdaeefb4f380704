"""Answers of geocoding services, kept so that nobody is asked twice."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from geo.store import rows
from geo.store.schema import geocoder_cache


def get(conn: Connection, provider: str, query: str) -> tuple[str, datetime] | None:
    """The answer and when it was fetched (UTC), None where there is none."""
    chosen = select(geocoder_cache.c.answer, geocoder_cache.c.fetched)
    row = conn.execute(chosen.where(*_one(provider, query))).first()
    return None if row is None else (row.answer, rows.instant_in(row.fetched) or rows.EPOCH)


def put(conn: Connection, provider: str, query: str, answer: str) -> None:
    """Keep an answer in the place of an older one."""
    conn.execute(delete(geocoder_cache).where(*_one(provider, query)))
    fetched = rows.instant_out(datetime.now(UTC))
    conn.execute(insert(geocoder_cache).values(provider=provider, query=query, answer=answer, fetched=fetched))


def _one(provider: str, query: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return geocoder_cache.c.provider == provider, geocoder_cache.c.query == query
