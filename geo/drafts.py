"""Claims in the making: every place name that a happening hangs on, datelines, "the city", and what is told twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from geo import kinds, lexicons, roles
from geo.kinds import Kind
from geo.meant import also_meant
from geo.records import LEVELS, Days, Mention, Modality, Place, Report, Role, Timex
from geo.scenes import AFTER, LEAD, STRONG, Scene, kind_for, scenes, settled
from geo.views import View, among, containers, is_dateline, leads_to, views
from geo.when import Running, days_of, is_history, own_day, published_days, totals

_LEVEL_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("city", "town", "village", "port", "settlement"), "point"),
    **dict.fromkeys(("region", "oblast", "province", "state"), "admin1"),
}
_NEAR_LEAD: Final = 3  # sentences after the lead in which its happening may be placed better
_NO_SCENE: Final = frozenset({"actor", "demonym", "said", "origin", "target", "background"})
_NEAR_BACK: Final = 4  # sentences back to which "the city" refers
_TOWN_WORDS: Final = 4  # words of "the city in the" before a name
_OLD: Final = timedelta(days=366)  # what is told with days further back explains the news
_SHORT: Final = 9  # tokens of the longest sentence that is only a place: "Location, Birmingham, Alabama."
_MIN_LEAD: Final = 6  # tokens of the shortest sentence that can be a lead
_ASIDE: Final[Mapping[str, Role]] = {"said": "said", "background": "background"}
_ATTEMPT_REACH: Final = 4  # words before "to capture" in which the attempt is named


@dataclass(slots=True)
class Draft:
    """A claim in the making, with the mentions that it rests on by their numbers, the place itself first."""

    place: Place
    kind: Kind
    scene: Scene
    modality: Modality
    days: Days
    numbers: list[int] = field(default_factory=list)
    role: Role = "place"


class Drafting:
    """The drafts of one report, and why each mention that carries none was set aside (`reasons`, by its number)."""

    def __init__(self, report: Report, mentions: Sequence[Mention], timexes: Sequence[Timex]) -> None:
        self.mentions = mentions
        self.drafts: list[Draft] = []
        seen = views(report, mentions)
        self._containers = containers(seen)
        self.reasons = {n: r for n, view in enumerate(seen) if (r := self._set_aside(n, view))}
        self._numbers = {id(view): n for n, view in enumerate(seen) if view}
        inside = frozenset(i for i, n in self._numbers.items() if self.reasons.get(n) == "country_container")
        self._scenes = scenes(report, seen, inside, timexes)
        self._running = Running()

    def draw(self) -> list[Draft]:
        """All drafts of the report, each happening of a place once a sentence."""
        for scene in self._scenes:
            self._running.tell(scene)
            for view in scene.views if scene.sentence.part != "label" else ():
                self._place(scene, view)
        self._dateline()
        stories = list(self.drafts)
        for scene, told in pairwise(self._scenes):
            for view in scene.views if scene.sentence.part == "label" else ():
                self._label(view, told, stories)
        for before, after in pairwise((None, *self._scenes)):
            self._refer_back(after)
            self._place_alone(before, after)
            self._occurred(before, after)
        self._absorb()
        _settle(self.drafts)
        _date_headlines(self.drafts, self._scenes)
        _date_effects(self.drafts, self._running.causes)
        self._date_by_what_follows()
        self._join_containers()
        return self.drafts + self._asides()

    def _set_aside(self, number: int, view: View | None) -> str:
        """Why a mention cannot carry a happening, "" where it may."""
        mention = self.mentions[number]
        if mention.role == "demonym":
            return "demonym"
        if view is None or view.place is None:
            return "background" if mention.place else "unresolved"
        if number in self._containers:
            return "country_container"
        if mention.role not in {None, "place"}:
            return str(mention.role)
        return "too_wide" if view.wide and view.level != "country" else ""

    def _place(self, scene: Scene, view: View) -> None:
        number = self._numbers[id(view)]
        place = view.place
        if number in self.reasons or place is None:
            return
        kind = kind_for(scene, view)
        town = self._town_in(scene, view)
        if kind is None:
            self.reasons[number] = "no_event"
        elif town is not None and town.place is not None:
            self._containers[number] = self._numbers[id(town)]
            self.reasons[number] = "country_container"
            self._add(scene, town, town.place, kind)
        else:
            self._add(scene, view, place, kind)
            other = also_meant(view.mention, view.words, view.first)
            if other is not None:
                self._add(scene, view, other, kind)

    def _town_in(self, scene: Scene, view: View) -> View | None:
        """The town that "the city in the X region" means, named in a sentence before."""
        opening = [w for w in view.words[max(0, view.first - _TOWN_WORDS) : view.first] if w != "the"]
        if opening[-1:] != ["in"] or _LEVEL_OF.get("".join(opening[-2:-1])) != "point" or view.level == "point":
            return None
        if view.word(view.first - len(opening)) == "a":
            return None
        held = [v for v in self._told_before(scene) if v.level == "point" and v.place and view.place]
        free = [v for v in held if not leads_to(self._containers, self._numbers[id(v)], self._numbers[id(view)])]
        return next((v for v in reversed(free) if v.place and view.place and _within(v.place, view.place)), None)

    def _add(self, scene: Scene, view: View, place: Place, kind: Kind) -> None:
        """One more draft, or one more mention of a draft of the same sentence, place and type."""
        number = self._numbers[id(view)]
        self.reasons.pop(number, None)
        for draft in self.drafts:
            if draft.scene is scene and draft.place.place_id == place.place_id and draft.kind.type == kind.type:
                draft.numbers.append(number)
                return
        mode = scene.modality(kind)
        if kind.type == "control" and mode != "denied" and _is_attempt(scene, kind):
            kind, mode = replace(kind, type="fighting", subtype=""), "actual"
        days, mode = days_of(scene, view, kind, mode, self._running)
        self._led_up(scene, view, place, kind, days)
        if mode == "actual" and (_is_old(scene, days) or (days.last_day is None and is_history(scene, kind))):
            self.reasons[number] = "background"
            return
        self.drafts.append(Draft(place, kind, scene, mode, days, [number]))

    def _led_up(self, scene: Scene, view: View, place: Place, kind: Kind, days: Days) -> None:
        """What led to it on a day of its own: "searched the mall in X, which burned down after a strike on Monday"."""
        for cause in scene.triggers:
            clause = scene.clause_of(cause)
            if cause.type not in _LEADS or cause.score < STRONG or cause.type == kind.type or clause.opener == "":
                continue
            if clause.first < view.last or any(v.clause == clause and v.level != "country" for v in scene.views):
                continue
            then = own_day(scene, cause)
            if then and days.first_day and then.last_day and then.last_day < days.first_day:
                told = [d for d in self.drafts if d.place == place and d.kind.type == cause.type and d.scene.heads]
                if any(d.days == then for d in told):
                    return
                self.drafts.append(Draft(place, cause, scene, "actual", then, [self._numbers[id(view)]]))
                return

    # -- names that stand apart from what happened there --------------------------------------------------------------

    def _dateline(self) -> None:
        """A dateline is where the report's first happening was, if that has no other place."""
        for number, scene in enumerate(self._scenes):
            view = next((v for v in scene.views if v.first == 0 and is_dateline(v)), None)
            if view is None:
                continue
            lead = self._lead(number)
            kind = lead and (lead.main() or kinds.choose(lead.triggers))
            place = view.place
            if lead and kind and kind.names_it and place and not self._placed(lead, kind):
                self._add(lead, view, place, kind)
            return

    def _label(self, view: View, told: Scene, stories: Sequence[Draft]) -> None:
        """A label before a headline is its scene, if its story has no finer one: "Explosions in X: A depot burns"."""
        number, place = self._numbers[id(view)], view.place
        if number in self.reasons or place is None:
            return
        same = next((d for d in self.drafts if _within(d.place, place)), None)
        kind = kinds.choose(k for k in told.triggers if roles.modality(told.sentence, told.at(k)) == "actual")
        if same is not None:
            same.numbers.append(number)
        elif kind is None or not kind.names_it or any(_at_least_as_fine(d.place, place) for d in stories):
            self.reasons[number] = "heading"
        else:
            self._add(told, view, place, settled(told, kind))

    def _lead(self, dateline: int) -> Scene | None:
        """The sentence that the dateline opens: the same one, or the next where the dateline stands alone."""
        alone = len(self._scenes[dateline].sentence.tokens) <= _SHORT
        rest = self._scenes[dateline + alone :]
        return next((s for s in rest if len(s.sentence.tokens) >= _MIN_LEAD), None)

    def _placed(self, lead: Scene, kind: Kind) -> bool:
        """Whether the lead has a scene of its own: a place, a state that acts, or the next sentences name it."""
        own = any(self._is_scene(v) for v in lead.views if not is_dateline(v))
        return own or any(_places_better(d, lead, kind) for d in self.drafts)

    def _is_scene(self, view: View) -> bool:
        reason = self.reasons.get(self._numbers[id(view)])
        return (reason is None and view.level != "country") or (reason == "actor" and _acts(view))

    def _refer_back(self, scene: Scene | None) -> None:
        """Find where "the city" is, after a name that stood for something else: "X's mayor said ... shelling of it"."""
        kind = scene and kinds.choose(k for k in scene.triggers if k.score >= STRONG)
        if (
            not scene
            or not kind
            or scene.sentence.part not in {"body", "title"}
            or any(d.scene is scene for d in self.drafts)
        ):
            return
        noun = _common_noun(scene)
        if not noun:
            return
        earlier = [*self._told_before(scene), *(v for v in scene.views if v.first < noun)]
        free = [
            v
            for v in earlier
            if (not v.seat or v.word(v.after()) == "mayor") and self.reasons.get(self._numbers[id(v)]) == "actor"
        ]
        level = _LEVEL_OF[scene.sentence.words[noun]]
        place = _of_level(free[-1], level) if free else None
        if place is not None:
            self._add(scene, free[-1], place, settled(scene, kind))
        else:
            self._again(scene, settled(scene, kind), level)

    def _told_before(self, scene: Scene) -> list[View]:
        """The names in the sentences just before, to which "the city" may refer."""
        return [v for s in self._scenes if 0 < scene.number - s.number <= _NEAR_BACK for v in s.views]

    def _again(self, scene: Scene, kind: Kind, level: str) -> None:
        """One more happening in "the city" of which the sentences before told another, if it has a day of its own."""
        before = self._told_before(scene)
        meant = [v for v in before if v.level == level and not v.seat and self._numbers[id(v)] not in self._containers]
        own = [d for d in scene.dated if scene.sentence.clause(d.index) == scene.clause_of(kind) and not d.said]
        acting = all(self.reasons.get(self._numbers[id(v)]) in _NO_SCENE for v in scene.views)
        told = own and acting and roles.modality(scene.sentence, scene.at(kind)) == "actual"
        if told and len({v.place.place_id for v in meant if v.place}) == 1 and meant[-1].place is not None:
            self._add(scene, meant[-1], meant[-1].place, kind)

    def _place_alone(self, before: Scene | None, scene: Scene | None) -> None:
        """A sentence that is only a place says where the one before was: "A bomb explodes. Location, Birmingham."."""
        if before is None or scene is None:
            return
        kind = kinds.choose(before.triggers)
        short = not scene.triggers and _is_place_only(scene) and before.sentence.part == "body"
        if not short or kind is None or not kind.names_it or any(d.scene is before for d in self.drafts):
            return
        view = next((v for v in scene.views if self.reasons.get(self._numbers[id(v)]) == "no_event"), None)
        if view is not None and view.place is not None and not is_dateline(view):
            self._add(before, view, view.place, kind)

    def _occurred(self, before: Scene | None, scene: Scene | None) -> None:
        """Place what the sentence before told by one that says where it was: "The attack occurred at a shop in X"."""
        if before is None or scene is None or scene.sentence.part != "body":
            return
        happened = next((i for i, word in enumerate(scene.sentence.words) if among("occurring", word)), None)
        clause = happened and scene.sentence.clause(happened)
        kind = kinds.choose(before.triggers)
        told = clause and roles.modality(scene.sentence, happened or 0) == "actual"
        if not told or kind is None or not kind.names_it or any(d.scene is scene for d in self.drafts):
            return
        for view in scene.views:
            number = self._numbers[id(view)]
            if self.reasons.get(number) == "no_event" and view.place and view.clause == clause:
                own = [d.days for d in scene.dated if not d.said]
                days = own[0] if own else published_days(scene.report.published_day)
                self.reasons.pop(number)
                self.drafts.append(Draft(view.place, settled(before, kind), scene, "actual", days, [number]))
                return

    # -- what is told twice -------------------------------------------------------------------------------------------

    def _absorb(self) -> None:
        """Drop what only repeats a finer draft: a region that a town of it tells better."""
        kept: list[Draft] = []
        for draft in self.drafts:
            finer = next((d for d in self.drafts if d is not draft and _tells_better(d, draft)), None)
            finer = finer or next((d for d in kept if _tells_plainly(d, draft)), None)
            if finer is None:
                kept.append(draft)
            else:
                finer.numbers += draft.numbers
                if finer.days.basis == "published" and draft.days.basis in {"stated", "relative"}:
                    finer.days = draft.days
        self.drafts = kept

    def _date_by_what_follows(self) -> None:
        """Date what is told without a day by a later sentence on it: "Strike on X. ... The mall was hit on Friday"."""
        for draft in self.drafts:
            if draft.days.basis != "published" or draft.modality != "actual" or not draft.scene.heads:
                continue
            days = next((d for s in self._scenes if (d := self._retold_days(draft, s))), None)
            same = any(d is not draft and d.place == draft.place and d.days == days for d in self.drafts)
            if days and not same:
                draft.days = days

    def _retold_days(self, draft: Draft, scene: Scene) -> Days | None:
        """The days on which a later sentence that names no place says that the same happened."""
        if scene.sentence.part != "body" or not draft.scene.number < scene.number <= _NEAR_LEAD + 1:
            return None
        placed = any(v.level != "country" and self.reasons.get(self._numbers[id(v)]) != "actor" for v in scene.views)
        kind = None if placed else kinds.choose(k for k in scene.triggers if _retells_kind(draft.kind, k))
        if not placed and draft.kind.type in _CALLED_FOR and not scene.triggers:
            return _day_of_the_call(scene)
        if kind is None or scene.clause_of(kind).opener in AFTER:
            return None
        return own_day(scene, kind)

    def _join_containers(self) -> None:
        """Each container joins the claim at the place that it holds."""
        holder = {n: draft for draft in self.drafts for n in draft.numbers}
        for container, held in self._containers.items():
            inner = held
            while inner in self._containers and inner not in holder:
                inner = self._containers[inner]
            if inner in holder and self.reasons.get(container) == "country_container":
                holder[inner].numbers.append(container)

    # -- what is shown on demand --------------------------------------------------------------------------------------

    def _asides(self) -> list[Draft]:
        """Statements made at a place, and what is only told as history: drafts apart from all others.

        A name that is background by itself (a landmark, "a town north of X") places nothing.
        """
        found: list[Draft] = []
        for scene in self._scenes:
            for view in scene.views:
                number = self._numbers[id(view)]
                role = _ASIDE.get(self.reasons.get(number, ""))
                if role is None or view.place is None or self.mentions[number].role == "background":
                    continue
                draft = _aside(scene, view, view.place, role)
                if draft is None:
                    continue
                same = next((d for d in found if _one_aside(d, draft)), draft)
                if same is draft:
                    found.append(draft)
                same.numbers.append(number)
                del self.reasons[number]
        return found


