"""Numbers people look for: killed, injured, captured, evacuated, displaced; low, best and high, and who said so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geo import lexicons
from geo.clauses import Token, tokens
from geo.records import Count, CountKind

KINDS: Final[tuple[CountKind, ...]] = ("killed", "injured", "captured", "evacuated", "displaced")
_PEOPLE_REACH: Final = 6  # words between a number and its verb ("four civilians, one a child, had been killed")
_OBJECT_REACH: Final = 3
_TALLY_OF: Final = 4  # words from "number of" to what befell them ("the number of people killed")
_TALLY_REACH: Final = 14  # words from there to what the tally has grown to
_ASIDE_MARKS: Final = (",", ",")
_DECIMAL: Final = re.compile(r"\d{1,3}\.\d{1,3}")
_ROUGH: Final = 0.1  # "about 50" is read as 45 to 55
_MOST: Final = 100_000_000

# low and high of numbers that are words; the best figure is open.
_VAGUE: Final = {
    "dozens": (24, 99),
    "scores": (40, 199),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "millions": (2_000_000, None),
    "several": (3, 9),
}
_TENS_OF: Final = {"thousands": (20_000, 99_999)}
_HUNDREDS_OF: Final = {"thousands": (200_000, 999_999)}
_WORDS: Final = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
} | {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}

Figures = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at words first..last (excluded), read as low, best, high."""

    first: int
    last: int
    figures: Figures


def find(text: str) -> list[Count]:
    """The counts that a text tells, in reading order, each number once.

    >>> [(c.kind, c.low, c.best, c.high) for c in find("At least seven people were killed and dozens wounded.")]
    [('killed', 7, 7, None), ('injured', 24, None, 99)]
    """
    found = tokens(text)
    words = [token.lower for token in found]
    numbers = list(_numbers(words))
    teller = said_by(text)
    counts, used = [], set[int]()
    for index in range(len(words)):
        kind = _kind(words, index)
        number = kind and _number_of(words, index, [n for n in numbers if n.first not in used])
        if kind and number:
            used.add(number.first)
            low, best, high = number.figures
            first, last = min(number.first, index), max(number.last, index + 1)
            quoted = text[found[first].start : found[last - 1].end]
            counts.append(Count(kind=kind, low=low, best=best, high=high, words=quoted, said_by=teller))
    return counts


def said_by(text: str) -> str:
    """Who a sentence says it has it from, as written, "" where it does not say.

    >>> said_by("Two people died, the regional governor said.")
    'the regional governor'
    """
    found = tokens(text)
    words = [token.lower for token in found]
    for index, word in enumerate(words):
        if word == "according" and index + 2 < len(words) and words[index + 1] == "to":
            return _phrase(text, found, index + 2, _up_to_mark(words, index + 2))
    for index, word in enumerate(words):
        if word in lexicons.words("counts", "said"):
            first = _speaker_start(words, index)
            if first < index and words[index - 1] != "'s":
                return _phrase(text, found, first, index)
            if word in {"said", "says"} and index and words[index - 1] in {",", '"', "”", "''", "'"}:
                after = _phrase(text, found, index + 1, _up_to_mark(words, index + 1))
                return after or _apposed(text, found, words, index - 1)
    return ""


def _apposed(text: str, found: Sequence[Token], words: Sequence[str], comma: int) -> str:
    """The name between two commas, the second of which is given: "the governor of the region, Ann Lee, said"."""
    first = _speaker_start(words, comma)
    named = _phrase(text, found, first, comma)
    return named if first and words[first - 1] == "," == words[comma] and named[:1].isupper() else ""


def _phrase(text: str, found: Sequence[Token], first: int, last: int) -> str:
    return text[found[first].start : found[last - 1].end] if first < last else ""


def _up_to_mark(words: Sequence[str], index: int) -> int:
    marks = lexicons.words("counts", "ends a speaker")
    return next((i for i in range(index, len(words)) if words[i] in marks), len(words))


def _speaker_start(words: Sequence[str], index: int) -> int:
    marks = lexicons.words("counts", "ends a speaker") | lexicons.words("counts", "not in a speaker")
    start = index
    while start > 0 and words[start - 1] not in marks:
        start -= 1
    return start


