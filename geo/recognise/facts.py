"""What the gazetteer knows of a folded name, as the recognisers see it: how important, what level, which countries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from geo.gazetteer.compiled import ABBREVIATION, ADJECTIVE, CANONICAL, DEMONYM, Compiled
from geo.records import LEVELS
from geo.remembered import Remembered

_ENGLISH: Final = frozenset("US GB CA AU NZ IE ZA JM".split())
"""Countries whose places share their names with people and things of English texts."""
_AREAS: Final = frozenset("region oblast province governorate voivodeship prefecture raion krai".split())
"""Words that make an area of a name; not "county" or "state", which schools and teams are called by too."""
_ENOUGH: Final = 12  # candidates of a name whose countries are looked at
_KEPT: Final = 400_000


class Part:
    """Features that always stand together, made once: the judge sums their weights once too."""

    __slots__ = ("features",)

    def __init__(self, *features: str) -> None:
        self.features = features


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gazetteer knows of a folded name: its features, and `weight` (0 to 1) of its most important place."""

    part: Part
    kind: str = "none"
    demonym: bool = False
    weight: float = 0.0
    countries: frozenset[str] = frozenset()
    english: str = ""


UNKNOWN: Final = Facts(part=Part("facts=none"))


class Names:
    """The gazetteer as the recognisers see it: facts of a folded name, remembered."""

    def __init__(self, parts: Sequence[Compiled]) -> None:
        self._parts = parts
        self.facts: Callable[[str], Facts] = Remembered(self._look_up, most=_KEPT).__getitem__
        """The facts of a folded name; UNKNOWN where the gazetteer does not have it."""

    def knows(self, key: str) -> bool:
        """Whether the gazetteer has a name."""
        return self.facts(key) is not UNKNOWN

    def _look_up(self, key: str) -> Facts:
        found = [(part, row, kind) for part in self._parts for row, kind in part.postings(key)]
        if not found:
            return self._area(key)
        return self._facts_of(found)

    def _facts_of(self, found: Sequence[tuple[Compiled, int, int]]) -> Facts:
        ranked = [(int(part.columns["importance"][row]), -kind, -row, part) for part, row, kind in found]
        importance, minus_kind, minus_row, part = max(ranked, key=lambda one: one[:3])
        demonym = -minus_kind in (DEMONYM, ADJECTIVE)
        level = "demonym" if demonym else LEVELS[int(part.columns["level"][-minus_row])]
        strength = importance // 32
        countries = frozenset(part.country(row) or "" for part, row, _ in found[:_ENOUGH])
        english = "all" if countries <= _ENGLISH else "some" if countries & _ENGLISH else "none"
        return Facts(
            part=Part(
                f"english={english}",
                f"english={english}|facts={level}/{strength}",
                f"facts={level}",
                f"facts={level}/{strength}",
                f"strength={strength}",
                f"many={min(5, len(found).bit_length())}",
                f"canonical={any(kind == CANONICAL for _, _, kind in found)}",
                f"written={'short' if -minus_kind == ABBREVIATION else 'long'}",
            ),
            kind=f"{level}{min(strength // 2, 3)}" if level == "point" else level,
            demonym=demonym,
            weight=importance / 255,
            countries=countries,
            english=english,
        )

    def _area(self, key: str) -> Facts:
        """The facts of "kharkiv region" where the gazetteer has an area called "kharkiv"."""
        base, _, word = key.rpartition(" ")
        if not base or word not in _AREAS:
            return UNKNOWN
        area = (LEVELS.index("admin1"), LEVELS.index("admin2"), LEVELS.index("region"))
        found = [
            (part, row, kind)
            for part in self._parts
            for row, kind in part.postings(base)
            if kind not in (DEMONYM, ADJECTIVE, ABBREVIATION) and int(part.columns["level"][row]) in area
        ]
        return self._facts_of(found) if found else UNKNOWN
