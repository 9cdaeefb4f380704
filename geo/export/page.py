"""Events as one HTML page that opens from the disk with no network: map, basemap, time bar, list and popups.

Foreign words stand in it as JSON only, and its script puts them in as text; a Content Security Policy lets no other
script run and nothing be fetched. The countries are drawn finely where the events are and coarsely elsewhere.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import DatelineError
from geo.escape import link, plain
from geo.export import words
from geo.export.basemap import basemap, labels
from geo.export.plain import DIGITS, LICENCE, Parcel, credit, rows
from geo.records import EVENT_TYPES

if TYPE_CHECKING:
    from geo.records import Report

MOST_EVENTS: Final = 20_000  # 15 MB; a browser still opens it within seconds
_QUOTE: Final = 2_000  # characters of a sentence that are shown; the longest true one in our corpora has 900
_LINE: Final = 300  # characters of a title, an outlet, a place
_HERE: Final = Path(__file__).resolve().parent / "assets"
_APP: Final = Path(__file__).resolve().parents[1] / "app" / "assets"
_GAZETTEER: Final = Path(__file__).resolve().parents[1] / "gazetteer" / "sources"
_SCRIPTS: Final = (
    _APP / "vendor" / "leaflet.js",
    _APP / "vendor" / "topojson-client.min.js",
    _APP / "cells.js",
    _APP / "basemap.js",
    _APP / "marks.js",
    _APP / "timebar.js",
    _HERE / "choose.js",
    _HERE / "onefile.js",
)
_STYLES: Final = (_APP / "vendor" / "leaflet.css", _APP / "dateline.css", _HERE / "page.css")
# What would end a script element, or a line to an old reader of JSON, as JSON escapes.
_JSON_SAFE: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def write_page(parcel: Parcel, path: Path) -> None:
    """The page, UTF-8; DatelineError where there are too many events for one."""
    if len(parcel.events) > MOST_EVENTS:
        raise DatelineError(
            f"{len(parcel.events):,} events are too many for one page; narrow them to {MOST_EVENTS:,} or use .parquet"
        )
    path.write_bytes(page(parcel).encode("utf-8", errors="backslashreplace"))


def page(parcel: Parcel) -> str:
    """The page as HTML."""
    script = "\n".join(_script(file) for file in _SCRIPTS)
    style = "\n".join(_style(file) for file in _STYLES)
    thanks = f"{credit(parcel.events)}. Borders: Natural Earth (https://www.naturalearthdata.com/), public domain."
    points = [(p.x, p.y) for p in parcel.events.geometry if p is not None]
    parts = {
        **{name: html.escape(text) for name, text in words.STATIC.items()},
        "CSP": _policy(script, style),
        "CREDIT": html.escape(f"{thanks} {LICENCE}"),
        "STYLE": style,
        "SCRIPT": script,
        "BASEMAP": _json(basemap(points)),
        "LABELS": _json(labels()),
        "TOLD": _json(told(parcel)),
    }
    template = (_HERE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{([A-Z_]+)\}", lambda m: parts[m[1]], template)


def told(parcel: Parcel) -> dict[str, Any]:
    """What the page's script reads: words, types, reports by number, and events with numbers of days since 1970."""
    numbers: dict[str, int] = {}
    events = [_event(row, numbers) for row in rows(parcel.events)]
    return {
        "words": words.PAGE,
        "types": [words.TYPES[t] for t in EVENT_TYPES],
        "credits": _short_credit(parcel),
        "reports": {str(n): _report(parcel.reports[id_]) for id_, n in numbers.items() if id_ in parcel.reports},
        "events": events,
    }


def _event(row: Mapping[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    point = row["geometry"]
    country = row["country"] and country_names().get(row["country"], row["country"])
    where = dict.fromkeys(filter(None, (row["place"], row["admin1"], country)))
    return {
        "title": _cut(row["title"], _LINE),
        "type": EVENT_TYPES.index(row["type"]),
        "level": row["level"],
        "lon": None if point is None else round(point.x, DIGITS),
        "lat": None if point is None else round(point.y, DIGITS),
        "km": round(row["radius_km"], 3),
        "confidence": round(row["confidence"], 3),
        "status": row["status"],
        "first": _day(row["first_day"]),
        "last": _day(row["last_day"]),
        "basis": row["date_basis"],
        "where": _cut(", ".join(where), _LINE),
        "name": _cut(row["name"], _LINE),
        "quote": _cut(row["quote"], _QUOTE),
        "outlets": [_cut(outlet, _LINE) for outlet in row["outlets"]],
        "ids": [numbers.setdefault(id_, len(numbers)) for id_ in row["reports"]],
        "reports": row["report_count"],
        "origins": row["origin_count"],
        "killed": [row["killed_low"], row["killed_high"]],
        "injured": [row["injured_low"], row["injured_high"]],
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "title": _cut(report.title, _LINE),
        "outlet": _cut(report.source or "", _LINE),
        "day": _day(report.published_day.isoformat() if report.published_day else None),
        "url": report.url if link(report.url) else None,
    }


def _short_credit(parcel: Parcel) -> str:
    """The credit that stands on the map itself: names and licences, without addresses."""
    return re.sub(r" \(https?://[^)]*\)", "", f"{credit(parcel.events)} · Natural Earth")


def _cut(text: str, most: int) -> str:
    """The text as it may be shown: no direction overrides, no controls, not endless."""
    shown = plain(text)
    return shown if len(shown) <= most else f"{shown[:most]}…"


def _day(day: str | None) -> int | None:
    """A day as a number of days since 1970.

    >>> _day("1970-01-11")
    10
    """
    if day is None:
        return None
    return (date.fromisoformat(day) - date(1970, 1, 1)).days


@cache
def country_names() -> dict[str, str]:
    """English names by GeoNames' country code."""
    with (_GAZETTEER / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_JSON_SAFE)


def _script(file: Path) -> str:
    """A script's source, without the address of its map, which developers' tools would ask for."""
    source = file.read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", source)


def _style(file: Path) -> str:
    """A style sheet without addresses: no picture of Leaflet's is used."""
    return re.sub(r"url\([^)]*\)", "none", file.read_text(encoding="utf-8"))


def _policy(script: str, style: str) -> str:
    """Only this very script and style may run, and nothing may be fetched, framed, sent or rebased."""

    def digest(source: str) -> str:
        return base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
