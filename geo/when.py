"""On which days a happening was: the expression in its clause, its sentence, the paragraph's day, the report's day.

A day that belongs to a verb of saying ("said on Monday") dates the deed only where nothing else does. What is told to
explain something else ("which Russia seized in March") has its own day or none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from geo import kinds, lexicons, roles
from geo.clauses import Clause
from geo.kinds import Kind
from geo.records import Days, Modality
from geo.roles import BACK_REACH
from geo.scenes import AFTER, BACK, Dated, Scene
from geo.views import View, among

_RUNNING: Final = 2  # sentences for which a paragraph's day runs on
_OPEN_REACH: Final = 2  # words before a day in which "from" or "until" may stand
_DAYS_BACK: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_RECENT: Final = timedelta(days=14)  # what is told with a day of this long before publication is news
_BOUND_REACH: Final = 3  # words between "last month's" and the happening that it dates
_COMPARED_REACH: Final = 4  # words between "than" and a day
_WAR_REACH: Final = 9  # words after "since" in which the war is named
_CAUSES: Final = frozenset({"disaster", "explosion"})
_COUNTED: Final = frozenset({"violence", "damage", "strike", "humanitarian", "fighting", "disaster"})
_REACTION: Final = frozenset({"arrest", "diplomacy", "other", "protest"})


class Running:
    """The day last told in a paragraph, for the sentences that follow."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, int], tuple[Scene, Days]] = {}
        self.causes: dict[str, Days] = {}

    def tell(self, scene: Scene) -> None:
        """Remember the day that a sentence tells of a happening, and those of a disaster or an explosion."""
        for kind in scene.triggers:
            days = _cause_days(scene, kind)
            if days is not None:
                self.causes.setdefault(kind.type, days)
        deeds = [
            d.days for d in scene.dated if not d.said and _is_short(d.days) and _clause(scene, d).opener not in BACK
        ]
        if deeds and scene.triggers:
            self._told[(scene.sentence.field, scene.sentence.paragraph)] = (scene, deeds[-1])

    def at(self, scene: Scene) -> Days | None:
        """The days that run on to this sentence: it tells of the same place, or the day was told of none."""
        told = self._told.get((scene.sentence.field, scene.sentence.paragraph))
        if told is None or scene.sentence.part != "body":
            return None
        before, days = told
        places = {v.place.place_id for v in before.views if v.place and v.mention.role == "place"}
        same = any(v.place and v.place.place_id in places for v in scene.views)
        return days if 0 < scene.number - before.number <= _RUNNING and (same or not places) else None


def days_of(scene: Scene, view: View, kind: Kind, mode: Modality, running: Running) -> tuple[Days, Modality]:
    """The days of a happening, and its modality once they are known: a plan for a day that is past was carried out."""
    published = scene.report.published_day
    history = is_history(scene, kind)
    told = _told(scene, view, kind, mode)
    if told is None and not history:
        told = running.causes.get(kind.type) or running.at(scene)
    if told is None and totals(scene, kind):
        return Days(), mode
    if told is not None:
        told = _closed(told)
        settled = _mode_on(told, mode, published)
        return _clipped(told, published, settled), settled
    if history or mode in {"planned", "hypothetical"}:
        return Days(), mode
    return published_days(published), mode


def own_day(scene: Scene, kind: Kind) -> Days | None:
    """The one day, in the last weeks, that a clause itself tells for a deed that was done; None where it tells none."""
    published = scene.report.published_day
    if published is None or roles.modality(scene.sentence, scene.at(kind)) != "actual":
        return None
    clause, at = scene.clause_of(kind), scene.at(kind)
    own = [d for d in scene.dated if not d.said and _clause(scene, d) == clause and _is_short(d.days)]
    days = min(own, key=lambda d: abs(d.index - at)).days if own else _day_before(scene, clause)
    recent = days and days.first_day and timedelta(0) <= published - days.first_day <= _RECENT
    return days if recent else None


def _day_before(scene: Scene, clause: Clause) -> Days | None:
    """The day told by how long before the main clause it was: "on Wednesday, a day after a huge explosion"."""
    words = scene.sentence.words[max(0, clause.first - 2) : clause.first]
    back = _DAYS_BACK.get(words[0]) if len(words) == 2 and words[1] in {"day", "days"} else None
    if clause.opener != "after" or back is None:
        return None
    main = [d.days for d in scene.dated if d.index < clause.first and _one_day(d.days)]
    last = main[-1].last_day if main else scene.report.published_day
    if last is None:
        return None
    day = last - timedelta(days=back)
    return Days(
        first_day=day, last_day=day, basis="relative", edtf=day.isoformat(), words=f"{words[0]} {words[1]} after"
    )


