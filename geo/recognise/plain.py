"""Place names found without a model: the gazetteer, the shape of the text and the words around; quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.recognise.finding import Look, found, known_names, look
from geo.recognise.judge import Weights, shipped
from geo.records import Mention, Report

if TYPE_CHECKING:
    from geo.gazetteer.local import LocalGazetteer


class PlainRecogniser:
    """Finds place names with nothing but the gazetteer and the words around."""

    def __init__(self, gazetteer: LocalGazetteer, *, weights: Weights | None = None) -> None:
        self._names = known_names(gazetteer)
        self._weights = weights

    def find(self, reports: Sequence[Report]) -> list[list[Mention]]:
        """For each report its mentions, title first, in reading order, none overlapping another."""
        weights = self._weights or shipped("plain")
        return [found(report, look(report, self._names, None), weights) for report in reports]

    def look(self, reports: Sequence[Report]) -> list[Look]:
        """All spans of each report with their features, before anything is decided."""
        return [look(report, self._names, None) for report in reports]
