"""What speaks for each candidate of each name in a report: one documented number for each kind of evidence.

A row is a candidate; the last row of each name stands for "none of these". Evidence from the other names of the report
is weighed by how likely their own candidates are so far, so it is worked out anew in each round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.options import EXACT, GENERIC, OTHER, PEOPLE, PHRASE, SHORTENED, Options
from geo.records import LEVELS

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
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
    "has_namesake": "a division of a country called so or around a town called so, 1/2 if longer: New York City",
    "alike": "how alike the name and its canonical name are, 0 to 1: Mykolaiv and Mykolayiv 0.94",
    "part_name": "its canonical name goes on from the name: Frankfurt am Main",
    "generic": "the name is its name without the word for its sort",
    "shortened": "the name is an abbreviation of it",
    "people_name": "the name is that of its people",
    "phrase": "the name is spelled otherwise, or a phrase about it",
    "only": "it is the only candidate",
    "followed_in": "a name of which it is part follows at once: Paris, Texas",
    "followed_out": "such a name follows, and it is not part of it",
    "beside_in": "a name of which it is part stands close by: Blahodatne in the Kherson region",
    "beside_around": "a name that is part of it stands close by, unless it has_namesake",
    "listed": "the names listed with it are probably of its level: Belgium, the Netherlands and Luxembourg",
    "level_said": "the words around ask for its level: the village of, County",
    "level_unsaid": "the words around ask for another level",
    "near_30": "nearest other name of the report, 1 / (1 + (km / 30)^2)",
    "near_150": "the same with 150 km",
    "near_600": "the same with 600 km",
    "country_named": "its country is named in the report",
    "admin1_named": "its first-order division is named in the report",
    "admin2_named": "its second-order division is named in the report",
    "among_30": "mean over the report's other names, 1 / (1 + (km / 30)^2)",
    "among_150": "the same with 150 km",
    "among_600": "the same with 600 km",
    "same_country": "share of the report's other names that lie in the country that it lies in",
    "same_admin1": "the same with its first-order division",
    "holds_others": "share of the report's other names that lie in it, unless it has_namesake: towns lie about both",
    "abroad": "its people (log10 over 8), for a settlement, times the share of other names not in its country",
    "home_country": "the outlet is at home in its country",
    "home_near": "the outlet's home is near, 1 / (1 + (km / 150)^2)",
    "alone": "its importance, where the report names nothing else",
    "village": "it is a settlement of which no people are told",
    "none": "none of these",
    "none_doubt": "none of these, by how unsure it is that the words name a place",
    "none_weak": "none of these, by how unimportant the foremost candidate is",
    "none_alike": "none of these, by the importance of the foremost candidate, times how alike the names are",
    "none_many": "none of these, by the logarithm of the number of candidates",
}
"""Every kind of evidence, and what its number is."""

EXPECTED: Final = {
    "followed_in": 3.0,
    "followed_out": -4.0,
    "level_said": 1.5,
    "level_unsaid": -2.5,
    "listed": 2.0,
}
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
_LINKS: Final = 9
"""How one candidate may bear on another: near it (3 scales), its like (2 levels), within it, holding it (3 levels)."""
_NEAR, _WITHIN, _HOLDING = slice(0, 3), 5, slice(6, 9)
_TIES: Final = slice(3, 9)  # all but near
_AT_150: Final = 1  # of the three scales
_NEAREST: Final = slice(NUMBER["near_30"], NUMBER["near_600"] + 1)  # from the likeliest name: near
_NAMED: Final = slice(NUMBER["country_named"], NUMBER["admin2_named"] + 1)  # from the likeliest name: holding
_MEAN: Final = slice(NUMBER["among_30"], NUMBER["holds_others"] + 1)  # from the mean of all: near, like and within
_TOLD: Final = 0.3  # how likely a following name must hold some candidate to be taken for its container
_HEARD: Final = 1e-3  # a candidate that is less likely says nothing of the others
_SPELT_ALIKE: Final = 0.55  # Mykolaiv and Mykolayiv 0.94, Chittagong and Chattogram 0.6, Pernambuco and Recife 0.25
_MIDDLE_COSINE: Final = 1 - (120.0 / _EARTH_KM) ** 2 / 2  # 120 km: Moscow is 94 km from the middle of its oblast
_DIVISIONS: Final = np.array([[_COUNTRY], [_ADMIN1], [_ADMIN2]])
_STEEPS: Final = np.array([2 * (_EARTH_KM / km) ** 2 for km in _SCALES_KM], np.float32)[:, None, None]


@dataclass(slots=True)
class Name:
    """One name of a report, whatever the number of its mentions, with its options and what the words around say.

    `followed` and `beside` are the numbers of the names that follow at once and that stand close by, `twins` of those
    that are written the same but mean another place, `listed` of those in one list with it; `levels` are the levels
    that the words around ask for; `doubt` (0 to 1) is how unsure it is that it names a place.
    """

    options: Options
    doubt: float = 0.0
    followed: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    twins: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of one report in one round: `features` by row, `starts` the first row of each name.

    `within`, `holds` and `near` say by name and row how likely the row lies in that name's place or holds it, and how
    near to it (1/2 at 150 km); None where nothing is known of other names.
    """

    features: Floats
    starts: Ints
    sizes: Ints
    round: int
    within: Singles | None = None
    holds: Singles | None = None
    near: Singles | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where an outlet is at home: a country's number among the options, and a unit vector."""

    country: int = 0
    xyz: Singles | None = None


