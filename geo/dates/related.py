"""Readers of expressions that are counted from another day: "last week", "two days earlier", "overnight"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from geo.dates import periods
from geo.dates.amounts import amount, duration_value
from geo.dates.context import Context, Reading
from geo.dates.dated import century, parted
from geo.dates.periods import DAY, Period

_BACK: Final = frozenset(["last", "past", "previous", "preceding", "prior", "latest"])
_AHEAD: Final = frozenset(["next", "coming", "upcoming", "following"])
_FROM_NAMED: Final = frozenset(["previous", "preceding", "prior", "following", "that", "same"])
_SEASON_LEADS: Final = frozenset(["in", "by", "during", "until", "since", "of"])
_AFTER_NAMED: Final = frozenset(["next", "following", "that", "same"])
_SAME_DAY_SECONDS: Final = 6 * 3600  # what is said to be some hours off is of the same day, up to this
_SMALL: Final = frozenset(["TS", "TM", "TH", "2W"])
_SUNDAY: Final = 6


def _relation(context: Context, start: int, end: int) -> str:
    words = [context.tokens.lower(i) for i in range(start, end) if context.tokens.code(i) == "r"]
    if words[:1] in (["this"], ["these"], ["that"]) and len(words) > 1:  # "this past week", "this coming Friday"
        return words[1]
    return words[0] if words else "this"


def _unit(context: Context, start: int, end: int) -> str:
    return str(context.picked(start, end, "uU")[-1])


def counted_day(context: Context, start: int, end: int) -> Reading | None:
    """As in "today", "yesterday morning", "earlier today", "the day before yesterday"."""
    if context.anchor is None:
        return None
    if context.tokens.lower(start - 1) == "usa":  # the newspaper
        return None
    shift = context.numbers(start, end, "t")[0]
    if "u" in context.tokens.classes[start:end]:
        shift *= 2
    return _part_of(context, start, end, context.anchor + DAY * shift)


def _part_of(context: Context, start: int, end: int, when: date) -> Reading:
    part = [str(v) for v in context.picked(start, end, "p")]
    day = periods.day(when)
    return Reading("TIME", f"{day.value}T{part[0]}", day) if part else Reading("DATE", day.value, day)


def tonight(context: Context, _start: int, _end: int) -> Reading | None:
    """As in "tonight"."""
    if context.anchor is None:
        return None
    day = periods.day(context.anchor)
    return Reading("TIME", f"{day.value}TNI", day)


def overnight(context: Context, _start: int, _end: int) -> Reading | None:
    """As in "overnight": from the day before publication to the day of it."""
    if context.anchor is None:
        return Reading("TIME", "TNI")
    nights = periods.days(context.anchor - DAY, context.anchor)
    return Reading("TIME", f"{nights.first.isoformat()}TNI", nights, anaphor=False)


def part_of_day(context: Context, start: int, end: int) -> Reading | None:
    """As in "this morning", "last night", "that evening", "in the morning"."""
    relation = _relation(context, start, end) if "r" in context.tokens.classes[start:end] else ""
    part = str(context.picked(start, end, "p")[-1])
    if relation in ("past", "recent", "latest", "current", "upcoming", "prior"):
        return None
    if not relation and part == "NI" and not (context.last and context.same_sentence(context.last_at, start)):
        return overnight(context, start, end)
    base = context.anchor if relation in ("this", "last", "next") else context.named
    if base is None:
        return None
    if relation == "last" and part == "NI":
        nights = periods.days(base - DAY, base)
        return Reading("TIME", f"{nights.first.isoformat()}TNI", periods.day(base - DAY))
    shift = {"last": -1, "previous": -1, "preceding": -1, "next": 1, "following": 1, "coming": 1}.get(relation, 0)
    day = periods.day(base + DAY * shift)
    return Reading("TIME", f"{day.value}T{part}", day, anaphor=bool(relation))


def unit_related(context: Context, start: int, end: int) -> Reading | None:
    """As in "last week", "this year", "the next month", "the past day", "the same day", "late last year"."""
    relation, unit = _relation(context, start, end), _unit(context, start, end)
    if _is_no_unit(context, start, end, relation):
        return None
    if relation == "recent":
        return Reading("DATE", "PAST_REF")
    if unit == "WE" and relation == "past":
        relation = "last"
    if _is_stretch(relation, unit, led=context.tokens.code(start) == "d"):
        return stretch(context, 1, unit, relation)
    base = None if unit == "D" and relation in _AFTER_NAMED and context.last is None else _base(context, relation, unit)
    if base is None:
        return Reading("DATE", "XXXX" if unit == "Y" else "XXXX-XX" if unit in "MQ" else "XXXX-XX-XX")
    return _whole(context, start, end, _shifted_unit(base, relation, unit), relation)


def _is_no_unit(context: Context, start: int, end: int, relation: str) -> bool:
    """Whether the words only look so: "the day that ...", "said that next week", "the latest day"."""
    unit = _unit(context, start, end)
    if context.tokens.code(end - 1) == "r" and relation not in ("previous", "prior"):
        return True
    if unit in _SMALL:
        return relation not in ("past", "last", "next")
    odd = unit == "D" and relation in ("latest", "recent", "current", "upcoming")
    return odd or _conjunction(context, start, end)


def _conjunction(context: Context, start: int, end: int) -> bool:
    """Whether "that" only joins clauses: "said that next week", "believes that winter"."""
    words = context.words(start, end)
    return words[0] == "that" and (context.tokens.classes[start:end].count("r") > 1 or context.has(start, end, "s"))


def _is_stretch(relation: str, unit: str, *, led: bool) -> bool:
    """Whether "the past week", "last day", "the next decade" is a length up to or from the publication day."""
    if relation == "past" or unit in _SMALL:
        return True
    if unit == "D":
        return relation == "last"
    return unit == "DE" and (relation == "last" or (relation == "next" and led))


def _base(context: Context, relation: str, unit: str) -> date | None:
    if relation == "next" and unit == "D":
        return context.named
    if relation not in _FROM_NAMED:
        return context.anchor
    if unit != "D" and context.last_coarse and context.last_coarse_at > context.last_at:
        return context.last_coarse.first
    return context.named


def _shifted_unit(base: date, relation: str, unit: str) -> Period:
    shift = -1 if relation in _BACK else 1 if relation in _AHEAD else 0
    if unit == "W" and relation == "last" and base.weekday() == _SUNDAY:
        shift = 0
    if unit == "WE" and relation == "last" and base.weekday() == _SUNDAY:
        return periods.weekend(base - DAY * 7)
    return periods.containing(periods.shifted(base, shift, "W" if unit == "WE" else unit), unit)


def _whole(context: Context, start: int, end: int, period: Period, relation: str) -> Reading:
    value, classes = period.value, context.tokens.classes[start:end]
    here = context.anchor
    if "b" in classes or "k" in classes:
        part = parted(context, start, end, period)
        return Reading("DATE", value, part)
    shift = next((v for v in context.picked(start, end, "e") if isinstance(v, int)), 0)
    if here and relation in ("this", "current") and period.first <= here <= period.last and period.grain != "weekend":
        clipped = _clipped(period, here, shift or (1 if context.tense(start, end) == "future" else -1))
        return Reading("DATE", value, clipped)
    return Reading("DATE", value, period)


def _clipped(period: Period, here: date, side: int) -> Period:
    """This week: Monday to publication; later this week: the day after to Sunday. Longer units stay whole."""
    first, last = (period.first, here) if side < 0 else (min(here + DAY, period.last), period.last)
    if period.grain != "week" and side < 0 and period.grain != "month":
        return period
    clipped = periods.days(first, last, period.value)
    return Period(clipped.first, clipped.last, period.value, clipped.edtf, period.grain)


def stretch(context: Context, count: float, unit: str, relation: str) -> Reading:
    """The days that "the past two weeks", "the last 24 hours" or "the next three days" cover, as a DURATION."""
    value = duration_value(count, unit)
    here = context.anchor
    if here is None or count != int(count):
        return Reading("DURATION", value)
    try:
        there = _moved(here, int(count) * (-1 if relation in _BACK else 1), unit)
    except (OverflowError, ValueError):
        return Reading("DURATION", value)
    first, last = sorted((here, there))
    return Reading("DURATION", value, periods.days(first, last, value), anaphor=False)


def _moved(here: date, count: int, unit: str) -> date:
    if unit in ("TS", "TM", "TH"):
        seconds = {"TS": 1, "TM": 60, "TH": 3600}[unit] * abs(count)
        days = -(-seconds // 86400) if seconds > _SAME_DAY_SECONDS else 0
        return here + timedelta(days=days if count > 0 else -days)
    if unit == "2W":
        return periods.shifted(here, 2 * count, "W")
    return periods.shifted(here, count, "W" if unit == "WE" else unit)


def stretch_counted(context: Context, start: int, end: int) -> Reading | None:
    """As in "the past nine days", "the last 24 hours", "the next few weeks", "recent years"."""
    relation, unit = _relation(context, start, end), _unit(context, start, end)
    if relation in ("this", "that", "same", "current", "upcoming") and context.tokens.lower(start + 1) != "past":
        return None
    if relation in ("recent", "latest"):
        return Reading("DATE", "PAST_REF")
    if relation == "coming" and amount(context, start, end) is None:
        return Reading("DATE", "FUTURE_REF")
    count = amount(context, start, end)
    if context.tokens.code(context.tokens.classes.index("r", start) + 1) == "a" and count is not None:
        return None  # "following a weekend"
    if count is None:
        return Reading("DURATION", duration_value(None, unit))
    return stretch(context, count, unit, relation)


def ago(context: Context, start: int, end: int) -> Reading | None:
    """As in "three weeks ago", "a year earlier", "two days later", "the day before"."""
    direction = context.numbers(start, end, "gez")[-1]
    unit, count = _unit(context, start, end), amount(context, start, end)
    if context.tokens.lower(end - 1) in ("before", "after") and context.tokens.code(end) not in ".,;\n)":
        return _beside_an_event(context, end, unit, count)
    from_now = context.has(start, end, "g")
    base = context.anchor if from_now else context.counted_from(direction)
    if base and unit in ("TS", "TM", "TH") and (count or direction < 0):
        return _hours(base, count, direction, unit)
    if count is None or base is None:
        return Reading("DATE", "PAST_REF" if direction < 0 else "FUTURE_REF")
    if direction > 0 and context.last is None and context.last_coarse is None:  # "two weeks later", after what?
        return Reading("DATE", "FUTURE_REF")
    same = _same_unit_of(context, start, unit, int(count * direction))
    if same:
        return Reading("DATE", same.value, same, anaphor=False)
    return _counted_off(base, count, direction, unit, from_now=from_now)


def _beside_an_event(context: Context, end: int, unit: str, count: float | None) -> Reading:
    """As in "two days before the launch", no day; but what was "hours ago" was of that day or the one before."""
    value, base = duration_value(count, unit), context.named
    if base is None or unit not in ("TM", "TH") or context.tokens.lower(end - 1) == "before":
        return Reading("DURATION", value, drop=1)
    return replace(_hours(base, count, -1, unit), type="DURATION", value=value, drop=1)


def _hours(base: date, count: float | None, direction: int, unit: str) -> Reading:
    """Several hours before may reach into the day before."""
    there = base - DAY if count is None and unit == "TH" else _moved(base, int(count or 1) * direction, unit)
    first, last = sorted((there, base))
    days = periods.days(first, last, "x")
    if count is None:
        return Reading("DATE", "PAST_REF", days, anaphor=False)
    return Reading("DURATION", duration_value(count, unit), days, anaphor=False)


def _same_unit_of(context: Context, start: int, unit: str, shift: int, *, anywhere: bool = False) -> Period | None:
    """As in "In September, sales fell from a year earlier": the same month or quarter of that year."""
    period = context.last_coarse
    if unit != "Y" or period is None or period.grain not in ("month", "quarter", "half"):
        return None
    if not anywhere and not context.same_sentence(context.last_coarse_at, start):
        return None
    return _moved_years(period, shift)


def _counted_off(base: date, count: float, direction: int, unit: str, *, from_now: bool) -> Reading:
    whole = int(count)
    there = _moved(base, whole * direction, unit)
    if whole != count:
        there += timedelta(days=round((count - whole) * direction * {"Y": 365, "M": 30, "W": 7}.get(unit, 1)))
    if unit == "D" or (unit == "W" and whole == 1):
        period = periods.day(there)
        return Reading("DATE", period.value, period if unit == "D" else periods.about(period))
    if unit == "DE":
        unit, whole = "Y", whole * 10
    period = periods.containing(there, "W" if unit in ("W", "2W", "WE") else unit)
    days = (
        periods.about(periods.containing(there, "M"))
        if unit == "Y" and whole <= 2 and from_now
        else periods.about(period)
    )
    return Reading("DATE", period.value, days, anaphor=unit not in ("Y", "DE", "CE"))


def neighbour(context: Context, start: int, end: int) -> Reading | None:
    """As in "the day before", "the day after", "a day later" without a count."""
    direction = context.numbers(start, end, "gez")[-1]
    base, unit = context.counted_from(direction), _unit(context, start, end)
    if base is None:
        return None
    if context.last is None and context.tokens.code(end) not in ".,;\n)":  # "the day after his birthday"
        return Reading("DATE", "XXXX-XX-XX")
    period = periods.containing(periods.shifted(base, direction, "W" if unit == "WE" else unit), unit)
    return Reading("DATE", period.value, period)


def year_ago(context: Context, start: int, end: int) -> Reading | None:
    """As in "year-ago", "year-earlier": the same month or quarter a year before, else that year."""
    if context.anchor is None:
        return None
    if _unit(context, start, end) != "Y" and context.tokens.code(end - 1) != "u":
        return None
    last, unit = context.tokens.code(end - 1), _unit(context, start, end)
    same = _same_unit_of(context, start, "Y", -1, anywhere=last in "uP")
    if same and last == "u" and unit in ("Q", "M"):
        same = periods.containing(same.first, unit)
    period = same or periods.year_of(context.anchor.year - 1)
    return Reading("DATE", period.value, period, anaphor=False)


def end_of_unit(context: Context, start: int, end: int) -> Reading | None:
    """As in "by year-end", "the month-end"."""
    unit = _unit(context, start, end)
    if context.anchor is None or unit not in ("Y", "M", "Q") or context.tokens.lower(end - 1) != "end":
        return None
    period = periods.containing(context.anchor, unit)
    return Reading("DATE", period.value, periods.third(period, "late"))


def the_unit(context: Context, start: int, end: int) -> Reading | None:
    """As in "the day", "the week", "the year" where it stands for one that is known."""
    unit = _unit(context, start, end)
    if not context.has(start, end, "bk") and not _stands_for_known(context, start, end, unit):
        return None
    near = context.last and context.same_sentence(context.last_at, start)
    base = context.named if unit == "D" or near else context.anchor
    coarse = context.last_coarse
    if unit in ("Y", "Q", "M") and coarse and context.same_sentence(context.last_coarse_at, start):
        base = coarse.first
    if unit == "WE" and context.anchor:
        here = context.anchor
        past = context.tense(start, end) != "future"
        period = periods.weekend(here - DAY * 7 if past and here.weekday() < _SUNDAY - 1 else here)
        return Reading("DATE", period.value, period)
    if base is None:
        return None
    period = periods.containing(base, unit)
    return Reading("DATE", period.value, parted(context, start, end, period), anaphor=False)


def _stands_for_known(context: Context, start: int, end: int, unit: str) -> bool:
    if unit in ("TS", "TM", "TH", "2W", "DE", "CE") or context.tokens.lower(end) in ("of", "when", "that", "-", "he"):
        return False
    previous = context.tokens.lower(start - 1)
    if unit == "WE":
        return previous in ("over", "during", "at", "for", "on", "of")
    return previous in ("for", "during", "in", "end", "ended", "ending", "finish", "close", "closed", "throughout") or (
        previous == "of" and context.tokens.lower(start - 2) not in ("man", "woman", "person", "time", "hour", "hours")
    )


def quarter(context: Context, start: int, end: int) -> Reading | None:
    """As in "the third quarter of 2009", "third-quarter", "the first half of this year"."""
    ordinal = context.numbers(start, end, "o")[0]
    halves = "h" in context.tokens.classes[start:end]
    most = 2 if halves else 4
    number = most if ordinal == -1 else ordinal
    if not 1 <= number <= most:
        return None
    year = _quarter_year(context, start, end, number * (2 if halves else 1))
    if year is None:
        return Reading("DATE", f"XXXX-{'H' if halves else 'Q'}{number}")
    period = (periods.half if halves else periods.quarter)(year, number)
    return Reading("DATE", period.value, period, "stated")


def _quarter_year(context: Context, start: int, end: int, number: int) -> int | None:
    written = context.written_year(start, end)
    if written is not None or context.anchor is None:
        return written
    relation = _relation(context, start, end) if "r" in context.tokens.classes[start:end] else ""
    if relation:
        return context.anchor.year + (-1 if relation in _BACK else 1 if relation in _AHEAD else 0)
    current = (context.anchor.month + 2) // 3
    ahead = number > current and (number > current + 1 or context.tense(start, end) == "past")
    return context.anchor.year - 1 if ahead and context.tense(start, end) != "future" else context.anchor.year


def season(context: Context, start: int, end: int) -> Reading | None:
    """As in "last summer", "the winter of 2008", "this spring"."""
    code = str(context.picked(start, end, "s")[0])
    if not _is_season(context, start, end):
        return None
    written = context.written_year(start, end)
    year = written if written or context.anchor is None else _season_year(context, start, end, code)
    if year is None:
        return None
    period = periods.season(year, code)
    return Reading("DATE", period.value, parted(context, start, end, period), "stated" if written else "relative")


def _is_season(context: Context, start: int, end: int) -> bool:
    """Whether "fall" or "spring" is the season: "last fall", "in the fall", but not "the fall of"."""
    if _conjunction(context, start, end):
        return False
    if context.has(start, end, "ryYbk"):
        return True
    if context.tokens.lower(end) == "of" or context.tokens.lower(start - 1) not in _SEASON_LEADS:
        return False
    return context.has(start, end, "d") or context.tokens.lower(end - 1) != "fall"


def _season_year(context: Context, start: int, end: int, code: str) -> int:
    here = context.anchor or date(1, 1, 1)
    begins = periods.SEASONS[code][0]
    relation = _relation(context, start, end) if "r" in context.tokens.classes[start:end] else ""
    started = here >= periods.season(here.year, code).first
    if relation in _AHEAD:
        return here.year + 1 if started else here.year
    if relation in _BACK:
        ended = here > periods.season(here.year, code).last
        return here.year if ended else here.year - 1
    if relation == "this" or context.tense(start, end) == "future":
        return here.year - 1 if code == "WI" and here.month < 3 else here.year
    if not context.tense(start, end) and not started:  # no verb tells: the nearer one
        return here.year if begins - here.month < 6 else here.year - 1
    return here.year if started else here.year - 1


def ordinal_unit(context: Context, start: int, end: int) -> Reading | None:
    """As in "the third quarter", "the first half of 2009", "the 19th century"."""
    units = context.picked(start, end, "uh")
    if context.tokens.lower(end) == "of" and context.words(end + 1, end + 3) != ["the", "year"]:
        return None
    if units[0] == "CE":
        return century(context, start, end)
    return quarter(context, start, end) if units[0] in ("Q", None) else None


def week_of_day(context: Context, start: int, end: int) -> Reading | None:
    """As in "the week of March 7"."""
    number, dom = _month_number(context, start, end), context.picked(start, end, "no")[0]
    year = context.year_for(number, dom, context.tense(start, end)) if isinstance(dom, int) else None
    if year is None or _unit(context, start, end) != "W" or not isinstance(dom, int):
        return None
    period = periods.week(date(year, number, dom))
    return Reading("DATE", period.value, period, "stated")


def _month_number(context: Context, start: int, end: int) -> int:
    return next(v for v in context.picked(start, end, "MAB") if isinstance(v, int))


def week_of_month(context: Context, start: int, end: int) -> Reading | None:
    """As in "the first week of April", "the last week of March": seven days from its nearer end."""
    number = _month_number(context, start, end)
    years = context.numbers(start, end, "yY")
    month = periods.month(years[0], number) if years else context.month_near(number, context.tense(start, end))
    if month is None or _unit(context, start, end) != "W":
        return None
    ordinal = next((v for v in context.picked(start, end, "o") if isinstance(v, int)), -1)
    if ordinal == -1 and _relation(context, start, end) not in ("last", "this"):
        return None
    if not -1 <= ordinal <= 4:
        return None
    first = month.last - DAY * 6 if ordinal == -1 else month.first + DAY * 7 * (ordinal - 1)
    middle = periods.week(first if ordinal == -1 else first + DAY * 3)
    return Reading("DATE", middle.value, periods.about(periods.days(first, first + DAY * 6, "x")), "stated")


def day_of_war(context: Context, start: int, end: int) -> Reading | None:
    """As in "day 57 of the war", "the thirty-second day of the resistance", where the first day is known."""
    if _unit(context, start, end) != "D":
        return None
    if not any(context.tokens.code(i) == "X" for i in range(end, min(end + 7, len(context.tokens.words)))):
        return None
    context.war_asked = True
    if context.war_began is None:
        return None
    count = sum(v for v in context.picked(start, end, "con#") if isinstance(v, int | float))
    day = periods.day(context.war_began + DAY * (int(count) - 1))
    return Reading("DATE", day.value, day, drop=1)


def start_of_war(context: Context, start: int, end: int) -> Reading | None:
    """As in "the start of the war", "the invasion began", where the first day is known."""
    context.war_asked = True
    if context.war_began is None:
        return None
    day, tokens = periods.day(context.war_began), context.tokens
    if tokens.code(start) == "X":
        begins = tokens.lower(end) in ("began", "started", "begun") and tokens.lower(end + 1) not in ("on", "in", "at")
        begins = begins and bool({"since", "before", "after", "when"} & set(context.words(start - 6, start)))
        return Reading("DATE", day.value, day, drop=-1, anaphor=False) if begins else None
    if "k" not in tokens.classes[start:end] or tokens.values[tokens.classes.index("k", start)] != "early":
        return None
    for i in range(end, min(end + 7, len(tokens.words))):
        if context.ends_sentence(i):
            return None
        if tokens.code(i) == "X":
            return Reading("DATE", day.value, day, drop=end - i - 1, anaphor=False)
    return None


def same_time(context: Context, start: int, end: int) -> Reading | None:
    """As in "the same month a year ago", "the same period last year": what was last named, a year before."""
    words, period = context.words(start, end), context.last_coarse
    if words[1] != "same" or "year" not in words or period is None or period.grain not in ("month", "quarter", "half"):
        return None
    back = -1 if {"last", "previous", "prior", "ago", "earlier", "before"} & set(words) else 0
    same = _moved_years(period, back)
    return Reading("DATE", same.value, same, anaphor=False)


def _moved_years(period: Period, shift: int) -> Period:
    year, number = period.first.year + shift, period.first.month
    if period.grain == "month":
        return periods.month(year, number)
    return (
        periods.quarter(year, (number + 2) // 3) if period.grain == "quarter" else periods.half(year, (number + 5) // 6)
    )
