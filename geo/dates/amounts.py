"""Readers of amounts of time that name no days: durations, sets, clock times and loose references."""

from __future__ import annotations

from typing import Final

from geo.dates import periods
from geo.dates.context import Context, Reading

_LETTER: Final = {"TS": "S", "TM": "M", "TH": "H"}
_LONG: Final = {"DE": 10, "CE": 100}
_MONEY: Final = frozenset(
    ["million", "billion", "trillion", "times", "once", "twice", "thrice", "cents", "dollars", "%"]
)

_LENGTHS: Final = frozenset(
    "for in within of than about nearly just only after over under take takes took last lasted".split()
)


def _shown(count: float) -> str:
    return str(int(count)) if count == int(count) else f"{count:g}"


def duration_value(count: float | None, unit: str) -> str:
    """The TIMEX3 value of so many units; X where the number is vague.

    >>> duration_value(8, "M"), duration_value(None, "TH"), duration_value(2, "DE")
    ('P8M', 'PTXH', 'P20Y')
    """
    if unit in _LETTER:
        return f"PT{'X' if count is None else _shown(count)}{_LETTER[unit]}"
    if unit in _LONG:
        return "PXY" if count is None else f"P{_shown(count * _LONG[unit])}Y"
    if unit == "2W":
        return "PXW" if count is None else f"P{_shown(count * 2)}W"
    return f"P{'X' if count is None else _shown(count)}{unit}"


def amount(context: Context, start: int, end: int) -> float | None:
    """How many units the words say; None where they are vague ("several", "a few", or no number at all)."""
    tokens = context.tokens
    classes = tokens.classes[start:end]
    if "q" in classes:
        return 2 if tokens.lower(start + classes.index("q")) == "couple" else None
    if any(code in classes for code in "~R"):
        return None
    total, found = 0.0, False
    for value, code in zip(tokens.values[start:end], classes, strict=True):
        if code in "n#yc" and isinstance(value, int | float):
            hundreds = value == 100 and found
            total, found = (total * value if hundreds else total + value), True
    if "h" in classes:
        return total + 0.5 + (1 if classes.startswith("au+") else 0)
    return total if found else (1 if "a" in classes or "u" in classes else None)


def duration(context: Context, start: int, end: int) -> Reading | None:
    """As in "two years", "27-year", "several months", "two and a half years"; an age is no duration."""
    tokens = context.tokens
    unit = str(context.picked(start, end, "uU")[-1])
    following = context.words(end, end + 2)
    if "old" in following or (
        unit == "Q" and "J" not in tokens.classes[start:end] and (tokens.code(start) == "a" or following[:1] == ["of"])
    ):
        return None
    if [v for v in context.numbers(start, end, "o") if v not in (1, -1)]:  # "the third four-week session"
        return None
    count = amount(context, start, end)
    if tokens.code(start) == "a" and end - start == 2:
        if _is_rate(context, start):
            return Reading("SET", duration_value(1, unit))
        if unit == "D" and not _lasts(context, start, end):
            return None
    return Reading("DURATION", duration_value(count, unit))


def _is_rate(context: Context, start: int) -> bool:
    """Whether the words before are a count: "15 a year", "$3 million a year", "twice a week", "90 miles an hour"."""
    tokens = context.tokens
    if tokens.code(start - 1) in "n#cyU" or tokens.lower(start - 1) in _MONEY:
        return True
    counted = any(tokens.code(i) in "n#cy" for i in range(max(0, start - 4), start - 1))
    return (
        counted and tokens.lower(start - 1).endswith("s") and tokens.lower(start - 1) not in ("is", "was", "as", "has")
    )


def _lasts(context: Context, start: int, end: int) -> bool:
    """Whether "a day" is a length and not some day."""
    return (
        context.tokens.lower(start - 1) in _LENGTHS
        or context.tokens.code(end) in "ezg"
        or context.tokens.lower(end) == "or"
    )


