"""What speaks for each candidate of each name in a report: one documented number for each kind of evidence.

A row is a candidate; the last row of each name stands for "none of these". Evidence from the other names of the report
is weighed by how likely their own candidates are so far, so it is worked out anew in each round.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.options import GENERIC, OTHER, PEOPLE, PHRASE, SHORTENED, Options
from geo.records import LEVELS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEATURES: Final[dict[str, str]] = {
    "importance": "the gazetteer's prior, from people, names, level and office, 0 to 1",
    "people": "log10 of its people over 8",
    "point": "it is a settlement or a spot",
    "admin2": "it is a second-order division",
    "admin1": "it is a first-order division",
    "region": "it is a region, a sea, a river",
    "country": "it is a country",
    "foremost": "no other candidate is as important",
    "behind": "how much less important it is than the foremost",
    "other_name": "the name is one of its alternates",
    "other_well": "its importance, where the name is one of its alternates",
    "capital": "it is the capital of a country",
    "has_namesake": "it is a division, and an important town of the same name lies in it",
    "generic": "the name is its name without the word for its sort",
    "shortened": "the name is an abbreviation of it",
    "people_name": "the name is that of its people",
    "phrase": "the name is spelled otherwise, or a phrase about it",
    "only": "it is the only candidate",
    "followed_in": "a name of which it is part follows at once: Paris, Texas",
    "followed_out": "such a name follows, and it is not part of it",
    "beside_in": "a name of which it is part stands close by: Blahodatne in the Kherson region",
    "beside_around": "a name that is part of it stands close by",
    "level_said": "the words around ask for its level: the village of, County",
    "level_unsaid": "the words around ask for another level",
    "country_named": "its country is named in the report",
    "admin1_named": "its first-order division is named in the report",
    "admin2_named": "its second-order division is named in the report",
    "holds_others": "share of the report's other names that lie in it, for divisions and countries",
    "near_30": "nearest other name of the report, 1 / (1 + (km / 30)^2)",
    "near_150": "the same with 150 km",
    "near_600": "the same with 600 km",
    "among_30": "mean over the report's other names, 1 / (1 + (km / 30)^2)",
    "among_150": "the same with 150 km",
    "among_600": "the same with 600 km",
    "same_country": "share of the report's other names that lie in its country",
    "same_admin1": "share of the report's other names that lie in its first-order division",
    "home_country": "the outlet is at home in its country",
    "home_near": "the outlet's home is near, 1 / (1 + (km / 150)^2)",
    "alone": "its importance, where the report names nothing else",
    "village": "it is a settlement of which no people are told",
    "none": "none of these",
    "none_doubt": "none of these, by how unsure it is that the words name a place",
    "none_weak": "none of these, by how unimportant the foremost candidate is",
    "none_many": "none of these, by the logarithm of the number of candidates",
}
"""Every kind of evidence, and what its number is."""

EXPECTED: Final = {"followed_in": 3.0, "followed_out": -4.0, "level_said": 1.0, "level_unsaid": -1.5}
"""Weights that learning is held to: what the words say outright is rare in training and plain to all."""

NUMBER: Final = {name: i for i, name in enumerate(FEATURES)}
ROUNDS: Final = 3
_EARTH_KM: Final = 6371.0088
_SCALES_KM: Final = (30.0, 150.0, 600.0)
_POINT, _ADMIN2, _ADMIN1, _REGION, _COUNTRY = range(len(LEVELS))
_ROWS: Final = 500
_KEPT: Final = 20_000
_TOWN: Final = 0.45  # importance of a town of some ten thousand people

_FITS: Final = {
    "other_name": OTHER,
    "generic": GENERIC,
    "shortened": SHORTENED,
    "people_name": PEOPLE,
    "phrase": PHRASE,
}
_LINKS: Final = {
    "near 30": ("near_30", "among_30"),
    "near 150": ("near_150", "among_150"),
    "near 600": ("near_600", "among_600"),
    "in its country": ("country_named", ""),
    "same country": ("", "same_country"),
    "in its admin1": ("admin1_named", ""),
    "same admin1": ("", "same_admin1"),
    "in its admin2": ("admin2_named", ""),
}
"""How one candidate may bear on another, with the evidence from the likeliest name and from the mean of all names."""
_IN: Final = [i for i, link in enumerate(_LINKS) if link.startswith("in its")]


@dataclass(slots=True)
class Name:
    """One name of a report, whatever the number of its mentions, with its options and what the words around say.

    `followed` and `beside` are the numbers of the names that follow at once and that stand close by, `twins` of those
    that are written the same but mean another place; `levels` are the levels that the words around ask for; `doubt`
    (0 to 1) is how unsure it is that it names a place.
    """

    options: Options
    doubt: float = 0.0
    followed: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    twins: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of one report in one round: `features` by row, `starts` the first row of each name."""

    features: Floats
    starts: Ints
    sizes: Ints
    round: int


