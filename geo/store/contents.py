"""What a store holds, as one hash: equal for two stores that hold the same, in whatever order it came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from geo.store.rows import dumps
from geo.store.schema import claim_mentions, claims, events, mentions, pairs, places, reports, skips, timexes

_OURS: Final = frozenset({"id", "report", "place_row", "event", "since", "run", "successor", "mention", "claim"})


def digest(conn: Connection) -> str:
    """SHA-256 (hex) of all reports, what they yielded, events and decisions, without row ids, times and versions."""
    keys: dict[int, str] = dict(conn.execute(select(places.c.id, places.c.key)).all())
    whole = hashlib.sha256()
    for name, chosen in _parts():
        for row in _rows(conn, chosen, keys):
            whole.update(f"{name}{row}\n".encode())
    return whole.hexdigest()


def _parts() -> Iterator[tuple[str, Select[Any]]]:
    report, claim = reports.c.report_id, claims.c.claim_id
    of_report = mentions.join(reports)
    yield "report", select(*_told(reports)).order_by(report)
    yield "mention", select(report, *_told(mentions)).select_from(of_report).order_by(report, mentions.c.ord)
    chosen = select(report, mentions.c.ord.label("of"), *_told(skips)).select_from(skips.join(of_report))
    yield "skip", chosen.order_by(report, mentions.c.ord)
    chosen = select(report, *_told(timexes)).select_from(timexes.join(reports))
    yield "timex", chosen.order_by(report, timexes.c.ord)
    chosen = select(report, events.c.event_id, *_told(claims)).select_from(claims.join(reports).outerjoin(events))
    yield "claim", chosen.order_by(claim)
    chosen = select(claim, mentions.c.ord.label("of"), *_told(claim_mentions))
    chosen = chosen.select_from(claim_mentions.join(claims).join(mentions, mentions.c.id == claim_mentions.c.mention))
    yield "rest", chosen.order_by(claim, claim_mentions.c.ord)
    chosen = select(places.c.key.label("of"), *_told(events)).select_from(events.outerjoin(places))
    yield "event", chosen.order_by(events.c.event_id)
    yield "pair", select(pairs).order_by(pairs.c.a, pairs.c.b)


def _told(table: Any) -> list[Any]:
    return [c for c in table.c if c.name not in _OURS]


def _rows(conn: Connection, chosen: Select[Any], keys: dict[int, str]) -> Iterator[str]:
    with conn.execution_options(yield_per=5000).execute(chosen) as told:
        for row in told.mappings():
            yield dumps({name: _outside(name, value, keys.__getitem__) for name, value in row.items()})


def _outside(name: str, value: Any, key: Callable[[int], str]) -> Any:
    """A value without row ids: places are told by their hash."""
    if name == "place" and isinstance(value, int):
        return key(value)
    if name == "runners_up":
        return [[key(p), *rest] for p, *rest in json.loads(value)]
    if name == "body" and value is not None:
        return {n: _outside(n, v, key) for n, v in json.loads(value).items()}
    return value