def _kind(words: Sequence[str], index: int) -> CountKind | None:
    """Which count this word tells, None where none."""
    word = words[index]
    kind = next((k for k in KINDS if word in lexicons.words("counts", k)), None)
    objects = words[index + 1 : index + 1 + _OBJECT_REACH]
    if kind in {"captured", "evacuated"} and not lexicons.words("counts", "things").isdisjoint(objects):
        return None
    return kind


def _number_of(words: Sequence[str], index: int, numbers: Sequence[_Number]) -> _Number | None:
    """The number that counts for this word: its object, its subject, or what the tally it stands for has come to."""
    return _object(words, index, numbers) or _subject(words, index, numbers) or _tally(words, index, numbers)


def _object(words: Sequence[str], index: int, numbers: Sequence[_Number]) -> _Number | None:
    """The number after the word: "killing seven", "killed at least 12 people", "the death toll rose to 40"."""
    starts = {number.first: number for number in numbers}
    start = index + 1
    while (
        start not in starts and words[start : start + 1] and words[start] in lexicons.words("counts", "before a number")
    ):
        start += 1
    after = starts.get(start)
    if after is None or _is_other(words, after):
        return None
    belongs = next((i for i in range(after.last, min(after.last + 4, len(words))) if _kind(words, i)), None)
    if belongs is not None and not {"and", ","}.isdisjoint(words[after.last : belongs]):
        belongs = None
    joined = words[start - 1] in {"and", ","} or (belongs is not None and words[index] in {"killed", "dead"})
    return None if joined and belongs is not None else after


def _subject(words: Sequence[str], index: int, numbers: Sequence[_Number]) -> _Number | None:
    """The number before the word: "four civilians had been killed", "nine wounded", "15 dead"."""
    for number in reversed([n for n in numbers if n.last <= index]):
        if _is_aside(words, number):
            continue
        between = _without_aside(words[number.last : index])
        if len(between) > _PEOPLE_REACH or not _bridges(between) or _is_other(words, number):
            return None
        return number
    return None


def _tally(words: Sequence[str], index: int, numbers: Sequence[_Number]) -> _Number | None:
    """The number that a tally has grown to: "the number of people killed in the strike had grown to 50"."""
    if not _is_tally(words, index):
        return None
    grown = lexicons.words("counts", "grows")
    reach = range(index + 1, min(index + _TALLY_REACH, len(words)))
    ends = lexicons.words("counts", "ends a tally")
    at = next((i for i in reach if words[i] in grown or words[i] in ends), None)
    if at is None or words[at] in ends or words[at + 1 : at + 2] == ["by"]:
        return None
    number = next((n for n in numbers if n.first > at), None)
    between = words[at + 1 : number.first] if number else ()
    if number is None or not set(between) <= {"to", "at"} or _is_other(words, number):
        return None
    return number


def _is_tally(words: Sequence[str], index: int) -> bool:
    """Whether a word stands for a tally: "death toll", a headline's "Toll in", "the number of people killed"."""
    if words[index] == "toll":
        return index == 0 or words[index - 1] == "death"
    start = next((i for i in range(index - 1, max(1, index - _TALLY_OF), -1) if words[i] == "of"), 0)
    people = set(words[start + 1 : index]) <= lexicons.words("counts", "people of a tally")
    return people and list(words[max(0, start - 2) : start]) == ["the", "number"]


def _is_aside(words: Sequence[str], number: _Number) -> bool:
    """Whether the number tells a part or an age: "including a child", "a 34-year-old woman"."""
    aged = words[number.last : number.last + 1] == ["-"] and words[number.last + 1 : number.last + 2] != []
    return (number.first > 0 and words[number.first - 1] == "including") or aged


def _without_aside(between: Sequence[str]) -> Sequence[str]:
    """The words without what stands between commas after "including": "three people, including a child, died"."""
    if list(between).count(",") < len(_ASIDE_MARKS):
        return between
    first = list(between).index(",")
    last = len(between) - 1 - list(reversed(between)).index(",")
    return [*between[:first], *between[last + 1 :]] if between[first + 1] == "including" else between


def _bridges(between: Sequence[str]) -> bool:
    """Whether words lead from a number of people to what befell them."""
    blocked = lexicons.words("counts", "breaks") | {w for k in KINDS for w in lexicons.words("counts", k)}
    return blocked.isdisjoint(between) and all(word.isalpha() or word == "'s" or "-" in word for word in between)


