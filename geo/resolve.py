"""Which of the places called this: all names of a report are weighed together, by evidence that is written down.

The same name means the same place throughout a report (unless it is followed by different containers). The candidates
of all its names are ranked in three rounds: first by themselves, then in the light of what the other names probably
are. "None of these" is always among the candidates. The title is read with the text. Of a report with very many
names, MOST_NAMES at a time are weighed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import compress, groupby, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.batched import batched
from geo.evidence import FEATURES, NUMBER, ROUNDS, Evidence, Home, Ints, Name, Table
from geo.gazetteer.names import fold
from geo.gazetteer.phrases import strip_generic
from geo.interfaces import Geocoder
from geo.options import Lookup, lookup
from geo.records import LEVELS, Candidate, Mention, Place, Report

Floats = NDArray[np.float64]
Rank = Callable[[Evidence], Floats]
"""A score for each row of the evidence; the shares of a name's candidates are the softmax of their scores."""

WEIGHTS: Final = Path(__file__).with_name("resolve_weights.json")
MOST_NAMES: Final = 300  # of one report that are weighed together
_RUNNERS_UP: Final = 4
_MOSTLY: Final = 0.5
_OPEN: Final = 1.5  # how much likelier "none of these" must be for a name to be left open
_LIKE_COSINE: Final = 1 - (60.0 / 6371.0088) ** 2 / 2  # of 60 km on the sphere
_WORTH_A_WORD: Final = 0.01
_BESIDE: Final = 50  # characters between two names that stand close by
_ASKS: Final = re.compile(
    r"\b(city|town|village|settlement|hamlet|port|suburb|capital(?! of)|state|province|region|oblast|governorate|"
    r"county|district|republic|country|nation|kingdom|island|river|lake|(?:mayor|governor)(?= of))(?: of)?(?: the)? $"
)
_ASKS_AFTER: Final = re.compile(
    r"(?:['’]s)? (mayor|governor|government|legislature|lawmakers)\b|"
    r" (city|town|village|state|province|provincial|region|regional|oblast|governorate|county|district)\b"
)
_GROUNDS: Final = {name: NUMBER[name] for name in ("followed_in", "beside_in", "people_name", "listed", "foremost")}
"""The evidence of which a reason tells."""
_POINT, _ADMIN2, _ADMIN1, _REGION, _COUNTRY = range(len(LEVELS))
_SORT: Final = ("settlement", "district", "province", "region", "country")
_LEVELS_OF: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(
        ("city", "town", "village", "settlement", "hamlet", "port", "suburb", "capital", "mayor"), (_POINT,)
    ),
    **dict.fromkeys(("state", "province", "provincial", "oblast", "governorate", "governor"), (_ADMIN1,)),
    **dict.fromkeys(("region", "regional", "republic"), (_ADMIN1, _REGION)),
    **dict.fromkeys(("government", "legislature", "lawmakers"), (_ADMIN1, _COUNTRY)),
    **dict.fromkeys(("county", "district"), (_ADMIN2, _ADMIN1)),
    **dict.fromkeys(("country", "nation", "kingdom"), (_COUNTRY,)),
    **dict.fromkeys(("river", "lake"), (_REGION,)),
    "island": (_REGION, _ADMIN1, _ADMIN2),
}


@dataclass(slots=True)
class Group:
    """The mentions of one name in a report, by their positions, and what the words around them say.

    `asked` is what is looked up: "Donetsk region" for the first name of "Donetsk and Luhansk regions".
    """

    written: str
    asked: str
    number: int
    mentions: list[int] = field(default_factory=list)
    followed: dict[int, None] = field(default_factory=dict)
    beside: dict[int, None] = field(default_factory=dict)
    listed: dict[int, None] = field(default_factory=dict)
    levels: tuple[int, ...] = ()
    doubt: float = 1.0


Prior = Callable[[Report, Sequence[Group], Table], Floats]
"""What is known beforehand of the candidates of a report's names: a number to add to each row's score, in log-odds."""