def _cause_days(scene: Scene, kind: Kind) -> Days | None:
    """The days that headline or lead tell of a disaster or an explosion, which are those of all that it did."""
    if not scene.heads or kind.type not in _CAUSES or not kind.names_it:
        return None
    if roles.modality(scene.sentence, scene.at(kind)) != "actual" or is_history(scene, kind):
        return None
    clause, at = scene.clause_of(kind), scene.at(kind)
    own = [d for d in scene.dated if not d.said and _clause(scene, d) == clause and not _ahead(scene, d)]
    best = min(own, key=lambda d: abs(d.index - at), default=None)
    return best.days if best and (_one_day(best.days) or _one_night(best.days)) else None


def totals(scene: Scene, kind: Kind) -> bool:
    """Whether a figure adds up what happened since a war began, on no day: "has killed 279 since the invasion"."""
    words = scene.sentence.words
    counted = any(word[0].isdigit() for word in words) and kind.type in _COUNTED
    return counted and any(
        word == "since" and not lexicons.words("war", "begins").isdisjoint(words[i + 1 : i + _WAR_REACH])
        for i, word in enumerate(words)
    )


def _closed(days: Days) -> Days:
    """The day itself where only the end is told: "had risen to 50 by Friday"."""
    return replace(days, first_day=days.last_day) if days.first_day is None else days


def published_days(published: date | None) -> Days:
    """The day of publication as the days of a happening that is told without any; unknown where undated."""
    if published is None:
        return Days()
    return Days(first_day=published, last_day=published, basis="published", edtf=published.isoformat())


def is_history(scene: Scene, kind: Kind) -> bool:
    """Whether a happening is told only to explain another: no day of its own is the day of the news."""
    clause, at = scene.clause_of(kind), scene.at(kind)
    if _explained(scene, clause.first, at, BACK_REACH):
        return True
    if clause.opener in BACK:
        return lexicons.words("roles", "now").isdisjoint(scene.sentence.words[clause.first : clause.last])
    if clause.opener in {"after", "before"} and among("long before", scene.sentence.words[clause.first - 1]):
        return True
    if clause.opener in AFTER:
        main = scene.main()
        return main is not None and main.type in _REACTION and kind.type not in _REACTION
    return False


def _explained(scene: Scene, first: int, last: int, reach: int) -> bool:
    """Whether what stands at `last` only explains: "in connection with the bombings last year"."""
    told = {scene.at(k) for k in scene.triggers if k.type == "arrest"}  # "charged" may be the news itself
    return any(
        among("background before", scene.sentence.words[i]) and i not in told
        for i in range(max(first, last - reach), last)
    )


def _told(scene: Scene, view: View, kind: Kind, mode: Modality) -> Days | None:
    """The days of the expression that belongs to the happening, None where the sentence has none."""
    at, clause = scene.at(kind), scene.clause_of(kind)
    usable = [d for d in scene.dated if not (_ahead(scene, d) and _open_ended(scene, d)) and not _opens_war(scene, d)]
    usable = [d for d in usable if not _is_compared(scene, d)]
    usable = [d for d in usable if not _explained(scene, at + 1, d.index, d.index) and _may_date(scene, d, kind)]
    own = [
        d
        for d in usable
        if (_clause(scene, d) == clause or _takes_place(scene, d, clause)) and (not d.said or _closer(scene, d, at))
    ]
    if own:
        return _hours_back(scene, clause, min(own, key=lambda d: abs(d.index - at)).days)
    beside = [d for d in usable if _clause(scene, d) == view.clause != clause and not d.said]
    if beside:
        return beside[0].days
    if _hours_before(scene, clause):
        return _hours_back(scene, clause, _said(scene, usable) or published_days(scene.report.published_day))
    if is_history(scene, kind):
        return None
    loose = [d for d in usable if not d.said and _shared(scene, d, kind, mode)]
    return min(loose, key=lambda d: abs(d.index - at)).days if loose else _said(scene, usable)


def _is_compared(scene: Scene, dated: Dated) -> bool:
    """Whether a day is only compared with: "more troops than on February 24"."""
    clause = _clause(scene, dated)
    before = scene.sentence.words[max(clause.first, dated.index - _COMPARED_REACH) : dated.index]
    return any(among("compared", a) and among("like what", b) for a, b in pairwise((*before, "on")))


def _takes_place(scene: Scene, dated: Dated, clause: Clause) -> bool:
    """Whether a clause that follows says when it was: "the attack on X, which took place on October 6, ..."."""
    own = _clause(scene, dated)
    words = scene.sentence.words[own.first + 1 : own.first + 2]
    follows = own.opener == "which" and own.first in {clause.last, clause.last + 1}
    return follows and bool(words) and among("took place", words[0])


def _opens_war(scene: Scene, dated: Dated) -> bool:
    """Whether a day is when the war began: "captured since its full-scale invasion began on February 24"."""
    clause = _clause(scene, dated)
    words = scene.sentence.words[clause.first : dated.index]
    began = not lexicons.words("war", "begins").isdisjoint(words)
    return clause.opener == "since" and began and dated.days.first_day != dated.days.last_day


