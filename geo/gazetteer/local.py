"""The embedded gazetteer: which places a name may mean, answered from the compiled files, with no network.

`LocalGazetteer.open()` maps the shipped gazetteer and whatever the user has added beside it. Rows of all parts share
one numbering, so that recognisers and rankers can work on numbers (`lookup`, `facts`) and ask for Places at the end.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.distance import EARTH_KM, km
from geo.errors import GazetteerError
from geo.gazetteer.compiled import ABBREVIATION, CANONICAL, POINT_KINDS, Compiled
from geo.gazetteer.names import COMMON, PARTICLES, fold, fold_token, latin, spellings
from geo.gazetteer.parts import SHIPPED, middle_of
from geo.gazetteer.phrases import Phrase, parse
from geo.records import LEVELS, Candidate, Place, Query

CAPITAL: Final = "capital"
"""The kind of the town where a country's government sits."""

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# How well each kind of name fits, from canonical to adjective: alternates are no worse, for "Makiivka" is the
# canonical name of a village and an alternate of a city of 338,968.
_FIT: Final = (1.0, 0.96, 0.9, 0.95, 0.9, 0.85)
_MATCHES: Final = ("exact", "exact", "generic", "abbreviation", "demonym", "demonym")
_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼ‘`ʻ](?!s\b)[^\W_]+)*(?:(?<=\b[SMF]t)\.|(?<=\bSte)\.)?")
# Where a name may start: at a word that is not in lower case, or at a particle before one.
_START: Final = re.compile(
    rf"(?<![\w'’])(?:[^\W\d_a-z][\w.]*|(?:{'|'.join(sorted(PARTICLES))})[- ](?=[^\W\d_a-z])[^\W\d_a-z])",
)
_GLUE: Final = re.compile(r"[ \u00a0][ \n]?|\n|[-‐‑–/]|, (?=D\.?C)|")
_LINKS: Final = frozenset(
    "of the and upon on in under by sur sous de da do du des del di der den van von am an au aux la le y e i".split(),
)
_LONGEST: Final = 7  # words of a name that `find_names` looks for
_SHARED: Final = 0.8
_ALSO: Final = 0.7
Scored = tuple[int, float, str]  # row, score, how the name fits
_COMPASS: Final = {"n": "north", "s": "south", "e": "east", "w": "west", "so": "south", "no": "north"}
_PEOPLE: Final = ("ers", "er", "ites", "ite", "ians", "ian", "ans", "an")  # "Londoners": of a town that is no village
_TOWN: Final = 0.4
_FUZZY_LEAST: Final = 4
_PART_AWAY: Final = 0.7  # radii to the middle of an outer third: the median of 83 countries and 1,243 divisions
_PLAIN: Final = {"first-order division": "province", "second-order division": "district"}
_NEAR_KM: Final = 25.0  # "near X", as ACLED's and UCDP's second precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of some rows, as arrays of the same length, for ranking without Places.

    `level` is an index into `geo.records.LEVELS`; `country` a code, "" for none; `admin1` and `admin2` geonameids, 0
    for none; `importance` 0 to 1; `alternates` how many other names, 255 at most; `population` 0 where unknown.
    """

    rows: NDArray[np.int64]
    lon: NDArray[np.float32]
    lat: NDArray[np.float32]
    population: NDArray[np.uint32]
    radius_km: NDArray[np.float32]
    level: NDArray[np.uint8]
    country: NDArray[np.str_]
    admin1: NDArray[np.int32]
    admin2: NDArray[np.int32]
    importance: NDArray[np.float32]
    alternates: NDArray[np.uint8]


class LocalGazetteer:
    """The shipped gazetteer, with the user's own parts beside it; a Geocoder."""

    def __init__(self, parts: Sequence[Compiled]) -> None:
        self.parts = tuple(parts)
        self._starts = [0]
        for part in self.parts:
            self._starts.append(self._starts[-1] + part.rows)
        self._newer = self._overrides()
        self._called = self.parts[0].called
        self._find, self._rows_of = self.parts[0].trie.get, self.parts[0].rows_of
        more = self.parts[1:]
        self._more = [(part.called, start) for part, start in zip(more, self._starts[1:], strict=False)]
        shared = [part.shared(self.parts[0]) for part in more]
        self._shared = np.bitwise_or.reduce(shared).tobytes() if shared else b""

    @classmethod
    def open(cls, path: Path | None = None, *, extra: Path | None = None) -> LocalGazetteer:
        """The gazetteer in `path` (the shipped one), with those in the sub-folders of `extra` beside it."""
        folders = [path or SHIPPED]
        if extra is not None and extra.is_dir():
            folders += sorted(meta.parent for meta in extra.glob("[!.]*/meta.json"))
        return cls([Compiled(folder) for folder in folders])

    @property
    def rows(self) -> int:
        """How many places it holds."""
        return self._starts[-1]

    # Look-up by name, without building Places

    def lookup(self, name: str) -> tuple[int, ...]:
        """The rows of all places called so, exactly but for folding; () where the name is unknown."""
        folded = fold(name)
        if not self._more:
            return self._called(folded)
        number = self._find(folded)
        found = () if number is None else self._rows_of(number)
        if number is not None and not self._shared[number >> 3] >> (number & 7) & 1:
            return found  # no addition knows this name, or a better row for it
        for called, start in self._more:
            added = called(folded)
            if added:
                found = tuple(dict.fromkeys((*found, *(start + row for row in added))))
        if self._newer and not self._newer.keys().isdisjoint(found):
            found = tuple(dict.fromkeys(self._newer.get(row, row) for row in found))
        return found

    def knows(self, name: str) -> bool:
        """Whether any place is called so, exactly but for folding."""
        folded = fold(name)
        return any(folded in part.trie for part in self.parts)

    def matches(self, name: str) -> list[tuple[int, str]]:
        """The rows of all places called so, each with how the name fits: exact, generic, abbreviation or demonym."""
        return [(row, _MATCHES[kind]) for row, kind in self._postings(fold(name))]

    def facts(self, rows: Iterable[int]) -> Facts:
        """What is known of some rows, as arrays in their order."""
        wanted = np.fromiter(rows, np.int64)
        which = np.searchsorted(self._starts, wanted, "right") - 1
        columns: dict[str, NDArray[Any]] = {}
        for name in ("lon", "lat", "population", "radius", "level", "importance", "alternates"):
            columns[name] = np.zeros(len(wanted), self.parts[0].columns[name].dtype)
        country = np.zeros(len(wanted), "U2")
        divisions = {name: np.zeros(len(wanted), np.int32) for name in ("admin1", "admin2")}
        for number, part in enumerate(self.parts):
            mine = which == number
            local = wanted[mine] - self._starts[number]
            for name, values in columns.items():
                values[mine] = part.columns[name][local]
            country[mine] = np.array(["", *part.countries])[part.columns["country"][local]]
            for name, values in divisions.items():
                values[mine] = np.append(part.division_ids, 0)[part.columns[name][local].astype(np.int64) - 1]
        return Facts(
            rows=wanted, lon=columns["lon"], lat=columns["lat"], population=columns["population"],
            radius_km=columns["radius"].astype(np.float32), level=columns["level"], country=country,
            importance=columns["importance"].astype(np.float32) / np.float32(255),
            alternates=columns["alternates"], **divisions,
        )  # fmt: skip

    def find_names(self, text: str) -> list[tuple[int, int]]:
        """The (start, end) of the longest names in a text that the gazetteer knows, none overlapping another.

        A name starts at a word that is not written in lower case (or at a particle such as "al-" before one).
        """
        found: list[tuple[int, int]] = []
        end = 0
        for match in _START.finditer(text):
            start = match.start()
            if start >= end and not match.group().islower():
                end = self._longest(text, start) or end
                if end > start:
                    found.append((start, end))
        return found

    def _longest(self, text: str, start: int) -> int:
        """Where the longest known name that starts at `start` ends; 0 where none does."""
        key = ""
        ends: dict[int, int] = {}
        end = start
        for count in range(_LONGEST):
            glue = _GLUE.match(text, end) if count else None
            if glue is not None and glue.end() == end:
                break
            token = _TOKEN.match(text, glue.end() if glue else end)
            word = token.group() if token else ""
            if not word or (count and word[0].islower() and word not in _LINKS and word not in PARTICLES):
                break
            end += len(word) + (glue.end() - end if glue else 0)
            key = f"{key} {fold_token(word)}" if count else fold_token(word)
            ends[len(key)] = end
        known = {len(prefix) for part in self.parts for prefix in part.trie.prefixes(key)}
        for length in sorted(known & ends.keys(), reverse=True):
            if self._fits_case(key[:length], text[start : ends[length]]):
                return ends[length]
        return 0

    def _fits_case(self, key: str, written: str) -> bool:
        """Whether a name is written as a name is: not a common word, and an abbreviation in capitals."""
        if key in COMMON and not ("." in written or (len(key) > 1 and written.isupper())):
            return False
        if len(key) > 4 or written.replace(".", "").isupper():
            return True
        return any(kind != ABBREVIATION for _, kind in self._postings(key))

    # Places

    def place(self, place_id: str) -> Place:
        """The place with an id; GazetteerError where there is none."""
        base, _, derived = place_id.partition("#")
        for number in reversed(range(len(self.parts))):
            row = self.parts[number].row_of(base)
            if row is not None:
                place = self.place_at(self._starts[number] + row)
                return self._derived(place, derived) if derived else place
        raise GazetteerError(f"the gazetteer has no place {place_id!r}; it may stand in a dump that is not added here")

    def place_at(self, row: int) -> Place:
        """The place of a row."""
        part, local = self._part(row)
        columns = part.columns
        admin1 = part.division(int(columns["admin1"][local]))
        admin2 = part.division(int(columns["admin2"][local]))
        place_id = part.place_id(local)
        country = part.country(local)
        nation = self._country_ids.get(country or "")
        parents = [found[0] for found in (admin2, admin1) if found and found[0] != place_id]
        if nation and nation != place_id:
            parents.append(nation)
        return Place(
            place_id=place_id, name=part.name(local), level=LEVELS[columns["level"][local]],
            lon=round(float(columns["lon"][local]), 5), lat=round(float(columns["lat"][local]), 5),
            radius_km=round(float(columns["radius"][local]), 2), country=country,
            admin1=admin1[1] if admin1 else None, admin2=admin2[1] if admin2 else None,
            population=int(columns["population"][local]) or None, kind=part.kinds[columns["kind"][local]],
            parents=tuple(parents),
        )  # fmt: skip

    def has(self, place_id: str) -> bool:
        """Whether there is a place with this id."""
        return any(part.row_of(place_id.partition("#")[0]) is not None for part in self.parts)

    def has_country(self, code: str) -> bool:
        """Whether GeoNames has a country with this code."""
        return code in self._country_ids

    def point_kind(self, place_id: str) -> str:
        """Where the point of a place comes from: geonames, derived:polygon, derived:seat, derived:cities or own."""
        for part in reversed(self.parts):
            row = part.row_of(place_id.partition("#")[0])
            if row is not None:
                return POINT_KINDS[part.columns["point"][row]]
        raise GazetteerError(f"the gazetteer has no place {place_id!r}")

    def polygon(self, place_id: str) -> BaseGeometry | None:
        """The simplified outline of a country or division, or the box of one of our regions; None where unknown.

        Of "northern X" it is the northern half of X; other places derived from X have no outline.
        """
        base, _, derived = place_id.partition("#")
        if derived and not derived.startswith("part-"):
            return None
        for part in reversed(self.parts):
            row = part.row_of(base)
            shape = part.shape(row) if row is not None else None
            if shape is not None:
                return _half(shape, self.place(base), float(derived.removeprefix("part-"))) if derived else shape
        return None

    def _overrides(self) -> dict[int, int]:
        """Rows of the shipped part that an added part knows better: divisions with GeoNames' own point."""
        shipped = self.parts[0]
        found = {}
        for part, start in zip(self.parts[1:], self._starts[1:], strict=False):
            areas = np.flatnonzero(part.columns["level"])
            for local in areas[shipped.holds(part.columns["ids"][areas])].tolist():
                row = shipped.row_of_number(part.number[local])
                if row is not None:
                    found[row] = start + local
        return found

    @property
    def _country_ids(self) -> dict[str, str]:
        if not hasattr(self, "_countries_found"):
            part = self.parts[0]
            rows = np.flatnonzero(part.columns["level"] == LEVELS.index("country"))
            self._countries_found = {part.country(int(row)) or "": part.place_id(int(row)) for row in rows}
        return self._countries_found

    @cached_property
    def _country_names(self) -> dict[str, str]:
        return {code: self.place(place_id).name for code, place_id in self._country_ids.items()}

    @property
    def _capitals(self) -> dict[str, str]:
        if not hasattr(self, "_capitals_found"):
            part = self.parts[0]
            rows = np.flatnonzero(part.columns["kind"] == part.kinds.index(CAPITAL))
            self._capitals_found = {part.country(int(row)) or "": part.place_id(int(row)) for row in rows}
        return self._capitals_found

    def _part(self, row: int) -> tuple[Compiled, int]:
        number = bisect_right(self._starts, row) - 1
        return self.parts[number], row - self._starts[number]

    def _postings(self, folded: str) -> list[tuple[int, int]]:
        """The (row, kind of name) pairs of a folded name over all parts; of one place the newest part's row."""
        found = self.parts[0].postings(folded)
        if len(self.parts) == 1:
            return found
        if self._newer:
            found = [(self._newer.get(row, row), kind) for row, kind in found]
        for part, start in zip(self.parts[1:], self._starts[1:], strict=False):
            more = part.postings(folded)
            if more:
                kinds = dict(reversed(found))
                for row, kind in more:
                    kinds[start + row] = min(kind, kinds.get(start + row, kind))
                found = list(kinds.items())
        return found

    # Candidates

    def candidates(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        """For each query its candidates, best prior first; an empty list where the name is unknown."""
        return [self._candidates(query) for query in queries]

    def _candidates(self, query: Query) -> list[Candidate]:
        folded = fold(query.name)
        scored = self._scored(folded, query)
        phrase = parse(query.name)
        found: list[Candidate] = []
        if phrase is not None:
            found = self._of_phrase(phrase, query, known=bool(scored))
        if not scored and not found:
            scored = self._spelled(query)
        if query.country and not any(self._in_country(row, query.country) for row, *_ in scored):
            scored = [*self._slips(folded, query), *((row, score / 2, match) for row, score, match in scored)]
        best = sorted(scored, key=lambda one: (-one[1], one[0]))[: query.limit]
        found += [self._candidate(row, score, match, query) for row, score, match in best]
        return _unique(sorted(found, key=lambda candidate: -candidate.score))[: query.limit]

    def _scored(self, folded: str, query: Query) -> list[Scored]:
        """(row, score, match) of the places with a folded name, as far as the query allows them."""
        pairs = self._postings(folded)
        if not (query.name.endswith(".") or query.name.replace(".", "").isupper()):
            pairs = [pair for pair in pairs if pair[1] != ABBREVIATION] or pairs
        container = self._container(query.container)
        scored = []
        for row, kind in pairs:
            part, local = self._part(row)
            score = part.weight[local] / 255 * _FIT[kind]
            score *= self._context(part, local, query, container)
            scored.append((row, min(score, 1.0), _MATCHES[kind]))
        if len(scored) > 1 and not query.level:
            scored = self._towns_first(self._regions_first(scored, pairs))
        return scored

    def _regions_first(self, scored: list[Scored], pairs: list[tuple[int, int]]) -> list[Scored]:
        """A region called just so outranks divisions that are only also called so: Kashmir, not one half of it."""
        own = {row for row, kind in pairs if kind == CANONICAL}
        if not any(self._level(row) == "region" for row in own):
            return scored
        return [
            (row, score if row in own or not self._level(row).startswith("admin") else score * _ALSO, match)
            for row, score, match in scored
        ]

    def _towns_first(self, scored: list[Scored]) -> list[Scored]:
        """A bare name that a division shares with a town in it means the town: Kherson, not its oblast."""
        places = [self._part(row) for row, _, _ in scored]
        towns = [(part, local) for part, local in places if not part.level[local] and part.number[local] > 0]
        return [
            (row, score * _SHARED, match)
            if match != "abbreviation" and any(_holds(*one, *town) for town in towns)
            else (row, score, match)
            for one, (row, score, match) in zip(places, scored, strict=True)
        ]

    def _context(self, part: Compiled, local: int, query: Query, container: frozenset[str]) -> float:
        factor = 1.0
        if query.country and not _covers(part, local, query.country):
            factor *= 0.5
        if container and not self._inside(part, local, container):
            factor *= 0.4
        if query.level and LEVELS[part.level[local]] != query.level:
            factor *= 0.7
        if query.near:
            away = float(km(*query.near, part.columns["lon"][local], part.columns["lat"][local]))
            factor *= 0.4 + 0.6 * math.exp(-away / 500.0)
        return factor

    def _container(self, container: str | None) -> frozenset[str]:
        """The ids and country codes that a container names."""
        if not container:
            return frozenset()
        if ":" in container:
            return frozenset((container.partition("#")[0],))
        ids = set()
        for row, _ in self._postings(fold(container)):
            part, local = self._part(row)
            if part.level[local]:
                ids.add(part.place_id(local))
                if LEVELS[part.level[local]] == "country":
                    ids.add(part.country(local) or "")
        return frozenset(ids)

    def _inside(self, part: Compiled, local: int, container: frozenset[str]) -> bool:
        if part.country(local) in container or self._country_ids.get(part.country(local) or "") in container:
            return True
        divisions = (part.division_id(number) for number in (part.inside1[local], part.inside2[local]) if number)
        return any(f"geonames:{number}" in container for number in divisions)

    def _in_country(self, row: int, country: str) -> bool:
        part, local = self._part(row)
        return _covers(part, local, country)

    def _spelled(self, query: Query) -> list[Scored]:
        """Places under another transliteration of the name, with a compass word written out, or of its people."""
        folded = fold(query.name)
        first, _, rest = folded.partition(" ")
        tries = list(latin(query.name))
        if rest and first in _COMPASS:
            tries.append(f"{_COMPASS[first]} {rest}")
        if rest and first in PARTICLES:
            tries.append(rest)
        if len(folded) >= _FUZZY_LEAST:
            tries += spellings(folded)
        for form in tries:
            scored = self._scored(form, query)
            if scored:
                return [(row, score * 0.9, "spelling") for row, score, _ in scored]
        for suffix in _PEOPLE:
            base = folded.removesuffix(suffix)
            if base != folded and len(base) >= _FUZZY_LEAST:
                scored = [one for one in self._scored(base, query) if one[1] >= _TOWN]
                if scored:
                    return [(row, score * 0.6, "demonym") for row, score, _ in scored]
        return []

    def _slips(self, folded: str, query: Query) -> list[Scored]:
        """Places of the country in play whose names are a slip or two away."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not query.country or len(folded) < _FUZZY_LEAST or not folded.isascii():
            return []
        allowed = 1 if len(folded) < 7 else 2
        scored: dict[int, tuple[int, float, str]] = {}
        for length in range(len(folded) - allowed, len(folded) + allowed + 1):
            names = self._names_of(query.country, length)
            hits = process.extract(folded, names, scorer=OSA.distance, score_cutoff=allowed, limit=8)
            for name, slips, _ in hits:
                for row, score, _ in self._scored(name, query):
                    if self._in_country(row, query.country):
                        scored[row] = max(scored.get(row, (row, 0.0, "")), (row, score * (0.7 - 0.15 * slips), "fuzzy"))
        return list(scored.values())

    def _names_of(self, country: str, length: int) -> list[str]:
        return [name for part in self.parts for name in part.near(country, length)]

    def _candidate(self, row: int, score: float, match: str, query: Query) -> Candidate:
        place = self.place_at(row)
        country = self._country_names.get(place.country or "", "")
        return Candidate(place=place, score=round(score, 4), match=match, reason=_reason(place, country, match, query))

    # Phrases

    def _of_phrase(self, phrase: Phrase, query: Query, *, known: bool) -> list[Candidate]:
        container = phrase.container or query.container
        inner = replace(query, name=phrase.base, container=container)
        rows = self._scored(phrase.base, inner)
        if phrase.container and not self._container(phrase.container):
            return []
        if phrase.levels:  # where "Lake Victoria" itself is known, no town of Victoria is meant
            levels = phrase.levels[:1] if known and phrase.levels[0] == "region" else phrase.levels
            fitting = [(row, score, match) for row, score, match in rows if self._level(row) in levels]
            rows = fitting or ([] if known else [(row, score * 0.5, match) for row, score, match in rows])
        if phrase.container and len(rows) > 1:
            own_name = {row for row, kind in self._postings(phrase.base) if kind == CANONICAL}
            rows = [(row, score if row in own_name else score * _ALSO, match) for row, score, match in rows]
        if phrase.container:
            rows = [one for one in rows if self._inside(*self._part(one[0]), self._container(phrase.container))]
        if known:
            rows = [(row, score * 0.8, match) for row, score, match in rows] if phrase.relation == "is" else []
        if not rows and not known and phrase.relation != "is":
            inner_phrase = parse(phrase.base)
            places = self._of_phrase(inner_phrase, inner, known=False) if inner_phrase else []
        else:
            best = sorted(rows, key=lambda one: (-one[1], one[0]))[: query.limit]
            label = "exact" if phrase.container else "generic" if phrase.relation == "is" else "phrase"
            places = [self._candidate(row, score, label, inner) for row, score, _ in best]
        return [found for one in places if (found := self._apply(phrase, one, query)) is not None]

    def _level(self, row: int) -> str:
        part, local = self._part(row)
        return LEVELS[part.level[local]]

    def _apply(self, phrase: Phrase, candidate: Candidate, query: Query) -> Candidate | None:
        if phrase.relation == "is":
            return candidate
        if phrase.relation == "between":
            point = (candidate.place.lon, candidate.place.lat)
            others = self._candidates(replace(query, name=phrase.other, near=point, limit=1))
            if not others:
                return None
            place = _between(candidate.place, others[0].place)
        elif phrase.relation == "capital":
            seat = self._capitals.get(candidate.place.country or "") if candidate.place.level == "country" else None
            if seat is None:
                return None
            place = self.place(seat)
        else:
            place = self._derived(candidate.place, _suffix(phrase))
        return replace(candidate, place=place, match="phrase", reason=f"{candidate.reason}; {place.name}")

    def _derived(self, place: Place, suffix: str) -> Place:
        """The place that a suffix such as "part-0", "near" or "30km-45" makes of a place."""
        try:
            if suffix.startswith("between:"):
                return _between(place, self.place(suffix.removeprefix("between:")))
            return derive(place, suffix)
        except ValueError:
            raise GazetteerError(f"{place.place_id}#{suffix} is no place: {suffix!r} is not a part or a way") from None


def derive(place: Place, suffix: str) -> Place:
    """A place derived from another: a part ("part-0" for its north), "near", "near-90", "outskirts", "30km-45".

    A part lies in the middle of that third of the outline, where the shipped gazetteer has one.
    """
    what, _, bearing = suffix.partition("-")
    degrees = float(bearing) if bearing else None
    words = "" if degrees is None else _way(degrees)
    changed: dict[str, Any]
    if what == "part":
        changed = {
            "name": f"{words or 'central'} {place.name}",
            "radius_km": max(place.radius_km * (0.6 if degrees is not None else 0.4), 1.0),
            "level": "region" if place.level == "country" else place.level,
        }
        away = _PART_AWAY * place.radius_km if degrees is not None else 0.0
    elif what == "near":
        changed = {"name": f"{words} of {place.name}" if words else f"near {place.name}"}
        changed["radius_km"] = max(place.radius_km, _NEAR_KM)
        away = 0.0 if degrees is None else place.radius_km + _NEAR_KM / 2
    elif what == "outskirts":
        changed = {"name": f"outskirts of {place.name}", "radius_km": place.radius_km * 1.5}
        away = 0.0
    else:
        distance = float(what.removesuffix("km"))
        changed = {"name": f"{distance:g} km {words + ' of' if words else 'from'} {place.name}", "level": "point"}
        away = distance if degrees is not None else 0.0
        spread = max(2.0, 0.2 * distance) if degrees is not None else distance
        changed["radius_km"] = max(min(place.radius_km, distance), spread)
    outlined = middle_of(place.place_id, degrees) if what == "part" and degrees is not None else None
    lon, lat = outlined or moved(place.lon, place.lat, degrees or 0.0, away)
    changed |= {"lon": lon, "lat": lat, "place_id": f"{place.place_id.partition('#')[0]}#{suffix}", "population": None}
    changed["parents"] = (place.place_id, *place.parents)
    return replace(place, **changed)


def moved(lon: float, lat: float, bearing: float, away_km: float) -> tuple[float, float]:
    """The lon, lat in degrees that lies `away_km` from a point towards a bearing in degrees (on the sphere)."""
    angle, turn, start = away_km / EARTH_KM, math.radians(bearing), math.radians(lat)
    sine = math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * math.cos(turn)
    end = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(math.sin(turn) * math.sin(angle) * math.cos(start), math.cos(angle) - math.sin(start) * sine)
    return round((lon + math.degrees(east) + 180) % 360 - 180, 5), round(math.degrees(end), 5)


def _between(one: Place, other: Place) -> Place:
    apart = float(km(one.lon, one.lat, other.lon, other.lat))
    turned = other.lon + 360 * round((one.lon - other.lon) / 360)
    lon = ((one.lon + turned) / 2 + 180) % 360 - 180
    return replace(
        one, name=f"between {one.name} and {other.name}", place_id=f"{one.place_id}#between:{other.place_id}",
        lon=round(lon, 5), lat=round((one.lat + other.lat) / 2, 5), radius_km=max(apart / 2, 1.0),
        level="point" if apart <= 2 * _NEAR_KM else "region", population=None, admin2=None,
        kind="stretch between places",        country=one.country if one.country == other.country else None,
        admin1=one.admin1 if one.admin1 == other.admin1 else None,
        parents=tuple(parent for parent in one.parents if parent in other.parents),
    )  # fmt: skip


def _half(shape: BaseGeometry, place: Place, bearing: float) -> BaseGeometry:
    """The half of a shape that lies from a place's point towards a bearing in degrees."""
    import shapely
    from shapely import affinity

    middle = (place.lon, place.lat)
    north = shapely.box(place.lon - 400, place.lat, place.lon + 400, place.lat + 400)
    return shape.intersection(affinity.rotate(north, -bearing, origin=middle))


def _suffix(phrase: Phrase) -> str:
    bearing = "" if phrase.bearing is None else f"-{phrase.bearing:g}"
    head = f"{phrase.km:g}km" if phrase.relation == "away" else phrase.relation
    return head + ("" if phrase.relation == "outskirts" else bearing)


def _way(degrees: float) -> str:
    ways = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
    return ways[round(degrees / 45) % 8]


def _holds(part: Compiled, local: int, other: Compiled, town: int) -> bool:
    """Whether a row is a division that a town lies in, or that lies around it as an oblast around its capital."""
    if LEVELS[part.level[local]] not in {"admin1", "admin2"} or part.country(local) != other.country(town):
        return False
    number = part.number[local]
    if number in {other.division_id(other.inside1[town]), other.division_id(other.inside2[town])}:
        return True
    columns, town_columns = part.columns, other.columns
    away = km(columns["lon"][local], columns["lat"][local], town_columns["lon"][town], town_columns["lat"][town])
    return bool(away <= float(columns["radius"][local]))


def _covers(part: Compiled, local: int, country: str) -> bool:
    if part.nation[local]:
        return part.country(local) == country
    return country in part.meta["crossing"].get(str(local), ())


def _reason(place: Place, country: str, match: str, query: Query) -> str:
    """Why a place, in the country of this name, is a candidate, in words."""
    how = {
        "exact": "", "generic": "called so with a word for its sort", "abbreviation": "abbreviated so",
        "demonym": "its people are called so", "spelling": "in another transliteration", "fuzzy": "spelled nearly so",
        "phrase": "what the words around the name say",
    }[match]  # fmt: skip
    words = [", ".join(_what(place, country))]
    if place.population:
        words.append(f"{place.population:,} people")
    if query.near:
        words.append(f"{float(km(*query.near, place.lon, place.lat)):,.0f} km away")
    return "; ".join([*words, how] if how else words)


def _what(place: Place, country: str) -> list[str]:
    """What a place is and in what it lies, in plain words; its sort as GeoNames has it means something to few."""
    around = [name for name in dict.fromkeys((place.admin2, place.admin1, country)) if name and name != place.name]
    if place.kind == "capital" and country:
        return [f"capital of {country}"]
    if place.kind == "seat of a first-order division":
        own = place.admin1 if place.admin1 in around else "its province"
        return [f"capital of {own}", *(name for name in around if name == country)]
    if place.kind == "seat of a second-order division":
        own = place.admin2 if place.admin2 in around else "its district"
        return [f"main town of {own}", *(name for name in around if name != own)]
    return [_PLAIN.get(place.kind or "", place.kind) or place.level, *around]


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        found.setdefault(candidate.place.place_id, candidate)
    return list(found.values())