@cache
def weights() -> tuple[Floats, ...]:
    """The learned weights of each round, from `resolve_weights.json`."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return as_weights(kept["rounds"])


def as_weights(rounds: Sequence[Mapping[str, float]]) -> tuple[Floats, ...]:
    """Weights by name as arrays in the order of FEATURES."""
    return tuple(np.array([r.get(name, 0.0) for name in FEATURES]) for r in rounds)


def learned(evidence: Evidence) -> Floats:
    """The default ranking: a weighted sum of the evidence, with weights learned from annotated news."""
    scores: Floats = evidence.features @ weights()[evidence.round]
    return scores


def foremost(evidence: Evidence) -> Floats:
    """The ranking that everybody starts with: the most important place of that name, whatever the report says."""
    scores: Floats = 20 * evidence.features[:, NUMBER["importance"]] - 40 * evidence.features[:, NUMBER["none"]]
    return scores


def resolve(
    reports: Sequence[Report],
    mentions: Sequence[Sequence[Mention]],
    geocoder: Geocoder,
    rank: Rank = learned,
    *,
    home: Callable[[Report], Home] | None = None,
    prior: Prior | None = None,
) -> list[list[Mention]]:
    """For each report its mentions with place, confidence, runners-up and reason filled in.

    `home` tells where the outlet of a report is at home, if known. `prior` is added to the scores of each round.
    """
    names = lookup(geocoder)
    prepared = [groups_of(report, found, names) for report, found in zip(reports, mentions, strict=True)]
    names([group.asked for groups in prepared for group in groups])
    resolved = []
    for report, found, groups in zip(reports, mentions, prepared, strict=True):
        placed, at_home = list(found), home(report) if home else Home()
        for part in _parted(groups):
            placed = _placed(placed, part, names, _with(rank, prior, report, part), at_home)
        resolved.append(placed)
    return resolved


def _parted(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    """The names of a report, MOST_NAMES at a time: a table grows with the square of their number."""
    if len(groups) <= MOST_NAMES:
        yield groups
        return
    for some in batched(groups, MOST_NAMES):
        here = {group.number: n for n, group in enumerate(some)}
        near = [[{here[n]: None for n in told if n in here} for told in (g.followed, g.beside, g.listed)] for g in some]
        yield [
            replace(group, number=n, followed=followed, beside=beside, listed=listed)
            for n, (group, (followed, beside, listed)) in enumerate(zip(some, near, strict=True))
        ]


def _with(rank: Rank, prior: Prior | None, report: Report, groups: Sequence[Group]) -> Callable[[Table], Rank]:
    """The ranking of one report's table: with what is known of its names beforehand, if anything is."""

    def ranking(table: Table) -> Rank:
        if prior is None:
            return rank
        added = prior(report, groups, table)
        return lambda evidence: rank(evidence) + added

    return ranking


def table_of(groups: Sequence[Group], names: Lookup, home: Home) -> Table:
    """The table of evidence of a report's names."""
    options = names([group.asked for group in groups])
    numbers: dict[str, list[int]] = {}
    for group in groups:
        numbers.setdefault(group.asked.casefold(), []).append(group.number)
    return Table(
        [
            Name(
                o,
                doubt=g.doubt,
                followed=tuple(g.followed),
                beside=tuple(g.beside),
                listed=tuple(g.listed),
                twins=tuple(n for n in numbers[g.asked.casefold()] if n != g.number),
                levels=g.levels,
            )
            for g, o in zip(groups, options, strict=True)
        ],
        home,
    )


def shares_of(evidence: Evidence, scores: Floats) -> Floats:
    """The softmax of the scores within each name."""
    top = np.maximum.reduceat(scores, evidence.starts)
    weight = np.exp(scores - np.repeat(top, evidence.sizes))
    shares: Floats = weight / np.repeat(np.add.reduceat(weight, evidence.starts), evidence.sizes)
    return shares


def _placed(
    found: Sequence[Mention], groups: Sequence[Group], names: Lookup, ranking: Callable[[Table], Rank], home: Home
) -> list[Mention]:
    if not groups:
        return list(found)
    table = table_of(groups, names, home)
    evidence, shares = ranked(table, ranking(table))
    verdict = _Verdict(table, evidence, shares, groups)
    placed = list(found)
    for i, group in enumerate(groups):
        filled = verdict.answer(i)
        for at in group.mentions:
            placed[at] = replace(found[at], **filled)
    return placed


def ranked(table: Table, rank: Rank) -> tuple[Evidence, Floats]:
    """The last round's evidence and the share of each candidate."""
    shares: Floats | None = None
    alone = len(table.names) == 1  # then no round tells the next anything
    for number in range(ROUNDS - 1 if alone else 0, ROUNDS):
        evidence = table.evidence(shares, number)
        shares = shares_of(evidence, rank(evidence))
    assert shares is not None  # noqa: S101 - there is at least one round
    return evidence, shares


