"""Place or not: one decision for every span, from the gazetteer, the shape, the words around, the label, the report.

Each span has features, plain strings such as "before=in" or "label=PERSON|facts=country"; the weights of a logistic
regression (`judge.json`, which says which data it came from) are summed over them. A second pass looks at what the
same name is elsewhere in the report. `geo.evaluate.train` learns the weights.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from geo.gazetteer.compiled import ABBREVIATION, ADJECTIVE, CANONICAL, DEMONYM, Compiled
from geo.recognise.spans import OWNER, SMALL, Span, Word, written
from geo.recognise.wordlists import FIRST_NAMES, LOCATIVE, NOT_PLACES, TITLES
from geo.records import LEVELS

WEIGHTS: Final = Path(__file__).with_name("judge.json")
LEAST: Final = -0.4
"""Log-odds from which a span is taken: a little below even odds found most and placed most in cross-validation."""
_ENGLISH: Final = frozenset("US GB CA AU NZ IE ZA JM".split())
"""Countries whose places share their names with people and things of English texts."""
_ENOUGH: Final = 12  # candidates of a name whose countries are looked at
_KEPT: Final = 400_000
_TOKENS: Final = re.compile(r"[^\W_]+|[^\w\s]")
_AFTER: Final = re.compile(r"([\s\u00a0]*)([^\W\d_]+|\d+|['’]s\b|[^\w\s])(?:[\s\u00a0]+([^\W_]+))?")
_LISTED_GAPS: Final = {2: ", ", 5: " and ", 6: ", and "}
_NOBODY: Final[frozenset[str]] = frozenset()
_SENTENCE_ENDS: Final = frozenset(".!?:\n\"“”'‘»")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gazetteer knows of a folded name, as features; `weight` (0 to 1) is its most important place."""

    features: tuple[str, ...] = ("facts=none",)
    kind: str = "none"
    demonym: bool = False
    weight: float = 0.0
    countries: frozenset[str] = frozenset()
    english: str = ""


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
        countries = frozenset(part.country(row) or "" for part, row, _ in found[:_ENOUGH])
        english = "all" if countries <= _ENGLISH else "some" if countries & _ENGLISH else "none"
        return Facts(
            features=(
                f"english={english}",
                f"english={english}|facts={level}/{strength}",
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
            countries=countries,
            english=english,
        )


@dataclass(slots=True)
class Seen:
    """One span with its features and, once judged, the log-odds that it names a place."""

    span: Span
    facts: Facts
    features: list[str]
    after: str = ""
    title: bool = False
    logit: float = 0.0


def look(text: str, spans: Sequence[Span], names: Names, *, title: bool) -> list[Seen]:
    """The spans of one field of a report with their features, without what the rest of the report says."""
    kind = written(text)
    shape = f"text={'title' if title and kind == 'mixed' else kind}"
    seen = [_look(text, span, names.facts(span.key) if span.known else UNKNOWN, names, shape) for span in spans]
    for one in seen:
        one.title = title
    return seen


def _look(text: str, span: Span, facts: Facts, names: Names, shape: str) -> Seen:
    before, farther = _before(text, span.start)
    after, beyond = _after(text, span.end)
    left = _neighbour(span.run, span.first - 1, span.first, names) if span.first else ""
    right = _neighbour(span.run, span.last + 1, span.last + 1, names) if span.last + 1 < len(span.run) else ""
    kind = facts.kind
    features = [
        "always",
        shape,
        *facts.features,
        *_own_shape(text, span, kind, shape),
        f"before={before}",
        f"before={before}|{kind}",
        f"farther={farther} {before}",
        f"after={after}",
        f"after={after}|{kind}",
        f"after={after}|english={facts.english}",
        f"left={left}|right={right}|english={facts.english}",
        f"beyond={after} {beyond}",
        f"around={before}_{after}",
        f"left={left}|right={right}",
        f"left={left}|{kind}",
        f"right={right}|{kind}",
        *_run_around(span),
    ]
    if span.label:
        label = f"label={span.label}"
        features += [
            label + span.within,
            f"{label}{span.within}|{kind}",
            f"{label}{span.within}|english={facts.english}",
            f"{label}|before={before}",
            f"{label}|after={after}",
            f"{label}|left={left}|right={right}",
        ]
    return Seen(span, facts, features, text[span.end : span.end + 6])


def _own_shape(text: str, span: Span, kind: str, shape: str) -> list[str]:
    """What a span looks like in itself."""
    own, count = text[span.start : span.end], span.last - span.first + 1
    opens, ends = span.run[span.first].key, span.run[span.last].key
    features = [f"words={min(count, 4)}|{kind}", f"letters={min(len(own), 12)}"]
    if own.isupper() and len(own) > 1:
        features.append(f"capitals={'short' if len(own) < 6 else 'long'}|{shape}")
    if "." in own:
        features.append("dotted")
    if count > 1:
        features += [f"opens={opens}", f"ends={ends}"]
    elif span.known:
        features.append(f"word={'not' if ends in NOT_PLACES else 'may'}")
    else:
        features.append(f"ends={ends}")
    if not own[0].isupper():
        features.append(f"small|{kind}")
    if span.tail:
        features += [f"tail={span.tail}", f"tail|{kind}"]
    return features


def _run_around(span: Span) -> list[str]:
    """The words beside a span in its run of capitals."""
    run, features = span.run, []
    if span.first and run[span.first].gap != OWNER:
        features.append(f"left_word={run[span.first - 1].key}")
    if span.last + 1 < len(run):
        following = run[span.last + 1]
        features += [f"right_word={following.key}", f"right_gap={following.joint}"]
        if span.last + 2 < len(run):
            features.append(f"right_end={run[-1].key}")
    return features


def _before(text: str, start: int) -> tuple[str, str]:
    """The word or sign before an offset, and the word before that."""
    chunk = text[max(0, start - 28) : start]
    tokens = _TOKENS.findall(chunk)
    if not tokens:
        return "^", ""
    near = tokens[-1]
    farther = tokens[-2] if len(tokens) > 1 else ""
    if near in _SENTENCE_ENDS and "\n" in chunk[-3:]:
        return "^", ""
    if near[0].isdigit():
        near = "0"
    elif near[0].isupper():
        small = near.lower()
        near = "Mr" if small in TITLES else small if small in LOCATIVE else "Aa"
    elif near.isalpha() and chunk[-1].isalpha():
        near = f"{near}~"
    return near, farther if farther.islower() else "Aa" if farther.isalpha() else ""


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


def _neighbour(run: Sequence[Word], at: int, joint: int, names: Names) -> str:
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
    if facts is not UNKNOWN and facts.weight > 0.5 and key not in NOT_PLACES:
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
    for one in seen:
        by_key.setdefault(one.span.key, []).append(one)
    scene = _scene(seen)
    beside = _listed(seen)
    return [_second(one, by_key[one.span.key], scene, beside[i]) for i, one in enumerate(seen)]


def _scene(seen: Sequence[Seen]) -> dict[str, set[str]]:
    """The countries that the report is about, each with the names that say so."""
    scene: dict[str, set[str]] = {}
    for one in seen:
        if one.logit > 0 and len(one.facts.countries) == 1:
            for code in one.facts.countries:
                scene.setdefault(code, set()).add(one.span.key)
    return scene


def _listed(seen: Sequence[Seen]) -> list[float | None]:
    """The log-odds of the likeliest span beside each in a list ("X, Y and Z"), None where it stands in none."""
    starts: dict[tuple[bool, int], list[int]] = {}
    for i, one in enumerate(seen):
        starts.setdefault((one.title, one.span.start), []).append(i)
    best: list[float | None] = [None] * len(seen)
    for i, one in enumerate(seen):
        for gap in (2, 5, 6):  # ", ", " and ", ", and "
            for j in starts.get((one.title, one.span.end + gap), ()):
                if _LISTED_GAPS[gap] == one.after[:gap]:
                    best[i] = max(best[i] or -9.0, seen[j].logit)
                    best[j] = max(best[j] or -9.0, one.logit)
    return best


def _second(one: Seen, same: list[Seen], scene: Mapping[str, set[str]], beside: float | None) -> list[str]:
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
    if one.facts.countries:
        here = sum(bool(scene.get(code, _NOBODY) - {one.span.key}) for code in one.facts.countries)
        scenery = "all" if here == len(one.facts.countries) else "some" if here else "none"
        features += [f"scene={scenery}", f"scene={scenery}|{kind}", f"scene={scenery}|own={own // 2}"]
        features.append(f"scene={scenery}|label={one.span.label}")
    if beside is not None:
        features += [f"listed={_bin(beside)}", f"listed={_bin(beside)}|{kind}", f"listed={_bin(beside)}|own={own // 2}"]
    return features


def _bin(logit: float) -> int:
    return max(-5, min(5, math.floor(logit)))


def second_pass(seen: Sequence[Seen], weights: Weights) -> None:
    """Change each span's log-odds by what the rest of the report says of it."""
    get = weights.second.get
    for one, features in zip(seen, second_features(seen), strict=True):
        one.logit = one.logit * weights.second.get("logit", 1.0) + sum([get(f, 0.0) for f in features])


def choose(seen: Sequence[Seen], *, least: float = LEAST) -> list[Seen]:
    """The spans that are places, none overlapping another, surest first where they do; in reading order."""
    kept: list[Seen] = []
    for one in sorted((s for s in seen if s.logit > least), key=lambda s: (-s.logit, s.span.start, -s.span.end)):
        if all(one.span.end <= k.span.start or k.span.end <= one.span.start for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.span.start)
