"""Lists of reports as they stand: all, those with some words, those without an event, and the days they came out.

And the events that some words lead to, best first.
A version that a newer one has replaced, and a report whose words were erased, are kept but listed nowhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, exists, func, not_, select

from geo.records import Report
from geo.store import rows, words
from geo.store.schema import claims, events, log_touched, reports
from geo.store.selecting import EPOCH

_LATEST: Final = (reports.c.published.is_(None), reports.c.published.desc(), reports.c.id)
CURRENT: Final = (reports.c.successor.is_(None), reports.c.erased.is_(False))
# The row ids of all others, found by the log, which speaks of each: whether a report is one stands behind its text.
_SPOKEN_OF: Final = select(func.substr(log_touched.c.record, 8)).where(log_touched.c.record.startswith("report:"))
PAST: Final = select(reports.c.id).where(reports.c.report_id.in_(_SPOKEN_OF), not_(and_(*CURRENT)))
_DAY: Final = 86_400_000_000  # microseconds


def latest(conn: Connection, *, limit: int | None, offset: int) -> list[Report]:
    """The reports, latest published first, undated ones last."""
    return _told(conn, select(reports).where(*CURRENT).order_by(*_LATEST).limit(limit).offset(offset))


def search(conn: Connection, wanted: str, *, limit: int) -> list[Report]:
    """The reports that hold all these words, best first."""
    ranked = words.ranked(conn, "report", wanted, limit)
    chosen = select(reports).where(reports.c.id.in_(ranked), *CURRENT)
    told = {r["id"]: rows.report_in(r) for r in conn.execute(chosen).mappings()}
    return [told[row_id] for row_id in ranked if row_id in told]


def best(conn: Connection, wanted: str, *, limit: int) -> list[str]:
    """The event_ids that the words lead to, best first: those that say them, then those whose reports do."""
    at = {report: n for n, report in enumerate(words.ranked(conn, "report", wanted, limit))}
    chosen = select(claims.c.report, claims.c.event).where(claims.c.report.in_(at), claims.c.event.is_not(None))
    through = sorted(conn.execute(chosen.distinct()).all(), key=lambda told: (at[told.report], told.event))
    found = dict.fromkeys([*words.ranked(conn, "event", wanted, limit), *(told.event for told in through)])
    ids: dict[int, str] = dict(conn.execute(select(events.c.id, events.c.event_id).where(events.c.id.in_(found))).all())
    return [ids[event] for event in found if event in ids][:limit]


def without_events(conn: Connection, *, limit: int | None) -> list[Report]:
    """The reports that stand behind no event, latest first."""
    told = exists().where(claims.c.report == reports.c.id, claims.c.event.is_not(None))
    chosen = select(reports).where(~told, *CURRENT)
    return _told(conn, chosen.order_by(*_LATEST).limit(limit))


def published_days(conn: Connection) -> list[date]:
    """The days (UTC) on which any report was published, in their order."""
    day = reports.c.published // _DAY
    found = conn.execute(select(day).where(reports.c.published.is_not(None)).distinct().order_by(day)).scalars()
    return [EPOCH + timedelta(days=int(n)) for n in found]


def _told(conn: Connection, chosen: Select[Any]) -> list[Report]:
    return [rows.report_in(row) for row in conn.execute(chosen).mappings()]
