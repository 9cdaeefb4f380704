"""Reports with their place names in brackets, for tests of what is read from them: "Shells hit [Kharkiv]."."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from geo import claims, dates, roles
from geo.records import Claim, Level, Mention, Place, Report, Skip

COUNTRIES = {
    "Ukraine": "UA", "Russia": "RU", "Turkey": "TR", "Kenya": "KE", "Israel": "IL", "Jordan": "JO", "Georgia": "GE",
    "Cambodia": "KH", "Belarus": "BY", "Poland": "PL", "Syria": "SY", "Japan": "JP", "France": "FR", "Iraq": "IQ",
    "United States": "US", "Australia": "AU", "Germany": "DE", "China": "CN", "Britain": "GB", "India": "IN",
    "Pakistan": "PK", "Indonesia": "ID", "Mexico": "MX", "Nigeria": "NG", "U.S.": "US", "South Africa": "ZA",
}  # fmt: skip
TOWNS = {
    "Moscow": "RU", "Washington": "US", "Ankara": "TR", "Istanbul": "TR", "Nairobi": "KE", "Geneva": "CH",
    "Paris": "FR", "London": "GB", "Leeds": "GB", "Brussels": "BE", "Minsk": "BY", "Warsaw": "PL", "Tokyo": "JP",
    "Kobe": "JP", "Lyon": "FR", "Basra": "IQ", "Mosul": "IQ", "Aleppo": "SY", "Homs": "SY", "Berlin": "DE",
    "Hamburg": "DE", "Beijing": "CN", "Lahore": "PK", "Jakarta": "ID", "Kremlin": "RU", "Kano": "NG", "Lagos": "NG",
    "Tel Aviv": "IL", "Tbilisi": "GE", "Cape Town": "ZA", "CAPE TOWN": "ZA", "Boston": "US", "Belgorod": "RU",
}  # fmt: skip
WIDE = {"Middle East": 1800.0, "Europe": 3000.0, "Africa": 4000.0}
REGIONS = {"Donbas": "UA", "Black Sea": None, "Crimea": "UA"}


def place(name: str) -> Place:
    """A place of the right level for a name, in Ukraine where nothing else is said."""
    if name in COUNTRIES:
        return _place(name, "country", COUNTRIES[name], 500)
    if name in WIDE:
        return _place(name, "region", None, WIDE[name])
    if name in REGIONS:
        return _place(name, "region", REGIONS[name], 150)
    if re.search(r"(region|oblast|province|Texas)$", name, re.IGNORECASE):
        return _place(name, "admin1", "US" if name == "Texas" else "UA", 80)
    return _place(name, "point", TOWNS.get(name, "UA"), 8)


def _place(name: str, level: Level, country: str | None, radius_km: float) -> Place:
    lon, lat = 20 + hash_of(name) % 100 / 10, 40 + hash_of(name) % 97 / 10
    return Place(
        place_id=f"test:{name.lower()}", name=name, level=level, lon=lon, lat=lat, radius_km=radius_km, country=country
    )


def hash_of(name: str) -> int:
    """A number for a name, the same from run to run."""
    return sum(ord(letter) * (n + 1) for n, letter in enumerate(name))


def marked(text: str, *, title: str = "", published: str | None = "2022-11-12") -> tuple[Report, list[Mention]]:
    """The report without the brackets, and its mentions; "[Russian/demonym]" gives a mention a label."""
    fields = {"title": title, "text": text}
    plain: dict[str, str] = {}
    found: list[Mention] = []
    for name, raw in fields.items():
        clean = ""
        for part in re.split(r"(\[[^\]]+\])", raw):
            if not part.startswith("["):
                clean += part
                continue
            written, _, label = part[1:-1].partition("/")
            found.append(
                Mention(
                    report_id="r",
                    field=name,
                    start=len(clean),
                    end=len(clean) + len(written),
                    text=written,
                    label=label or "GPE",
                    place=place(written),
                    confidence=0.9,
                )
            )
            clean += written
        plain[name] = clean
    day = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    return Report(report_id="r", text=plain["text"], title=plain["title"], published=day, language="en"), found


def told(text: str, *, title: str = "", published: str | None = "2022-11-12") -> tuple[list[Claim], list[Skip]]:
    """What the marked report says happened, and what of it was set aside."""
    report, mentions = marked(text, title=title, published=published)
    return claims.make(report, roles.assign(report, mentions), dates.find(report))
