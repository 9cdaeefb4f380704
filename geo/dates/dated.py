"""Readers of expressions that name a day, a month or a year by name or number: "Friday, Nov. 12", "late 2006"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from geo.dates import periods
from geo.dates.context import Context, Reading
from geo.dates.periods import DAY, Period
from geo.dates.words import Numeric
from geo.records import Basis

_PREPOSITIONS: Final = frozenset(
    """in since by until till from during of for through between to and or before after around about on early late
    mid last next this beyond throughout into than the circa""".split()
)
_ENDS_WITH_YEAR: Final = re.compile(r"[C+-](?:[MA]|B\.?)(?:[no],?)?,?y(?!-?[uU])")
_LEAP: Final = 2000
_FEAST_AHEAD: Final = 45  # days; from mid-November "Christmas" is the coming one
_FIRST_YEAR: Final = 1500
_ROUND: Final = 100
_NUMBERED: Final = frozenset(
    """$ £ € # no nos / than some nearly over least almost flight room highway route resolution chapter section page
    model windows area unit channel ward order regulation""".split()
)
_OF_A_MONTH: Final = frozenset("in since by until during last next this of from for".split())
_NAMED: Final = frozenset(["april", "june", "august"])
_COUNTED: Final = frozenset(
    "people men women children troops soldiers per percent degrees feet miles km meters metres dollars tons".split()
)
_PAPERS: Final = frozenset("times telegraph mirror express mail herald tribune post agreement".split())
_NO_DAY: Final = frozenset(["black", "bloody", "super", "cyber", "ash", "palm", "good", "holy", "maundy", "ruby"])


def in_figures(context: Context, start: int, end: int) -> Reading | None:
    """As in "2022-11-12", "27.09.22 12:25", "7/8/07"."""
    written = context.picked(start, end, "D")[0]
    if not isinstance(written, Numeric):
        return None
    named = context.numeric(written)
    clock = written.clock or next((str(v) for v in context.picked(start, end, "T")), "")
    day = periods.day(named)
    return (
        Reading("TIME", f"{day.value}T{clock}", day, "stated") if clock else Reading("DATE", day.value, day, "stated")
    )


def month_in_figures(context: Context, start: int, end: int) -> Reading | None:
    """As in "2022-11"."""
    year, number = _pair(context.picked(start, end, "%")[0])
    period = periods.month(year, number)
    return Reading("DATE", period.value, period, "stated")


def _pair(value: object) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (0, 0)


def month_and_day(context: Context, start: int, end: int) -> Reading | None:
    """As in "November 12, 2022", "the 12th of November", "Friday, Nov. 12", "the night of November 9-10"."""
    if context.tokens.lower(start - 1) == "long":  # the rocket
        return None
    number = context.numbers(start, end, "MABl")[0]
    days = [d for d in context.numbers(start, end, "no") if d > 0]
    for low, high in map(_pair, context.picked(start, end, "R")):
        days += [low, high]
    if not days or max(days) > 31 or days[-1] < days[0]:
        return None
    date(_LEAP, number, days[-1])  # declines "February 30"
    drop = _not_of_the_date(context, start, end)
    year = context.written_year(start, end) or _year_related(context, start, end - drop)
    if year is None:
        year = _year_of_attacks(context, end, number, days) or _year_ahead(context, end, number)
        year = year or context.year_for(number, days[0], context.tense(start, end))
        year = _fitting(context.numbers(start, end, "Ww"), number, days[0], year)
    if year is None:
        return Reading("DATE", f"XXXX-{number:02}-{days[0]:02}")
    named = periods.days(date(year, number, days[0]), date(year, number, days[-1]))
    reading = _day_reading(context, start, end, named, "stated")
    bracket = "(" in context.tokens.classes[start:end] and context.tokens.code(end) == ")"
    return replace(reading, drop=-1 if bracket else drop)


def _not_of_the_date(context: Context, start: int, end: int) -> int:
    """How many tokens at the end say "last week" after a date: another expression."""
    if not context.has(start, end, "r") or context.picked(start, end, "u") == ["Y"]:
        return 0
    return end - next(i for i in range(start, end) if context.tokens.code(i) == "r")


def _year_related(context: Context, start: int, end: int) -> int | None:
    """The year of "February 24 this year", "May 3 last year"."""
    relation = next((context.tokens.lower(i) for i in range(start, end) if context.tokens.code(i) == "r"), "")
    shift = {"last": -1, "previous": -1, "this": 0, "next": 1}.get(relation)
    return context.anchor.year + shift if context.anchor and shift is not None else None


def _year_of_attacks(context: Context, end: int, number: int, days: list[int]) -> int | None:
    """The attacks of September 11 keep their year whatever the report's."""
    attacks = any(word in ("attacks", "attack", "terrorist", "hijackings") for word in context.words(end, end + 3))
    late = context.anchor is None or context.anchor >= date(2001, 9, 11)
    return 2001 if (number, days) == (9, [11]) and attacks and late else None


