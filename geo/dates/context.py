"""What a date expression is read against: the publication day, the day last named, and the verb around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geo.dates import periods
from geo.dates.periods import DAY, Period
from geo.dates.scan import BREAK, Tokens, full_year
from geo.dates.words import BEFORE_TO, FUTURE_WORDS, NOT_PAST, PAST_VERBS, Numeric
from geo.records import Basis, TimexType

Tense = Literal["past", "future", ""]
_REACH: Final = 16  # words to look back or ahead for a verb; longer sentences have another clause by then
_AHEAD: Final = 8
_PARTICIPLES: Final = frozenset(["planned", "scheduled", "expected", "slated"])
_NEAR_FUTURE: Final = 95  # days; without a verb that says so, a date further ahead than this is of last year
_MONTHS: Final = 12
_MONTHS_AHEAD: Final = 9  # "will return to the rates of October", written in November, looks back
_NO_ANCHOR: Final = 2010  # a year in two digits is taken as near to this one where the report is undated


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression means.

    `period` is None where it names no days. `anaphor` may become the day last named. `drop` tokens at the end of
    the match do not belong to the expression (where negative, so many more do). `floating` is a clock time whose day
    was not written beside it.
    """

    type: TimexType
    value: str
    period: Period | None = None
    basis: Basis = "relative"
    anaphor: bool = True
    drop: int = 0
    floating: bool = False


