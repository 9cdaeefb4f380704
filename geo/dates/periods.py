"""Periods: spans of days, their TIMEX3 values and their EDTF strings."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
THIRDS: Final = ("early", "mid", "late")
SEASONS: Final = {"SP": (3, "21"), "SU": (6, "22"), "FA": (9, "23"), "WI": (12, "24")}
"""Season code to its first month (northern, meteorological) and its EDTF number."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of calendar days, both included, with its TIMEX3 value and its EDTF string.

    `grain` is the size of the calendar unit that was named: day, week, weekend, month, quarter, half, season, year,
    decade, century or span.
    """

    first: date
    last: date
    value: str
    edtf: str
    grain: str


def day(when: date) -> Period:
    """One day.

    >>> day(date(2022, 11, 12)).edtf
    '2022-11-12'
    """
    return Period(when, when, when.isoformat(), when.isoformat(), "day")


def days(first: date, last: date, value: str = "") -> Period:
    """The days from first to last, both included."""
    if first == last and not value:
        return day(first)
    edtf = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    return Period(first, last, value or first.isoformat(), edtf, "span")


def week(when: date) -> Period:
    """The ISO week, Monday to Sunday, that holds a day."""
    monday = when - DAY * when.weekday()
    year, number, _ = when.isocalendar()
    return replace(days(monday, monday + DAY * 6, f"{year:04}-W{number:02}"), grain="week")


def weekend(when: date) -> Period:
    """Saturday and Sunday of the ISO week that holds a day."""
    saturday = when + DAY * (5 - when.weekday())
    return replace(days(saturday, saturday + DAY, week(when).value + "-WE"), grain="weekend")


def month(year: int, number: int) -> Period:
    """One calendar month.

    >>> month(2022, 2).last
    datetime.date(2022, 2, 28)
    """
    value = f"{year:04}-{number:02}"
    return Period(date(year, number, 1), date(year, number, monthrange(year, number)[1]), value, value, "month")


def _months(year: int, number: int, count: int, value: str, grain: str) -> Period:
    first, last = month(year, number), shifted_month(date(year, number, 1), count - 1)
    return Period(first.first, last.last, value, f"{first.edtf}/{last.edtf}", grain)


def quarter(year: int, number: int) -> Period:
    """One quarter, 1 to 4, of a calendar year."""
    return _months(year, 3 * number - 2, 3, f"{year:04}-Q{number}", "quarter")


def half(year: int, number: int) -> Period:
    """One half, 1 or 2, of a calendar year."""
    return _months(year, 6 * number - 5, 6, f"{year:04}-H{number}", "half")


def season(year: int, code: str) -> Period:
    """One season; the winter of a year begins in its December."""
    first, number = SEASONS[code]
    return replace(_months(year, first, 3, f"{year:04}-{code}", "season"), edtf=f"{year:04}-{number}")


def year_of(year: int) -> Period:
    """One calendar year."""
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year:04}", f"{year:04}", "year")


def decade(year: int) -> Period:
    """The decade that holds a year; its TIMEX3 value is the first three digits."""
    begin = year - year % 10
    value = f"{begin // 10:03}"
    return Period(date(begin or 1, 1, 1), date(begin + 9, 12, 31), value, value + "X", "decade")


def century(number: int) -> Period:
    """A century by its ordinal: the 20th is 1900 to 1999 in the common reckoning; its value is two digits."""
    begin = 100 * (number - 1)
    value = f"{number - 1:02}"
    return Period(date(begin or 1, 1, 1), date(begin + 99, 12, 31), value, value + "XX", "century")


def shifted_month(when: date, count: int) -> Period:
    """The month that lies `count` months after the one that holds a day."""
    total = when.year * 12 + when.month - 1 + count
    return month(total // 12, total % 12 + 1)


def shifted(when: date, count: int, unit: str) -> date:
    """The day that lies `count` units (D, W, M, Q, Y, DE, CE) after a day, at most the last of its month."""
    if unit in ("D", "W"):
        return when + DAY * count * (7 if unit == "W" else 1)
    target = shifted_month(when, count * {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit])
    return target.first.replace(day=min(when.day, target.last.day))


def containing(when: date, unit: str) -> Period:
    """The calendar unit (D, W, WE, M, Q, Y, DE, CE) that holds a day."""
    if unit == "D":
        return day(when)
    if unit in ("W", "WE"):
        return week(when) if unit == "W" else weekend(when)
    if unit in ("M", "Q"):
        return month(when.year, when.month) if unit == "M" else quarter(when.year, (when.month + 2) // 3)
    if unit == "Y":
        return year_of(when.year)
    return decade(when.year) if unit == "DE" else century(when.year // 100 + 1)


def third(period: Period, which: str) -> Period:
    """The early, mid or late third of a period: of a month its days 1-10, 11-20 and 21 to the end.

    >>> third(month(2022, 10), "late").edtf
    '2022-10-21~/2022-10-31~'
    """
    if period.grain == "day":
        return period
    place = THIRDS.index(which)
    if period.grain == "month":
        first = period.first + DAY * 10 * place
        last = period.last if which == "late" else first + DAY * 9
    else:
        length = (period.last - period.first).days + 1
        first = period.first + DAY * (length * place // 3)
        last = period.first + DAY * (length * (place + 1) // 3 - 1)
    return replace(period, first=first, last=last, edtf=f"{first.isoformat()}~/{last.isoformat()}~")


def about(period: Period) -> Period:
    """The same period, marked as approximate in EDTF."""
    return replace(period, edtf="/".join(end if end.endswith("~") else end + "~" for end in period.edtf.split("/")))
