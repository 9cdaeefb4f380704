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
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.evidence import FEATURES, NUMBER, ROUNDS, Evidence, Home, Name, Table
from geo.gazetteer.names import fold
from geo.gazetteer.phrases import strip_generic
from geo.interfaces import Geocoder
from geo.options import Lookup, lookup
from geo.records import LEVELS, Mention, Report

Floats = NDArray[np.float64]
Rank = Callable[[Evidence], Floats]
"""A score for each row of the evidence; the shares of a name's candidates are the softmax of their scores."""

WEIGHTS: Final = Path(__file__).with_name("resolve_weights.json")
_RUNNERS_UP: Final = 4
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
class _Group:
    """The mentions of one name in a report, by their positions, and what the words around them say.

    `asked` is what is looked up: "Donetsk region" for the first name of "Donetsk and Luhansk regions".
    """

    written: str
    asked: str
    mentions: list[int] = field(default_factory=list)
    followed: dict[int, None] = field(default_factory=dict)
    beside: dict[int, None] = field(default_factory=dict)
    levels: tuple[int, ...] = ()
    doubt: float = 1.0


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
) -> list[list[Mention]]:
    """For each report its mentions with place, confidence, runners-up and reason filled in.

    `home` tells where the outlet of a report is at home, if that is known.
    """
    names = lookup(geocoder)
    prepared = [_groups(report, found) for report, found in zip(reports, mentions, strict=True)]
    names([group.asked for groups in prepared for group in groups])
    return [
        _placed(found, groups, names, rank, home(report) if home else Home())
        for report, found, groups in zip(reports, mentions, prepared, strict=True)
    ]


