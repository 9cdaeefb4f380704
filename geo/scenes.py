"""Sentences with all that is read in them, and which happening a place name hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Final

from geo import kinds, lexicons, roles
from geo.clauses import Clause, Sentence, read
from geo.kinds import Kind
from geo.records import Days, Modality, Report, Timex
from geo.views import View, among, governor

LEAD: Final = 2
"""Sentences of the text in which also a vague verb tells the news."""
STRONG: Final = 3.0
"""The weight of words that name the happening."""
BACK: Final = frozenset({"since", "which", "who", "whom", "whose", "where", "before", "until"})
"""Openers of clauses that look back, unless they speak of now."""
AFTER: Final = frozenset({"after", "following", "when"})
"""Openers of clauses that tell what led to the main one."""

_STATE: Final = 0.6  # the weight of a participle that only describes: "in besieged Mariupol"
_NOT_TOLD: Final = 0.5  # what the weight of a plan, a denial or a supposition counts beside a deed
_VAGUE: Final = 0.5  # the weight of a verb that tells little: "opened", "held"
_GOVERNS: Final = 0.6  # what it adds that the name is the trigger's object
_CLAUSE: Final = 0.7  # what a clause between the name and the trigger takes away
_MAIN: Final = 0.2  # the same where the main clause only goes on
_ASIDE: Final = 0.6  # what is told only aside, or where the name's own clause tells something, counts less by
_CLAUSES_OFF: Final = 2  # clauses further off tell other things
_SCENIC: Final = frozenset({"where", "as", "while", "when"})  # clauses that place the main one
_ABOUT_NAME: Final = frozenset({"which", "where"})  # clauses that tell of the name just before them
_BESIDE_NAME: Final = 5  # words between a name and the clause that tells of it ("Mariupol in the south, which")
_OCCASION_REACH: Final = 2  # words between "during" and what it tells of
_EXPLAINS_REACH: Final = 6  # words between "destroyed in" and what destroyed it
_WANTED_REACH: Final = 6  # words between a deed that is demanded and the place where it is to be
_SAID_LEFT: Final = 5  # words between a verb of saying and the day that belongs to it
_SAID_RIGHT: Final = 3


@dataclass(frozen=True, slots=True)
class Dated:
    """A date expression in its sentence: days, the token at which it starts, and whether it dates a saying."""

    timex: Timex
    days: Days
    index: int
    said: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with its triggers, days and place names; `number` counts the sentences of the text, 0 elsewhere.

    `inside` are the views that only say where another place lies; `war` tells whether the whole report is of one;
    `causes` are the happenings of headline and lead that may be behind what is told elsewhere.
    """

    report: Report
    sentence: Sentence
    number: int
    triggers: tuple[Kind, ...]
    dated: tuple[Dated, ...]
    views: tuple[View, ...]
    inside: frozenset[int] = frozenset()
    war: bool = False
    causes: tuple[Kind, ...] = ()

    @property
    def heads(self) -> bool:
        """Whether it is a headline or belongs to the lead, where the news is told."""
        return self.sentence.part == "title" or 0 < self.number <= LEAD

    def at(self, kind: Kind) -> int:
        """The index of the trigger's first word."""
        return self.sentence.index(kind.start)

    def clause_of(self, kind: Kind) -> Clause:
        """The clause in which the trigger starts."""
        return self.sentence.clause(self.at(kind))

    def modality(self, kind: Kind) -> Modality:
        """Whether the trigger is told as done: by what stands before it, or in it ("troops want to enter")."""
        mode = roles.modality(self.sentence, self.at(kind))
        last = self.sentence.index(kind.end - 1)
        within = "to" in self.sentence.words[self.at(kind) : last] and self.sentence.clause(last) == self.clause_of(
            kind
        )
        return roles.modality(self.sentence, last) if mode == "actual" and within else mode

    def main(self) -> Kind | None:
        """The happening of the main clause."""
        return kinds.choose(k for k in self.triggers if self.clause_of(k).opener == "")


def scenes(
    report: Report, seen: Sequence[View | None], inside: frozenset[int], timexes: Sequence[Timex]
) -> list[Scene]:
    """The sentences of a report as scenes, in reading order."""
    found = []
    bodies = 0
    for sentence in read(report):
        body = sentence.part == "body"
        bodies += body
        told = sentence.part != "furniture"
        found.append(
            Scene(
                report,
                sentence,
                bodies if body else 0,
                tuple(kinds.find(report.field(sentence.field), sentence.tokens)) if told else (),
                tuple(_joined(sentence, list(_dated(sentence, timexes)))),
                tuple(v for v in seen if v and v.sentence is sentence),
                inside,
            )
        )
    words = (word for scene in found if scene.sentence.part != "furniture" for word in scene.sentence.words)
    war = kinds.is_war((k for scene in found for k in scene.triggers), words)
    causes = tuple(
        k
        for scene in found
        if scene.heads or scene.sentence.part == "label"
        for k in scene.triggers
        if k.score >= STRONG
    )
    return [replace(scene, war=war, causes=causes) for scene in found]


