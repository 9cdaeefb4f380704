"""Place or not: one decision for every span, from the gazetteer, the shape, the words around, the label, the report.

Each span has features, plain strings such as "before=in" or "label=PERSON|facts=country"; the weights of a logistic
regression (`judge.json`, which says which data it came from) are summed over them. A second pass looks at what the
same name is elsewhere in the report. `geo.evaluate.train` learns the weights.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from geo.gazetteer.compiled import ABBREVIATION, ADJECTIVE, CANONICAL, DEMONYM, Compiled
from geo.recognise.spans import BREAK, OWNER, SMALL, Span, is_small
from geo.recognise.wordlists import FIRST_NAMES, NOT_PLACES, TITLES
from geo.records import LEVELS

WEIGHTS: Final = Path(__file__).with_name("judge.json")
_KEPT: Final = 400_000
_BEFORE: Final = re.compile(r"(?:([^\W\d_]+)([^\w\n]{1,3}|\s+))?([^\W_]+|[^\w\s])([\s\u00a0]*)$")
_AFTER: Final = re.compile(r"([\s\u00a0]*)([^\W\d_]+|\d+|['’]s\b|[^\w\s])(?:[\s\u00a0]+([^\W_]+))?")
_SENTENCE_ENDS: Final = frozenset(".!?:\n\"“”'‘»")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gazetteer knows of a folded name, as features; `weight` (0 to 1) is its most important place."""

    features: tuple[str, ...] = ("facts=none",)
    kind: str = "none"
    demonym: bool = False
    weight: float = 0.0


UNKNOWN: Final = Facts()


