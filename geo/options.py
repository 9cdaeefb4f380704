"""The places that a name may mean, as arrays: read once for each name from the gazetteer, or asked of any Geocoder."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from geo.gazetteer.compiled import ABBREVIATION, ADJECTIVE, DEMONYM, SHORT, Compiled
from geo.gazetteer.local import CAPITAL, LocalGazetteer
from geo.gazetteer.names import fold, is_abbreviation
from geo.gazetteer.phrases import strip_generic
from geo.interfaces import Geocoder
from geo.recognise.spans import FACILITY_WORDS
from geo.records import LEVELS, Candidate, Place, Query
from geo.remembered import Remembered

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MATCHES: Final = ("exact", "alternate", "generic", "abbreviation", "demonym", "demonym", "phrase")
EXACT, OTHER, GENERIC, SHORTENED, PEOPLE, _, PHRASE = range(7)
_BRACKETS: Final = re.compile(r" \([^)]*\)$")
_MOST: Final = 40
_KEPT: Final = 50_000
_FIT: Final = np.array((1.0, 0.97, 0.95, 1.0, 1.0, 1.0, 0.8), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """The candidates of one name, most important first; `xyz` are unit vectors, `country` and ids plain numbers.

    `capital` is 1 for the capital of a country. `admin1` and `admin2` hold the ids of the divisions that a candidate
    lies in (its own, for a division), 0 for none. `alike` is how alike (0 to 1) the name and the candidate's canonical
    name are, `part` is 1 where that goes on from it.
    """

    xyz: Floats
    importance: Floats
    people: Floats
    level: Ints
    country: Ints
    admin1: Ints
    admin2: Ints
    ids: Ints
    match: Ints
    capital: Floats
    alike: Floats
    part: Floats
    place: Callable[[int], Place]

    def __len__(self) -> int:
        return len(self.level)

    def candidate(self, i: int, score: float) -> Candidate:
        """One of them as a Candidate with the share that ranking gave it."""
        return Candidate(place=self.place(i), score=round(score, 4), match=MATCHES[self.match[i]])


Lookup = Callable[[Sequence[str]], list[Options]]


def lookup(geocoder: Geocoder) -> Lookup:
    """A function from names to their options; it remembers what it has looked up."""
    return _local(geocoder) if isinstance(geocoder, LocalGazetteer) else _Asked(geocoder)


@lru_cache(maxsize=4)
def _local(gazetteer: LocalGazetteer) -> _Local:
    return _Local(gazetteer)


def unit_vectors(lon: NDArray[np.floating], lat: NDArray[np.floating]) -> Floats:
    """Points in degrees as unit vectors, one a row."""
    east, north = np.radians(lon.astype(np.float64)), np.radians(lat.astype(np.float64))
    level = np.cos(north)
    return np.stack([level * np.cos(east), level * np.sin(east), np.sin(north)], axis=1).astype(np.float32)


def alike(name: str, canonical: str) -> tuple[float, bool]:
    """How alike (0 to 1) a name and a canonical one are but for a word for the sort, and whether that goes on from it.

    What stands in brackets only tells namesakes apart: Blahodatne (Kherson, right bank).

    >>> alike("Kherson", "Kherson Oblast"), alike("Frankfurt", "Frankfurt am Main"), alike("Oslo", "Oslo")
    ((1.0, False), (1.0, True), (1.0, False))
    >>> alike("Blahodatne", "Blahodatne (Kherson, right bank)")
    (1.0, False)
    >>> alike("Mykolaiv", "Mykolayiv")[0] > 0.9 > 0.5 > alike("White House", "Casablanca")[0]
    True
    """
    one, other = fold(name), fold(_BRACKETS.sub("", canonical))
    bare, other_bare = strip_generic(one)[0], strip_generic(other)[0]
    if bare != other_bare and other.startswith(f"{one} "):
        return 1.0, True
    return max(fuzz.ratio(bare, other_bare), fuzz.ratio(one, other)) / 100, False


class _Local:
    """Options straight from the columns of the embedded gazetteer."""

    def __init__(self, gazetteer: LocalGazetteer) -> None:
        self._gazetteer = gazetteer
        self._starts = [0, *np.cumsum([part.rows for part in gazetteer.parts]).tolist()]
        self._kept = Remembered(self._read, most=_KEPT)
        self._places = Remembered(gazetteer.place_at, most=_KEPT)
        self._codes: dict[str, int] = {"": 0}

    def __call__(self, names: Sequence[str]) -> list[Options]:
        return [self._kept[name] for name in names]

    def _read(self, name: str) -> Options:
        found = self._postings(name)
        return self._of_rows(name, found) if found else self._of_words(name)

    def _postings(self, name: str) -> list[tuple[int, int, int]]:
        """(part, row, match) of the places called so, or called so without the word for their sort."""
        key = fold(name)
        found = self._named(key, name)
        if not found:
            base, levels = strip_generic(key)
            if levels and base != key:
                wanted = {LEVELS.index(level) for level in levels}
                of_level = [one for one in self._named(base, name) if self._level(*one[:2]) in wanted]
                areas = [
                    one for one in of_level if not self._is_city(*one[:2])
                ]  # "Kyiv region" is not the City of Kyiv
                found = [(part, row, GENERIC) for part, row, _ in areas or of_level]
        return found

    def _named(self, key: str, name: str) -> list[tuple[int, int, int]]:
        found: dict[int, tuple[int, int, int]] = {}
        for number, part in enumerate(self._gazetteer.parts):
            for row, kind in part.postings(key):
                found[int(part.columns["ids"][row])] = (number, row, _match(kind))
        pairs = list(found.values())
        if len(key) <= 4 and not is_abbreviation(name) and "." not in name:
            pairs = [one for one in pairs if one[2] != SHORTENED]
        return pairs

    def _level(self, part: int, row: int) -> int:
        return int(self._gazetteer.parts[part].columns["level"][row])

    def _is_city(self, number: int, row: int) -> bool:
        part = self._gazetteer.parts[number]
        return bool(part.kinds[part.columns["kind"][row]] == "city")

    def _of_words(self, name: str) -> Options:
        """What the gazetteer makes of a name that it does not have: other spellings, phrases."""
        words = fold(name).split()
        sensible = "capital" in words[1:] or (len(words) < 3 and words[-1:] and words[-1] not in FACILITY_WORDS)
        candidates = self._gazetteer.candidates([Query(name=name)])[0] if sensible else []
        return _of_candidates(name, candidates, self._code)

    def _code(self, country: str | None) -> int:
        return self._codes.setdefault(country or "", len(self._codes))

    def _of_rows(self, name: str, found: Sequence[tuple[int, int, int]]) -> Options:
        columns = [self._columns(part, row, match) for part, row, match in found]
        columns.sort(key=lambda c: (-c["importance"] * _FIT[c["match"]], c["row"]))
        columns = columns[:_MOST]

        def each(name: str, dtype: type) -> NDArray[Any]:
            return np.array([c[name] for c in columns], dtype)

        rows: list[int] = [c["row"] for c in columns]
        likeness = [alike(name, self._name(row)) for row in rows]
        return Options(
            xyz=unit_vectors(each("lon", np.float64), each("lat", np.float64)),
            importance=each("importance", np.float32),
            people=np.log10(each("population", np.float64) + 1).astype(np.float32),
            level=each("level", np.int64),
            country=each("country", np.int64),
            admin1=each("admin1", np.int64),
            admin2=each("admin2", np.int64),
            ids=each("ids", np.int64),
            match=each("match", np.int64),
            capital=each("capital", np.float32),
            alike=np.array([like for like, _ in likeness], np.float32),
            part=np.array([part for _, part in likeness], np.float32),
            place=lambda i: self._places[rows[i]],
        )

    def _columns(self, number: int, row: int, match: int) -> dict[str, Any]:
        part: Compiled = self._gazetteer.parts[number]
        columns = part.columns
        admin1, admin2 = int(columns["admin1"][row]), int(columns["admin2"][row])
        return {
            "row": self._starts[number] + row,
            "match": match,
            "lon": float(columns["lon"][row]),
            "lat": float(columns["lat"][row]),
            "importance": int(columns["importance"][row]) / 255,
            "population": int(columns["population"][row]),
            "level": int(columns["level"][row]),
            "country": self._code(part.country(row)),
            "admin1": int(part.division_ids[admin1 - 1]) if admin1 else 0,
            "admin2": int(part.division_ids[admin2 - 1]) if admin2 else 0,
            "ids": int(columns["ids"][row]),
            "capital": part.kinds[columns["kind"][row]] == CAPITAL,
        }

    def _name(self, row: int) -> str:
        number = bisect_right(self._starts, row) - 1
        return self._gazetteer.parts[number].name(row - self._starts[number])


def _match(kind: int) -> int:
    return {SHORT: GENERIC, ABBREVIATION: SHORTENED, DEMONYM: PEOPLE, ADJECTIVE: PEOPLE}.get(kind, min(kind, OTHER))


class _Asked:
    """Options from what any Geocoder answers; names new to it are asked for in one batch."""

    def __init__(self, geocoder: Geocoder) -> None:
        self._geocoder = geocoder
        self._kept: dict[str, Options] = {}
        self._numbers: dict[str, int] = {"": 0}

    def __call__(self, names: Sequence[str]) -> list[Options]:
        new = list(dict.fromkeys(name for name in names if name not in self._kept))
        answers = self._geocoder.candidates([Query(name=name) for name in new]) if new else []
        for name, candidates in zip(new, answers, strict=True):
            self._kept[name] = _of_candidates(name, candidates[:_MOST], self._number)
        return [self._kept[name] for name in names]

    def _number(self, name: str | None) -> int:
        return self._numbers.setdefault(name or "", len(self._numbers))


def _of_candidates(name: str, candidates: Sequence[Candidate], number: Callable[[str | None], int]) -> Options:
    """Options from Candidates; divisions are told apart by country and name, for an answer may not hold their ids."""
    places = [c.place for c in candidates]

    def division(place: Place, name: str | None) -> int:
        return number(f"{place.country}/{name}") if name else 0

    matches = {word: i for i, word in reversed(list(enumerate(MATCHES)))}
    likeness = [alike(name, p.name) for p in places]
    return Options(
        xyz=unit_vectors(np.array([p.lon for p in places]), np.array([p.lat for p in places])),
        importance=np.array([c.score for c in candidates], np.float32),
        people=np.log10(np.array([(p.population or 0) + 1.0 for p in places])).astype(np.float32),
        level=np.array([LEVELS.index(p.level) for p in places], np.int64),
        country=np.array([number(p.country) for p in places], np.int64),
        admin1=np.array([division(p, p.name if p.level == "admin1" else p.admin1) for p in places], np.int64),
        admin2=np.array([division(p, p.name if p.level == "admin2" else p.admin2) for p in places], np.int64),
        ids=np.array([number(p.place_id) for p in places], np.int64),
        match=np.array([matches.get(c.match, PHRASE) for c in candidates], np.int64),
        capital=np.array([p.kind == CAPITAL for p in places], np.float32),
        alike=np.array([like for like, _ in likeness], np.float32),
        part=np.array([part for _, part in likeness], np.float32),
        place=lambda i: places[i],
    )
