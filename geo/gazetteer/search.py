"""Search for a place by its name: the ranked candidates with their reasons, as records or as a text table."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geo.distance import km
from geo.errors import GazetteerError
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Geocoder
from geo.records import Candidate, Query

_HEADS: Final = ("", "place", "level", "in", "lat", "lon", "radius km", "people", "score", "why")
_NONE: Final = "No place is called so. Check the spelling, or add a dump: python -m geo gazetteer add --country UA"
_WIDEST: Final = 60


def search(
    gazetteer: LocalGazetteer, name: str, near: str | tuple[float, float] | None = None, country: str | None = None,
    limit: int = 10, *, asked: Geocoder | None = None,
) -> list[Candidate]:  # fmt: skip
    """The places that a name may mean, best first.

    `near` is a place name or lon, lat in degrees, and nearer places rank higher. `country` is a GeoNames country code
    or a country's name, and places elsewhere are left out. `asked` is asked for the name itself in the gazetteer's
    place: one with an online service behind it.
    """
    if not name.strip():
        raise GazetteerError("there is no name to look for; give one, such as Blahodatne")
    code = _code(gazetteer, country) if country else None
    point = _point(gazetteer, near, code) if near is not None else None
    found = (asked or gazetteer).candidates([Query(name=name, country=code, near=point, limit=limit)])[0]
    return [replace(one, reason=_why(one, point)) for one in found if not code or one.place.country in {code, None}]


def _point(gazetteer: LocalGazetteer, near: str | tuple[float, float], country: str | None) -> tuple[float, float]:
    if not isinstance(near, str):
        return near
    found = gazetteer.candidates([Query(name=near, country=country, limit=1)])[0]
    if not found:
        raise GazetteerError(f"no place is called {near!r}; give another name or lon, lat to look near")
    return found[0].place.lon, found[0].place.lat


def _code(gazetteer: LocalGazetteer, country: str) -> str:
    found = gazetteer.candidates([Query(name=country, level="country")])[0]
    codes = [one.place.country for one in found if one.place.level == "country" and one.place.country]
    if gazetteer.has_country(country.upper()):
        return country.upper()
    if not codes:
        raise GazetteerError(f"no country is called {country!r}; give a name or a two-letter code such as UA")
    return codes[0]


def _why(candidate: Candidate, near: tuple[float, float] | None) -> str:
    """The candidate's reason, with the distance asked for."""
    if near is None or "km away" in candidate.reason:
        return candidate.reason
    away = float(km(*near, candidate.place.lon, candidate.place.lat))
    return f"{candidate.reason}; {away:,.0f} km away"


def written(candidates: Sequence[Candidate]) -> str:
    """The candidates as a text table, a line each; a sentence where there are none."""
    if not candidates:
        return _NONE
    rows = [_HEADS, *(_row(number, one) for number, one in enumerate(candidates, 1))]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(number: int, candidate: Candidate) -> tuple[str, ...]:
    place = candidate.place
    inside = ", ".join(dict.fromkeys(filter(None, (place.admin2, place.admin1, place.country))))
    return (
        str(number), _cut(place.name), place.level, _cut(inside), f"{place.lat:.4f}", f"{place.lon:.4f}",
        f"{round(place.radius_km, 1):g}", f"{place.population:,}" if place.population else "", f"{candidate.score:.2f}",
        candidate.reason,
    )  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _width(text: str) -> int:
    """How many columns a terminal takes for a text."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)
