"""Which of the places called this: all names of a report are weighed together, by evidence that is written down.

The same name means the same place throughout a report (unless it is followed by different containers). The candidates
of all its names are ranked in three rounds: first by themselves, then in the light of what the other names probably
are. "None of these" is always among the candidates. The title is read with the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from geo.evidence import FEATURES, NUMBER, ROUNDS, Evidence, Home, Name, Table
from geo.gazetteer.names import fold
from geo.gazetteer.phrases import strip_generic
from geo.interfaces import Geocoder
from geo.options import Lookup, Options, lookup
from geo.records import LEVELS, Mention, Report

Floats = NDArray[np.float64]
Rank = Callable[[Evidence], Floats]
"""A score for each row of the evidence; the shares of a name's candidates are the softmax of their scores."""

WEIGHTS: Final = Path(__file__).with_name("resolve_weights.json")
_RUNNERS_UP: Final = 4
_MOSTLY: Final = 0.5
_OPEN: Final = 1.5  # how much likelier "none of these" must be for a name to be left open
_OPEN_KNOWN: Final = (
    6.0  # the same for a place of over some hundred thousand people that is spelt so: a short report may
)
_WELL_KNOWN: Final = 0.55  # say nothing for it, and yet it is meant more often than a namesake that no gazetteer has
_SPELT_ALIKE: Final = 70.0  # Mykolaiv and Mykolayiv 94; White House and Casablanca 29
_LIKE_COSINE: Final = 1 - (60.0 / 6371.0088) ** 2 / 2  # of 60 km on the sphere
_NEAR_COSINE: Final = 1 - (150.0 / 6371.0088) ** 2 / 2
_WORTH_A_WORD: Final = 0.01
_BESIDE: Final = 50  # characters between two names that stand close by
_ASKS: Final = re.compile(
    r"\b(city|town|village|settlement|hamlet|port|suburb|capital|state|province|region|oblast|governorate|county|district|"
    r"republic|country|nation|kingdom|island|river|lake)(?: of)?(?: the)? $"
)
_POINT, _ADMIN2, _ADMIN1, _REGION, _COUNTRY = range(len(LEVELS))
_LEVELS_OF: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(("city", "town", "village", "settlement", "hamlet", "port", "suburb", "capital"), (_POINT,)),
    **dict.fromkeys(("state", "province", "oblast", "governorate"), (_ADMIN1,)),
    **dict.fromkeys(("region", "republic"), (_ADMIN1, _REGION)),
    **dict.fromkeys(("county", "district"), (_ADMIN2, _ADMIN1)),
    **dict.fromkeys(("country", "nation", "kingdom"), (_COUNTRY,)),
    **dict.fromkeys(("island", "river", "lake"), (_REGION,)),
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
    return [
        _placed(found, groups, names, _with(rank, prior, report, groups), home(report) if home else Home())
        for report, found, groups in zip(reports, mentions, prepared, strict=True)
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
    for number in range(ROUNDS):
        evidence = table.evidence(shares, number)
        shares = shares_of(evidence, rank(evidence))
    assert shares is not None  # noqa: S101 - there is at least one round
    return evidence, shares


def _patience(written: str, options: Options, best: int) -> float:
    """How much likelier "none of these" must be than the best candidate before a name is left open."""
    if float(options.importance[best]) < _WELL_KNOWN:
        return _OPEN
    alike = fuzz.ratio(fold(written), fold(options.place(best).name)) >= _SPELT_ALIKE
    return _OPEN_KNOWN if alike else _OPEN


class _Verdict:
    """The answers for the names of one report, from the shares that their candidates got, with reasons."""

    def __init__(self, table: Table, evidence: Evidence, shares: Floats, groups: Sequence[Group]) -> None:
        self.table, self.x, self.shares, self.groups = table, evidence.features, shares, groups
        likely = ~table.is_none & (shares > 0.5)
        self._holders = np.flatnonzero(likely & (table.level != _POINT))
        self._spots = np.flatnonzero(likely & (table.level <= _ADMIN2))

    def answer(self, i: int) -> dict[str, Any]:
        """The place, confidence, runners-up and reason for one name."""
        table, written = self.table, self.groups[i].written
        count, rows = int(table.counts[i]), table.span(i)
        if count == 0:
            return {"reason": f"the gazetteer knows no place called {written}"}
        own = self.shares[rows]
        options = table.names[i].options
        order = np.argsort(-own, kind="stable").tolist()
        best = order[0]
        others = [o for o in order[: _RUNNERS_UP + 1] if own[o] >= _WORTH_A_WORD]
        if self.shares[rows.stop] > _patience(written, options, best) * own[best]:
            return {
                "runners_up": tuple(options.candidate(o, float(own[o])) for o in (others or [best])[:_RUNNERS_UP]),
                "reason": f"none of the {_places(count)} called {written} fits what the report says",
            }
        return {
            "place": options.place(best),
            "confidence": self._confidence(rows, best),
            "runners_up": tuple(options.candidate(o, float(own[o])) for o in others[1:]),
            "reason": self._reason(i, rows.start + best),
        }

    def _confidence(self, rows: slice, best: int) -> float:
        """How likely the place is right: its share and those of its like, a city and its county for one."""
        own = self.shares[rows]
        like = self.table.xyz[rows] @ self.table.xyz[rows.start + best] > _LIKE_COSINE
        return round(min(1.0, float(own[like].sum())), 4)

    def _reason(self, i: int, row: int) -> str:
        """The strongest evidence for a candidate, in one sentence."""
        x, count, written = self.x[row], int(self.table.counts[i]), self.groups[i].written
        followed, beside = x[NUMBER["followed_in"]] > _MOSTLY, x[NUMBER["beside_in"]] > _MOSTLY
        if count == 1 and not (followed or beside):
            return f"it is the only place called {written}"
        container = self._container(i, row)
        if container is not None:
            name, within = container
            how = "follows it" if followed else "is named beside it" if beside else "is named in the report"
            lie = "1 candidate lies" if within == count == 1 else f"{within} of {count} candidates lie"
            return f"{self.groups[name].written} {how}; {lie} in it"
        near = self._neighbours(i, row)
        names = " and ".join(self.groups[n].written for n in near)
        if x[NUMBER["foremost"]] > 0:
            return f"it is the foremost of {count} places called {written}" + (f", and near {names}" if near else "")
        if near:
            return f"it is near {names}, which the report names too; {count} candidates"
        return f"it fits the other places of the report best; {count} candidates"

    def _container(self, i: int, row: int) -> tuple[int, int] | None:
        """The smallest named place that holds a row, and how many of the name's candidates lie in it."""
        table = self.table
        holding = self._holders[table.inside(row, self._holders)]
        holding = holding[table.of_name[holding] != i]
        if not len(holding):
            return None
        smallest = holding[np.argmin(table.level[holding])]
        return int(table.of_name[smallest]), int(table.inside(table.span(i), int(smallest)).sum())

    def _neighbours(self, i: int, row: int) -> list[int]:
        """Up to two other names that are probably settlements or districts within 150 km, nearest first."""
        cosine = self.table.xyz[self._spots] @ self.table.xyz[row]
        near = (cosine > _NEAR_COSINE) & (self.table.of_name[self._spots] != i)
        nearest = self._spots[near][np.argsort(-cosine[near], kind="stable")]
        return list(dict.fromkeys(self.table.of_name[nearest].tolist()))[:2]


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


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
    for (here, there), how in zip(pairwise(mine), after, strict=False):
        if how and here is not there:
            if how == ",":
                here.followed[there.number] = None
            here.beside[there.number] = None
            there.beside[here.number] = None
    return list(groups.values())


def _next(report: Report, mentions: Sequence[Mention], i: int) -> str:
    """How the next mention follows: "," at once after a comma or bracket, "~" close by, "" not."""
    if i + 1 >= len(mentions) or mentions[i].field != mentions[i + 1].field:
        return ""
    gap = report.field(mentions[i].field)[mentions[i].end : mentions[i + 1].start]
    if len(gap) > _BESIDE:
        return ""
    if gap in {", ", " (", ","}:
        return ","
    return "" if re.search(r"[.!?]\s|\n\n", gap) else "~"


_LIST: Final = re.compile(
    r"(?:(?:,|,? and|,? or) [^\W\d_][^\W\d_'’-]+)+ (region|oblast|province|governorate|district|raion|county)s\b|"
    r"(?:(?:,|,? and|,? or) [^\W\d_][^\W\d_'’-]+)+ (counti)es\b"
)


_WATER: Final = re.compile(
    r"[.,;:)]|['’]s |$| (?:and|in|to|at|near|from|on|is|was|has|had|or|into|for|with|by|as|where|which|that|rose)\b"
)


def _sort_said(report: Report, mention: Mention, names: Lookup) -> str:
    """The word for the sort of place that is meant but not in the name.

    A list says it once at its end: "Donetsk and Luhansk regions"; an article alone makes a river: "over the Dnipro".
    """
    text = report.field(mention.field)
    match = _LIST.match(text, mention.end, mention.end + 120)
    if match:
        return f" {match[1] or 'county'}"
    if _WATER.match(text, mention.end) and text[max(0, mention.start - 4) : mention.start].lower() == "the ":
        return " river" if len(names([f"{mention.text} river"])[0]) else ""
    match = re.match(r" (region|oblast|province|governorate|district|raion)s\b", text[mention.end : mention.end + 14])
    return f" {match[1]}" if match else ""


def _several(keys: Sequence[str], after: Sequence[str]) -> set[str]:
    """Names that are followed by different names after a comma: Paris, Texas and Paris, France."""
    followers: dict[str, set[str]] = {}
    for i, how in enumerate(after):
        if how == ",":
            followers.setdefault(keys[i], set()).add(keys[i + 1])
    return {key for key, found in followers.items() if len(found) > 1}


def _asked(report: Report, mention: Mention) -> tuple[int, ...]:
    """The levels that the words around a mention ask for; () where they ask for none."""
    base, levels = strip_generic(fold(mention.text))
    if levels and base:
        return tuple(LEVELS.index(level) for level in levels)
    text = report.field(mention.field)
    before = _ASKS.search(text[max(0, mention.start - 20) : mention.start])
    if before:
        return _LEVELS_OF[before[1]]
    after = re.match(
        r" (city|town|village|state|province|region|oblast|governorate|county|district)\b",
        text[mention.end : mention.end + 14],
    )
    return _LEVELS_OF[after[1]] if after else ()
