"""Records to rows and back: every field there and back again, nothing guessed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from geo.errors import StoreError
from geo.events import row as table_row
from geo.records import Candidate, Claim, Count, Days, Event, Mention, Place, Report, Span, Timex

Row = dict[str, Any]
PlaceIn = Callable[[Place], int]
PlaceOut = Callable[[int], Place]

EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PLACE: Final = ("place_id", "name", "level", "lon", "lat", "radius_km", "country", "admin1", "admin2", "population")


def dumps(value: object) -> str:
    """JSON in one canonical form: keys sorted, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON of a value."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


def day_out(day: date | None) -> int | None:
    """Days since 1970-01-01."""
    return None if day is None else day.toordinal() - EPOCH_DAY


def day_in(number: int | None) -> date | None:
    """The day that so many days since 1970-01-01 are."""
    return None if number is None else date.fromordinal(number + EPOCH_DAY)


def instant_out(instant: datetime | None) -> int | None:
    """Microseconds since 1970-01-01 UTC."""
    return None if instant is None else (instant - EPOCH) // _MICROSECOND


def instant_in(number: int | None) -> datetime | None:
    """The UTC instant that so many microseconds since 1970-01-01 are."""
    return None if number is None else EPOCH + number * _MICROSECOND


def storable(words: Iterable[str], whose: str) -> None:
    """StoreError where a text cannot be kept: NUL characters and lone surrogates are no text to a database."""
    for text in words:
        if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise StoreError(
                f"{whose} holds characters that are no text (NUL or half a surrogate pair); clean it first"
            )


def report_hash(report: Report) -> str:
    """What makes a report the same report: its words, its day, its address and its outlet."""
    return digest([report.title, report.text, instant_out(report.published), report.url, report.source])


def report_out(report: Report) -> Row:
    """The columns of a report that come from its record."""
    return {
        "report_id": report.report_id,
        "title": report.title,
        "text": report.text,
        "published": instant_out(report.published),
        "url": report.url,
        "source": report.source,
        "language": report.language,
    }


def report_in(row: Mapping[Any, Any]) -> Report:
    """The report of a row."""
    return Report(
        report_id=row["report_id"],
        title=row["title"],
        text=row["text"],
        published=instant_in(row["published"]),
        url=row["url"],
        source=row["source"],
        language=row["language"],
    )


def place_out(place: Place) -> Row:
    """The columns of a place, with `key`, the hash of them all."""
    row: Row = {name: getattr(place, name) for name in _PLACE}
    row |= {"lon": float(place.lon), "lat": float(place.lat), "radius_km": float(place.radius_km)}
    row |= {"kind": place.kind, "parents": dumps(place.parents)}
    return row | {"key": digest(row)}


def place_in(row: Mapping[Any, Any]) -> Place:
    """The place of a row."""
    told = {name: row[name] for name in _PLACE}
    return Place(**told, kind=row["kind"], parents=tuple(json.loads(row["parents"])))


def days_out(days: Days) -> Row:
    """The five columns of days."""
    return {
        "first_day": day_out(days.first_day),
        "last_day": day_out(days.last_day),
        "date_basis": days.basis,
        "edtf": days.edtf,
        "day_words": days.words,
    }


def days_in(row: Mapping[Any, Any]) -> Days:
    """The days of five columns."""
    return Days(
        first_day=day_in(row["first_day"]),
        last_day=day_in(row["last_day"]),
        basis=row["date_basis"],
        edtf=row["edtf"],
        words=row["day_words"],
    )


def counts_out(counts: Sequence[Count]) -> str:
    """Counts as JSON."""
    return dumps([[c.kind, c.low, c.best, c.high, c.words, c.said_by] for c in counts])


def counts_in(told: str) -> tuple[Count, ...]:
    """Counts from JSON."""
    return tuple(
        Count(kind=kind, low=low, best=best, high=high, words=words, said_by=said_by)
        for kind, low, best, high, words, said_by in json.loads(told)
    )


def mention_out(mention: Mention, place: PlaceIn) -> Row:
    """The columns of a mention that come from its record."""
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "label": mention.label,
        "score": float(mention.score),
        "place": place(mention.place) if mention.place else None,
        "confidence": mention.confidence,
        "runners_up": dumps([[place(c.place), c.score, c.match, c.reason] for c in mention.runners_up]),
        "reason": mention.reason,
        "role": mention.role,
        "modality": mention.modality,
    }