class Names:
    """The gazetteer as the recognisers see it: facts of a folded name, remembered."""

    def __init__(self, parts: Sequence[Compiled]) -> None:
        self._parts = parts
        self._facts: dict[str, Facts] = {}

    def knows(self, key: str) -> bool:
        """Whether the gazetteer has a name."""
        return self.facts(key) is not UNKNOWN

    def facts(self, key: str) -> Facts:
        """The facts of a folded name; UNKNOWN where the gazetteer does not have it."""
        facts = self._facts.get(key)
        if facts is None:
            if len(self._facts) >= _KEPT:
                self._facts.clear()
            facts = self._facts[key] = self._look_up(key)
        return facts

    def _look_up(self, key: str) -> Facts:
        found = [(part, row, kind) for part in self._parts for row, kind in part.postings(key)]
        if not found:
            return UNKNOWN
        ranked = [(int(part.columns["importance"][row]), -kind, -row, part) for part, row, kind in found]
        importance, minus_kind, minus_row, part = max(ranked, key=lambda one: one[:3])
        demonym = -minus_kind in (DEMONYM, ADJECTIVE)
        level = "demonym" if demonym else LEVELS[int(part.columns["level"][-minus_row])]
        strength = importance // 32
        return Facts(
            features=(
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
        )


@dataclass(slots=True)
class Seen:
    """One span with its features and, once judged, the log-odds that it names a place."""

    span: Span
    facts: Facts
    features: list[str]
    logit: float = 0.0


def look(text: str, spans: Sequence[Span], names: Names, *, title: bool) -> list[Seen]:
    """The spans of one field of a report with their features, without what the rest of the report says."""
    capitals = _capital_share(text)
    shape = f"text={'small' if is_small(text) else 'capitals' if capitals > 0.6 else 'title' if title else 'mixed'}"  # noqa: PLR2004
    return [_look(text, span, names.facts(span.key) if span.known else UNKNOWN, names, shape) for span in spans]


def _capital_share(text: str) -> float:
    letters = sum(map(str.isalpha, text))
    return sum(map(str.isupper, text)) / letters if letters else 0.0


def _look(text: str, span: Span, facts: Facts, names: Names, shape: str) -> Seen:
    run, first, last = span.run, span.first, span.last
    kind = facts.kind
    own = text[span.start : span.end]
    features = ["always", shape, *facts.features]
    add = features.append

    # its own shape
    count = last - first + 1
    add(f"words={min(count, 4)}|{kind}")
    add(f"letters={min(len(own), 12)}")
    if own.isupper() and len(own) > 1:
        add(f"capitals={'short' if len(own) < 6 else 'long'}|{shape}")  # noqa: PLR2004
    if "." in own:
        add("dotted")
    add(f"ends={run[last].key}" if count > 1 or not span.known else f"word={'not' if run[last].key in NOT_PLACES else 'may'}")
    if count > 1:
        add(f"opens={run[first].key}")
    if not own[0].isupper():
        add(f"small|{kind}")
    if span.tail:
        add(f"tail={span.tail}")
        add(f"tail|{kind}")

    # the words around, within its run of capitals and beyond
    before, farther = _before(text, span.start)
    after, beyond = _after(text, span.end)
    left = _neighbour(run, first - 1, first, names) if first else ""
    right = _neighbour(run, last + 1, last + 1, names) if last + 1 < len(run) else ""
    add(f"before={before}")
    add(f"before={before}|{kind}")
    add(f"farther={farther} {before}")
    add(f"after={after}")
    add(f"after={after}|{kind}")
    add(f"beyond={after} {beyond}")
    add(f"left={left}|right={right}")
    add(f"left={left}|{kind}")
    add(f"right={right}|{kind}")
    if first and run[first].gap != OWNER:
        add(f"left_word={run[first - 1].key}")
    if last + 1 < len(run):
        add(f"right_word={run[last + 1].key}")
        add(f"right_gap={run[last + 1].joint}")
    if last + 2 < len(run):
        add(f"right_end={run[-1].key}")
    add(f"around={before}_{after}")

    # what the tagger said
    if span.label:
        add(f"label={span.label}{span.within}")
        add(f"label={span.label}{span.within}|{kind}")
        add(f"label={span.label}|before={before}")
        add(f"label={span.label}|after={after}")
        add(f"label={span.label}|left={left}|right={right}")
    return Seen(span, facts, features)


def _before(text: str, start: int) -> tuple[str, str]:
    """The word or sign before an offset, and the word before that."""
    match = _BEFORE.search(text, max(0, start - 28), start)
    if not match:
        return ("^", "") if not text[max(0, start - 28) : start].strip() else ("?", "")
    farther, _, near, gap = match.groups()
    if "\n" in gap and near in _SENTENCE_ENDS:
        return "^", ""
    if near[0].isdigit():
        near = "0"
    elif near[0].isupper():
        near = "Mr" if near.lower() in TITLES else "Aa"
    elif not gap and near.isalpha():
        near = f"{near}~"
    return near, (farther.lower() if farther and farther.islower() else "Aa" if farther else "")


def _after(text: str, end: int) -> tuple[str, str]:
    """The word or sign after an offset, and the word after that."""
    match = _AFTER.match(text, end, min(len(text), end + 32))
    if not match:
        return "$", ""
    _, near, beyond = match.groups()
    if near[0].isdigit():
        near = "0"
    elif near[0].isupper():
        near = "Aa"
    elif near == "’s":
        near = "'s"
    if beyond:
        beyond = "0" if beyond[0].isdigit() else "Aa" if beyond[0].isupper() else beyond
    return near, beyond or ""


def _neighbour(run: list, at: int, joint: int, names: Names) -> str:  # type: ignore[type-arg]
    """What kind of word stands beside a span in its run: a title, a first name, a place, another name."""
    key, gap = run[at].key, run[joint].gap
    how = "'" if gap == OWNER else "&" if gap == SMALL else ""
    if key in TITLES:
        return f"title{how}"
    if key in FIRST_NAMES:
        return f"first{how}"
    facts = names.facts(key)
    if facts.demonym:
        return f"demonym{how}"
    if facts is not UNKNOWN and facts.weight > 0.5 and key not in NOT_PLACES:  # noqa: PLR2004 - a town that people know
        return f"place{how}"
    return f"{'initial' if len(key) == 1 else 'word'}{how}"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of both passes: feature to log-odds."""

    first: Mapping[str, float]
    second: Mapping[str, float]
    data: str = ""


@cache
def shipped(name: str = "tagged") -> Weights:
    """The weights learned for a text with ("tagged") or without ("plain") the tagger's labels."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(first=kept[name]["first"], second=kept[name]["second"], data=kept["data"])


def first_pass(seen: Sequence[Seen], weights: Weights) -> None:
    """Set each span's log-odds from its own features."""
    get = weights.first.get
    for one in seen:
        one.logit = sum([get(f, 0.0) for f in one.features])


def second_features(seen: Sequence[Seen]) -> list[list[str]]:
    """What the rest of the report says of each span, once all have been judged by themselves."""
    by_key: dict[str, list[Seen]] = {}
    parts: Counter[str] = Counter()
    for one in seen:
        by_key.setdefault(one.span.key, []).append(one)
        if one.span.last > one.span.first or one.span.first:
            parts[one.span.run[one.span.last].key] += 1
    return [_second(one, by_key[one.span.key], parts) for one in seen]


def _second(one: Seen, same: list[Seen], parts: Counter[str]) -> list[str]:
    kind = one.facts.kind
    own = max(-6, min(6, round(one.logit)))
    features = ["always", f"own={own}"]
    if len(same) > 1:
        others = [s.logit for s in same if s is not one]
        mean, best = sum(others) / len(others), max(others)
        features += [
            f"others={_bin(mean)}",
            f"best={_bin(best)}",
            f"own={own // 2}|others={_bin(mean)}",
            f"others={_bin(mean)}|{kind}",
            f"times={min(len(same), 5)}",
        ]
    else:
        features.append(f"alone|{kind}")
    return features


def _bin(logit: float) -> int:
    return max(-5, min(5, math.floor(logit)))


def second_pass(seen: Sequence[Seen], weights: Weights) -> None:
    """Change each span's log-odds by what the rest of the report says of it."""
    get = weights.second.get
    for one, features in zip(seen, second_features(seen), strict=True):
        one.logit = one.logit * weights.second.get("logit", 1.0) + sum([get(f, 0.0) for f in features])


def choose(seen: Sequence[Seen], *, least: float = 0.0) -> list[Seen]:
    """The spans that are places, none overlapping another, surest first where they do; in reading order."""
    kept: list[Seen] = []
    for one in sorted((s for s in seen if s.logit > least), key=lambda s: (-s.logit, s.span.start, -s.span.end)):
        if all(one.span.end <= k.span.start or k.span.end <= one.span.start for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.span.start)
