"""Names across the store: which are in doubt, what people have decided of them, and where else the same name stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from geo.inbox import Aside, Doubt, Open, Standing
from geo.store.reading import Reader
from geo.store.schema import claim_mentions, claims, events, mentions, reports, skips
from geo.taught import Decided

_REVIEWED: Final = ("accepted", "corrected")
_JOINED: Final = (
    mentions.join(reports, mentions.c.report == reports.c.id)
    .join(claim_mentions, and_(claim_mentions.c.mention == mentions.c.id, claim_mentions.c.ord == 0))
    .join(claims, claim_mentions.c.claim == claims.c.id)
    .join(events, claims.c.event == events.c.id)
)
_SHOWN: Final = (events.c.modality == "actual", events.c.role == "place")
_DOUBT: Final = 1 - func.coalesce(mentions.c.confidence, 0.0)


def doubts(conn: Connection, *, limit: int) -> list[Doubt]:
    """The names that events rest on and nobody has decided, by outlet, the most doubtful first."""
    open_ones = and_(mentions.c.decided.is_(None), *_SHOWN, events.c.status == "unreviewed")
    total = func.sum(_DOUBT)
    chosen = (
        select(
            mentions.c.text,
            reports.c.source,
            func.count().label("mentions"),
            func.count(mentions.c.report.distinct()).label("reports"),
            total.label("doubt"),
        )
        .select_from(_JOINED)
        .where(open_ones)
        .group_by(mentions.c.text, reports.c.source)
        .order_by(total.desc(), mentions.c.text)
        .limit(limit)
    )
    found = conn.execute(chosen).all()
    shown = _shown(conn, [row.text for row in found], open_ones)
    return [
        Doubt(
            name=row.text,
            outlet=row.source,
            event_id=shown[row.text, row.source],
            mentions=row.mentions,
            reports=row.reports,
            doubt=float(row.doubt),
        )
        for row in found
    ]


def _shown(conn: Connection, names: Sequence[str], open_ones: ColumnElement[bool]) -> dict[tuple[str, str | None], str]:
    """For each name and outlet its most doubtful event."""
    chosen = (
        select(mentions.c.text, reports.c.source, events.c.event_id)
        .select_from(_JOINED)
        .where(open_ones, mentions.c.text.in_(names))
        .order_by(_DOUBT, events.c.id.desc())
    )
    return {(row.text, row.source): row.event_id for row in conn.execute(chosen)}


def unreviewed(conn: Connection, *, around: Sequence[float], limit: int) -> list[Open]:
    """Events that nobody has reviewed: those nearest to each threshold of confidence, and the least sure."""
    found: dict[str, float] = {}
    usual = (events.c.status == "unreviewed", *_SHOWN, events.c.place_row.is_not(None))
    for threshold in (0.0, *around):
        chosen = select(events.c.event_id, events.c.confidence).where(*usual)
        nearest = chosen.order_by(func.abs(events.c.confidence - threshold), events.c.id).limit(limit)
        found |= {row.event_id: row.confidence for row in conn.execute(nearest)}
    return [Open(event_id=event_id, confidence=confidence) for event_id, confidence in found.items()]


def standing(conn: Connection, names: Sequence[str], *, scope: Sequence[Any]) -> list[Standing]:
    """Where one of these spellings stands as the place of a claim, with what is believed of it now.

    `scope` is ("report", report_id), ("outlet", name or None) or ("everywhere",).
    """
    where = [mentions.c.text.in_(names)]
    if scope[0] == "report":
        where.append(reports.c.report_id == scope[1])
    elif scope[0] == "outlet":
        where.append(reports.c.source.is_(None) if scope[1] is None else reports.c.source == scope[1])
    columns = (
        events.c.event_id, events.c.title, events.c.status, claims.c.claim_id, claims.c.place, mentions.c.decided,
        reports.c.report_id, reports.c.title.label("headline"), reports.c.source,
    )  # fmt: skip
    told = conn.execute(select(*columns).select_from(_JOINED).where(*where).order_by(reports.c.id, claims.c.id)).all()
    reader = Reader(conn)
    reader.fetch_places(row.place for row in told)
    return [
        Standing(
            event_id=row.event_id,
            claim_id=row.claim_id,
            report_id=row.report_id,
            outlet=row.source,
            headline=row.headline or row.title,
            place=reader.place(row.place),
            status=row.status,
            decided=row.decided,
        )
        for row in told
    ]


def set_aside(conn: Connection, *, reason: str | None, words: str, limit: int) -> list[Aside]:
    """Names that made no event and why, of the latest reports first; of one reason, with some words in them."""
    where: list[ColumnElement[bool]] = [reports.c.erased.is_(False), reports.c.successor.is_(None)]
    if reason:
        where.append(skips.c.reason == reason)
    if words:
        where.append(mentions.c.text.icontains(words, autoescape=True))
    columns = (
        mentions.c.field, mentions.c.start, mentions.c.text, mentions.c.decided, skips.c.reason, reports.c.report_id,
        reports.c.source,
    )  # fmt: skip
    chosen = select(*columns).select_from(skips.join(mentions).join(reports)).where(*where)
    latest = chosen.order_by(reports.c.published.is_(None), reports.c.published.desc(), mentions.c.id).limit(limit)
    return [
        Aside(
            key=f"{row.field}:{row.start}:{row.report_id}", name=row.text, reason=row.reason, report_id=row.report_id,
            outlet=row.source, decided=row.decided,
        )
        for row in conn.execute(latest)
    ]  # fmt: skip


def decided(conn: Connection) -> list[Decided]:
    """The names whose place people have chosen, or have confirmed by accepting an event that rests on them."""
    told = or_(mentions.c.decided.is_not(None), events.c.status.in_(_REVIEWED))
    chosen = (
        select(
            mentions.c.id,
            mentions.c.text,
            mentions.c.decided,
            reports.c.source,
            func.min(claims.c.place).label("place"),
        )
        .select_from(_JOINED)
        .where(told, events.c.status != "rejected")
        .group_by(mentions.c.id, mentions.c.text, mentions.c.decided, reports.c.source)
        .order_by(mentions.c.id)
    )
    aside = (
        select(mentions.c.id, mentions.c.text, mentions.c.decided, reports.c.source, mentions.c.place)
        .select_from(mentions.join(reports).join(skips))
        .where(mentions.c.decided.is_not(None), mentions.c.place.is_not(None))
        .order_by(mentions.c.id)
    )
    rows = [*conn.execute(chosen), *conn.execute(aside)]
    reader = Reader(conn)
    reader.fetch_places(row.place for row in rows)
    return [Decided(name=row.text, outlet=row.source, place=reader.place(row.place)) for row in rows]
