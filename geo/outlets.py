"""Outlets: where one is at home, in which language it writes, and by which clock it dates its reports.

A report is read as the readers of its outlet saw it: "on Thursday" counts from the day on which it came out there,
which at night is not the day in UTC. The home speaks for places near it, as evidence among others (`taught.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.records import Place, Report

_LANGUAGE: Final = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What people say of an outlet, None where they say nothing.

    `home` is the place that it writes for, `language` an ISO 639-1 code for texts too short to tell theirs, `zone` the
    IANA name of the time zone in which it publishes.
    """

    name: str
    home: Place | None = None
    language: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an outlet needs a name")
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            raise ValueError(f"a language is an ISO 639-1 code such as 'en', not {self.language!r}")
        if self.zone is not None:
            _zone(self.zone)


class Outlets:
    """What is said of outlets, by name."""

    def __init__(self, told: Iterable[Outlet] = ()) -> None:
        self._by_name = {outlet.name: outlet for outlet in told}

    @property
    def homes(self) -> Mapping[str, Place]:
        """The homes that are known, by the outlet's name."""
        return {name: outlet.home for name, outlet in self._by_name.items() if outlet.home is not None}

    def as_read(self, report: Report) -> Report:
        """The report with its outlet's language where its own could not be told, published by the outlet's clock.

        Its `published` then holds the time on that clock, so that its day is the day there. Midnight in UTC stands for
        a day whose hour is not known, and stays.
        """
        outlet = self._by_name.get(report.source or "")
        if outlet is None:
            return report
        published = report.published
        if outlet.zone and published and published.time() != time():
            published = published.astimezone(_zone(outlet.zone)).replace(tzinfo=UTC)
        return replace(report, language=report.language or outlet.language, published=published)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name!r}; write it like 'Europe/Kyiv'") from error
