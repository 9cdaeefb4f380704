"""The three parts you can swap, as Protocols: batches in, batches out, nothing to inherit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.filters import Filter
    from geo.records import Candidate, Event, Extraction, Mention, Query, Report


class Recogniser(Protocol):
    """Finds place names in text."""

    def find(self, reports: Sequence[Report]) -> list[list[Mention]]:
        """For each report its mentions, title first, in reading order, none overlapping another."""
        ...


class Geocoder(Protocol):
    """Knows which places a name may mean."""

    def candidates(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        """For each query its candidates, best prior first; an empty list where the name is unknown."""
        ...


class Store(Protocol):
    """Keeps reports, claims, events and the review log between runs."""

    def add(self, extractions: Iterable[Extraction]) -> int:
        """Add what reports yielded, each report whole or not at all; the number of reports that were new."""
        ...

    def load(self, selection: Filter | None = None) -> gpd.GeoDataFrame:
        """The events that the filter selects, as the events table; all of any modality and role without one."""
        ...

    def event(self, event_id: str) -> Event:
        """One event with its claims; NotFound where there is none."""
        ...

    def report(self, report_id: str) -> Extraction:
        """One report with all that it yielded; NotFound where there is none."""
        ...

    def version(self) -> int:
        """A number that grows with every change, whoever makes it."""
        ...
