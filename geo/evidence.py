"""What speaks for each candidate of each name in a report: one documented number for each kind of evidence.

A row is a candidate; the last row of each name stands for "none of these". Evidence from the other names of the report
is weighed by how likely their own candidates are so far, so it is worked out anew in each round.
"""

from __future__ import annotations

from dataclasses import dataclass
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

NUMBER: Final = {name: i for i, name in enumerate(FEATURES)}
ROUNDS: Final = 3
_EARTH_KM: Final = 6371.0088
_SCALES_KM: Final = (30.0, 150.0, 600.0)
_POINT, _ADMIN2, _ADMIN1, _REGION, _COUNTRY = range(len(LEVELS))
_ROWS: Final = 700


@dataclass(slots=True)
class Name:
    """One name of a report, whatever the number of its mentions, with its options and what the words around say.

    `followed` and `beside` are the numbers of the names that follow at once and that stand close by; `levels` are
    the levels that the words around ask for; `doubt` (0 to 1) is how unsure it is that it names a place.
    """

    options: Options
    doubt: float = 0.0
    followed: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
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
        def column(name: str, dtype: type) -> NDArray[np.generic]:
            values = np.zeros(self.rows, dtype)
            if len(self.real):
                parts = [getattr(n.options, name)[:k] for n, k in zip(self.names, self.counts, strict=True)]
                values[self.real] = np.concatenate(parts)
            return values

        self.level = column("level", np.int64)
        self.country = column("country", np.int64)
        self.admin1 = column("admin1", np.int64)
        self.admin2 = column("admin2", np.int64)
        self.ids = column("ids", np.int64)
        self.match = column("match", np.int64)
        self.importance = column("importance", np.float64)
        self.people = column("people", np.float64)
        self.xyz = np.zeros((self.rows, 3), np.float32)
        if len(self.real):
            self.xyz[self.real] = np.concatenate(
                [n.options.xyz[:k] for n, k in zip(self.names, self.counts, strict=True)]
            )

    def _base(self, home: Home) -> Floats:
        """The evidence that does not depend on the other names."""
        x = np.zeros((self.rows, len(FEATURES)))
        real = self.real
        top = np.maximum.reduceat(self.importance, self.starts) if self.rows else np.zeros(0)
        behind = top[self.of_name] - self.importance
        x[:, NUMBER["importance"]] = self.importance
        x[:, NUMBER["people"]] = self.people / 8
        x[real, NUMBER["point"] + self.level[real]] = 1
        x[real, NUMBER["foremost"]] = behind[real] <= 0
        x[real, NUMBER["behind"]] = behind[real]
        for name, match in (
            ("other_name", OTHER), ("generic", GENERIC), ("shortened", SHORTENED), ("people_name", PEOPLE), ("phrase", PHRASE),
        ):  # fmt: skip
            x[real, NUMBER[name]] = self.match[real] == match
        x[real, NUMBER["only"]] = self.counts[self.of_name[real]] == 1
        x[real, NUMBER["village"]] = (self.level[real] == _POINT) & (self.people[real] <= 0)
        if len(self.names) == 1:
            x[:, NUMBER["alone"]] = self.importance
        self._say_levels(x)
        if home.country:
            x[real, NUMBER["home_country"]] = self.country[real] == home.country
        if home.xyz is not None:
            x[real, NUMBER["home_near"]] = _nearness(self.xyz[real] @ home.xyz, 150.0)
        none = self.starts + self.counts
        x[none, NUMBER["none"]] = 1
        x[none, NUMBER["none_doubt"]] = [n.doubt for n in self.names]
        x[none, NUMBER["none_weak"]] = 1 - top
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
        x = self.base.copy()
        if shares is not None and len(self.names) > 1:
            self._beside(x, shares)
            self._named(x, shares)
            self._near(x, shares)
            self._shared(x, shares)
        return Evidence(x, self.starts, self.sizes, number)

    def inside(self, rows: Ints, outer: Ints) -> NDArray[np.bool_]:
        """Whether each of some rows (down) lies in each of others (across)."""
        level = self.level[outer]
        country, admin1, admin2 = self.country[rows, None], self.admin1[rows, None], self.admin2[rows, None]
        return (
            ((level == _COUNTRY) & (country == self.country[outer]) & (country > 0))
            | ((level == _ADMIN1) & (admin1 == self.admin1[outer]) & (admin1 != 0))
            | ((level == _ADMIN2) & (admin2 == self.admin2[outer]) & (admin2 != 0))
        ) & (self.ids[rows, None] != self.ids[outer])

    def span(self, i: int) -> Ints:
        """The rows of a name's candidates."""
        return np.arange(self.starts[i], self.starts[i] + self.counts[i])

    def _beside(self, x: Floats, shares: Floats) -> None:
        for i, name in enumerate(self.names):
            mine = self.span(i)
            if not len(mine):
                continue
            for j in name.followed:
                theirs = self.span(j)
                within = self.inside(mine, theirs) @ shares[theirs]
                if len(within) and within.max() > 0.3:  # noqa: PLR2004 - it may be a list rather than a container
                    x[mine, NUMBER["followed_in"]] = np.maximum(x[mine, NUMBER["followed_in"]], within)
                    x[mine, NUMBER["followed_out"]] = np.maximum(x[mine, NUMBER["followed_out"]], within.max() - within)
            for j in name.beside:
                theirs = self.span(j)
                within = self.inside(mine, theirs) @ shares[theirs]
                around = self.inside(theirs, mine).T @ shares[theirs]
                x[mine, NUMBER["beside_in"]] = np.maximum(x[mine, NUMBER["beside_in"]], within)
                x[mine, NUMBER["beside_around"]] = np.maximum(x[mine, NUMBER["beside_around"]], around)

    def _named(self, x: Floats, shares: Floats) -> None:
        """Containers that are named anywhere in the report, by level."""
        for feature, level, key in (
            ("country_named", _COUNTRY, self.country),
            ("admin1_named", _ADMIN1, self.admin1),
            ("admin2_named", _ADMIN2, self.admin2),
        ):
            outer = np.flatnonzero((self.level == level) & ~self.is_none & (shares > 0.01))  # noqa: PLR2004
            if len(outer):
                fits = (key[:, None] == key[outer]) & (key[:, None] != 0)
                fits &= (self.of_name[:, None] != self.of_name[outer]) & (self.ids[:, None] != self.ids[outer])
                x[:, NUMBER[feature]] = (fits * shares[outer]).max(axis=1)
        x[self.is_none, NUMBER["country_named"] : NUMBER["admin2_named"] + 1] = 0

    def _near(self, x: Floats, shares: Floats) -> None:
        cosine = self.xyz @ self.xyz.T
        weight = shares.astype(np.float32)
        weight[self.is_none] = 0
        others = len(self.names) - 1
        own = self.of_name, np.arange(self.rows)
        for km in _SCALES_KM:
            close = np.add.reduceat(_nearness(cosine, km) * weight, self.starts, axis=1)
            close[own[1], own[0]] = 0
            x[:, NUMBER[f"near_{km:.0f}"]] = close.max(axis=1)
            x[:, NUMBER[f"among_{km:.0f}"]] = close.sum(axis=1) / others
        x[self.is_none, NUMBER["near_30"] : NUMBER["among_600"] + 1] = 0

    def _shared(self, x: Floats, shares: Floats) -> None:
        """How many of the other names lie in the same country, the same division, and in the candidate itself."""
        others = len(self.names) - 1
        for feature, key, level in (("same_country", self.country, _COUNTRY), ("same_admin1", self.admin1, _ADMIN1)):
            _, code = np.unique(key, return_inverse=True)
            width = int(code.max()) + 1
            weight = np.where((key != 0) & ~self.is_none, shares, 0.0)
            all_of = np.bincount(code, weight, width)
            cell = self.of_name * width + code
            own = np.bincount(cell, weight, width * len(self.names))[cell]
            share = np.where((key != 0) & ~self.is_none, (all_of[code] - own) / others, 0.0)
            x[:, NUMBER[feature]] = share
            x[:, NUMBER["holds_others"]] += np.where(self.level == level, share, 0.0)


def _nearness(cosine: NDArray[np.float32], km: float) -> NDArray[np.float32]:
    """1 / (1 + (distance / km)^2) with the straight line through the earth for the distance."""
    squared = np.maximum(0.0, 1 - cosine) * np.float32(2 * (_EARTH_KM / km) ** 2)
    nearness: NDArray[np.float32] = 1 / (1 + squared)
    return nearness
