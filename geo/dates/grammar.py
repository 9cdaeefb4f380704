"""The grammar: each kind of expression as a pattern over token classes, with the reader of its meaning.

The letters are explained in `words.py` and `scan.py`. Of two patterns that fit at one place the upper one is tried
first; where its reader declines, the search goes on one token further. Every pattern has a bounded length, so the
whole is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from geo.dates import amounts, dated, related
from geo.dates.context import Context, Reading

Reader = Callable[[Context, int, int], Reading | None]

_MONTH: Final = r"(?:[MA]|B\.?)"
_YEAR: Final = r"(?:,?[yY](?!-?[uU]))"
_WEEKDAY: Final = r"(?:(?:W|w\.?)[,(]?d?)"
_NIGHT: Final = r"(?:d?pf?d?)"
_PART: Final = r"(?:d?kfd?|d?b-?|k-)"
_CAN_START: Final = r"(?=[^xdafIC,.;\n()+-]|[da][^xI,.;\n()+C-]|I[dp])"
_DAYS: Final = r"(?:R|[no](?:-|Cd?)[no]|[no]\+[no](?!x)|[no])"
_CLOCK: Final = r"(?:(?:T(?:,?m)?|nm)(?:\(?Z)?|[Ky]Z|N)"
_SPOKEN: Final = r"(?:#|n|~|R|y|c(?:-?c){0,3})"
_COUNT: Final = rf"(?:aqf?|qf?|ac|{_SPOKEN}(?:-?\+-?a-?h)?|ah|h[-a]?|a)"
_UNIT: Final = r"(?:-?J?-?[uU])"

RULES: Final[tuple[tuple[str, Reader], ...]] = (
    (r"D(?:,?T)?", dated.in_figures),
    (r"%", dated.month_in_figures),
    (rf"duf{_MONTH}d?[no]", related.week_of_day),
    (rf"d?[or]uf{_MONTH}{_YEAR}?", related.week_of_month),
    (rf"{_NIGHT}?{_WEEKDAY}?{_MONTH}d?{_DAYS}(?!-?[uU%])(?:{_YEAR}|,?f?d?ru)?p?", dated.month_and_day),
    (rf"{_NIGHT}?{_WEEKDAY}?d?{_DAYS}f?(?:{_MONTH}(?:{_YEAR}|,?f?d?ru)?|ly)", dated.month_and_day),
    (rf"{_PART}?(?:{_MONTH},?f?[yY](?!-?[uU])|{_MONTH}c(?:-?c){{1,2}}|ly)", dated.month_and_year),
    (rf"{_PART}?{_MONTH}f?d?ru", dated.month_of_year),
    (r"dWdo|Wdo|(?<=I)do(?=[,.;)IC+\n]|$)", dated.weekday_and_ordinal),
    (rf"d?r{_MONTH}", dated.month_related),
    (rf"{_NIGHT}?[be]?(?:d?rr?)?Wp?(?:f?ru)?", dated.weekday),
    (rf"{_PART}?{_MONTH}", dated.month_alone),
    (_CLOCK, amounts.clock),
    (r"du[ez]t|(?:d?pf)?[be]?tp?", related.counted_day),
    (r"i", related.tonight),
    (r"v", related.overnight),
    (r"d?b?rp|(?<=I)d?p", related.part_of_day),
    (r"d?o-?[uh](?:f?(?:[yY]|d?ru|Fu?[yY]))?", related.ordinal_unit),
    (r"d?(?:c-)?ouf|u[n#]f", related.day_of_war),
    (r"d?kfd?|X", related.start_of_war),
    (r"dr[uP][fI]?(?:d?r{1,2}u|au[gez])", related.same_time),
    (rf"{_PART}?d?rs|{_PART}?d?sf?[yY]|{_PART}ds|ds|(?<=I)s", related.season),
    (r"d?Fu?,?[yY]", amounts.fiscal),
    (rf"{_PART}?[yY](?!-?[uU])", dated.year_alone),
    (r"&", dated.year_range),
    (rf"{_PART}?d?9", dated.decade),
    (rf"d?o{_COUNT}{_UNIT}", amounts.duration),
    (rf"d?rr?{_COUNT}{_UNIT}|d?rU", related.stretch_counted),
    (rf"e?{_PART}?d?rr?J?u|dur", related.unit_related),
    (rf"E{_COUNT}?{_UNIT}|E[Wp]|S", amounts.each),
    (rf"{_COUNT}{_UNIT}[gez]|U[gez]", related.ago),
    (r"(?:d?u-[ge][uP]|u-[ge])", related.year_ago),
    (r"du[ez]", related.neighbour),
    (r"u-k", related.end_of_unit),
    (r"(?:d?kf)du|bIdu|dJ?u", related.the_unit),
    (rf"au\+ah|{_COUNT}{_UNIT}|[uU]-J", amounts.duration),
    (r"c(?:-?c){1,2}", dated.year_in_words),
    (r"U", amounts.bare_duration),
    (r"Hx?u?", dated.feast),
    (r"Q", amounts.repeated),
    (r"G|r", amounts.loosely),
    (r"d[jr]?V|dr", amounts.past_or_future),
)


@cache
def scanner() -> re.Pattern[str]:
    """All patterns as one; the number of the group that matched is the number of the rule."""
    return re.compile(f"{_CAN_START}(?:" + "|".join(f"({pattern})" for pattern, _ in RULES) + ")")


@cache
def compiled() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """Each rule by itself, for the case that the reader of an earlier one declines."""
    return tuple((re.compile(pattern), reader) for pattern, reader in RULES)
