"""What speaks for and against a span: features, plain strings such as "before=in" or "label=PERSON=|country".

They come in parts, each made of the few words that it depends on and remembered, because the same words stand around
names again and again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from geo.recognise.facts import UNKNOWN, Facts, Names, Part
from geo.recognise.spans import OWNER, SMALL, Span, Word
from geo.recognise.wordlists import CLASSES, FIRST_NAMES, LOCATIVE, NOT_PLACES, TITLES

_TOKENS: Final = re.compile(r"[^\W_]+|[^\w\s]")
_AFTER: Final = re.compile(r"([\s\u00a0]*)([^\W\d_]+|\d+|['’]s\b|[^\w\s])(?:[\s\u00a0]+([^\W_]+))?")
_SIGNS: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~“”‘’«»–—…£€·")
_THROUGH: Final = frozenset(("of", "in", "the", "and", ",", ":"))
"""Words that a word for a class is looked for behind: "the villages of X", "survived by her sons, X"."""
_remembered: Final = lru_cache(maxsize=1 << 16)


def parts_of(text: str, span: Span, facts: Facts, names: Names, shape: str) -> tuple[Part, ...]:
    """The features of a span of a text by itself; `shape` says how the text is written."""
    before, farther = _before(text, span.start)
    after, beyond = _after(text, span.end)
    run, first, last = span.run, span.first, span.last
    left = _neighbour(run, first - 1, first, names) if first else ""
    right = _neighbour(run, last + 1, last + 1, names) if last + 1 < len(run) else ""
    kind, english = facts.kind, facts.english
    parts: tuple[Part, ...] = (
        facts.part,
        _itself(text[span.start : span.end], _words(span), span.known, kind, shape),
        _ahead(before, farther, kind),
        _behind(after, beyond, kind, english),
        _around(before, after),
        _sides(left, right, kind, english),
    )
    if len(run) > 1:
        parts = (*parts, _run(*_beside(span), kind))
    if span.tail:
        parts = (*parts, _tail(span.tail, kind))
    if span.label:
        label, within = span.label, span.within
        parts = (*parts, _label(label, within, kind, english), _labelled(label, before, after, left, right))
    return parts


def _words(span: Span) -> tuple[int, str, str]:
    """How many words a span has, and the first and last of them."""
    return span.last - span.first + 1, span.run[span.first].key, span.run[span.last].key


@_remembered
def _itself(own: str, words: tuple[int, str, str], known: bool, kind: str, shape: str) -> Part:  # noqa: FBT001 - a key
    """What a span looks like in itself."""
    count, opens, ends = words
    features = ["always", shape, f"words={min(count, 4)}|{kind}", f"letters={min(len(own), 12)}"]
    features += [f"suffix={ends[-3:]}", f"suffix={ends[-4:]}", f"suffix={ends[-3:]}|{kind}"]
    if own.isupper() and len(own) > 1:
        features.append(f"capitals={'short' if len(own) < 6 else 'long'}|{shape}")
    if "." in own:
        features.append("dotted")
    if count > 1:
        features += [f"opens={opens}", f"ends={ends}"]
    elif known:
        features.append(f"word={'not' if ends in NOT_PLACES else 'may'}")
    else:
        features.append(f"ends={ends}")
    if not own[0].isupper():
        features.append(f"small|{kind}")
    return Part(*features)


@_remembered
def _tail(tail: str, kind: str) -> Part:
    return Part(f"tail={tail}", f"tail|{kind}")


@_remembered
def _ahead(before: str, farther: str, kind: str) -> Part:
    features = [f"before={before}", f"before={before}|{kind}", f"farther={farther} {before}"]
    word = CLASSES.get(before) or (CLASSES.get(farther) if before in _THROUGH else None)
    return Part(*features, *_of_class("before", word, kind))


@_remembered
def _behind(after: str, beyond: str, kind: str, english: str) -> Part:
    features = [
        f"after={after}",
        f"after={after}|{kind}",
        f"after={after}|english={english}",
        f"beyond={after} {beyond}",
    ]
    return Part(*features, *_of_class("after", CLASSES.get(after), kind))


@_remembered
def _around(before: str, after: str) -> Part:
    return Part(f"around={before}_{after}")


@_remembered
def _sides(left: str, right: str, kind: str, english: str) -> Part:
    both = f"left={left}|right={right}"
    return Part(both, f"{both}|english={english}", f"left={left}|{kind}", f"right={right}|{kind}")


def _beside(span: Span) -> tuple[str, str, str, str]:
    """The words beside a span in its run of capitals: before it, after it with its joint, the last."""
    run, first, last = span.run, span.first, span.last + 1
    left = run[first - 1].key if first and run[first].gap != OWNER else ""
    if last >= len(run):
        return left, "", "", ""
    return left, run[last].key, run[last].joint, run[-1].key if last + 1 < len(run) else ""


@_remembered
def _run(left: str, right: str, joint: str, end: str, kind: str) -> Part:
    features = []
    if left:
        features += [f"left_word={left}", *_of_class("left", CLASSES.get(left), kind)]
    if right:
        features += [f"right_word={right}", f"right_gap={joint}", *_of_class("right", CLASSES.get(right), kind)]
    if end:
        features += [f"right_end={end}", *_of_class("right_end", CLASSES.get(end), kind)]
    return Part(*features)


def _of_class(where: str, word: str | None, kind: str) -> tuple[str, ...]:
    return (f"{where}:{word}", f"{where}:{word}|{kind}") if word else ()


@_remembered
def _label(label: str, within: str, kind: str, english: str) -> Part:
    own = f"label={label}{within}"
    return Part(own, f"{own}|{kind}", f"{own}|english={english}")


@_remembered
def _labelled(label: str, before: str, after: str, left: str, right: str) -> Part:
    own = f"label={label}"
    return Part(f"{own}|before={before}", f"{own}|after={after}", f"{own}|left={left}|right={right}")


def _before(text: str, start: int) -> tuple[str, str]:
    """The word or sign before an offset, and the word before that."""
    near, farther = _last_two(text[max(0, start - 28) : start])
    if not near:
        return "^", ""
    if not near[0].isalnum() and (near not in _SIGNS or "\n" in text[max(0, start - 3) : start]):
        return "^", ""  # an emoji, a bullet
    if near[0].isdigit():
        near = "0"
    elif near[0].isupper():
        small = near.lower()
        near = "Mr" if small in TITLES else small if small in LOCATIVE else "Aa"
    elif near.isalpha() and text[start - 1].isalpha():
        near = f"{near}~"
    return near, farther if farther.islower() else "Aa" if farther.isalpha() else ""


def _last_two(chunk: str) -> tuple[str, str]:
    """The last word or sign of a stretch of text, and the one before it; "" where there is none."""
    words = chunk.rsplit(None, 2)[-2:]
    if len(words) == 2 and words[0].isalnum() and words[1].isalnum():  # most: no sign to be told from its word
        return words[1], words[0]
    tokens = ["", "", *_TOKENS.findall(chunk)]
    return tokens[-1], tokens[-2]


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