class Table:
    """All candidates of one report side by side, and the evidence for each."""

    def __init__(self, names: list[Name], home: Home) -> None:
        kept = max(6, _ROWS // max(1, len(names)))
        self.names = names
        self.counts = np.array([min(len(n.options), kept) for n in names], np.int64)
        self.sizes = self.counts + 1
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.rows = int(self.sizes.sum())
        self.of_name = np.repeat(np.arange(len(names)), self.sizes)
        self.none = self.starts + self.counts
        places = np.ones(self.rows, bool)
        places[self.none] = False
        self.real = np.flatnonzero(places)
        self._gather()
        self.base = self._base(home)

    def _gather(self) -> None:
        """The columns of all names' options one below the other, with zeros in the rows for none of these."""
        facts = np.zeros((5, self.rows), np.int64)
        self.xyz = np.zeros((self.rows, 3), np.float32)
        self.own = np.zeros((self.rows, len(FEATURES)))
        if len(self.real):
            kept = [(n.options, int(k)) for n, k in zip(self.names, self.counts, strict=True)]
            facts[:, self.real] = np.concatenate([_facts(options)[:, :k] for options, k in kept], axis=1)
            self.xyz[self.real] = np.concatenate([options.xyz[:k] for options, k in kept])
            self.own[self.real] = np.concatenate([_own(options)[:k] for options, k in kept])
        self.level, self.country, self.admin1, self.admin2, self.ids = facts
        self.divisions = facts[1:4]

    def _base(self, home: Home) -> Floats:
        """The evidence that does not depend on the other names."""
        x, real = self.own, self.real
        if len(self.names) == 1:
            x[:, NUMBER["alone"]] = x[:, NUMBER["importance"]]
        self._say_levels(x)
        if home.country:
            x[real, NUMBER["home_country"]] = self.country[real] == home.country
        if home.xyz is not None:
            x[real, NUMBER["home_near"]] = _nearness(self.xyz[real] @ home.xyz, _STEEPS[_AT_150, 0, 0])
        none = self.none
        x[none, NUMBER["none"]] = 1
        x[none, NUMBER["none_doubt"]] = [n.doubt for n in self.names]
        x[none, NUMBER["none_weak"]] = 1 - np.maximum.reduceat(x[:, NUMBER["importance"]], self.starts)
        known = x[:, NUMBER["importance"]] * x[:, NUMBER["alike"]]
        x[none, NUMBER["none_alike"]] = np.maximum.reduceat(known, self.starts)
        x[none, NUMBER["none_many"]] = np.log1p(self.counts)
        return x

    def _say_levels(self, x: Floats) -> None:
        for i, name in enumerate(self.names):
            if name.levels:
                rows = slice(int(self.starts[i]), int(self.starts[i] + self.counts[i]))
                fits = _among(name.levels)[self.level[rows]]
                x[rows, NUMBER["level_said"]] = fits
                x[rows, NUMBER["level_unsaid"]] = ~fits
                x[rows, NUMBER["has_namesake"]] *= ~fits

    def evidence(self, shares: Floats | None, number: int) -> Evidence:
        """The evidence given how likely each candidate is so far (None: nothing is known yet)."""
        if shares is None or len(self.names) == 1:
            return Evidence(self.base, self.starts, self.sizes, number)
        x = self.base.copy()
        links = self._links(shares)
        x[:, _NEAREST] = links[_NEAR].max(axis=1).T
        x[:, _NAMED] = links[_HOLDING].max(axis=1).T
        x[:, _MEAN] = links[: _HOLDING.start].sum(axis=1).T / (len(self.names) - 1)
        settled = (self.level == _POINT) * x[:, NUMBER["people"]]
        x[:, NUMBER["abroad"]] = settled * (1 - x[:, NUMBER["same_country"]])
        within, holds = links[_HOLDING].sum(axis=0), links[_WITHIN]
        follow, beside, listed = self._joins
        if follow is not None:
            self._follow(x, follow * within)
        if beside is not None:
            x[:, NUMBER["beside_in"]] = (beside * within).max(axis=0)
            x[:, NUMBER["beside_around"]] = (beside * holds).max(axis=0)
        if listed is not None:
            self._list(x, listed, shares)
        apart = x[:, NUMBER["has_namesake"]] < 1
        x[:, NUMBER["holds_others"]] *= apart
        x[:, NUMBER["beside_around"]] *= apart
        return Evidence(x, self.starts, self.sizes, number, within, holds, links[_AT_150])

    def _links(self, shares: Floats) -> Singles:
        """What the likely candidates of each name say of each row, by link, name and row."""
        heard = np.flatnonzero(shares[self.real] > _HEARD)
        rows = self.real[heard]
        weight = np.zeros((len(self.names), len(heard)), np.float32)
        weight[self.of_name[rows], np.arange(len(heard))] = shares[rows]
        near, ties = self._bearing
        links = np.empty((_LINKS, len(heard), self.rows), np.float32)
        links[_NEAR], links[_TIES] = near[:, heard], ties[:, heard]
        said: Singles = weight @ links
        return said

    @cached_property
    def _bearing(self) -> tuple[Singles, NDArray[np.bool_]]:
        """How near each candidate is to each row, and their ties; none within a name and between twins."""
        real, speaks, levels = self.real, self._speaks(), self.level == _DIVISIONS
        keys = np.where(self.divisions, self.divisions, -1 - np.arange(self.rows))  # a row in none is like no other
        same = (keys[:, real][:, :, None] == keys[:, None, :]) & speaks
        like = same[:2] & ~levels[:2, None, :]
        same &= self.ids[real, None] != self.ids
        inside = same & levels[:, None, :]
        within = inside[:1] | inside[1:2] | inside[2:]
        holding = same & levels[:, real][:, :, None]
        near = _nearness(self.xyz[real] @ self.xyz.T, _STEEPS) * speaks
        return near, np.concatenate([like, within, holding])

    def _speaks(self) -> NDArray[np.bool_]:
        """Whether a candidate may say something of a row: that is of another name, and the name is no twin."""
        speakers = self.of_name[self.real]
        speaks: NDArray[np.bool_] = speakers[:, None] != self.of_name
        speaks[:, self.none] = False
        for i, name in enumerate(self.names):
            if name.twins:  # Paris, Texas says nothing of Paris, France
                speaks[np.ix_(np.isin(speakers, name.twins), self.of_name == i)] = False
        return speaks

    @cached_property
    def _joins(self) -> list[NDArray[np.bool_] | None]:
        """Which names (first) follow, stand beside and are listed with which rows (second); None where none does."""
        sorts = zip(*((name.followed, name.beside, name.listed) for name in self.names), strict=True)
        return [self._joined(others) for others in sorts]

    def _joined(self, others: Sequence[tuple[int, ...]]) -> NDArray[np.bool_] | None:
        pairs = [(j, i) for i, numbers in enumerate(others) for j in numbers]
        if not pairs:
            return None
        joined = np.zeros((len(self.names), len(self.names)), bool)
        joined[tuple(zip(*pairs, strict=True))] = True
        return joined[:, self.of_name]

    def _follow(self, x: Floats, lies: Singles) -> None:
        """Containers that follow a name at once; `lies` says how likely each row lies in them."""
        most = np.maximum.reduceat(lies, self.starts, axis=1)[:, self.of_name]
        told = most > _TOLD
        if told.any():
            x[:, NUMBER["followed_in"]] = (told * lies).max(axis=0)
            x[self.real, NUMBER["followed_out"]] = (told * (most - lies)).max(axis=0)[self.real]

    def _list(self, x: Floats, listed: NDArray[np.bool_], shares: Floats) -> None:
        """How likely the names in one list with each name are of each candidate's level."""
        sorts = self.of_name[self.real] * len(LEVELS) + self.level[self.real]
        likely = np.bincount(sorts, shares[self.real], len(self.names) * len(LEVELS)).reshape(-1, len(LEVELS))
        share = (likely[:, self.level] * listed).sum(axis=0) / np.maximum(1, listed.sum(axis=0))
        x[self.real, NUMBER["listed"]] = share[self.real]

    def span(self, i: int) -> slice:
        """The rows of a name's candidates."""
        return slice(int(self.starts[i]), int(self.starts[i] + self.counts[i]))


@lru_cache(maxsize=1 << len(LEVELS))
def _among(levels: tuple[int, ...]) -> NDArray[np.bool_]:
    """For each level whether it is one of some."""
    among: NDArray[np.bool_] = np.array([level in levels for level in range(len(LEVELS))])
    return among


@lru_cache(maxsize=_KEPT)
def _facts(options: Options) -> Ints:
    """Level, country, divisions and id of each candidate of a name."""
    return np.stack([options.level, options.country, options.admin1, options.admin2, options.ids])


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
    x[:, NUMBER["alike"]] = options.alike
    x[:, NUMBER["part_name"]] = options.part
    x[:, NUMBER["capital"]] = options.capital
    x[:, NUMBER["other_well"]] = x[:, NUMBER["other_name"]] * options.importance
    x[:, NUMBER["only"]] = len(options) == 1
    x[:, NUMBER["village"]] = (options.level == _POINT) & (options.people <= 0)
    x[:, NUMBER["has_namesake"]] = _namesakes(options)
    return x


def _namesakes(options: Options) -> NDArray[np.float32]:
    """1 for candidates that are divisions of a country called so, or around an important town called just so.

    1/2 where the town's name is longer by a word for its sort: New York City, but also Oklahoma City.
    """
    longer = (options.alike == 1) & (options.part == 0) & (options.match != EXACT)
    towns = (options.level == _POINT) & (options.importance > _TOWN) & (options.alike > _SPELT_ALIKE)
    half = _around(options, towns & longer)
    full = _around(options, towns & ~longer)
    countries = options.country[options.level == _COUNTRY]
    full |= ((options.level == _ADMIN1) | (options.level == _ADMIN2)) & np.isin(options.country, countries)
    return np.maximum(full, half / np.float32(2)).astype(np.float32)


def _around(options: Options, towns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which candidates are divisions that some towns lie in or near the middle of."""
    found = np.zeros(len(options), bool)
    if towns.any():
        for level, column in ((_ADMIN1, options.admin1), (_ADMIN2, options.admin2)):
            found |= (options.level == level) & (column != 0) & np.isin(column, column[towns])
        near = (options.xyz @ options.xyz[towns].T > _MIDDLE_COSINE).any(axis=1)
        found |= (options.level == _ADMIN1) & near  # Moscow lies in a division of its own, its oblast around it
    return found


def _nearness(cosine: Singles, steep: Singles | np.float32) -> Singles:
    """1 / (1 + (distance / km)^2) by the straight line; `steep` is 2 (radius of the earth / km)^2."""
    nearness: Singles = np.maximum(np.float32(0), np.float32(1) - cosine) * steep
    nearness += 1
    return np.divide(1, nearness, out=nearness)