def _one_aside(a: Draft, b: Draft) -> bool:
    return a.scene is b.scene and (a.place, a.kind, a.role) == (b.place, b.kind, b.role)


def _aside(scene: Scene, view: View, place: Place, role: Role) -> Draft | None:
    """What was said at a place, or its history, if a word tells it; on days of its own, or on none."""
    kind = _statement(scene, view) if role == "said" else kind_for(scene, view)
    if kind is None:
        return None
    if role == "said":
        by = scene.report.published_day or date.max
        past = (d.days for d in scene.dated if d.said and (d.days.last_day or date.min) <= by)
        days = next(past, None) or published_days(scene.report.published_day)
        return Draft(place, kind, scene, "actual", days, role=role)
    days, mode = days_of(scene, view, kind, scene.modality(kind), Running())
    return Draft(place, kind, scene, mode, Days() if days.basis == "published" else days, role=role)


def _statement(scene: Scene, view: View) -> Kind | None:
    """The word of saying in the clause of the name, or before it in its sentence; None for a dateline."""
    if is_dateline(view):
        return None
    tokens = scene.sentence.tokens
    near = (*tokens[view.clause.first : view.clause.last], *tokens[: view.first])
    said = next((token for token in near if among("saying", token.lower)), None)
    if said is None:
        return None
    return Kind(type="other", subtype="statement", trigger=said.lower, start=said.start, end=said.end, score=STRONG)