def _dated(sentence: Sentence, timexes: Sequence[Timex]) -> Iterator[Dated]:
    """The expressions of a sentence that name days on which something may have happened."""
    if sentence.part in {"furniture", "label"}:
        return
    for timex in timexes:
        here = timex.field == sentence.field and sentence.start <= timex.start < sentence.end
        if here and timex.type != "SET" and timex.days and (timex.days.first_day or timex.days.last_day):
            first, last = sentence.index(timex.start), sentence.index(timex.end - 1) + 1
            if sentence.words[first:last] == ("the", "night") and sentence.words[last : last + 1] == ("from",):
                continue  # the days that follow tell which
            if sentence.words[first] in lexicons.words("roles", "feasts") and _names_a_thing(sentence, last):
                continue  # "a Christmas market"
            yield Dated(timex, timex.days, first, _dates_a_saying(sentence, first, last))


def _names_a_thing(sentence: Sentence, last: int) -> bool:
    return not lexicons.words("roles", "feast things").isdisjoint(sentence.words[last : last + 1])


def _joined(sentence: Sentence, dated: Sequence[Dated]) -> Iterator[Dated]:
    """The same expressions, two days in a row made one stretch: "on Friday and Saturday"."""
    for before, here, after in zip((None, *dated), dated, (*dated[1:], None), strict=False):
        span = _two_days(sentence, before, here) or _two_days(sentence, here, after)
        yield replace(here, days=span) if span else here


def _two_days(sentence: Sentence, one: Dated | None, other: Dated | None) -> Days | None:
    """Both days as one stretch, None where they are not in a row or not joined by "and"."""
    if one is None or other is None or sentence.words[other.index - 1] != "and":
        return None
    a, b = one.days, other.days
    if a.first_day is None or a.first_day != a.last_day or b.first_day != b.last_day or b.first_day is None:
        return None
    if sentence.index(one.timex.end - 1) + 1 != other.index - 1 or b.first_day - a.first_day != timedelta(days=1):
        return None
    words = f"{a.words} and {b.words}"
    return replace(a, last_day=b.last_day, edtf=f"{a.first_day}/{b.last_day}", words=words)


