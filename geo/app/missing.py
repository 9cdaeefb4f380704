"""What the store has no events of: reports that yielded none, and days on which nothing was published."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from geo.store.rows import report_in
from geo.store.schema import claims, reports

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.records import Report
    from geo.store import Store

_DAY: Final = 86_400_000_000  # microseconds


def without_events(store: Store, *, limit: int) -> list[Report]:
    """The reports that stand behind no event, latest published first, undated ones last; erased ones left out."""
    told = exists().where(claims.c.report == reports.c.id, claims.c.event.is_not(None))
    chosen = (
        select(reports)
        .where(~told, reports.c.successor.is_(None), ~reports.c.erased)
        .order_by(reports.c.published.is_(None), reports.c.published.desc(), reports.c.id)
        .limit(limit)
    )
    with store.home.reading() as conn:
        return [report_in(row) for row in conn.execute(chosen).mappings()]


def published_days(store: Store) -> list[date]:
    """The days (UTC) on which any report was published, in their order."""
    day = reports.c.published // _DAY
    with store.home.reading() as conn:
        found = conn.execute(select(day).where(reports.c.published.is_not(None)).distinct().order_by(day)).scalars()
        return [date(1970, 1, 1) + timedelta(days=int(n)) for n in found]


def gaps(days: Iterable[date]) -> list[tuple[date, date]]:
    """The spans of days without any report, longest first.

    >>> gaps([date(2022, 11, 1), date(2022, 11, 4)])
    [(datetime.date(2022, 11, 2), datetime.date(2022, 11, 3))]
    """
    one = timedelta(days=1)
    found = [(a + one, b - one) for a, b in pairwise(sorted(set(days))) if b - a > one]
    return sorted(found, key=lambda span: span[0] - span[1])