@dataclass(slots=True)
class Context:
    """The state of one pass over a text: its tokens, its anchors, and what was named last."""

    tokens: Tokens
    published: date | None
    day_first: bool | None
    war_began: date | None = None
    war_asked: bool = False
    last: Period | None = None
    last_at: int = -1
    last_past: Period | None = None
    last_coarse: Period | None = None
    last_coarse_at: int = -1

    @property
    def anchor(self) -> date | None:
        """The publication day."""
        return self.published

    @property
    def named(self) -> date | None:
        """The day last named in the text, or the publication day where none was."""
        return self.last.last if self.last else self.published

    def counted_from(self, direction: int) -> date | None:
        """The day that "a day earlier" or "later" counts from: what comes earlier is told of what has happened."""
        ahead = self.last and self.published and self.last.first > self.published
        if direction < 0 and ahead:
            return self.last_past.last if self.last_past else self.published
        return self.named

    def picked(self, start: int, end: int, codes: str) -> list[object]:
        """What the tokens of these classes between two indexes carry, in order."""
        classes, values = self.tokens.classes, self.tokens.values
        return [values[i] for i in range(start, end) if classes[i] in codes]

    def numbers(self, start: int, end: int, codes: str) -> list[int]:
        """The whole numbers among them."""
        return [value for value in self.picked(start, end, codes) if isinstance(value, int)]

    def has(self, start: int, end: int, codes: str) -> bool:
        """Whether a token of one of these classes stands between two indexes."""
        return any(code in codes for code in self.tokens.classes[start:end])

    def written_year(self, start: int, end: int) -> int | None:
        """The year that is written out, in four digits; None where none is."""
        for i in range(start, end):
            value = self.tokens.values[i]
            if self.tokens.classes[i] in "yY" and isinstance(value, int):
                near = self.anchor.year if self.anchor else _NO_ANCHOR
                return full_year(value, near) if self.tokens.classes[i] == "Y" else value
        return None

    def words(self, start: int, end: int) -> list[str]:
        """The words between two token indexes, in lower case."""
        return [self.tokens.lower(i) for i in range(start, end)]

    def before(self, index: int) -> str:
        """The word before a token, in lower case, articles and parts of a period aside."""
        i = index - 1
        while self.tokens.code(i) in "dbkf":
            i -= 1
        return self.tokens.lower(i)

    def ends_sentence(self, index: int) -> bool:
        """Whether a token closes a sentence: a break, or a full stop before a capital that no abbreviation explains."""
        code = self.tokens.code(index)
        if code == BREAK or self.tokens.lower(index) in (";", "!", "?"):
            return True
        if code != "." or self.tokens.code(index - 1) in "Bwmn":
            return False
        following = self.tokens.words[index + 1] if index + 1 < len(self.tokens.words) else "A"
        return not following[0].islower() and len(self.tokens.lower(index - 1)) > 1

    def same_sentence(self, start: int, end: int) -> bool:
        """Whether no sentence ends between two tokens."""
        return start >= 0 and not any(self.ends_sentence(i) for i in range(max(start, end - 120), end))

    def tense(self, start: int, end: int) -> Tense:
        """Whether the verb nearest to an expression (before it, else after it) speaks of the past or the future."""
        lead, found = self.before(start), self._tense_back(start)
        if lead in ("until", "till", "by"):
            if not found and lead == "by":
                found = self._tense_ahead(end)
                return "past" if found == "past" else "future"
            return "past" if found == "past" and self._strictly_past(start) else "future"
        return found or self._tense_ahead(end)

    def _strictly_past(self, start: int) -> bool:
        for i in range(start - 1, max(-1, start - _REACH - 1), -1):
            if self.ends_sentence(i):
                return False
            if self.tokens.lower(i) in ("was", "were", "had"):
                return True
        return False

    def _tense_back(self, start: int) -> Tense:
        for i in range(start - 1, max(-1, start - _REACH - 1), -1):
            if self.ends_sentence(i):
                return ""
            found = self._verb(i)
            if found:
                return found
        return ""

    def _tense_ahead(self, end: int) -> Tense:
        for i in range(end, min(len(self.tokens.words), end + _AHEAD)):
            if self.ends_sentence(i):
                return ""
            found = self._verb(i)
            if found:
                return found
        return ""

    def _verb(self, index: int) -> Tense:
        word = self.tokens.lower(index)
        if word in ("set", "due") and self.tokens.lower(index + 1) == "to":
            return "future" if word == "set" else ""
        if word in ("may", "might", "could"):
            return "" if self.tokens.lower(index + 1) == "have" else "future"
        if word in _PARTICIPLES and self._was_called_off(index):
            return "past"
        if word in FUTURE_WORDS or (word == "to" and self.tokens.lower(index - 1) in BEFORE_TO):
            return "future"
        if word not in PAST_VERBS and (not word.endswith("ed") or word in NOT_PAST):
            return ""
        near = {self.tokens.lower(index - 1), self.tokens.lower(index - 2)}
        return "" if near & {"be", "to", "will", "would"} else "past"

    def _was_called_off(self, index: int) -> bool:
        """Whether a participle is told of in the past: "the service planned for Saturday was cancelled"."""
        for i in range(index + 1, min(index + 11, len(self.tokens.words))):
            if self.ends_sentence(i) or self.tokens.lower(i) in ("to", ","):
                return False
            if self.tokens.lower(i) in ("was", "were"):
                return self.tokens.lower(index - 1) not in ("is", "are", "was", "were", "be", "been")
        return False

    def year_for(self, month: int, day_of_month: int, tense: Tense) -> int | None:
        """The year that a month and day without one belong to; None where the report is undated."""
        if self.anchor is None:
            return None
        years = range(max(1, self.anchor.year - 1), min(9999, self.anchor.year + 1) + 1)
        days = [when for year in years if (when := _safe(year, month, day_of_month))]
        ahead = 366 if tense == "future" else _NEAR_FUTURE
        behind = 180 if tense == "future" else 366
        fitting = [when for when in days if -behind <= (when - self.anchor).days <= ahead]
        anchor = self.anchor
        nearest = min(fitting or days, key=lambda when: abs((when - anchor).days), default=None)
        return nearest.year if nearest else None

    def month_near(self, month: int, tense: Tense) -> Period | None:
        """The month of this name that is meant: the latest begun, or the next where the verb looks ahead."""
        if self.anchor is None:
            return None
        back = (self.anchor.month - month) % _MONTHS
        ahead = tense == "future" and back > _MONTHS - _MONTHS_AHEAD
        shift = _MONTHS - back if ahead else -back
        return periods.shifted_month(self.anchor, shift)

    def weekday(self, number: int, tense: Tense) -> date | None:
        """The day of this weekday that is meant; the publication day where it is that weekday itself."""
        if self.anchor is None:
            return None
        back = (self.anchor.weekday() - number) % 7
        return self.anchor - DAY * back if tense != "future" or back == 0 else self.anchor + DAY * (7 - back)

    def numeric(self, written: Numeric) -> date:
        """The day that a date in figures names, month or day first as the outlet writes."""
        if written.swapped is None or self.day_first is False:
            return written.first
        if self.day_first:
            return written.swapped
        if self.anchor and written.swapped == self.anchor:
            return written.swapped
        return written.first

    def note(self, reading: Reading, index: int) -> None:
        """Remember what was named, for "two days earlier", "the same day", "a year earlier"."""
        period = reading.period
        if period is None or not reading.anaphor:
            return
        if period.grain == "day" or (period.grain == "span" and (period.last - period.first).days < 7):
            self.last, self.last_at = period, index
            if self.published is None or period.last <= self.published:
                self.last_past = period
        elif period.grain in ("month", "quarter", "half", "year", "week"):
            self.last_coarse, self.last_coarse_at = period, index


def _safe(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