def _may_date(scene: Scene, dated: Dated, kind: Kind) -> bool:
    """Whether a day is not bound to another happening, as in "last month's explosion"."""
    after = scene.sentence.index(dated.timex.end - 1) + 1
    if scene.sentence.words[after : after + 1] != ("'s",):
        beside = {scene.at(k) for k in scene.triggers if k.start != kind.start}
        return after not in beside or dated.index == 0 or scene.sentence.words[dated.index - 1] != "the"
    bound = [k for k in scene.triggers if after < scene.at(k) <= after + _BOUND_REACH]
    return not bound or kind.start in {k.start for k in bound}


def _said(scene: Scene, usable: list[Dated]) -> Days | None:
    """The day of a saying as the day of what is said; that of the report is no more than the day of publication."""
    said = next((d.days for d in usable if d.said and not _ahead(scene, d)), None)
    published = scene.report.published_day
    return published_days(published) if said and said.first_day == said.last_day == published else said


def _shared(scene: Scene, dated: Dated, kind: Kind, mode: Modality) -> bool:
    """Whether a day told in one clause may be that of a happening told in another."""
    clause = _clause(scene, dated)
    if (_ahead(scene, dated) and mode == "actual") or _tells_a_meeting(scene, clause, kind):
        return False
    if clause.opener in AFTER and clause.first > 0:
        return scene.sentence.words[clause.first - 1] in lexicons.words("roles", "at once")
    return clause.opener not in BACK


def _tells_a_meeting(scene: Scene, clause: Clause, kind: Kind) -> bool:
    """Whether a clause tells what people came for afterwards: "houses were damaged; the governor visited on Friday"."""
    here = kinds.choose(k for k in scene.triggers if scene.clause_of(k) == clause)
    return here is not None and here.type == "diplomacy" != kind.type


def _open_ended(scene: Scene, dated: Dated) -> bool:
    """Whether a day is where something only begins or ends: "from August 1", "until Friday"."""
    before = scene.sentence.words[max(0, dated.index - _OPEN_REACH) : dated.index]
    return not lexicons.words("roles", "open ended").isdisjoint(before)


def _ahead(scene: Scene, dated: Dated) -> bool:
    """Whether a day lies after publication."""
    first, published = dated.days.first_day or dated.days.last_day, scene.report.published_day
    return published is not None and first is not None and first > published


def _closer(scene: Scene, dated: Dated, at: int) -> bool:
    """Whether the trigger stands nearer to the day than the verb of saying does."""
    saying = lexicons.words("roles", "saying")
    clause = _clause(scene, dated)
    reach = [abs(i - dated.index) for i in range(clause.first, clause.last) if scene.sentence.words[i] in saying]
    return bool(reach) and abs(at - dated.index) < min(reach)


def _hours_back(scene: Scene, clause: Clause, days: Days) -> Days:
    """The days of what went before by hours: "spoke hours after ..." reaches back into the day before."""
    if not _hours_before(scene, clause) or days.first_day is None or not _one_day(days):
        return days
    first = days.first_day - timedelta(days=1)
    return replace(days, first_day=first, basis="relative", edtf=f"{first}/{days.last_day}", words="hours after")


def _hours_before(scene: Scene, clause: Clause) -> bool:
    """Whether the clause, or one that it hangs on, tells of what happened hours before: "spoke hours after ..."."""
    words = scene.sentence.words
    return any(
        c.opener == "after" and c.first > 0 and words[c.first - 1] == "hours"
        for c in scene.sentence.clauses
        if c.first <= clause.first
    )


def _clause(scene: Scene, dated: Dated) -> Clause:
    return scene.sentence.clause(dated.index)


def _one_day(days: Days) -> bool:
    return days.first_day is not None and days.first_day == days.last_day


def _one_night(days: Days) -> bool:
    return days.first_day is not None and days.last_day == days.first_day + timedelta(days=1)


def _is_short(days: Days) -> bool:
    return _one_day(days) or _one_night(days)


def _mode_on(days: Days, mode: Modality, published: date | None) -> Modality:
    """The modality on these days: what was to be on a day that is past has happened, what is to come has not."""
    if published is None or mode == "denied":
        return mode
    if mode == "planned" and days.last_day and days.last_day < published:
        return "actual"
    return "planned" if days.first_day and days.first_day > published else mode


def _clipped(days: Days, published: date | None, mode: Modality) -> Days:
    """The days without those after publication, for what is not planned: none where all lie after it."""
    if published is None or mode == "planned" or days.last_day is None or days.last_day <= published:
        return days
    if days.first_day is None or days.first_day > published:
        return Days()
    return replace(days, last_day=published, edtf=f"{days.first_day}/{published}")
