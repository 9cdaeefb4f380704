"""The date expressions of a report, in reading order, with the days that they name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from geo.dates.context import Context, Reading
from geo.dates.grammar import compiled, scanner
from geo.dates.periods import Period
from geo.dates.scan import Tokens, scan
from geo.records import FIELDS, Days, Field, Report, Timex

_HEAD: Final = 600  # characters; a date on a line of its own among the first of a report is its dateline
_DATELINE: Final = re.compile(
    r"^[ \t]*((?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:[a-z]{3,9}\.? \d{1,2} ?, ?\d{4}|\d{1,2} [a-z]{3,9}\.? \d{4}"
    r"|\d{4}-\d\d-\d\d))[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SINCE: Final = frozenset(["since", "from", "starting", "beginning"])
_UNTIL: Final = frozenset(["until", "till", "by", "til"])
_JOINS: Final = frozenset(["to", "through", "till", "until", "-", "–", "—", "and"])
_BEGAN: Final = frozenset("began begun start started launched invaded unleashed outbreak beginning began".split())


def find(report: Report, *, day_first: bool | None = None, war_began: date | None = None) -> list[Timex]:
    """The date expressions of title and text, in reading order, none overlapping another.

    `day_first` says how the outlet writes 12/11/2022; None takes it from the report's address where that tells.
    `war_began` is the first day of the war that "day 57 of the war" counts from; None takes it from the text.
    In an undated report only what is fixed in the text itself gets days.
    """
    told = _outlet_day_first(report) if day_first is None else day_first
    day = day_of(report)
    scans: dict[Field, Tokens] = {name: scan(report.field(name)) for name in FIELDS if report.field(name)}
    found, asked, began = _pass(scans, day, day_first=told, war_began=war_began)
    if asked and began and war_began is None:  # the text tells the first day, maybe after the words that count from it
        found, _, _ = _pass(scans, day, day_first=told, war_began=began)
    return found


def _pass(
    scans: dict[Field, Tokens], day: date | None, *, day_first: bool | None, war_began: date | None
) -> tuple[list[Timex], bool, date | None]:
    """The expressions, whether any of them counts from the start of a war, and that start where it was told."""
    found: list[Timex] = []
    asked, began, last = False, war_began, None
    for name, tokens in scans.items():
        context = Context(tokens, day, day_first, began, last=last)
        found += _field(name, context)
        asked, began, last = asked or context.war_asked, context.war_began, context.last
    return found, asked, began


def day_of(report: Report) -> date | None:
    """The publication day; where it is not known the date that stands on a line of its own at the head of the text."""
    if report.published_day:
        return report.published_day
    head = _DATELINE.search(report.text[:_HEAD])
    if head is None:
        return None
    context = Context(scan(head[1]), None, None)
    spans = _spans(context)
    period = spans[0][2].period if spans else None
    return period.first if period and period.grain == "day" else None


_DAY_FIRST: Final = re.compile(r"\.(?:uk|ua|ru|de|fr|au|in|ie|nz|tr|pl|il|by|kz|ro|it|es|eu)(?:[/:]|$)")


def _outlet_day_first(report: Report) -> bool | None:
    """Whether the outlet's country writes the day first; None where its address does not tell."""
    address = f"{report.source or ''} {report.url or ''}".lower()
    return True if any(_DAY_FIRST.search(part.split("//")[-1].split("/")[0]) for part in address.split()) else None


Found = tuple[int, int, Reading]


def _spans(context: Context) -> list[Found]:
    """Token spans and their readings, left to right."""
    found: list[Found] = []
    classes, search, at = context.tokens.classes, scanner().search, 0
    while match := search(classes, at):
        start = match.start()
        read = _first_reading(context, match.lastindex or 1, start)
        if read is None:
            at = start + 1
            continue
        end, reading = read
        context.note(reading, start)
        if (
            context.war_began is None
            and _is_day(reading)
            and reading.basis == "stated"
            and _tells_start(context, start)
        ):
            context.war_began = reading.period.first if reading.period else None
        found.append((start, end, reading))
        at = end
    return _with_days(context, found)


def _first_reading(context: Context, rule: int, start: int) -> tuple[int, Reading] | None:
    """The end and the reading of the first rule, from the one that matched on, whose reader does not decline."""
    for pattern, reader in compiled()[rule - 1 :]:
        match = pattern.match(context.tokens.classes, start)
        if match is None:
            continue
        try:
            reading = reader(context, start, match.end())
        except (ValueError, OverflowError):  # no such day: "February 30", or a year that the calendar does not reach
            continue
        end = match.end() - reading.drop if reading else start
        if reading and end > start:
            return end, reading
    return None