def table_of(groups: Sequence[_Group], names: Lookup, home: Home) -> Table:
    """The table of evidence of a report's names."""
    options = names([group.asked for group in groups])
    return Table(
        [
            Name(o, doubt=g.doubt, followed=tuple(g.followed), beside=tuple(g.beside), levels=g.levels)
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
    found: Sequence[Mention], groups: Sequence[_Group], names: Lookup, rank: Rank, home: Home
) -> list[Mention]:
    if not groups:
        return list(found)
    table = table_of(groups, names, home)
    shares: Floats | None = None
    for number in range(ROUNDS):
        evidence = table.evidence(shares, number)
        shares = shares_of(evidence, rank(evidence))
    placed = list(found)
    for i, group in enumerate(groups):
        filled = _answer(table, evidence, shares, groups, i)  # type: ignore[arg-type]
        for at in group.mentions:
            placed[at] = replace(found[at], **filled)
    return placed


def _answer(table: Table, evidence: Evidence, shares: Floats, groups: Sequence[_Group], i: int) -> dict[str, object]:
    """The place, confidence, runners-up and reason for one name."""
    count, start = int(table.counts[i]), int(table.starts[i])
    if count == 0:
        return {"reason": f"the gazetteer knows no place called {groups[i].written}"}
    own = shares[start : start + count]
    options = table.names[i].options
    order = np.argsort(-own, kind="stable")
    best, none = int(order[0]), float(shares[start + count])
    others = [int(o) for o in order if own[o] >= _WORTH_A_WORD]
    if none > own[best]:
        return {
            "runners_up": tuple(options.candidate(o, float(own[o])) for o in (others or [best])[:_RUNNERS_UP]),
            "reason": f"none of the {_places(count)} called {groups[i].written} fits what the report says",
        }
    return {
        "place": options.place(best),
        "confidence": round(float(own[best]), 4),
        "runners_up": tuple(options.candidate(o, float(own[o])) for o in others[1 : _RUNNERS_UP + 1]),
        "reason": _reason(table, evidence, shares, groups, i, best),
    }


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _reason(
    table: Table, evidence: Evidence, shares: Floats, groups: Sequence[_Group], i: int, best: int
) -> str:
    """The strongest evidence for a candidate, in one sentence."""
    row, count = int(table.starts[i]) + best, int(table.counts[i])
    x = evidence.features[row]
    written = groups[i].written
    rivals = f"{count} candidates" if count > 1 else "one candidate"
    container = _container(table, shares, i, row)
    if container is not None and (x[NUMBER["followed_in"]] > 0.5 or x[NUMBER["beside_in"]] > 0.5):  # noqa: PLR2004
        name, within = container
        how = "follows it" if x[NUMBER["followed_in"]] > 0.5 else "is named beside it"  # noqa: PLR2004
        return f"{groups[name].written} {how}; {within} of {rivals} {'lies' if within == 1 else 'lie'} in it"
    if count == 1:
        return f"it is the only place called {written}"
    if container is not None:
        name, within = container
        return (
            f"{groups[name].written} is named in the report; {within} of {rivals} {'lies' if within == 1 else 'lie'} in it"
        )
    near = _neighbours(table, shares, i, row)
    if near and x[NUMBER["foremost"]] < 1:
        return f"it is near {' and '.join(groups[n].written for n in near[:2])}, which the report names too; {rivals}"
    if x[NUMBER["foremost"]] > 0:
        return f"it is the foremost of {count} places called {written}" + (
            f", and near {groups[near[0]].written}" if near else ""
        )
    return f"it fits the other places of the report best; {rivals}"


def _container(table: Table, shares: Floats, i: int, row: int) -> tuple[int, int] | None:
    """The smallest named place that holds a row, and how many of the name's candidates lie in it."""
    outer = np.flatnonzero(~table.is_none & (shares > 0.5) & (table.of_name != i) & (table.level != _POINT))  # noqa: PLR2004
    if not len(outer):
        return None
    holding = outer[table.inside(np.array([row]), outer)[0]]
    if not len(holding):
        return None
    smallest = holding[np.argmin(table.level[holding])]
    within = int(table.inside(table.span(i), np.array([smallest])).sum())
    return int(table.of_name[smallest]), within


def _neighbours(table: Table, shares: Floats, i: int, row: int) -> list[int]:
    """The other names that are probably settlements within about 150 km, nearest first."""
    likely = np.flatnonzero(
        ~table.is_none & (shares > 0.5) & (table.of_name != i) & (table.level <= _ADMIN2)  # noqa: PLR2004
    )
    cosine = table.xyz[likely] @ table.xyz[row]
    near = cosine > 0.99972  # noqa: PLR2004 - the cosine of 150 km on the sphere
    return [int(n) for n in table.of_name[likely[near][np.argsort(-cosine[near], kind="stable")]]]


# -- the names of a report and the words around them ----------------------------------------------------------------


def _groups(report: Report, mentions: Sequence[Mention]) -> list[_Group]:
    """The names of a report, each with its mentions, what stands beside it and what the words around say."""
    keys = [fold(m.text) for m in mentions]
    after = [_next(report, mentions, i) for i in range(len(mentions))]
    apart = _several(keys, after)
    groups: dict[tuple[str, str], _Group] = {}
    number: list[int] = []
    for i, m in enumerate(mentions):
        sort = _sort_said_later(report, m)
        key = (keys[i] + sort, keys[i + 1] if keys[i] in apart and after[i] == "," else "")
        group = groups.setdefault(key, _Group(written=m.text, asked=m.text + sort))
        number.append(list(groups).index(key) if not group.mentions else number[group.mentions[0]])
        group.mentions.append(i)
        group.doubt = min(group.doubt, 1 - m.score)
        group.levels = group.levels or _asked(report, m)
    for i, how in enumerate(after):
        if how and number[i] != number[i + 1]:
            mine, theirs = list(groups.values())[number[i]], list(groups.values())[number[i + 1]]
            if how == ",":
                mine.followed[number[i + 1]] = None
            mine.beside[number[i + 1]] = None
            theirs.beside[number[i]] = None
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


def _sort_said_later(report: Report, mention: Mention) -> str:
    """The word for the sort of place that a list says once at its end: " region" in "Donetsk and Luhansk regions"."""
    text = report.field(mention.field)
    match = _LIST.match(text, mention.end, mention.end + 120)
    if match:
        return f" {match[1] or 'county'}"
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
    after = re.match(r" (city|town|village|state|province|region|oblast|governorate|county|district)\b", text[mention.end : mention.end + 14])
    return _LEVELS_OF[after[1]] if after else ()
