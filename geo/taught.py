"""What people decided as evidence: the places they chose for names weigh when the same names are met again.

A name decided for an outlet speaks strongly for that place in the same outlet, weakly in others; where an outlet's
decided places lie, and its home, speaks for candidates near them. It is added to the scores of the ranking as
log-odds, so that what a report itself says ("Springfield, Ohio") can still overrule it, and the reason given for a
place says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from geo.distance import km
from geo.evidence import Table
from geo.gazetteer.names import fold
from geo.interfaces import Geocoder
from geo.options import unit_vectors
from geo.records import Mention, Place, Report
from geo.resolve import Rank, learned, resolve

if TYPE_CHECKING:
    from geo.resolve import Group

Floats = NDArray[np.float64]

# Log-odds. Chosen by `benchmarks/reviewer.py --lgl ../shared/corpora/lgl.jsonl --tune` (HOME: `--homes`), what was told
# of one half of the reports tried on the other.
HERE: Final = 6.0
ELSEWHERE: Final = 0.5
NEIGHBOURS: Final = 2.0
# --homes on LGL, 83 local papers: 0.845 of the names right without, 0.883 with 2, 0.892 with 3, 0.894 with 4
HOME: Final = 3.0
_NEAR_KM: Final = 100.0
_SAME_KM: Final = 5.0
_EARTH_KM: Final = 6371.0088
_FEW: Final = 2.0  # decided places of an outlet from which its surroundings count half
_HAND: Final = "hand:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A name of a report of some outlet, and the place that people chose or confirmed for it."""

    name: str
    outlet: str | None
    place: Place


class Taught:
    """The decisions of a store and the homes of outlets, ready to weigh.

    Call its `resolve` in the place of `geo.resolve.resolve`.
    """

    def __init__(self, decided: Iterable[Decided], *, homes: Mapping[str, Place] | None = None) -> None:
        self._by_name: dict[str, dict[str | None, Counter[Place]]] = defaultdict(lambda: defaultdict(Counter))
        places: dict[str, dict[str, Place]] = defaultdict(dict)
        for one in decided:
            self._by_name[fold(one.name)][one.outlet][one.place] += 1
            if one.outlet is not None and one.place.level in ("point", "admin2"):
                places[one.outlet][one.place.place_id] = one.place
        self._around = {outlet: _vectors(list(held.values())) for outlet, held in places.items()}
        self._homes = dict(homes or {})

    def __bool__(self) -> bool:
        """Whether anything was decided or said."""
        return bool(self._by_name or self._homes)

    def resolve(
        self,
        reports: Sequence[Report],
        mentions: Sequence[Sequence[Mention]],
        geocoder: Geocoder,
        rank: Rank = learned,
    ) -> list[list[Mention]]:
        """For each report its mentions with their places, as `geo.resolve.resolve` fills them in, decisions weighed."""
        placed = resolve(reports, mentions, geocoder, rank, prior=self.prior)
        return [[self._explained(report, m) for m in found] for report, found in zip(reports, placed, strict=True)]

    def prior(self, report: Report, groups: Sequence[Group], table: Table) -> Floats:
        """What decisions add to the score of each candidate of a report's names, in log-odds."""
        added = np.zeros(table.rows)
        near = self._near(report.source or "", table)
        for i, group in enumerate(groups):
            rows = table.span(i)
            if rows.start == rows.stop:
                continue
            chosen = self._by_name.get(fold(group.written))
            if chosen is not None:
                added[rows] = _of_name(chosen, report.source, table, i)
            if near is not None and not added[rows].any():
                added[rows] = near[rows]
        return added

    def _near(self, outlet: str, table: Table) -> Floats | None:
        """What speaks for each candidate by what is known of an outlet's surroundings, None where nothing is."""
        around, home = self._around.get(outlet), self._homes.get(outlet)
        near = np.zeros(table.rows)
        if around is not None:
            share = len(around) / (len(around) + _FEW)
            near = NEIGHBOURS * share * _nearness(table.xyz @ around.T, _NEAR_KM).max(axis=1)
        if home is not None:
            near = np.maximum(near, HOME * _nearness(_cosine(table.xyz, home), max(_NEAR_KM, home.radius_km)))
        return None if around is None and home is None else near

    def _explained(self, report: Report, mention: Mention) -> Mention:
        """The mention with a reason that tells what people decided; put where they moved its mark by hand."""
        chosen = self._by_name.get(fold(mention.text))
        if not chosen:
            return self._at_home(report, mention)
        here = chosen.get(report.source, Counter())
        by_hand = [place for place in here if place.place_id.startswith(_HAND)]
        if by_hand and len(here) == 1:
            return replace(mention, place=by_hand[0], confidence=0.9, reason=_said(here[by_hand[0]], here=True))
        if mention.place is None:
            return mention
        if n := _times(here, mention.place):
            return replace(mention, reason=f"{_said(n, here=True)}; {mention.reason}")
        if n := sum(_times(told, mention.place) for outlet, told in chosen.items() if outlet != report.source):
            return replace(mention, reason=f"{mention.reason}; {_said(n, here=False)}")
        return mention

    def _at_home(self, report: Report, mention: Mention) -> Mention:
        """The mention with a word about its outlet's home, where it lies near that."""
        home, place = self._homes.get(report.source or ""), mention.place
        if home is None or place is None:
            return mention
        away = km(home.lon, home.lat, place.lon, place.lat)
        if away > max(_NEAR_KM, home.radius_km):
            return mention
        return replace(mention, reason=f"{mention.reason}; the outlet is at home near by, in {home.name}")


def _said(times: int, *, here: bool) -> str:
    often = "once" if times == 1 else f"{times} times"
    return f"people chose it for this name in {'this outlet' if here else 'another outlet'} before ({often})"


def _times(told: Counter[Place], place: Place) -> int:
    return sum(n for other, n in told.items() if other.place_id == place.place_id)


def _of_name(chosen: dict[str | None, Counter[Place]], outlet: str | None, table: Table, i: int) -> Floats:
    """What decisions on this very name add to its candidates."""
    options, rows = table.names[i].options, table.span(i)
    added = np.zeros(rows.stop - rows.start)
    for told_in, told in chosen.items():
        total = sum(told.values())
        weight = HERE if told_in == outlet and outlet is not None else ELSEWHERE
        for place, n in told.items():
            same = _cosine(table.xyz[rows], place) > np.cos(_SAME_KM / _EARTH_KM)
            for j in np.flatnonzero(same):
                if options.place(int(j)).level == place.level:
                    added[j] += weight * n / total
    return added


def _cosine(xyz: NDArray[np.float32], place: Place) -> NDArray[np.float32]:
    found: NDArray[np.float32] = xyz @ _vectors([place])[0]
    return found


def _vectors(places: Sequence[Place]) -> NDArray[np.float32]:
    return unit_vectors(np.array([p.lon for p in places]), np.array([p.lat for p in places]))


def _nearness(cosine: NDArray[np.float32], scale_km: float) -> NDArray[np.float64]:
    """1 / (1 + (distance / scale)^2) with the straight line through the earth for the distance."""
    squared = np.maximum(0.0, 1.0 - cosine.astype(np.float64)) * 2 * (_EARTH_KM / scale_km) ** 2
    nearness: NDArray[np.float64] = 1 / (1 + squared)
    return nearness