class _Verdict:
    """The answers for the names of one report, from the shares that their candidates got, with reasons."""

    def __init__(self, table: Table, evidence: Evidence, shares: Floats, groups: Sequence[Group]) -> None:
        self.table, self.groups, self.evidence = table, groups, evidence
        self.shares: list[float] = shares.tolist()
        self.level: list[int] = table.level.tolist()
        self._rows = [slice(*ends) for ends in zip(table.starts.tolist(), table.none.tolist(), strict=True)]
        self._best = [self._likeliest(rows) for rows in self._rows]
        places = zip(self._best, self._rows, strict=True)
        chosen: Ints = np.array([rows.stop if best is None else best for best, rows in places], np.int64)
        cosine = (table.xyz * table.xyz[chosen[table.of_name]]).sum(axis=1)
        self._like: list[bool] = (cosine > _LIKE_COSINE).tolist()
        grounds = evidence.features[chosen][:, list(_GROUNDS.values())].tolist()
        self._grounds: list[dict[str, float]] = [dict(zip(_GROUNDS, told, strict=True)) for told in grounds]
        self._containers, self._contents, self._neighbours = self._linked(chosen)

    def _likeliest(self, rows: slice) -> int | None:
        """The row of the likeliest candidate of a name; None where it has none, or where none of them is likely."""
        if rows.start == rows.stop:
            return None
        best = max(range(rows.start, rows.stop), key=self.shares.__getitem__)
        return None if self.shares[rows.stop] > _OPEN * self.shares[best] else best

    def _linked(self, chosen: Ints) -> list[list[dict[int, float]]]:
        """For each name those that probably hold its place, those in it and those near it, each with how likely."""
        within, holds, near = self.evidence.within, self.evidence.holds, self.evidence.near
        linked: list[list[dict[int, float]]] = [[{} for _ in self.groups] for _ in range(3)]
        if within is None or holds is None or near is None:
            return linked
        likely = np.stack([within, holds, near])[:, :, chosen]
        for sort, j, i in np.argwhere(likely > _MOSTLY).tolist():
            if self._best[j] is not None:
                linked[sort][i][j] = likely[sort, j, i]
        return linked

    def answer(self, i: int) -> dict[str, Any]:
        """The place, confidence, runners-up and reason for one name."""
        written, best, rows = self.groups[i].written, self._best[i], self._rows[i]
        count = rows.stop - rows.start
        if count == 0:
            return {"reason": f"the gazetteer knows no place called {written}"}
        order = sorted(range(rows.start, rows.stop), key=lambda row: -self.shares[row])
        others = [row for row in order[: _RUNNERS_UP + 1] if self.shares[row] >= _WORTH_A_WORD]
        if best is None:
            return {
                "runners_up": self._candidates(i, (others or order[:1])[:_RUNNERS_UP]),
                "reason": f"{_no_place(count)} called {written} fits what the report says",
            }
        place = self.table.names[i].options.place(best - rows.start)
        return {
            "place": place,
            "confidence": self._confidence(rows),
            "runners_up": self._candidates(i, others[1:]),
            "reason": self._reason(i, best, place),
        }

    def _candidates(self, i: int, rows: Sequence[int]) -> tuple[Candidate, ...]:
        options, start = self.table.names[i].options, self._rows[i].start
        return tuple(options.candidate(row - start, self.shares[row]) for row in rows)

    def _confidence(self, rows: slice) -> float:
        """How likely the place is right: its share and those of its like, a city and its county for one."""
        return round(min(1.0, sum(compress(self.shares[rows], self._like[rows]))), 4)

    def _reason(self, i: int, row: int, place: Place) -> str:
        """The strongest evidence for a name's place, in one sentence."""
        grounds, written, count = self._grounds[i], self.groups[i].written, self._count(i)
        followed, beside = grounds["followed_in"] > _MOSTLY, grounds["beside_in"] > _MOSTLY
        container = self._container(i)
        if container is not None and (followed or beside or container[1] < count):
            outer, within = container
            how = "follows it" if followed else "is named beside it" if beside else "is named in the report"
            return f"{self.groups[outer].written} {how}; {_of(within, count, 'lies', 'lie')} in it"
        if grounds["people_name"]:
            return f"{written} is said of what belongs to {place.name}"
        if count == 1:
            return f"it is the only place called {written}"
        return self._from_words(i, self.level[row]) or self._from_others(i)

    def _from_words(self, i: int, level: int) -> str:
        """How the words around the name and the names listed with it ask for its place's level; "" if not."""
        group, count = self.groups[i], self._count(i)
        fitting = self.level[self._rows[i]].count(level)
        if fitting == count:
            return ""
        sort = _SORT[level]
        if level in group.levels:
            return f"the words in or around it ask for a {sort}; {_of(fitting, count, 'is one', 'are')}"
        alike = [j for j in group.listed if (best := self._best[j]) is not None and self.level[best] == level]
        if alike and self._grounds[i]["listed"] > _MOSTLY:
            listed = self.groups[alike[0]].written
            return f"{listed}, listed with it, is a {sort} too; {_of(fitting, count, 'is one', 'are')}"
        return ""

    def _from_others(self, i: int) -> str:
        """How a candidate stands to the other places of the report, and among those that are called so."""
        count, written = self._count(i), self.groups[i].written
        inside, near = self._first(self._contents[i]), self._near(i)
        if self._grounds[i]["foremost"] > 0:
            also = f", and {inside} lies in it" if inside else f", and near {near}" if near else ""
            return f"it is the foremost of {count} places called {written}{also}"
        if inside:
            return f"{inside}, which the report names too, lies in it; {count} candidates"
        if near:
            return f"it is near {near}, which the report names too; {count} candidates"
        if len(self.groups) == 1:
            return f"it is the likeliest of {count} places called {written}, and no other place is named"
        return f"it fits the other places of the report best; {count} candidates"

    def _count(self, i: int) -> int:
        """How many candidates a name has."""
        return int(self._rows[i].stop - self._rows[i].start)

    def _container(self, i: int) -> tuple[int, int] | None:
        """The smallest named place that holds a name's, and how many of the name's candidates lie in it."""
        holding = self._containers[i]
        if self.evidence.within is None or not holding:
            return None
        smallest = min(holding, key=lambda j: self.level[self._best[j] or 0])
        return smallest, int((self.evidence.within[smallest, self._rows[i]] > _MOSTLY).sum())

    def _near(self, i: int) -> str:
        """The name, as written, of the settlement or district that is nearest within 150 km; "" where none is."""
        near = self._neighbours[i]
        return self._first({j: near[j] for j in near if self.level[self._best[j] or 0] <= _ADMIN2})

    def _first(self, likely: Mapping[int, float]) -> str:
        """The likeliest of some names, as written."""
        return self.groups[max(likely, key=likely.__getitem__)].written if likely else ""