def _dates_a_saying(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a day belongs to a verb of saying: "said on Monday", "the White House on November 12 hailed"."""
    clause = sentence.clause(first)
    saying = lexicons.words("roles", "saying")
    left = sentence.words[max(clause.first, first - _SAID_LEFT) : first]
    right = sentence.words[last : min(clause.last, last + _SAID_RIGHT)]
    return not saying.isdisjoint(left) or not saying.isdisjoint(right)


def kind_for(scene: Scene, view: View) -> Kind | None:
    """The happening that a place name hangs on, None where there is none.

    The heaviest trigger wins, less heavy for every clause between it and the name; the first among equals, as it is
    nearest to the main verb.
    """
    wanted = _wanted(scene, view)
    if wanted:
        return wanted
    ranked = [(score, k) for k in scene.triggers if (score := _fit(scene, view, k)) > 0]
    if not ranked:
        return None
    best = settled(scene, max(ranked, key=lambda pair: (pair[0], -pair[1].start))[1])
    if best.type == "control" and _describes(scene, scene.at(best)):
        return None  # "prisoners in occupied Olenivka": who holds a place is no news of it
    return None if best.score <= _VAGUE and not (scene.heads and _is_there(view)) else best


def settled(scene: Scene, kind: Kind) -> Kind:
    """The kind that the sentence, and else headline and lead, make of a trigger that leaves the type open."""
    here = kinds.settle(kind, scene.triggers, war=scene.war)
    if here is not kind:
        return here
    elsewhere = kinds.settle(kind, scene.causes, war=scene.war)
    return replace(kind, type=elsewhere.type, subtype=elsewhere.subtype)


def _is_there(view: View) -> bool:
    """Whether the name says where something is, not what it is about: "in X", not "the fate of X"."""
    return not among("faint", view.word(governor(view)))


def _wanted(scene: Scene, view: View) -> Kind | None:
    """The deed that is only demanded or feared at this very place: "insisted on a withdrawal from X"."""
    for kind in reversed(scene.triggers):
        at, last = scene.at(kind), scene.sentence.index(kind.end - 1) + 1
        if last > view.first or scene.clause_of(kind) != view.clause or _is_state(scene, at):
            continue
        near = kind.score >= STRONG and view.first - last <= _WANTED_REACH
        cue = roles.by_cue(scene.sentence.words[view.clause.first : at])
        return kind if near and cue in {"planned", "hypothetical"} else None
    return None


def _fit(scene: Scene, view: View, kind: Kind) -> float:
    """How well a trigger fits the place name: its weight, less for another clause, more where it governs the name."""
    at = scene.at(kind)
    told = roles.modality(scene.sentence, at) == "actual"
    score = (_STATE if _is_state(scene, at) else kind.score) * (1.0 if told else _NOT_TOLD)
    score -= _ASIDE * 2 * _by_the_way(scene, at)
    own, other = _own_clause(scene, view), scene.clause_of(kind)
    if own == other or at < own.first <= scene.sentence.index(kind.end - 1):
        return score + _GOVERNS * (told and _governs(scene, view, kind) and not _explains(scene, at))
    if any(_places(scene, v, other) for v in scene.views if v is not view):
        return 0.0
    return _across(scene, view, own, other, score)


def _own_clause(scene: Scene, view: View) -> Clause:
    """The clause of a name; what only goes on with a list after a semicolon belongs to the clause before."""
    clauses = scene.sentence.clauses
    number = clauses.index(view.clause)
    while number and _goes_on(scene, clauses[number]):
        number -= 1
    return clauses[number]


def _goes_on(scene: Scene, clause: Clause) -> bool:
    """Whether a clause is but names: "attacks in A, the B region; C and D in the E region"."""
    words = scene.sentence.words
    tells = any(scene.clause_of(kind) == clause for kind in scene.triggers)
    finite = not lexicons.words("clauses", "finite").isdisjoint(words[clause.first : clause.last])
    opens = any(v.first - clause.first <= 1 for v in scene.views if v.clause == clause)
    return words[clause.first - 1] == ";" and opens and not (tells or finite)


def _places(scene: Scene, view: View, clause: Clause) -> bool:
    """Whether the name places what its clause tells."""
    return view.clause == clause and view.level != "country" and id(view) not in scene.inside


def _across(scene: Scene, view: View, own: Clause, other: Clause, score: float) -> float:
    """The score of a trigger in another clause than the name."""
    clauses = scene.sentence.clauses
    distance = abs(clauses.index(own) - clauses.index(other))
    if distance > _CLAUSES_OFF:
        return 0.0
    if own.opener in _SCENIC and other.opener == "":
        return score + 0.1
    if other.opener in _ABOUT_NAME and other.first == own.last and other.first - view.after() <= _BESIDE_NAME:
        return score
    aside = other.opener in BACK | AFTER and own.opener not in BACK | AFTER
    settled = own.opener == "" and any(k.names_it and scene.clause_of(k) == own for k in scene.triggers)
    parted = ";" in scene.sentence.words[min(own.first, other.first) : max(own.first, other.first)]
    each = _MAIN if own.opener == other.opener == "" and not parted else _CLAUSE
    return score - each * distance - _ASIDE * (aside + settled)


def _by_the_way(scene: Scene, at: int) -> bool:
    """Whether the trigger only tells on what occasion: "during the evacuation of X"."""
    before = scene.sentence.words[max(0, at - _OCCASION_REACH) : at]
    return not lexicons.words("roles", "circumstances").isdisjoint(before)


def _explains(scene: Scene, at: int) -> bool:
    """Whether the trigger only explains an earlier one: "rescue work at a school destroyed in the shelling of X"."""
    words = scene.sentence.words[max(0, at - _EXPLAINS_REACH) : at]
    done = any(word.endswith("ed") and joint in {"in", "by", "during"} for word, joint in pairwise(words))
    return done and any(k.score >= STRONG and scene.at(k) < at for k in scene.triggers)


def _is_state(scene: Scene, at: int) -> bool:
    """Whether the trigger is a participle that only describes: "besieged X", "a village freed from them"."""
    words = scene.sentence.words
    if not words[at].endswith("ed") or at == 0:
        return False
    described = among("place nouns", words[at - 1]) and words[at + 1 : at + 2] in {("from",), ("by",), ("in",)}
    return described or _describes(scene, at)


def _describes(scene: Scene, at: int) -> bool:
    """Whether the trigger is a participle before what it describes: "in occupied X"."""
    words = scene.sentence.words
    return at > 0 and words[at].endswith("ed") and words[at - 1] in lexicons.words("roles", "before adjectives")


def _governs(scene: Scene, view: View, kind: Kind) -> bool:
    """Whether the name is the object of the trigger: "shelling of X", "a strike on X", "captured X"."""
    at = governor(view)
    if at < 0:
        return False
    tokens = scene.sentence.tokens
    if tokens[at].end == kind.end:
        return True
    return view.word(at) in {"of", "on", "against"} and at > 0 and tokens[at - 1].end == kind.end
