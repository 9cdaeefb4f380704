"""Mentions and date expressions as JSON Lines: the contract for measuring (README, "Files that measure")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from geo.records import Extraction, Mention, Timex


def mention(found: Mention) -> dict[str, Any]:
    """One mention; place, coordinates (degrees), level, country and confidence are null where it is unresolved."""
    place = found.place
    return {
        "report_id": found.report_id,
        "field": found.field,
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "role": found.role,
        "place_id": place.place_id if place else None,
        "name": place.name if place else None,
        "lat": round(place.lat, 6) if place else None,
        "lon": round(place.lon, 6) if place else None,
        "level": place.level if place else None,
        "country": place.country if place else None,
        "confidence": round(found.confidence, 4) if place and found.confidence is not None else None,
        "reason": found.reason,
        "runners_up": [c.place.place_id for c in found.runners_up[:5]],
    }


def timex(report_id: str, found: Timex) -> dict[str, Any]:
    """One date expression, with its TIMEX3 type and value."""
    return {
        "report_id": report_id,
        "field": found.field,
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "type": found.type,
        "value": found.value,
    }


def mentions(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One JSON line a mention."""
    return (json.dumps(mention(m), ensure_ascii=False) for e in extractions for m in e.mentions)


def timexes(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One JSON line a date expression."""
    return (json.dumps(timex(e.report.report_id, t), ensure_ascii=False) for e in extractions for t in e.timexes)