def _of(some: int, count: int, one: str, more: str) -> str:
    """How many of the candidates do something: "1 of 5 candidates lies"."""
    return f"{some} of {count} candidate{'s' if count > 1 else ''} {one if some == 1 else more}"


def _no_place(count: int) -> str:
    return "not even the one place" if count == 1 else f"none of the {count} places"


# -- the names of a report and the words around them ----------------------------------------------------------------


def groups_of(report: Report, mentions: Sequence[Mention], names: Lookup) -> list[Group]:
    """The names of a report, each with its mentions, what stands beside it and what the words around say."""
    keys = [fold(m.text) for m in mentions]
    after = [_next(report, mentions, i) for i in range(len(mentions))]
    apart = _several(keys, after)
    groups: dict[tuple[str, str], Group] = {}
    mine: list[Group] = []
    for i, m in enumerate(mentions):
        sort = _sort_said(report, m, names)
        key = (keys[i] + sort, keys[i + 1] if keys[i] in apart and after[i] == "," else "")
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(written=m.text, asked=m.text + sort, number=len(groups))
        mine.append(group)
        group.mentions.append(i)
        group.doubt = min(group.doubt, 1 - m.score)
        group.levels = group.levels or _asked(report, m)
    lists = _lists(after)
    for (here, there), how, listed in zip(pairwise(mine), after, lists, strict=False):
        if how and here is not there:
            if listed:
                here.listed[there.number] = None
                there.listed[here.number] = None
            if how == ",":
                here.followed[there.number] = None
            here.beside[there.number] = None
            there.beside[here.number] = None
    return list(groups.values())


