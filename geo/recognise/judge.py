"""Place or not: one decision for every span, from the gazetteer, the shape, the words around, the label, the report.

The weights of a logistic regression (`judge.json`, which says which data it came from) are summed over the features
of each span. A second pass looks at what the same name is elsewhere in the report, and at the list it stands in.
`geo.evaluate.train` learns the weights.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

from geo.recognise.facts import UNKNOWN, Facts, Names, Part
from geo.recognise.features import parts_of
from geo.recognise.spans import Span, written
from geo.remembered import Remembered

WEIGHTS: Final = Path(__file__).with_name("judge.json")
LEAST: Final = -0.4
"""Log-odds from which a span is taken: a little below even odds found most and placed most in cross-validation."""
_NEXT: Final = re.compile(r"(?::? ?\(?\d[\d,.]*\)?)?(?:,? (?:and|or|&) |[,;] |/|;?\n[-•*–] ?| [→|] )")
"""From one name of a list to the next: "X, Y (3) and Z"."""
_SUMS: Final = 1 << 19


@dataclass(slots=True)
class Seen:
    """One span with its features and, once judged, the log-odds that it names a place.

    `next` is where the next name of a list begins, 0 where this stands in none or ends it.
    """

    span: Span
    facts: Facts
    parts: tuple[Part, ...]
    next: int = 0
    title: bool = False
    logit: float = 0.0

    @property
    def features(self) -> list[str]:
        """All its features, without what the rest of the report says."""
        return [feature for part in self.parts for feature in part.features]


def look(text: str, spans: Sequence[Span], names: Names, *, title: bool) -> list[Seen]:
    """The spans of one field of a report with their features, without what the rest of the report says."""
    kind = written(text)
    shape = f"text={'title' if title and kind == 'mixed' else kind}"
    seen = []
    for span in spans:
        facts = names.facts(span.key) if span.known else UNKNOWN
        following = _NEXT.match(text, span.reach or span.end)
        parts = parts_of(text, span, facts, names, shape)
        seen.append(Seen(span, facts, parts, following.end() if following else 0, title))
    return seen


@dataclass(frozen=True)
class Weights:
    """The weights of both passes: feature to log-odds. The sums over parts are remembered."""

    first: Mapping[str, float]
    second: Mapping[str, float]
    data: str = ""

    @cached_property
    def of_first(self) -> Callable[[Part], float]:
        """The sum of the weights of a part of the first pass."""
        return _summing(self.first)

    @cached_property
    def of_second(self) -> Callable[[Part], float]:
        """The sum of the weights of a part of the second pass."""
        return _summing(self.second)


def _summing(weights: Mapping[str, float]) -> Callable[[Part], float]:
    def total(part: Part) -> float:
        return sum(weights.get(feature, 0.0) for feature in part.features)

    return Remembered(total, most=_SUMS).__getitem__


@cache
def shipped(name: str = "tagged") -> Weights:
    """The weights learned for a text with ("tagged") or without ("plain") the tagger's labels."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(first=kept[name]["first"], second=kept[name]["second"], data=kept["data"])


def first_pass(seen: Sequence[Seen], weights: Weights) -> None:
    """Set each span's log-odds from its own features."""
    of_first = weights.of_first
    for one in seen:
        one.logit = sum(map(of_first, one.parts))


def second_parts(seen: Sequence[Seen]) -> list[Part]:
    """What the rest of the report says of each span, once all have been judged by themselves."""
    by_key: dict[str, list[Seen]] = {}
    for one in seen:
        by_key.setdefault(one.span.key, []).append(one)
    scene = _scene(seen)
    return [_second(one, by_key[one.span.key], scene, beside) for one, beside in zip(seen, _listed(seen), strict=True)]


def _scene(seen: Sequence[Seen]) -> dict[str, set[str]]:
    """The countries that the report is about, each with the names that say so."""
    scene: dict[str, set[str]] = {}
    for one in seen:
        if one.logit > 0 and len(one.facts.countries) == 1:
            for code in one.facts.countries:
                scene.setdefault(code, set()).add(one.span.key)
    return scene