def _is_old(scene: Scene, days: Days) -> bool:
    """Whether the body of a report tells of a year or more before it: background, not news."""
    last, published = days.last_day, scene.report.published_day
    return not scene.heads and last is not None and published is not None and published - last > _OLD


def _is_place_only(scene: Scene) -> bool:
    """Whether a sentence is nothing but a place: "Location, Birmingham, Alabama."."""
    words = [t for t in scene.sentence.tokens if t.lower.isalpha()]
    named = all(t.capital or t.lower in {"in", "at", "near", "the", "of"} for t in words)
    return named and len(scene.sentence.tokens) <= _SHORT


def _is_attempt(scene: Scene, kind: Kind) -> bool:
    """Whether a place is only fought for: "efforts to capture", "trying to take"."""
    at = scene.at(kind)
    before = scene.sentence.words[max(scene.clause_of(kind).first, at - _ATTEMPT_REACH) : at]
    tried = next((i for i, word in enumerate(before) if among("attempts", word)), -1)
    tries = tried >= 0 and not any(among("will", word) for word in before[:tried])
    return tries and scene.sentence.words[at] in lexicons.words("roles", "taking")


def _places_better(draft: Draft, lead: Scene, kind: Kind) -> bool:
    """Whether a draft places the lead's own happening better than the dateline would."""
    near = 0 <= draft.scene.number - lead.number <= _NEAR_LEAD and draft.place.level != "country"
    return near and draft.modality == "actual" and draft.kind.type == kind.type != "other"


