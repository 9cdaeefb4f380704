"""Records to plain values and short phrases, for our routes and the panel; nothing here is HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.app import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from geo.records import Count, Days, Event, Extraction, Mention, Place, Report

FIRST_WORDS: Final = 80  # characters of a report without a title that stand for it


def report_called(report: Report) -> str:
    r"""What a report is called where one line stands for it: its title, or its first words; its id says nothing.

    >>> from geo.records import Report
    >>> report_called(Report(report_id="213590445de9acc1", text="Shells hit Kherson.\nTwo died."))
    'Shells hit Kherson. Two died.'
    """
    if report.title:
        return report.title
    first = " ".join(report.text[: 2 * FIRST_WORDS].split())
    return first if len(first) <= FIRST_WORDS else first[: FIRST_WORDS - 1] + "…"


def days_told(days: Days) -> str:
    """The days in words: one, a range, or that they are unknown.

    >>> from datetime import date
    >>> from geo.records import Days
    >>> days_told(Days(first_day=date(2022, 11, 10), last_day=date(2022, 11, 12), basis="stated"))
    '10–12 November 2022'
    """
    if days.first_day is None or days.last_day is None:
        return words.UNDATED_EVENT
    return span_told(days.first_day, days.last_day)


def span_told(first: date, last: date) -> str:
    """A span of days, as short as it can be said."""
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
    return f"{first.day} {first:%B %Y} – {last.day} {last:%B %Y}"


def place_told(place: Place, name_of: Callable[[str], str | None]) -> str:
    """A place with its parents, innermost first: "Kherson, Kherson Oblast, Ukraine"."""
    parents = [name for parent in place.parents if (name := name_of(parent))]
    return ", ".join(dict.fromkeys([place.name, *parents]))


def count_told(count: Count) -> str:
    """How many, in words: "7–10 killed", "at least 7 injured"; as the report says it where that names no figure.

    "Dozens of people were killed" is kept as 24 to 99, but nobody has said so.
    """
    kind = words.COUNT_WORDS[count.kind]
    if count.low is None and count.high is None:
        return f"{count.words} ({kind})"
    if count.low == count.high:
        return f"{count.low} {kind}"
    if count.best is None and not any(c.isdigit() for c in count.words):
        return words.AS_SAID.format(count.words)
    if count.high is None:
        return f"{words.AT_LEAST.format(count.low)} {kind}"
    if count.low is None:
        return f"{words.AT_MOST.format(count.high)} {kind}"
    return f"{count.low}–{count.high} {kind}"


def event_told(event: Event) -> dict[str, Any]:
    """An event as JSON: what a tip or another program needs to know of it."""
    first = event.claims[0]
    return {
        "event_id": event.event_id,
        "title": event.title,
        "type": event.type,
        "modality": event.modality,
        "place": event.place.name,
        "place_id": event.place.place_id,
        "level": event.place.level,
        "radius_km": event.place.radius_km,
        "when": days_told(event.days),
        "first_day": event.days.first_day.isoformat() if event.days.first_day else None,
        "last_day": event.days.last_day.isoformat() if event.days.last_day else None,
        "date_basis": event.days.basis,
        "confidence": event.confidence,
        "quote": first.quote.text,
        "reports": list(dict.fromkeys(c.report_id for c in event.claims)),
        "origins": len(event.origins),
    }


def mention_told(mention: Mention) -> dict[str, Any]:
    """A mention as JSON."""
    place = mention.place
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "role": mention.role,
        "place": place.name if place else None,
        "place_id": place.place_id if place else None,
        "level": place.level if place else None,
        "confidence": mention.confidence,
    }


def report_told(extraction: Extraction) -> dict[str, Any]:
    """A report with its mentions and claims as JSON; offsets are code points."""
    report = extraction.report
    return {
        "report_id": report.report_id,
        "title": report.title,
        "text": report.text,
        "published": report.published.isoformat() if report.published else None,
        "url": report.url,
        "source": report.source,
        "mentions": [mention_told(m) for m in extraction.mentions],
        "claims": [
            {"type": c.type, "place": c.place.name, "field": c.quote.field, "start": c.quote.start, "end": c.quote.end}
            for c in extraction.claims
        ],
    }