def _with_days(context: Context, spans: list[Found]) -> list[Found]:
    """Clock times with the day that is written after them: "18:00 UTC Monday", "16:15 UTC, June 1"."""
    done: list[Found] = []
    for start, end, reading in spans:
        clock = done[-1] if done else None
        if clock and clock[2].floating and _follows(context, clock[1], start) and _is_day(reading):
            a, b, time = clock
            day = reading.period
            value = f"{reading.value}{time.value[time.value.index('T') :]}"
            timed = replace(time, value=value, period=day, floating=False, basis=reading.basis)
            alone = "," in context.tokens.classes[b:start] or reading.basis == "stated"
            done[-1] = (a, b if alone else end, timed)
            if not alone:
                continue
        done.append((start, end, reading))
    return done


def _follows(context: Context, end: int, start: int) -> bool:
    return start - end <= 2 and all(context.tokens.lower(i) in (",", "on", "of") for i in range(end, start))


def _is_day(reading: Reading) -> bool:
    return reading.type == "DATE" and reading.period is not None and reading.period.grain == "day"


def _field(name: Field, context: Context) -> list[Timex]:
    tokens, spans = context.tokens, _spans(context)
    spread = _joined(context, spans)
    found = []
    for index, span in enumerate(spans):
        start, end, reading = span
        a, b = tokens.start(start), tokens.end(end - 1)
        words = tokens.text[a:b]
        days = _days(context, span, spread.get(index), words)
        found.append(Timex(field=name, start=a, end=b, text=words, type=reading.type, value=reading.value, days=days))
    return found


def _joined(context: Context, spans: list[Found]) -> dict[int, Period]:
    """For "from March 7 to March 9" the whole stretch, for both of its ends."""
    spread: dict[int, Period] = {}
    for i in range(len(spans) - 1):
        (start, end, left), (after, _, right) = spans[i], spans[i + 1]
        if after - end != 1 or context.tokens.lower(end) not in _JOINS:
            continue
        led = context.tokens.lower(start - 1)
        link = context.tokens.lower(end)
        if (link == "and" and led != "between") or not left.period or not right.period:
            continue
        if left.period.first <= right.period.last and "DURATION" not in (left.type, right.type):
            edtf = f"{left.period.edtf.split('/')[0]}/{right.period.edtf.split('/')[-1]}"
            whole = Period(left.period.first, right.period.last, left.value, edtf, "span")
            spread[i] = spread[i + 1] = whole
    return spread


def _days(context: Context, found: Found, spread: Period | None, words: str) -> Days | None:
    start, end, reading = found
    period = spread or reading.period
    if period is None:
        return None
    made = Days(first_day=period.first, last_day=period.last, basis=reading.basis, edtf=period.edtf, words=words)
    if spread or reading.type == "DURATION":
        return made
    return _opened(context, start, end, made)


def _opened(context: Context, start: int, end: int, days: Days) -> Days:
    """The days with an open end where the words say since, from, until or by.

    What began has gone on to the publication day at least; what lasts until a day began on a day not told.
    """
    lead = context.tokens.lower(start - 1)
    if lead in ("on", "at", "the") and context.tokens.lower(start - 2) in (*_SINCE, *_UNTIL):
        lead = context.tokens.lower(start - 2)
    if _since_something_began(context, start):
        lead = "since"
    first, last = days.edtf.split("/")[0], days.edtf.split("/")[-1]
    if lead == "from" and not _goes_on(context, start, end, days):
        return days
    if lead in _SINCE and context.tokens.lower(end) not in ("'", "’"):
        begun = context.published and days.first_day and context.published >= days.first_day
        reached = context.published if begun else None
        return replace(days, last_day=reached, edtf=f"{first}/..")
    if lead in _UNTIL:
        return replace(days, first_day=None, edtf=f"../{last}")
    return days


def _since_something_began(context: Context, start: int) -> bool:
    """As in "since Russia's latest invasion began on 24 February"."""
    near = context.words(max(0, start - 9), start)
    return near[-1:] in (["on"], ["in"]) and "since" in near and bool(_BEGAN & set(near[near.index("since") :]))


def _goes_on(context: Context, start: int, end: int, days: Days) -> bool:
    """Whether "from" opens a stretch ("from August 1") and compares nothing ("from a year earlier")."""
    if (
        context.tokens.lower(end) in _JOINS
        or context.tokens.code(end - 1) in "geuR"
        or context.tokens.code(start) == "r"
    ):
        return False
    return "/" not in days.edtf


def is_open(days: Days) -> str:
    """Which end of the days is open: "start" (until, by), "end" (since, from), or "" where both are told.

    >>> is_open(Days(edtf="2022-02-24/.."))
    'end'
    """
    return "start" if days.edtf.startswith("../") else "end" if days.edtf.endswith("/..") else ""


def _tells_start(context: Context, start: int) -> bool:
    words: list[str] = []
    war = False
    for i in range(start - 1, max(-1, start - 12), -1):
        if context.ends_sentence(i):
            break
        words.append(context.tokens.lower(i))
        war = war or context.tokens.code(i) == "X"
    return ("invaded" in words[:5]) or (war and bool(_BEGAN & set(words[:6])))