def mention_in(row: Mapping[Any, Any], report_id: str, place: PlaceOut) -> Mention:
    """The mention of a row."""
    return Mention(
        report_id=report_id,
        field=row["field"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        label=row["label"],
        score=row["score"],
        place=None if row["place"] is None else place(row["place"]),
        confidence=row["confidence"],
        runners_up=tuple(
            Candidate(place=place(p), score=score, match=match, reason=reason)
            for p, score, match, reason in json.loads(row["runners_up"])
        ),
        reason=row["reason"],
        role=row["role"],
        modality=row["modality"],
    )


def mention_places(row: Mapping[Any, Any]) -> set[int]:
    """The row ids of the places that a mention row refers to."""
    found = {p for p, *_ in json.loads(row["runners_up"])}
    return found if row["place"] is None else found | {row["place"]}


def timex_out(timex: Timex) -> Row:
    """The columns of a date expression."""
    return {
        "field": timex.field,
        "start": timex.start,
        "end": timex.end,
        "text": timex.text,
        "type": timex.type,
        "value": timex.value,
        "days": None if timex.days is None else dumps(days_out(timex.days)),
    }


def timex_in(row: Mapping[Any, Any]) -> Timex:
    """The date expression of a row."""
    return Timex(
        field=row["field"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        type=row["type"],
        value=row["value"],
        days=None if row["days"] is None else days_in(json.loads(row["days"])),
    )


def claim_out(claim: Claim, place: PlaceIn) -> Row:
    """The columns of a claim that come from its record."""
    return {
        "claim_id": claim.claim_id,
        "place": place(claim.place),
        "type": claim.type,
        "subtype": claim.subtype,
        "trigger": claim.trigger,
        "role": claim.role,
        "modality": claim.modality,
        "confidence": float(claim.confidence),
        "said_by": claim.said_by,
        **days_out(claim.days),
        "quote_field": claim.quote.field,
        "quote_start": claim.quote.start,
        "quote_end": claim.quote.end,
        "quote": claim.quote.text,
        "counts": counts_out(claim.counts),
    }


def claim_in(row: Mapping[Any, Any], report_id: str, mentions: Sequence[Mention], place: PlaceOut) -> Claim:
    """The claim of a row, with its mentions."""
    return Claim(
        claim_id=row["claim_id"],
        report_id=report_id,
        place=place(row["place"]),
        mentions=tuple(mentions),
        days=days_in(row),
        type=row["type"],
        subtype=row["subtype"],
        trigger=row["trigger"],
        quote=Span(field=row["quote_field"], start=row["quote_start"], end=row["quote_end"], text=row["quote"]),
        role=row["role"],
        modality=row["modality"],
        confidence=row["confidence"],
        counts=counts_in(row["counts"]),
        said_by=row["said_by"],
    )


def event_out(event: Event, place: PlaceIn) -> Row:
    """The columns of an event: the events table's own, and what its record needs beside them."""
    row = table_row(event)
    point = row.pop("geometry")
    return {
        **row,
        **days_out(event.days),
        "radius_km": float(row["radius_km"]),
        "confidence": float(row["confidence"]),
        "published": instant_out(event.published),
        "reports": dumps(row["reports"]),
        "outlets": dumps(row["outlets"]),
        "lon": point.x if point is not None else None,
        "lat": point.y if point is not None else None,
        "place_row": place(event.place),
        "origins": dumps(event.origins),
        "counts": counts_out(event.counts),
    }


def event_in(row: Mapping[Any, Any], claims: Sequence[Claim], place: Place) -> Event:
    """The event of a row, with its claims."""
    return Event(
        event_id=row["event_id"],
        title=row["title"],
        type=row["type"],
        subtype=row["subtype"],
        trigger=row["trigger"],
        modality=row["modality"],
        place=place,
        days=days_in(row),
        confidence=row["confidence"],
        claims=tuple(claims),
        origins=tuple(tuple(origin) for origin in json.loads(row["origins"])),
        counts=counts_in(row["counts"]),
        status=row["status"],
        published=instant_in(row["published"]),
        outlets=tuple(json.loads(row["outlets"])),
    )
