"""Text to tokens, each with a one-letter class, so that the grammar can be a regular expression over letters.

The string of classes is about a fifth as long as the text, and blanks are gone from it: "March 01 , 2008" and
"March 01, 2008" read the same. Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from geo.dates.words import Entry, Numeric, lexicon

OTHER: Final[Entry] = ("x", None)
BREAK: Final = "\n"
_TWO_DIGIT_PIVOT: Final = 50  # "the '49 crash" is 1949 or 2049 by nearness; see `full_year`
_LAST_DAY: Final = 31
_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER: Final = re.compile(
    r"""(?P<iso>(?P<y>\d{4})([-/.])(?P<m>\d\d?)\3(?P<d>\d\d?)(?:T(?P<t>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<z>Z|[+-]\d\d:?\d\d)?)?)
    |(?P<parts>(?P<one>\d\d?)(?P<sep>[./-])(?P<two>\d\d?)(?P=sep)(?P<yy>\d{4}|\d\d))
    |(?P<clock>(?P<hh>[01]?\d|2[0-4])[:.](?P<mm>[0-5]\d)(?::[0-5]\d)?)(?P<ap>[ap]m)?
    |(?P<hour>1[0-2]|0?[1-9])(?P<hap>[ap]m)
    |(?P<nth>\d{1,3})(?:st|nd|rd|th)
    |(?P<decade>\d{3}0|\d0)s
    |(?P<range>(?P<from>\d\d?)[–-](?P<to>\d\d?))
    |(?P<years>(?P<yfrom>(?:19|20)\d\d)[–/-](?P<yto>\d{4}|\d\d))
    |(?P<plain>\d+(?:,\d{3})*(?:\.\d+)?)""",
    re.VERBOSE,
)


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        r"""(?P<word>o['’]clock\b|New\sYear\s?['’]s\s(?:Eve|Day)\b|[ap]\.\s?m\b\.?
            |[^\W\d_]*[a-z](?=(?:"""
        + _MONTHS
        + r""")\s\d\d?,\s\d{4})  # a stamp glued to the word before: "UkraineApril 14, 2022"
            |[^\W\d_]+)
        |(?P<number>['’`]?\d+(?:[.,:/–-]\d+)*(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|[^\W\d_]+)?)
        |(?P<break>\n\s*)
        |(?P<mark>[^\w\s])""",
        re.VERBOSE,
    )


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: `classes[i]`, `words[i]` (as written), `values[i]`, and where each stands."""

    text: str
    classes: str
    words: list[str]
    values: list[object]
    matches: list[re.Match[str]]

    def start(self, index: int) -> int:
        """Where a token begins in the text."""
        return self.matches[index].start()

    def end(self, index: int) -> int:
        """Where a token ends in the text, exclusive."""
        return self.matches[index].end()

    def lower(self, index: int) -> str:
        """A token in lower case; "" outside the text."""
        return self.words[index].lower() if 0 <= index < len(self.words) else ""

    def code(self, index: int) -> str:
        """The class of a token; a break outside the text."""
        return self.classes[index] if 0 <= index < len(self.classes) else BREAK


def scan(text: str) -> Tokens:
    """The tokens of a text that matter, in reading order."""
    matches = [found for found in _token().finditer(text) if found.lastgroup != "break" or not _runs_on(text, found)]
    words = [found[0] for found in matches]
    known = lexicon().get
    entries = [
        known(word) or (OTHER if word.isalpha() else _entry(text, found))
        for word, found in zip(words, matches, strict=True)
    ]
    return Tokens(text, "".join([code for code, _ in entries]), words, [value for _, value in entries], matches)


def _entry(text: str, found: re.Match[str]) -> Entry:
    """The class of what is no word: a number, a mark, a break, "p.m.", a feast of several words."""
    word = found[0]
    if found.lastgroup == "number":
        glued = word[0] in "'’`" and text[found.start() - 1 : found.start()].isalnum()
        return OTHER if glued else _number(word)
    if found.lastgroup == "mark":
        return (word if word in ",.-()" else {"–": "-", "—": "-"}.get(word, ";"), None)
    if found.lastgroup == "break":
        return (BREAK, None)
    if word.endswith((" Eve", " Day")):
        return ("H", None)
    return ("m", 0 if word[0] in "aA" else 12) if word[1:2] == "." else OTHER


def _runs_on(text: str, found: re.Match[str]) -> bool:
    """Whether a line break only wraps a sentence: a small letter, a figure or a comma beside it."""
    start, end = found.span()
    after = text[end : end + 1]
    return "\n" not in text[start + 1 : end] and (after.islower() or after.isdigit() or text[start - 1 : start] == ",")


def _number(word: str) -> Entry:
    if word[0] in "'’`":
        return _short_year(word[1:])
    found = _NUMBER.fullmatch(word)
    if found is None:
        return OTHER
    kind = next(name for name in _KINDS if found.group(name))
    return _KINDS[kind](found)


def _short_year(word: str) -> Entry:
    digits = word.rstrip("s")
    if len(digits) != 2:
        return OTHER
    return ("9", int(digits)) if word.endswith("s") else ("Y", int(digits))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(found: re.Match[str]) -> Entry:
    first = _date(int(found["y"]), int(found["m"]), int(found["d"]))
    return ("D", Numeric(first, None, found["t"] or "")) if first else OTHER


def _parts(found: re.Match[str]) -> Entry:
    one, two, written = found["one"], found["two"], found["yy"]
    if found["sep"] == "-" and len(written) == 2 and int(written) <= _LAST_DAY:  # a score, or a date year first
        return OTHER
    padded = len(written) == 4 or found["sep"] == "/" or len(one) == len(two) == 2
    if not padded:
        return OTHER
    year = int(written) if len(written) == 4 else full_year(int(written))
    day_first, month_first = _date(year, int(two), int(one)), _date(year, int(one), int(two))
    if found["sep"] == ".":
        return ("D", Numeric(day_first)) if day_first else OTHER
    first, other = (month_first, day_first) if month_first else (day_first, None)
    return ("D", Numeric(first, other)) if first else OTHER


def full_year(short: int, near: int = 2010) -> int:
    """The year in four digits that a year in two digits means: the nearest to `near`."""
    century = near - near % 100
    return min((century + short + shift for shift in (-100, 0, 100)), key=lambda year: abs(year - near))


def _clock(found: re.Match[str]) -> Entry:
    hour, dotted = int(found["hh"]), "." in found["clock"]
    if dotted and not found["ap"]:
        return ("#", None)
    return ("T", _clock_text(hour, int(found["mm"]), found["ap"]))


def _clock_text(hour: int, minute: int, half: str | None) -> str:
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}"


def _plain(found: re.Match[str]) -> Entry:
    written = found["plain"]
    if "," in written or "." in written:
        return ("#", float(written.replace(",", ""))) if len(written) < 12 else OTHER
    number = int(written) if len(written) < 10 else 0
    if len(written) == 4 and (written[0] in "12" or written[0] == "0"):
        return ("y", number) if written[0] != "0" else ("K", number)
    if len(written) <= 2:
        return ("n", number)
    return ("#", number) if number else OTHER


def _range(found: re.Match[str]) -> Entry:
    low, high = int(found["from"]), int(found["to"])
    return ("R", (low, high)) if 1 <= low < high <= _LAST_DAY else ("~", (low, high))


def _years(found: re.Match[str]) -> Entry:
    begin, written = int(found["yfrom"]), found["yto"]
    if len(written) == 2 and (begin + 1) % 100 != int(written) and 1 <= int(written) <= 12:
        return ("%", (begin, int(written)))
    end = int(written) if len(written) == 4 else begin - begin % 100 + int(written)
    return ("&", (begin, end)) if end > begin else OTHER


_KINDS: Final = {
    "iso": _iso,
    "parts": _parts,
    "clock": _clock,
    "hour": lambda found: ("T", _clock_text(int(found["hour"]), 0, found["hap"])),
    "nth": lambda found: ("o", int(found["nth"])),
    "decade": lambda found: ("9", int(found["decade"])),
    "range": _range,
    "years": _years,
    "plain": _plain,
}