@dataclass(frozen=True, slots=True)
class Home:
    """Where an outlet is at home: a country's number among the options, and a unit vector."""

    country: int = 0
    xyz: NDArray[np.float32] | None = None


class Table:
    """All candidates of one report side by side, and the evidence for each."""

    def __init__(self, names: list[Name], home: Home) -> None:
        kept = max(6, _ROWS // max(1, len(names)))
        self.names = names
        self.counts = np.array([min(len(n.options), kept) for n in names], np.int64)
        self.starts = np.r_[0, np.cumsum(self.counts + 1)[:-1]].astype(np.int64)
        self.sizes = self.counts + 1
        self.rows = int(self.sizes.sum())
        self.of_name = np.repeat(np.arange(len(names)), self.sizes)
        self.is_none = np.zeros(self.rows, bool)
        self.is_none[self.starts + self.counts] = True
        self.real = np.flatnonzero(~self.is_none)
        self._gather()
        self.base = self._base(home)

    def _gather(self) -> None:
        """The columns of all names' options one below the other, with zeros in the rows for none of these."""
        facts = np.zeros((self.rows, 5), np.int64)
        self.xyz = np.zeros((self.rows, 3), np.float32)
        self.own = np.zeros((self.rows, len(FEATURES)))
        if len(self.real):
            kept = [(n.options, int(k)) for n, k in zip(self.names, self.counts, strict=True)]
            facts[self.real] = np.concatenate([_facts(options)[:k] for options, k in kept])
            self.xyz[self.real] = np.concatenate([options.xyz[:k] for options, k in kept])
            self.own[self.real] = np.concatenate([_own(options)[:k] for options, k in kept])
        self.level, self.country, self.admin1, self.admin2, self.ids = facts.T

    def _base(self, home: Home) -> Floats:
        """The evidence that does not depend on the other names."""
        x, real = self.own, self.real
        if len(self.names) == 1:
            x[:, NUMBER["alone"]] = x[:, NUMBER["importance"]]
        self._say_levels(x)
        if home.country:
            x[real, NUMBER["home_country"]] = self.country[real] == home.country
        if home.xyz is not None:
            x[real, NUMBER["home_near"]] = _nearness(self.xyz[real] @ home.xyz, 150.0)
        none = self.starts + self.counts
        x[none, NUMBER["none"]] = 1
        x[none, NUMBER["none_doubt"]] = [n.doubt for n in self.names]
        x[none, NUMBER["none_weak"]] = 1 - np.maximum.reduceat(x[:, NUMBER["importance"]], self.starts)
        x[none, NUMBER["none_many"]] = np.log1p(self.counts)
        return x

    def _say_levels(self, x: Floats) -> None:
        for i, name in enumerate(self.names):
            if name.levels:
                rows = slice(int(self.starts[i]), int(self.starts[i] + self.counts[i]))
                fits = np.isin(self.level[rows], name.levels)
                x[rows, NUMBER["level_said"]] = fits
                x[rows, NUMBER["level_unsaid"]] = ~fits

    def evidence(self, shares: Floats | None, number: int) -> Evidence:
        """The evidence given how likely each candidate is so far (None: nothing is known yet)."""
        if shares is None or len(self.names) == 1:
            return Evidence(self.base, self.starts, self.sizes, number)
        x = self.base.copy()
        weight = np.zeros((self.rows, len(self.names)), np.float32)
        weight[self.real, self.of_name[self.real]] = shares[self.real]
        by_name = (self.links @ weight).reshape(len(_LINKS), self.rows, len(self.names))
        by_name[:, np.arange(self.rows), self.of_name] = 0
        for i, name in enumerate(self.names):
            for j in name.twins:  # Paris, Texas says nothing of Paris, France
                by_name[:, self.span(i), j] = 0
        most, mean = by_name.max(axis=2), by_name.sum(axis=2) / (len(self.names) - 1)
        for i, (maximum, average) in enumerate(_LINKS.values()):
            if maximum:
                x[:, NUMBER[maximum]] = most[i]
            if average:
                x[:, NUMBER[average]] = mean[i]
        x[:, NUMBER["holds_others"]] = np.where(self.level == _COUNTRY, x[:, NUMBER["same_country"]], 0.0)
        x[:, NUMBER["holds_others"]] += np.where(self.level == _ADMIN1, x[:, NUMBER["same_admin1"]], 0.0)
        self._beside(x, by_name[_IN].sum(axis=0), weight)
        x[self.is_none, NUMBER["country_named"] : NUMBER["same_admin1"] + 1] = 0
        return Evidence(x, self.starts, self.sizes, number)

    @cached_property
    def links(self) -> NDArray[np.float32]:
        """How each row bears on each other, one block of rows for each of `_LINKS`."""
        cosine = self.xyz @ self.xyz.T
        blocks = [_nearness(cosine, km) for km in _SCALES_KM]
        other = self.ids[:, None] != self.ids
        for key, level in ((self.country, _COUNTRY), (self.admin1, _ADMIN1), (self.admin2, _ADMIN2)):
            same = (key[:, None] == key) & (key != 0)
            blocks.append((same & other & (self.level == level)).astype(np.float32))
            if level != _ADMIN2:
                blocks.append(same.astype(np.float32))
        return np.concatenate(blocks)

    def inside(self, inner: Ints | slice | int, outer: Ints | int) -> NDArray[np.bool_]:
        """Whether one row lies in each of others, or each of some rows in one."""
        level, country = self.level[outer], self.country[outer]
        admin1, admin2 = self.admin1[outer], self.admin2[outer]
        lies: NDArray[np.bool_] = (
            ((level == _COUNTRY) & (self.country[inner] == country) & (country > 0))
            | ((level == _ADMIN1) & (self.admin1[inner] == admin1) & (admin1 != 0))
            | ((level == _ADMIN2) & (self.admin2[inner] == admin2) & (admin2 != 0))
        ) & (self.ids[inner] != self.ids[outer])
        return lies

    def span(self, i: int) -> slice:
        """The rows of a name's candidates."""
        return slice(int(self.starts[i]), int(self.starts[i] + self.counts[i]))

    def _beside(self, x: Floats, within: NDArray[np.float32], weight: NDArray[np.float32]) -> None:
        """Containers that follow a name at once or stand close by; `within` is how likely a row lies in each name."""
        held = self.links.reshape(len(_LINKS), self.rows, self.rows)[_IN].sum(axis=0)
        for i, name in enumerate(self.names):
            mine = self.span(i)
            for j in name.followed if mine.stop > mine.start else ():
                lies = within[mine, j]
                most = float(lies.max())
                if most > 0.3:
                    x[mine, NUMBER["followed_in"]] = np.maximum(x[mine, NUMBER["followed_in"]], lies)
                    x[mine, NUMBER["followed_out"]] = np.maximum(x[mine, NUMBER["followed_out"]], most - lies)
            for j in name.beside if mine.stop > mine.start else ():
                theirs = self.span(j)
                around = weight[theirs, j] @ held[theirs, mine]
                x[mine, NUMBER["beside_in"]] = np.maximum(x[mine, NUMBER["beside_in"]], within[mine, j])
                x[mine, NUMBER["beside_around"]] = np.maximum(x[mine, NUMBER["beside_around"]], around)


@lru_cache(maxsize=_KEPT)
def _facts(options: Options) -> Ints:
    """Level, country, divisions and id of each candidate of a name."""
    return np.stack([options.level, options.country, options.admin1, options.admin2, options.ids], axis=1)


@lru_cache(maxsize=_KEPT)
def _own(options: Options) -> Floats:
    """The evidence that lies in the candidates of a name themselves."""
    x = np.zeros((len(options), len(FEATURES)))
    if not len(options):
        return x
    behind = options.importance.max() - options.importance
    x[:, NUMBER["importance"]] = options.importance
    x[:, NUMBER["people"]] = options.people / 8
    x[np.arange(len(options)), NUMBER["point"] + options.level] = 1
    x[:, NUMBER["foremost"]] = behind <= 0
    x[:, NUMBER["behind"]] = behind
    for name, match in _FITS.items():
        x[:, NUMBER[name]] = options.match == match
    x[:, NUMBER["capital"]] = options.capital
    x[:, NUMBER["other_well"]] = x[:, NUMBER["other_name"]] * options.importance
    x[:, NUMBER["only"]] = len(options) == 1
    x[:, NUMBER["village"]] = (options.level == _POINT) & (options.people <= 0)
    x[:, NUMBER["has_namesake"]] = _namesakes(options)
    return x


def _namesakes(options: Options) -> NDArray[np.bool_]:
    """Which candidates are divisions that hold an important town of the same name."""
    towns = (options.level == _POINT) & (options.importance > _TOWN)
    found = np.zeros(len(options), bool)
    for level, column in ((_ADMIN1, options.admin1), (_ADMIN2, options.admin2)):
        found |= (options.level == level) & (column != 0) & np.isin(column, column[towns])
    return found


def _nearness(cosine: NDArray[np.float32], km: float) -> NDArray[np.float32]:
    """1 / (1 + (distance / km)^2) with the straight line through the earth for the distance."""
    squared = np.maximum(np.float32(0), np.float32(1) - cosine) * np.float32(2 * (_EARTH_KM / km) ** 2)
    nearness: NDArray[np.float32] = np.float32(1) / (np.float32(1) + squared)
    return nearness
