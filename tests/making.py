"""Records for tests: each function makes a valid one, and takes what matters to the test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from geo.records import Claim, Days, Mention, Place, Report, Span

KHERSON = Place(
    place_id="geonames:706448", name="Kherson", level="point", lon=32.6178, lat=46.6558, radius_km=9.0, country="UA",
    admin1="Kherson Oblast", population=283649, parents=("geonames:706442",),
)  # fmt: skip
KYIV = Place(
    place_id="geonames:703448", name="Kyiv", level="point", lon=30.5238, lat=50.45466, radius_km=15.0, country="UA",
    admin1="Kyiv City", population=2797553,
)  # fmt: skip
KHERSON_OBLAST = Place(
    place_id="geonames:706442", name="Kherson Oblast", level="admin1", lon=33.5, lat=46.5, radius_km=110.0,
    country="UA", admin1="Kherson Oblast",
)  # fmt: skip
CAMBODIA = Place(
    place_id="geonames:1831722", name="Cambodia", level="country", lon=105.0, lat=13.0, radius_km=240.0, country="KH"
)


def report(report_id: str = "r1", text: str = "Shells hit Kherson.", **more: Any) -> Report:
    """An English report of 12 November 2022."""
    given: dict[str, Any] = {"published": datetime(2022, 11, 12, tzinfo=UTC), "language": "en", **more}
    return Report(report_id=report_id, text=text, **given)


def mention(of: Report, words: str, **more: Any) -> Mention:
    """The first mention of some words in the text of a report."""
    start = of.text.index(words)
    return Mention(report_id=of.report_id, field="text", start=start, end=start + len(words), text=words, **more)


def days(first: str | None, last: str | None = None, basis: Any = "stated") -> Days:
    """Days from ISO strings."""
    if first is None:
        return Days()
    return Days(
        first_day=date.fromisoformat(first), last_day=date.fromisoformat(last or first), basis=basis, edtf=first
    )


def claim(of: Report, place: Place = KHERSON, **more: Any) -> Claim:
    """A claim that the whole text of a report is about its first word that names the place."""
    words = place.name if place.name in of.text else of.text.split()[0]
    given: dict[str, Any] = {
        "claim_id": f"{of.report_id}-{place.place_id}-{more.get('type', 'strike')}",
        "days": days("2022-11-12"),
        "type": "strike",
        "trigger": "hit",
        "mentions": (mention(of, words, place=place),),
        "quote": Span(field="text", start=0, end=len(of.text), text=of.text),
        **more,
    }
    return Claim(report_id=of.report_id, place=place, **given)