def _listed(seen: Sequence[Seen]) -> list[tuple[float, float] | None]:
    """For each span in a list ("X (3), Y and Z") the best and the mean log-odds of its others, None outside lists."""
    starts: dict[tuple[bool, int], list[int]] = {}
    for i, one in enumerate(seen):
        starts.setdefault((one.title, one.span.start), []).append(i)
    chain = list(range(len(seen)))
    for i, one in enumerate(seen):
        if one.next:
            for j in starts.get((one.title, one.next), ()):
                chain[j] = chain[i]
    members: dict[int, list[float]] = {}
    for i, one in enumerate(seen):
        members.setdefault(chain[i], []).append(one.logit)
    lists = [members[first] for first in chain]
    return [_others(some, one.logit) if len(some) > 1 else None for some, one in zip(lists, seen, strict=True)]


def _others(logits: Sequence[float], own: float) -> tuple[float, float]:
    rest = list(logits)
    rest.remove(own)
    return max(rest), sum(rest) / len(rest)


def _second(one: Seen, same: list[Seen], scene: Mapping[str, set[str]], beside: tuple[float, float] | None) -> Part:
    own = max(-6, min(6, round(one.logit)))
    elsewhere = None
    if len(same) > 1:
        others = [s.logit for s in same if s is not one]
        elsewhere = (_bin(sum(others) / len(others)), _bin(max(others)), min(len(same), 5))
    scenery = ""
    if one.facts.countries:
        key = one.span.key
        said = [scene[code] for code in one.facts.countries if code in scene]
        here = sum([len(names) > 1 or key not in names for names in said])
        scenery = "all" if here == len(one.facts.countries) else "some" if here else "none"
    listed = (_bin(beside[0]), _bin(beside[1])) if beside else None
    return _context(one.facts.kind, own, elsewhere, (scenery, one.span.label) if scenery else None, listed)


@lru_cache(maxsize=1 << 16)
def _context(
    kind: str,
    own: int,
    elsewhere: tuple[int, int, int] | None,
    scenery: tuple[str, str] | None,
    listed: tuple[int, int] | None,
) -> Part:
    """The features of the second pass: own judgement, the same name elsewhere, the countries of the report, a list."""
    features = ["always", f"own={own}"]
    if elsewhere:
        mean, best, times = elsewhere
        features += [f"others={mean}", f"best={best}", f"own={own // 2}|others={mean}", f"others={mean}|{kind}"]
        features.append(f"times={times}")
    else:
        features.append(f"alone|{kind}")
    if scenery:
        scene = f"scene={scenery[0]}"
        features += [scene, f"{scene}|{kind}", f"{scene}|own={own // 2}", f"{scene}|label={scenery[1]}"]
    if listed:
        for name, logit in zip(("listed", "chain"), listed, strict=True):
            features += [f"{name}={logit}", f"{name}={logit}|{kind}", f"{name}={logit}|own={own // 2}"]
    return Part(*features)


def _bin(logit: float) -> int:
    return max(-5, min(5, math.floor(logit)))


def second_pass(seen: Sequence[Seen], weights: Weights) -> None:
    """Change each span's log-odds by what the rest of the report says of it."""
    slope = weights.second.get("logit", 1.0)
    for one, part in zip(seen, second_parts(seen), strict=True):
        one.logit = one.logit * slope + weights.of_second(part)


def choose(seen: Sequence[Seen], *, least: float = LEAST) -> list[Seen]:
    """The spans that are places, none overlapping another, surest first where they do; in reading order."""
    kept: list[Seen] = []
    for one in sorted((s for s in seen if s.logit > least), key=lambda s: (-s.logit, s.span.start, -s.span.end)):
        if all(one.span.end <= k.span.start or k.span.end <= one.span.start for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.span.start)