def _acts(view: View) -> bool:
    """Whether the name is the subject of its clause, not a modifier of one ("U.S. Surgeon General")."""
    after = view.after()
    return view.clause.first == view.first and after < len(view.words) and not view.sentence.tokens[after].capital


def _common_noun(scene: Scene) -> int:
    """The index of "city" in "the city", which stands for a name, 0 where there is none."""
    words = scene.sentence.words
    found = (i for i in range(1, len(words)) if words[i] in _LEVEL_OF and words[i - 1] == "the")
    return next((i for i in found if words[i + 1 : i + 2] != ("of",)), 0)


def _of_level(view: View, level: str) -> Place | None:
    """What the name means at this level: its place, or the best of the other candidates of the same country."""
    if view.place is None or view.place.level == level:
        return view.place
    country = view.place.country
    others = (c.place for c in view.mention.runners_up)
    return next((place for place in others if place.level == level and place.country == country), None)


def _day_of_the_call(scene: Scene) -> Days | None:
    """The day on which help was called: "The police received the call on Sunday"."""
    words = scene.sentence.words
    called = any(among("calling", a) and among("calls", b) for a, b in pairwise(w for w in words if w != "the"))
    own = [d.days for d in scene.dated if not d.said and d.days.first_day == d.days.last_day]
    return own[0] if called and own else None