def _is_other(words: Sequence[str], number: _Number) -> bool:
    """Whether the number counts something else than people: "20 tanks", "40 %", "the 12 Americans among them"."""
    following = words[number.last : number.last + 2]
    before = words[number.first - 1] if number.first else ""
    return before in lexicons.words("counts", "no people after") or not lexicons.words("counts", "things").isdisjoint(
        following
    )


def _numbers(words: Sequence[str]) -> Iterator[_Number]:
    index = 0
    while index < len(words):
        value, last = _value(words, index)
        if value is None:
            index += 1
            continue
        first, figures = _qualified(words, index, value)
        upper, end = _upper(words, last, between=words[index - 1 : index] == ["between"])
        if upper is not None and figures == (value[0], value[0], value[0]):
            figures, last = (value[0], None, upper), end
        yield _Number(first, last, figures)
        index = last


def _value(words: Sequence[str], index: int) -> tuple[tuple[int | None, int | None] | None, int]:
    """The low and high of a number that starts at this word, and where it ends."""
    word = words[index]
    if (
        word in {"tens", "hundreds"}
        and words[index + 1 : index + 2] == ["of"]
        and words[index + 2 : index + 3] == ["thousands"]
    ):
        table = _TENS_OF if word == "tens" else _HUNDREDS_OF
        return table["thousands"], index + 3
    if word in _VAGUE:
        after = index + 1
        return _VAGUE[word], after + 1 if words[after : after + 1] == ["of"] else after
    number, last = _exact(words, index)
    return (None, index) if number is None or number > _MOST else ((number, number), last)


def _exact(words: Sequence[str], index: int) -> tuple[int | None, int]:
    word = words[index]
    if word in {"a", "an"}:
        return _single(words, index)
    if word == "one" and index and words[index - 1] == "no":
        return None, index
    if _DECIMAL.fullmatch(word) and words[index + 1 : index + 2] and words[index + 1] in _SCALES:
        return round(float(word) * _SCALES[words[index + 1]]), index + 2
    number = _simple(word)
    if number is None:
        return (_SCALES[word], index + 1) if word == "dozen" else (None, index)
    last = index + 1
    while last < len(words) and words[last] in _SCALES:
        number *= _SCALES[words[last]]
        last += 1
    return number, last


def _single(words: Sequence[str], index: int) -> tuple[int | None, int]:
    """What "a" counts: "a hundred", "a woman", "a 34-year-old woman"."""
    after = words[index + 1 : index + 2]
    if after and after[0] in _SCALES:
        return _SCALES[after[0]], index + 2
    if _named(after):
        return 1, index + 1
    aged = words[index + 2 : index + 3] == ["-"] and _named(words[index + 4 : index + 5])
    return (1, index + 4) if aged else (None, index)


def _named(following: Sequence[str]) -> bool:
    return not lexicons.words("counts", "people").isdisjoint(following)


def _simple(word: str) -> int | None:
    digits = word.replace(",", "")
    if digits.isdecimal() and len(digits) < len(str(_MOST)) + 1:
        return int(digits)
    if word in _WORDS:
        return _WORDS[word]
    tens, dash, ones = word.partition("-")
    return _WORDS[tens] + _WORDS[ones] if dash and tens in _WORDS and ones in _WORDS else None


def _qualified(words: Sequence[str], index: int, value: tuple[int | None, int | None]) -> tuple[int, Figures]:
    """Where the qualifier of a number starts, and low, best, high with it."""
    low, high = value
    best = low if low == high else None
    for length in (3, 2, 1):
        said = " ".join(words[index - length : index]) if index >= length else ""
        for section in ("at least", "about", "nearly", "at most"):
            if said in lexicons.sections("counts")[section]:
                return index - length, _read(section, low, best, high)
    return index, (low, best, high)


def _read(section: str, low: int | None, best: int | None, high: int | None) -> Figures:
    if section == "at least":
        return (low, best, None)
    if section == "at most":
        return (None, best, high)
    if best is None:
        return (low, best, high)
    return (round(best * (1 - _ROUGH)), best, round(best * (1 + _ROUGH)) if section == "about" else best)


def _upper(words: Sequence[str], last: int, *, between: bool) -> tuple[int | None, int]:
    """The upper end of "30 to 40", "30-40", "30 or 40", "between 30 and 40"."""
    if last + 1 < len(words) and words[last] in {"to", "-", "–", "and" if between else "or"}:
        number, end = _exact(words, last + 1)
        return number, end
    return None, last
