"""For tests of the online geocoder: an embedded gazetteer of a few places, and settings for a service on loopback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from making import CAMBODIA, KHERSON, KHERSON_OBLAST
from services.loopback import Loopback

from geo.gazetteer.online import OnlineGeocoder
from geo.gazetteer.online_settings import Online, online_settings
from geo.interfaces import Geocoder
from geo.records import Candidate, Query


class FewPlaces:
    """An embedded gazetteer that knows Kherson, its oblast and Cambodia, by their exact names, and counts its calls."""

    def __init__(self, *more: Candidate) -> None:
        self.calls = 0
        self.more = more

    def candidates(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        self.calls += 1
        return [self._found(query) for query in queries]

    def _found(self, query: Query) -> list[Candidate]:
        own = [
            Candidate(place=place, score=0.9, reason="known")
            for place in (KHERSON, KHERSON_OBLAST, CAMBODIA)
            if place.name == query.name
        ]
        return [*own, *(one for one in self.more if query.name == one.place.name or one.match == "fuzzy")][
            : query.limit
        ]


_: type[Geocoder] = FewPlaces


def settings(service: Loopback, name: str = "Nominatim", **more: Any) -> Online:
    """Settings for a service on loopback: quick to give up, as a test wants."""
    given = {"private": True, "timeout_s": 1.0, "retries": 0, "endpoint": service.url, "service": name, **more}
    return online_settings(given, {})


def online(service: Loopback, home: Path, name: str = "Nominatim", **more: Any) -> OnlineGeocoder:
    """An online geocoder before an embedded one of a few places."""
    return OnlineGeocoder(FewPlaces(), settings(service, name, **more), home)