def bare_duration(context: Context, start: int, end: int) -> Reading | None:
    """As in "for years", "in minutes", "weeks of fighting"."""
    unit = str(context.picked(start, end, "U")[-1])
    if context.tokens.lower(end) == "old" or context.tokens.code(start - 1) == "-":
        return None
    return Reading("DURATION", duration_value(None, unit))


def each(context: Context, start: int, end: int) -> Reading | None:
    """As in "every day", "each year", "every two weeks", "every Monday", "Mondays"."""
    weekdays = context.numbers(start, end, "WS")
    if weekdays:
        return Reading("SET", f"XXXX-WXX-{weekdays[0] + 1}")
    if "p" in context.tokens.classes[start:end]:
        return Reading("SET", f"XXXX-XX-XXT{context.picked(start, end, 'p')[0]}")
    unit = str(context.picked(start, end, "uU")[-1])
    return Reading("SET", duration_value(amount(context, start, end) or 1, unit))


def repeated(context: Context, start: int, end: int) -> Reading | None:
    """As in "daily", "weekly", "annual"; a newspaper's name is none."""
    word = context.tokens.words[start]
    if word[0].isupper() and not (context.tokens.code(start - 1) in ".\n" or word.isupper()):
        return None
    return Reading("SET", str(context.picked(start, end, "Q")[0]))


def loosely(context: Context, start: int, _end: int) -> Reading | None:
    """As in "now", "recently", "the current ...", "recent": no day."""
    word = context.tokens.lower(start)
    if word == "soon" and context.tokens.lower(start - 1) == "as":
        return None
    if context.tokens.code(start) == "G":
        return Reading("DATE", str(context.tokens.values[start]))
    value = {"recent": "PAST_REF", "current": "PRESENT_REF"}.get(word)
    return Reading("DATE", value) if value else None


def past_or_future(context: Context, start: int, end: int) -> Reading | None:
    """As in "the past", "the near future", "at the moment"."""
    tokens = context.tokens
    if tokens.code(end - 1) == "r":
        alone = tokens.lower(end - 1) == "past" and tokens.code(end) in ".,;+\n"
        return Reading("DATE", "PAST_REF") if alone else None
    if tokens.lower(end - 1) == "moment" and (end - start != 2 or tokens.lower(start - 1) not in ("at", "for")):
        return None
    if end - start == 3 and tokens.lower(start + 1) not in ("near", "foreseeable", "immediate", "distant", "not"):
        return None
    return Reading("DATE", str(tokens.values[end - 1]))


def fiscal(context: Context, start: int, end: int) -> Reading | None:
    """As in "fiscal 1989", "fiscal year 2007"."""
    return Reading("DATE", f"FY{context.written_year(start, end) or 0:04}")


def clock(context: Context, start: int, end: int) -> Reading | None:
    """As in "18:00 UTC", "5 p.m.", "noon": a time of the day named in the sentence, else of the publication day."""
    written = _clock_text(context, start, end)
    if written is None:
        return None
    zone = next((str(v) for v in context.picked(start, end, "Z")), "")
    near = context.last and context.same_sentence(context.last_at, start)
    day = context.last.first if near and context.last else context.anchor
    if day is None:
        return Reading("TIME", f"T{written}{zone}", floating=True)
    value = f"{day.isoformat()}T{written}{zone}"
    return Reading("TIME", value, periods.day(day), anaphor=False, floating=True)


def _clock_text(context: Context, start: int, end: int) -> str | None:
    classes = context.tokens.classes[start:end]
    if "T" in classes or "N" in classes:
        text = str(context.picked(start, end, "TN")[0])
    else:
        number = context.numbers(start, end, "nKy")[0]
        text = f"{number // 100:02}:{number % 100:02}" if "n" not in classes else f"{number:02}:00"
    hour = int(text[:2])
    for half in context.picked(start, end, "m"):
        if isinstance(half, int) and hour <= 12:
            hour = hour % 12 + half
    return f"{hour:02}{text[2:]}" if hour <= 24 and int(text[3:5]) < 60 else None