def _next(report: Report, mentions: Sequence[Mention], i: int) -> str:
    """How the next mention follows: "," at once after a comma or bracket, "&" in a list, "~" close by, "" not."""
    if i + 1 >= len(mentions) or mentions[i].field != mentions[i + 1].field:
        return ""
    gap = report.field(mentions[i].field)[mentions[i].end : mentions[i + 1].start]
    if len(gap) > _BESIDE:
        return ""
    if gap in {", ", " (", ","}:
        return ","
    if _AND.fullmatch(gap):
        return "&"
    return "" if _PAUSE.search(gap) else "~"


_PAUSE: Final = re.compile(r"[.!?]\s|\n\n")
_AND: Final = re.compile(r"(?:,? (?:and|or|&)|,) (?:the )?|/")
_SORTS: Final = "region|oblast|province|governorate|district|raion|county|state|prefecture|department|canton"
_LIST: Final = re.compile(rf"(?:(?:,|,? and|,? or) [^\W\d_][^\W\d_'’-]+)+ (?:({_SORTS})s|(counti)es)\b")
_EACH: Final = re.compile(rf" ({_SORTS})s\b")
_THE_WATER: Final = re.compile(
    r"[.,;:)]|['’]s |$| (?:and|in|to|at|near|from|on|is|was|has|had|or|into|for|with|by|as|where|which|that|rose)\b"
)
_BY_WATER: Final = re.compile(r"\b(?:across|over|along|cross(?:ed|es|ing)?|(?:banks?|side|mouth|shores?) of) the $")
_NO_NOUN: Final = re.compile(r"(?![- ][^\W\d_a-z])(?! (?:city|region|oblast|province|airport|border|area)\b)")
_BANK: Final = re.compile(
    r"(?:['’]s)? (?:(?:left|right|east|west|north|south)(?:ern)? banks?|delta|estuary|basin)\b|['’]s (?:banks|mouth)\b"
)


def _sort_said(report: Report, mention: Mention, names: Lookup) -> str:
    """The word for the sort of place that is meant but not in the name.

    A list says it once at its end: "Donetsk and Luhansk regions"; a river is known by its article or its banks:
    "over the Dnipro", "the left bank of the Dnipro".
    """
    text = report.field(mention.field)
    match = _LIST.match(text, mention.end, mention.end + 120)
    if match:
        return f" {match[1] or 'county'}"
    if _by_water(text, mention) and any(level == _REGION for level in names([f"{mention.text} river"])[0].level):
        return " river"
    match = _EACH.match(text, mention.end, mention.end + 14)
    return f" {match[1]}" if match else ""


def _by_water(text: str, mention: Mention) -> bool:
    """Whether the words around a mention are those around a river."""
    if _BANK.match(text, mention.end):
        return True
    before = text[max(0, mention.start - 20) : mention.start].lower()
    if not before.endswith("the "):
        return False
    by_water = _BY_WATER.search(before) and _NO_NOUN.match(text, mention.end)
    return bool(by_water or _THE_WATER.match(text, mention.end))


def _lists(after: Sequence[str]) -> list[bool]:
    """Which mentions and the next stand in one list: names joined by commas, with "and" or "or" between two of them."""
    listed = [False] * len(after)
    for is_list, run in groupby(range(len(after)), key=lambda i: after[i] in {",", "&"}):
        joined = list(run)
        if is_list and any(after[i] == "&" for i in joined):
            for i in joined:
                listed[i] = True
    return listed


def _several(keys: Sequence[str], after: Sequence[str]) -> set[str]:
    """Names that are followed by different names after a comma: Paris, Texas and Paris, France."""
    followers: dict[str, set[str]] = {}
    for i, how in enumerate(after):
        if how == ",":
            followers.setdefault(keys[i], set()).add(keys[i + 1])
    return {key for key, found in followers.items() if len(found) > 1}


@lru_cache(maxsize=50_000)
def _levels_in(name: str) -> tuple[int, ...]:
    """The levels that a word in a name asks for: "Kherson region"; () where it has none."""
    base, levels = strip_generic(fold(name))
    return tuple(LEVELS.index(level) for level in levels) if base else ()


def _asked(report: Report, mention: Mention) -> tuple[int, ...]:
    """The levels that the words around a mention ask for; () where they ask for none."""
    levels = _levels_in(mention.text)
    if levels:
        return levels
    text = report.field(mention.field)
    before = _ASKS.search(text[max(0, mention.start - 20) : mention.start].lower())
    if before:
        return _LEVELS_OF[before[1]]
    after = _ASKS_AFTER.match(text, mention.end, mention.end + 16)
    return _LEVELS_OF[after[1] or after[2]] if after else ()
