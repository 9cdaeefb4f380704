"""The word lists, read on first use: sections of words, and phrases that are found by their first word.

A list is a text file beside this one. `#` starts a comment, `[name]` a section, an indented line continues nothing: one
phrase a line, or many words a line where a section holds single words. In a word `~` asks for the forms of a verb
(`shell~`: shell, shells, shelled, shelling), `+` for the plural of a noun, `|` parts alternatives; the word `..` stands
for up to three words of any kind, `...` for up to ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_GAPS: Final = {"..": 3, "...": 10}
_UNCROSSED: Final = frozenset({"by", ".", ";", ":"})  # a gap never passes over these
_VOWELS: Final = frozenset("aeiou")

Slot = frozenset[str] | int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of slots, each the set of words that fit it; an empty set is a gap. `label` is the section's name."""

    label: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at tokens first..last, the last excluded."""

    label: str
    first: int
    last: int


class Phrases:
    """Phrases found in a sequence of lower-case words; at a word one of `first` wins, then the longest match."""

    def __init__(self, phrases: Iterable[Phrase], first: str = "") -> None:
        self._first = first
        self._by_first: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            opening = phrase.slots[0]
            for word in opening if isinstance(opening, frozenset) else ():
                self._by_first.setdefault(word, []).append(phrase)

    def at(self, words: Sequence[str], index: int) -> Match | None:
        """The longest phrase that starts at this word, None where none does; the first listed among equals."""
        best: Match | None = None
        rank = (False, 0)
        for phrase in self._by_first.get(words[index], ()):
            last = _fits(phrase.slots, words, index)
            if last and (phrase.label == self._first, last) > rank:
                best, rank = Match(phrase.label, index, last), (phrase.label == self._first, last)
        return best

    def find(self, words: Sequence[str]) -> Iterator[Match]:
        """All matches, none overlapping another, in reading order."""
        index = 0
        while index < len(words):
            match = self.at(words, index)
            if match is None:
                index += 1
            else:
                yield match
                index = match.last


def _fits(slots: Sequence[Slot], words: Sequence[str], index: int) -> int:
    """Where the match of all slots from this word ends, 0 where they do not fit."""
    for number, slot in enumerate(slots):
        if isinstance(slot, int):
            rest = slots[number + 1 :]
            ends = (_fits(rest, words, index + skipped) for skipped in range(_reach(words, index, slot) + 1))
            return next((end for end in ends if end), 0)
        if index >= len(words) or words[index] not in slot:
            return 0
        index += 1
    return index


def _reach(words: Sequence[str], index: int, most: int) -> int:
    """How many words a gap may pass over from here."""
    passed = words[index : index + most]
    return next((n for n, word in enumerate(passed) if word in _UNCROSSED), len(passed))


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of each section of a list, comments and blank lines left out."""
    found: dict[str, list[str]] = {}
    lines = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    current = found.setdefault("", [])
    for raw in lines:
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        elif line:
            current.append(line)
    return {section: tuple(rows) for section, rows in found.items()}


@cache
def words(name: str, section: str) -> frozenset[str]:
    """The single words of a section, with the forms that `~` and `+` ask for."""
    return frozenset(form for line in sections(name)[section] for word in line.split() for form in forms(word))


@cache
def phrases(name: str, first: str = "") -> Phrases:
    """The phrases of a list; those of the section `first` go before the others."""
    return Phrases((Phrase(s, slots(line)) for s, lines in sections(name).items() for line in lines), first)


def slots(line: str) -> tuple[Slot, ...]:
    """The slots of a phrase as written in a list."""
    return tuple(_GAPS[word] if word in _GAPS else forms(word) for word in line.split())


@cache
def forms(word: str) -> frozenset[str]:
    """The words that a word of a list stands for.

    >>> sorted(forms("raid~")), sorted(forms("city+|town"))
    (['raid', 'raided', 'raiding', 'raids'], ['cities', 'city', 'town'])
    """
    found: set[str] = set()
    for option in word.split("|"):
        if option.endswith("~"):
            found |= _verb(option[:-1])
        elif option.endswith("+"):
            found |= {option[:-1], _with_s(option[:-1])}
        else:
            found.add(option)
    return frozenset(found)


@cache
def _irregular() -> dict[str, frozenset[str]]:
    rows = (line.split() for line in sections("irregular")[""])
    return {row[0]: frozenset(row) for row in rows}


def _verb(stem: str) -> frozenset[str]:
    if stem in _irregular():
        return _irregular()[stem]
    if stem.endswith("e"):
        return frozenset({stem, stem + "s", stem + "d", stem[:-1] + "ing"})
    if stem.endswith("y") and stem[-2] not in _VOWELS:
        return frozenset({stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"})
    return frozenset({stem, _with_s(stem), stem + "ed", stem + "ing"})


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x", "z")) else "s")
