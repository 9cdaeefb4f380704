"""A report to sentences, words and clauses, by offsets: the ground on which roles, types and claims stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from geo import lexicons
from geo.records import FIELDS, Field, Report
from geo.sentences import paragraphs, split

Part = Literal["title", "label", "body", "furniture"]

_WORD: Final = re.compile(r"""[^\W\d_]+(?:[.’'-][^\W\d_]+)*\.?|\d[\d.,:]*\d|\d|--+|\.\.\.+|[^\w\s]""")
_POSSESSIVE: Final = re.compile(r"['’][sS]$|(?<=[sS])['’]$")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.){1,4}$")
# How outlets frame a headline: "(25.03.22 13:36) « War in Ukraine | Outlet" after it, a time stamp before the lead.
_TAIL: Final = re.compile(r"\s*(?:\(\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}[^)]*\)\s*)?(?:[«»|]).*$", re.DOTALL)
_STAMP: Final = re.compile(r"\s*\d{1,2}[./]\d{1,2}[./]\d{2,4},?\s+\d{1,2}:\d{2}\s*[-–—]\s*")
_LABEL: Final = re.compile(r"[^:;.!?\"“”]{3,60}:(?=\s+[\w\"“‘'])")
_LABEL_WORDS: Final = 7
_MIN_HEADLINE: Final = 12  # characters that must be left once a label is cut off
_FURNITURE: Final = re.compile(r"\s*(?:View (?:video |photo )?news|Read more|WATCH|Advertisement)\b", re.IGNORECASE)
_BREAKS: Final = frozenset([";", ":", "—", "–", "--", "(", ")", "“", "”", '"', "«", "»", "``", "...", "…"])
_LOOKAHEAD: Final = 7
_PARTICIPLE: Final = 5  # letters of the shortest word in -ing that opens a clause after a comma


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark at start..end of a field; `lower` in lower case with straight apostrophes."""

    start: int
    end: int
    lower: str
    capital: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens first..last of a sentence, the last excluded; `opener` is the word that subordinates it, "" for none."""

    first: int
    last: int
    opener: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one field, with its words (in lower case) and clauses.

    `part`: a headline, the topic label before a colon, body text, or furniture (stamps, section names, "View news").
    """

    field: Field
    start: int
    end: int
    paragraph: int
    part: Part
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    clauses: tuple[Clause, ...]

    def index(self, offset: int) -> int:
        """The index of the first token that ends after this offset of the field."""
        return next((i for i, token in enumerate(self.tokens) if token.end > offset), len(self.tokens))

    def clause(self, index: int) -> Clause:
        """The clause that holds this token; the last one for an index past the end."""
        return next((c for c in self.clauses if c.first <= index < c.last), self.clauses[-1])


@lru_cache(maxsize=8)
def read(report: Report) -> tuple[Sentence, ...]:
    """The sentences of a report, title first; a sentence of the text that only repeats the title counts as title."""
    found = list(_read(report))
    titles = {" ".join(s.words).strip(" .") for s in found if s.field == "title" and s.part == "title"}
    return tuple(
        replace(s, part="title") if s.part == "body" and " ".join(s.words).strip(" .") in titles else s for s in found
    )


def _read(report: Report) -> tuple[Sentence, ...]:
    return tuple(
        _sentence(field, report.field(field), *bounds)
        for field in FIELDS
        for bounds in _parts(field, report.field(field))
    )


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The words and marks of text[start:end]; a possessive ending is a token of its own.

    >>> [t.lower for t in tokens("Ukraine’s army left Sudzha-based units.")]
    ['ukraine', "'s", 'army', 'left', 'sudzha-based', 'units', '.']
    """
    return tuple(_tokens(text, start, len(text) if end is None else end))


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _WORD.finditer(text, start, end):
        first, last = match.span()
        word = match.group()
        if word.endswith(".") and len(word) > 1 and not _INITIALS.match(word) and word.lower() not in _abbreviations():
            yield from _word(text, first, last - 1)
            yield Token(last - 1, last, ".", capital=False)
        else:
            yield from _word(text, first, last)


def _word(text: str, first: int, last: int) -> Iterator[Token]:
    word = text[first:last]
    ending = _POSSESSIVE.search(word)
    cut = last - len(ending.group()) if ending and len(word) > len(ending.group()) else last
    yield Token(first, cut, text[first:cut].lower().replace("’", "'"), capital=text[first].isupper())
    if cut < last:
        yield Token(cut, last, "'s", capital=False)


def _abbreviations() -> frozenset[str]:
    return lexicons.words("clauses", "abbreviations")


def _parts(field: Field, text: str) -> Iterator[tuple[int, int, int, Part]]:
    """The spans of sentences with their paragraph and part; labels and furniture are cut off."""
    stretches = paragraphs(text)
    for start, end in split(text):
        number = next((i for i, (a, b) in enumerate(stretches) if a <= start < b), 0)
        yield from _cut(field, text, start, end, number)


def _cut(field: Field, text: str, start: int, end: int, number: int) -> Iterator[tuple[int, int, int, Part]]:
    whole: Part = "title" if field == "title" else "body"
    if field == "text" and number == 0 and (stamp := _STAMP.match(text, start, end)):
        yield start, stamp.end(), number, "furniture"
        start = stamp.end()
    if _FURNITURE.match(text, start, end) and field == "text" and end - start < len("View video news. Photo"):
        yield start, end, number, "furniture"
        return
    tail = _TAIL.search(text, start, end) if field == "title" else None
    stop = tail.start() if tail else end
    label = _LABEL.match(text, start, stop) if number == 0 else None
    if label and len(label.group().split()) <= _LABEL_WORDS and stop - label.end() >= _MIN_HEADLINE:
        yield start, label.end(), number, "label"
        start = label.end()
    if text[start:stop].strip():
        yield start, stop, number, whole
    if tail and tail.group().strip():
        yield stop, end, number, "furniture"


def _sentence(field: Field, text: str, *bounds: *tuple[int, int, int, Part]) -> Sentence:
    start, end, number, part = bounds
    stripped = text[start:end]
    start += len(stripped) - len(stripped.lstrip())
    end = start + len(stripped.strip())
    found = tokens(text, start, end)
    return Sentence(field, start, end, number, part, found, tuple(t.lower for t in found), _clauses(found))


def _clauses(found: Sequence[Token]) -> tuple[Clause, ...]:
    words = [token.lower for token in found]
    starts: list[tuple[int, str]] = [(0, "")]
    for i in range(1, len(words)):
        opener = _opens(words, found, i, starts[-1][1])
        if opener is not None and i > starts[-1][0]:
            starts.append((i, opener))
    ends = [first for first, _ in starts[1:]] + [len(words)]
    return tuple(Clause(first, last, opener) for (first, opener), last in zip(starts, ends, strict=True))


def _opens(words: Sequence[str], found: Sequence[Token], i: int, opened: str) -> str | None:
    """The opener of the clause that begins at this word, "" for a plain one, None where none begins.

    `opened` is the opener of the clause before: one that was put in between commas ends at the second.
    """
    word, before = words[i], words[i - 1]
    if _subordinates(words, found, i):
        return "" if word == "and" else word
    if before == "," and _runs_on(words, i):
        return word if word in lexicons.words("clauses", "after comma") else ""
    goes_on = before == "," and opened in _INSERTED and word in lexicons.words("clauses", "verbs")
    return "" if before in _BREAKS or goes_on else None


def _subordinates(words: Sequence[str], found: Sequence[Token], i: int) -> bool:
    """Whether this word opens a clause wherever it stands."""
    word, before = words[i], words[i - 1]
    if word == "that":
        return before in lexicons.words("clauses", "before that")
    if i + 1 == len(words) or (not words[i + 1][0].isalnum() and words[i + 1] not in _QUOTES):
        return False  # "the day before, ..."
    if word == "and":
        return _joins(words, i)
    return word in lexicons.words("clauses", "subordinators") or (word == "as" and _opens_as(words, found, i))


_QUOTES: Final = frozenset({"“", '"', "``", "‘", "'"})


def _joins(words: Sequence[str], i: int) -> bool:
    """Whether "and" joins two clauses: a subject of its own and a finite verb follow."""
    links = lexicons.words("clauses", "links")
    return words[i + 1] not in links and not links.isdisjoint(words[i + 2 : i + 5])


_INSERTED: Final = frozenset({"including", "which", "who", "whom", "whose", "where", "with", "without", "according"})


def _opens_as(words: Sequence[str], found: Sequence[Token], i: int) -> bool:
    if i + 1 >= len(words) or words[i + 1] in lexicons.words("clauses", "not after as"):
        return False
    return words[i - 1] == "," or found[i + 1].capital or words[i + 1] in lexicons.words("clauses", "subjects")


def _runs_on(words: Sequence[str], i: int) -> bool:
    """Whether a clause of its own, not another item of a list, follows the comma."""
    word = words[i]
    if word in lexicons.words("clauses", "after comma"):
        return True
    if word.endswith("ing") and len(word) > _PARTICIPLE and word not in lexicons.words("clauses", "no participles"):
        return True
    if word in {"and", "or", "so"}:
        return not lexicons.words("clauses", "finite").isdisjoint(words[i + 1 : i + _LOOKAHEAD])
    return False