def _year_ahead(context: Context, end: int, number: int) -> int | None:
    """The year of "June 3" in "between June 3 and August 9, 2014"."""
    found = _ENDS_WITH_YEAR.match(context.tokens.classes, end)
    if found is None:
        return None
    year = context.numbers(found.end() - 1, found.end(), "y")[0]
    return year if number <= context.numbers(end, found.end(), "MAB")[0] else year - 1


def _fitting(weekdays: list[int], number: int, day: int, year: int | None) -> int | None:
    """The year in which the day falls on the weekday that is written beside it, where one near does."""
    if not weekdays or year is None:
        return year
    for candidate in (year, year - 1, year + 1):
        try:
            if date(candidate, number, day).weekday() == weekdays[0]:
                return candidate
        except ValueError:
            continue
    return year


def _day_reading(context: Context, start: int, end: int, period: Period, basis: Basis) -> Reading:
    """A day or days, with the part of the day where one is written beside it."""
    part = context.picked(start, end, "p")
    if part:
        return Reading("TIME", f"{period.first.isoformat()}T{part[0]}", period, basis)
    return Reading("DATE", period.first.isoformat(), period, basis)


def month_and_year(context: Context, start: int, end: int) -> Reading | None:
    """As in "March 2008", "October of 1987", "late November 2006", "January nineteen ninety-seven"."""
    number = context.numbers(start, end, "MABl")[0]
    year = context.written_year(start, end) or spoken_year(context.numbers(start, end, "c"))
    if not year >= _FIRST_YEAR:
        return None
    period = parted(context, start, end, periods.month(year, number))
    return Reading("DATE", f"{year:04}-{number:02}", period, "stated")


def spoken_year(parts: list[int]) -> int:
    """1996 of nineteen, ninety, six; 0 where the words are no year."""
    if not parts or parts[0] not in (18, 19, 20):
        return 0
    rest = sum(parts[1:])
    return parts[0] * 100 + rest if 10 <= rest < 100 else 0


def parted(context: Context, start: int, end: int, period: Period) -> Period:
    """The early, mid or late third of a period where the words say so."""
    for i in range(start, end):
        if context.tokens.code(i) in "bk":
            return periods.third(period, str(context.tokens.values[i]))
    return period


def month_of_year(context: Context, start: int, end: int) -> Reading | None:
    """As in "October of next year", "June last year"."""
    if context.anchor is None:
        return None
    number = context.numbers(start, end, "MAB")[0]
    relation = next(context.tokens.lower(i) for i in range(start, end) if context.tokens.code(i) == "r")
    shift = {"last": -1, "previous": -1, "past": -1, "next": 1, "following": 1, "coming": 1}.get(relation, 0)
    period = periods.month(context.anchor.year + shift, number)
    return Reading("DATE", period.value, parted(context, start, end, period))


def month_alone(context: Context, start: int, end: int) -> Reading | None:
    """As in "October", "early June", "in May"."""
    code = next(c for c in context.tokens.classes[start:end] if c in "MABl")
    before = context.tokens.lower(start - 1)
    led = context.has(start, end, "bk") or before in _PREPOSITIONS
    word = context.tokens.lower(end - 1)
    following = context.tokens.words[end] if end < len(context.tokens.words) else ""
    if code in "AB" and not led:
        return None
    if (
        word in _NAMED
        and before not in _OF_A_MONTH
        and not context.has(start, end, "bk")
        and following[:1].isupper()
        and not following.isupper()
    ):
        return None
    number = context.numbers(start, end, "MAB")[0]
    year = _year_ahead(context, end, number)
    period = periods.month(year, number) if year else context.month_near(number, context.tense(start, end))
    if period is None:
        return Reading("DATE", f"XXXX-{number:02}")
    return Reading("DATE", period.value, parted(context, start, end, period), "stated")