def _tells_plainly(told: Draft, vague: Draft) -> bool:
    """Whether an earlier draft names the happening of which this one only tells a consequence at the same place."""
    same = told.place.place_id == vague.place.place_id and told.modality == vague.modality == "actual"
    later = vague.days.basis == "published" or vague.days == told.days
    dead = not vague.kind.names_it and vague.kind.type in _EFFECTS
    return same and later and dead and told.kind.names_it and told.kind.type in _HARM


def _tells_better(fine: Draft, coarse: Draft) -> bool:
    then = coarse.days.basis == "published" or fine.days == coarse.days
    family = {fine.kind.type, coarse.kind.type} <= _ASSAULT and then and fine.scene.heads
    same = fine.modality == coarse.modality and (fine.kind.type == coarse.kind.type or family)
    return (
        same
        and coarse.scene.heads
        and fine.place.place_id != coarse.place.place_id
        and _within(fine.place, coarse.place)
    )


def _within(fine: Place, coarse: Place) -> bool:
    return fine.place_id == coarse.place_id or coarse.place_id in fine.parents


def _retells_kind(told: Kind, kind: Kind) -> bool:
    """Whether a trigger may tell of the same happening: "strike on X", "the station was hit"."""
    return kind.type == told.type and kind.score > 1 and told.type in _ONCE


