"""Read records back from the tables: reports with all that they yielded, and events with their claims."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from geo.errors import NotFound
from geo.records import Claim, Event, Extraction, Mention, Place, Report, Skip, Span
from geo.store import rows
from geo.store.schema import claim_mentions, claims, events, mentions, past_events, places, reports, skips, timexes

MANY: Final = 5000


def parts(values: Iterable[Any], size: int = MANY) -> Iterator[list[Any]]:
    """The values in lists that a database takes as parameters."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


class Reader:
    """Reads within one transaction, so that all it tells is of one moment."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._places: dict[int, Place] = {}

    def place(self, row_id: int) -> Place:
        """The place of a row id."""
        if row_id not in self._places:
            self.fetch_places([row_id])
        return self._places[row_id]

    def fetch_places(self, row_ids: Iterable[int]) -> None:
        """Read these places at once, so that `place` need not ask one by one."""
        for part in parts(set(row_ids) - self._places.keys()):
            for row in self.conn.execute(select(places).where(places.c.id.in_(part))).mappings():
                self._places[row["id"]] = rows.place_in(row)

    def report_row(self, report_id: str) -> RowMapping:
        """The row of a report; NotFound where there is none."""
        row = self.conn.execute(select(reports).where(reports.c.report_id == report_id)).mappings().first()
        if row is None:
            raise NotFound(f"there is no report {report_id!r} in this store")
        return row

    def reports(self, report_ids: Iterable[str]) -> dict[str, Report]:
        """Reports by id; those that are not there are left out."""
        found = {}
        for part in parts(set(report_ids)):
            for row in self.conn.execute(select(reports).where(reports.c.report_id.in_(part))).mappings():
                found[row["report_id"]] = rows.report_in(row)
        return found

    def extraction(self, report_id: str) -> Extraction:
        """One report with all that it yielded."""
        report = self.report_row(report_id)
        found = self._mentions(mentions.c.report == report["id"])
        by_row = {row["id"]: mention for row, mention in found}
        told = self.conn.execute(select(timexes).where(timexes.c.report == report["id"]).order_by(timexes.c.ord))
        set_aside = self.conn.execute(
            select(skips).join(mentions).where(mentions.c.report == report["id"]).order_by(skips.c.ord)
        ).mappings()
        return Extraction(
            report=rows.report_in(report),
            mentions=tuple(by_row.values()),
            timexes=tuple(rows.timex_in(row) for row in told.mappings()),
            claims=tuple(c for _, c in self._claims(claims.c.report == report["id"], claims.c.ord)),
            skips=tuple(
                Skip(mention=self._version(s["body"], by_row[s["mention"]]), reason=s["reason"]) for s in set_aside
            ),
        )

    def events(self, row_ids: Iterable[int]) -> dict[int, Event]:
        """Events by row id, with their claims."""
        found: dict[int, Event] = {}
        for part in parts(row_ids):
            told = self.conn.execute(select(events).where(events.c.id.in_(part)).order_by(events.c.id)).mappings().all()
            held: dict[int, list[Claim]] = defaultdict(list)
            for row, claim in self._claims(claims.c.event.in_(part), claims.c.event_ord):
                held[row["event"]].append(claim)
            self.fetch_places(row["place_row"] for row in told if row["place_row"] is not None)
            for row in told:
                found[row["id"]] = self._event(row, held[row["id"]])
        return found

    def event(self, event_id: str) -> Event:
        """One event with its claims, under its id or one that it had before it was merged; NotFound where none is."""
        row_id = self.conn.execute(select(events.c.id).where(events.c.event_id == event_id)).scalar()
        if row_id is None:
            row_id = self._merged_into(event_id)
        if row_id is None:
            raise NotFound(f"there is no event {event_id!r} in this store")
        return self.events([row_id])[row_id]

    def _merged_into(self, event_id: str) -> int | None:
        """The event that holds the first claim which one of this id had last."""
        past = select(past_events.c.body).where(past_events.c.event_id == event_id, past_events.c.body.is_not(None))
        body = self.conn.execute(past.order_by(past_events.c.until.desc()).limit(1)).scalar()
        if body is None:
            return None
        first = json.loads(body)["claims"][:1]
        found: int | None = self.conn.execute(select(claims.c.event).where(claims.c.claim_id.in_(first))).scalar()
        return found

    def claims(self, claim_ids: Iterable[str]) -> dict[str, Claim]:
        """Claims by id; those that are not there are left out."""
        found = {}
        for part in parts(claim_ids):
            for _, claim in self._claims(claims.c.claim_id.in_(part), claims.c.id):
                found[claim.claim_id] = claim
        return found

    def claims_of_reports(self, report_ids: Iterable[str]) -> list[Claim]:
        """All claims of these reports, but of those that a newer version has replaced."""
        found: list[Claim] = []
        for part in parts(sorted(report_ids)):
            told = self._claims(reports.c.report_id.in_(part) & reports.c.successor.is_(None), claims.c.report)
            found += [claim for _, claim in told]
        return found

    def _event(self, row: RowMapping, held: Sequence[Claim]) -> Event:
        if row["place_row"] is not None:
            return rows.event_in(row, held, self.place(row["place_row"]))
        place = self._imported_place(row)
        return rows.event_in(row, [_imported_claim(row, place)], place)

    def _imported_place(self, row: RowMapping) -> Place:
        if row["lon"] is not None:
            return Place(
                place_id=row["place_id"],
                name=row["place"],
                level=row["level"],
                lon=row["lon"],
                lat=row["lat"],
                radius_km=row["radius_km"] or 0.1,
                country=row["country"],
                admin1=row["admin1"],
            )
        known = self.conn.execute(select(places).where(places.c.place_id == row["place_id"])).mappings().first()
        if known is None:
            raise NotFound(f"event {row['event_id']!r} came from a table that does not say where {row['place']!r} lies")
        return rows.place_in(known)

    def _mentions(self, *where: Any) -> list[tuple[RowMapping, Mention]]:
        told = (
            self.conn.execute(
                select(mentions, reports.c.report_id)
                .join(reports)
                .where(*where)
                .order_by(mentions.c.report, mentions.c.ord)
            )
            .mappings()
            .all()
        )
        self.fetch_places({p for row in told for p in rows.mention_places(row)})
        return [(row, rows.mention_in(row, row["report_id"], self.place)) for row in told]

    def _claims(self, where: Any, order: Any) -> list[tuple[RowMapping, Claim]]:
        told = (
            self.conn.execute(
                select(claims, reports.c.report_id).join(reports).where(where).order_by(order, claims.c.id)
            )
            .mappings()
            .all()
        )
        self.fetch_places(row["place"] for row in told)
        rests = self._rests([row["id"] for row in told])
        return [(row, rows.claim_in(row, row["report_id"], rests[row["id"]], self.place)) for row in told]

    def _rests(self, claim_rows: Sequence[int]) -> dict[int, list[Mention]]:
        links: list[RowMapping] = []
        for part in parts(claim_rows):
            chosen = select(claim_mentions).where(claim_mentions.c.claim.in_(part))
            links += self.conn.execute(chosen.order_by(claim_mentions.c.claim, claim_mentions.c.ord)).mappings()
        found: dict[int, Mention] = {}
        for part in parts({link["mention"] for link in links}):
            found |= {row["id"]: mention for row, mention in self._mentions(mentions.c.id.in_(part))}
        rests: dict[int, list[Mention]] = defaultdict(list)
        for link in links:
            rests[link["claim"]].append(self._version(link["body"], found[link["mention"]]))
        return rests

    def _version(self, body: str | None, mention: Mention) -> Mention:
        return mention if body is None else rows.mention_in(json.loads(body), mention.report_id, self.place)


def _imported_claim(row: Mapping[Any, Any], place: Place) -> Claim:
    quote = row["quote"] or row["name"] or row["place"] or row["title"]
    name = row["name"] if row["name"] and row["name"] in quote else quote
    at = quote.index(name)
    mention = Mention(report_id=row["report_id"], field="text", start=at, end=at + len(name), text=name, place=place)
    return Claim(
        claim_id=f"{row['event_id']}:imported",
        report_id=row["report_id"],
        place=place,
        mentions=(mention,),
        days=rows.days_in(row),
        type=row["type"],
        subtype=row["subtype"],
        trigger=row["trigger"],
        quote=Span(field="text", start=0, end=len(quote), text=quote),
        modality=row["modality"],
        role=row["role"],
        confidence=row["confidence"],
    )