def month_related(context: Context, start: int, end: int) -> Reading | None:
    """As in "last September", "next May", "this March"."""
    if context.anchor is None:
        return None
    number = context.numbers(start, end, "MAB")[0]
    word = next(w for w in context.words(start, end) if w != "the")
    here = context.anchor
    back, ahead = (here.month - number) % 12, (number - here.month) % 12
    if word in ("last", "past", "previous"):
        period = periods.shifted_month(here, -(back or 12))
    elif word in ("next", "coming", "upcoming"):
        period = periods.shifted_month(here, ahead or 12)
    elif word in ("this", "current"):
        period = periods.month(here.year, number)
    else:
        return None
    return Reading("DATE", period.value, period)


def weekday(context: Context, start: int, end: int) -> Reading | None:
    """As in "Friday", "last Friday", "Friday night", "early Monday", "Monday of last week"."""
    tokens = context.tokens
    at = next(i for i in range(start, end) if tokens.code(i) in "Ww")
    if tokens.lower(at - 1) in _NO_DAY or _is_domain(context, at) or tokens.lower(at + 1) in _PAPERS:
        return None
    named = _weekday_of(context, start, end, at)
    if named is None:
        return Reading("DATE", f"XXXX-WXX-{context.numbers(at, at + 1, 'Ww')[0] + 1}")
    return _day_reading(context, start, end, periods.day(named), "relative")


def _is_domain(context: Context, index: int) -> bool:
    """Whether the word goes on as "Monday.com"."""
    end = context.tokens.end(index)
    return context.tokens.text[end : end + 1] == "." and context.tokens.text[end + 1 : end + 2].islower()


def _weekday_of(context: Context, start: int, end: int, at: int) -> date | None:
    number = context.numbers(at, at + 1, "Ww")[0]
    here = context.anchor
    if here is None:
        return None
    relations = [context.tokens.lower(i) for i in range(start, end) if context.tokens.code(i) == "r"]
    relation = relations[-1] if relations else ""
    if "u" in context.tokens.classes[at:end]:
        shift = {"last": -7, "previous": -7, "next": 7, "coming": 7}.get(relation, 0)
        return periods.week(here).first + DAY * (number + shift)
    if relation in ("last", "past", "previous"):
        return here - DAY * ((here.weekday() - number) % 7 or 7)
    if relation in ("next", "coming", "upcoming", "following"):
        base = context.named if relation == "following" and context.named else here
        return base + DAY * ((number - base.weekday()) % 7 or 7)
    if relation == "this":
        return periods.week(here).first + DAY * number
    return context.weekday(number, context.tense(start, end))


def weekday_and_ordinal(context: Context, start: int, end: int) -> Reading | None:
    """As in "Friday the 12th", "the 12th": the day of this or a neighbouring month that fits."""
    days = context.numbers(start, end, "o")
    if not context.tokens.words[end - 1][0].isdigit() or context.tokens.lower(start - 1) not in (
        "on",
        "by",
        "since",
        "until",
    ):
        days = days if "W" in context.tokens.classes[start:end] else []
    if context.anchor is None or not days or not 1 <= days[-1] <= 31:
        return None
    candidates = []
    for shift in (-1, 0, 1):
        month = periods.shifted_month(context.anchor, shift)
        if days[-1] <= month.last.day:
            candidates.append(month.first.replace(day=days[-1]))
    weekdays = context.numbers(start, end, "W")
    if weekdays:
        candidates = [when for when in candidates if when.weekday() == weekdays[0]]
    elif context.tense(start, end) != "future":
        candidates = [when for when in candidates if when <= context.anchor][-1:]
    else:
        candidates = [when for when in candidates if when >= context.anchor][:1]
    if not candidates:
        return None
    anchor = context.anchor
    named = min(candidates, key=lambda when: abs((when - anchor).days))
    return _day_reading(context, start, end, periods.day(named), "stated")


def year_alone(context: Context, start: int, end: int) -> Reading | None:
    """As in "2009", "early 2009", "mid-2011", "'82"; a number that counts something is no year."""
    number = context.written_year(start, end) or 0
    if context.has(start, end, "y") and not _is_year(context, start, end, number):
        return None
    if number % 10 == 0 and context.words(end, end + 2) in (["'", "s"], ["’", "s"]) and _article(context, start):
        years = periods.decade(number)
        return Reading("DATE", years.value, parted(context, start, end, years), "stated", drop=-2)
    period = parted(context, start, end, periods.year_of(number))
    return Reading("DATE", f"{number:04}", period, "stated")