_EFFECTS: Final = frozenset({"violence", "fighting", "other"})
_HARM: Final = frozenset({"violence", "fighting", "strike", "explosion", "damage", "disaster", "arrest"})
_ASSAULT: Final = frozenset({"fighting", "strike"})
_CALLED_FOR: Final = frozenset({"violence", "explosion", "damage", "disaster", "other"})
_TOLD: Final = frozenset({"", "that"})  # openers of clauses that tell the news
_LEADS: Final = frozenset({"strike", "explosion", "disaster", "control"})
_ONCE: Final = frozenset({"strike", "explosion", "damage"})


def _at_least_as_fine(one: Place, other: Place) -> bool:
    """Whether a place is told as finely as another: a label's town goes before "the south of the country"."""
    return one.level != "country" and LEVELS.index(one.level) <= max(LEVELS.index(other.level), LEVELS.index("admin1"))


def _settle(drafts: Sequence[Draft]) -> None:
    """Give headline and lead one type where both tell of one place: the heavier trigger's."""
    for draft in drafts:
        if draft.scene.sentence.part == "title":
            other = next((d for d in drafts if _retells(d, draft)), None)
            if other is not None:
                best = draft.kind if draft.kind.score > other.kind.score else other.kind
                draft.kind = replace(best, start=draft.kind.start, end=draft.kind.end)
                other.kind = replace(best, start=other.kind.start, end=other.kind.end)


def _retells(lead: Draft, title: Draft) -> bool:
    """Whether the lead tells what the headline says of a place."""
    same = lead.place.place_id == title.place.place_id and lead.modality == title.modality
    return same and 0 < lead.scene.number <= LEAD


def _date_headlines(drafts: Sequence[Draft], scenes: Sequence[Scene]) -> None:
    """Give a headline that tells no day the lead's days, also where the lead itself names no place."""
    told = [d for d in drafts if d.scene.number == 1]
    leads = (s for s in scenes if s.number == 1)
    counted = next((k for s in leads for k in s.triggers if totals(s, k) and s.clause_of(k).opener in _TOLD), None)
    days = next((d.days for d in told if d.days.basis in {"stated", "relative"} and d.modality == "actual"), None)
    if not told:
        lead = next((s for s in scenes if s.number == 1), None)
        kind = lead and kinds.choose(lead.triggers)
        days = own_day(lead, kind) if lead and kind else None
    for draft in drafts:
        heads = draft.scene.sentence.part == "title" and draft.days.basis == "published"
        if heads and counted and draft.kind.type == counted.type:
            draft.days = Days()
        elif heads and days and draft.modality == "actual":
            draft.days = days


def _date_effects(drafts: Sequence[Draft], causes: Mapping[str, Days]) -> None:
    """Give what a disaster or an explosion did its days, where none are told."""
    told = dict(causes)
    for draft in drafts:
        if draft.kind.type in {"disaster", "explosion"} and draft.modality == "actual":
            if draft.days.basis in {"stated", "relative"}:
                told.setdefault(draft.kind.type, draft.days)
            elif draft.days.basis == "published":
                draft.days = told.get(draft.kind.type, draft.days)