def _article(context: Context, start: int) -> bool:
    return context.tokens.code(start) in "db" or context.tokens.lower(start - 1) in ("the", "mid", "early", "late")


def _is_year(context: Context, start: int, end: int, number: int) -> bool:
    tokens = context.tokens
    horizon = (context.anchor.year if context.anchor else 2030) + 60
    if not _FIRST_YEAR <= number <= horizon or tokens.text[max(0, tokens.start(start) - 1) : tokens.start(start)] in (
        *"$£€#/-",
    ):
        return False
    previous = tokens.lower(start - 1)
    following = tokens.words[end] if end < len(tokens.words) else ""
    if previous in _NUMBERED or (previous == "." and tokens.lower(start - 2) in ("no", "nos")):
        return False
    if following == "%" or following.lower() in _COUNTED or tokens.code(end) in "uU":
        return False
    led = previous in _PREPOSITIONS or context.has(start, end, "bk") or previous in ("(", "year")
    plural = (
        following.islower() and following.endswith("s") and following not in ("is", "was", "as", "has", "its", "this")
    )
    if led:
        return not (plural and number % _ROUND == 0)
    return number >= 1900 and number % _ROUND != 0 and not plural and number <= horizon - 40


def year_in_words(context: Context, start: int, end: int) -> Reading | None:
    """As in "nineteen ninety-six"."""
    year = spoken_year(context.numbers(start, end, "c"))
    return Reading("DATE", f"{year:04}", periods.year_of(year), "stated") if year else None


def decade(context: Context, start: int, end: int) -> Reading | None:
    """As in "the 1990s", "the mid-80s", "'90s"."""
    number = context.numbers(start, end, "9")[0]
    if number < 100:
        number += 2000 if number < 20 else 1900
    period = periods.decade(number)
    return Reading("DATE", period.value, parted(context, start, end, period), "stated")


def year_range(context: Context, start: int, end: int) -> Reading | None:
    """As in "2010-11", "2014-2016"."""
    first, last = _pair(context.picked(start, end, "&")[0])
    period = periods.Period(date(first, 1, 1), date(last, 12, 31), f"{first:04}", f"{first:04}/{last:04}", "span")
    return Reading("DATE", period.value, period, "stated")


def century(context: Context, start: int, end: int) -> Reading | None:
    """As in "the 19th century"."""
    numbers = context.numbers(start, end, "o")
    if not numbers or not 1 <= numbers[0] <= 25:
        return None
    period = periods.century(numbers[0])
    return Reading("DATE", period.value, parted(context, start, end, period), "stated")


def feast(context: Context, start: int, end: int) -> Reading | None:
    """As in "Christmas", "Christmas Eve", "Thanksgiving", "Easter", "Halloween"; the last one, or one soon to come."""
    if context.anchor is None:
        return None
    following = context.tokens.lower(start + 1) if end > start + 1 else ""
    with_word = following in ("eve", "day", "sunday")
    years = range(context.anchor.year - 1, context.anchor.year + 3)
    shift = DAY if "eve" in (following, context.tokens.lower(start)[-3:]) else DAY * 0
    anchor = context.anchor
    days = [_feast_day(context.tokens.lower(start), year) - shift for year in years]
    if context.tense(start, end) == "future":
        named = min(when for when in days if when >= anchor)
    else:
        near = [when for when in days if (when - anchor).days <= _FEAST_AHEAD]
        named = max(near)
    drop = 0 if with_word else end - start - 1
    return Reading("DATE", named.isoformat(), periods.day(named), drop=drop, anaphor=False)


def _feast_day(name: str, year: int) -> date:
    if name == "thanksgiving":
        return date(year, 11, 1) + DAY * ((3 - date(year, 11, 1).weekday()) % 7 + 21)
    if name.startswith("new"):
        return date(year, 1, 1)
    if name == "easter":
        return _easter(year)
    return date(year, 12, 25) if name == "christmas" else date(year, 10, 31)


def _easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian reckoning (Nature, 1876)."""
    golden, cent, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + cent - cent // 4 - (cent - (cent + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (cent % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
