"""What a report says happened where, on which days: its placed mentions to claims, and every other one to a skip.

For each place name that a happening may hang on: the trigger that governs it gives the type, the expression nearest to
that trigger the days (same clause, sentence, running day of the paragraph, day of publication), the words before it
the modality. A day told of a saying ("said on Monday") dates the deed only where nothing else does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from geo import counts, kinds, lexicons, roles
from geo.clauses import Clause, Sentence, read
from geo.kinds import Kind
from geo.records import Claim, Days, Mention, Modality, Place, Report, Skip, Span, Timex
from geo.roles import View

SKIP_REASONS: Final[Mapping[str, str]] = {
    "unresolved": "no place of that name could be told",
    "demonym": "names a people or a language, not a place",
    "actor": "stands for a government, a body or its people",
    "said": "is where something was said, not where something happened",
    "origin": "is where somebody or something came from",
    "target": "is what something was meant for, not where it happened",
    "background": "is told as history, as a landmark or as part of the page",
    "too_wide": "is a continent or another great part of the world, too wide for a pin",
    "no_event": "nothing is said to have happened there",
    "heading": "stands in a heading; the story names the place itself",
    "country_container": "only says in which country or region another place lies",
    "not_english": "the report is not in English",
}
_STRONG: Final = 3.0  # the weight of words that name the happening
_LEVEL_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("city", "town", "village", "port", "settlement"), "point"),
    **dict.fromkeys(("region", "oblast", "province", "state"), "admin1"),
}
_LIKELY: Final = 0.75
_POSSIBLE: Final = 0.45
_STATE: Final = 0.6  # the weight of a participle that only describes: "in besieged Mariupol"
_NOT_TOLD: Final = 0.5  # what the weight of a plan, a denial or a supposition counts beside a deed
_VAGUE: Final = 0.5  # the weight of a verb that tells little: "opened", "held"
_LEAD: Final = 2  # sentences of the text in which also a vague verb tells the news
_EXPLAINS_REACH: Final = 6  # words between "destroyed in" and what destroyed it
_NEAR_LEAD: Final = 3  # sentences after the lead in which its happening may be placed better
_RUNNING: Final = 2  # sentences for which a paragraph's day runs on
_SAID_LEFT: Final = 5  # words between a verb of saying and the day that belongs to it
_SAID_RIGHT: Final = 3
_BACK_OPENERS: Final = frozenset({"since", "which", "who", "whom", "whose", "where", "when", "before", "until"})
_AFTER: Final = frozenset({"after", "following"})
_CLAUSES_OFF: Final = 2  # clauses further off tell other things
_SCENIC: Final = frozenset({"where", "as", "while", "when"})  # clauses that place the main one
_ABOUT_NAME: Final = frozenset({"which", "where"})  # clauses that tell of the name just before them
_BESIDE_NAME: Final = 5  # words between a name and the clause that tells of it ("Mariupol in the south, which")
_REACTION: Final = frozenset({"arrest", "diplomacy", "other", "protest"})


def likelihood(confidence: float) -> str:
    """The plain word for a confidence: likely, possible or doubtful."""
    if confidence >= _LIKELY:
        return "likely"
    return "possible" if confidence >= _POSSIBLE else "doubtful"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date expression in its sentence: days, the token at which it starts, and whether it dates a saying."""

    timex: Timex
    days: Days
    index: int
    said: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with all that is needed to read happenings from it."""

    report: Report
    sentence: Sentence
    number: int
    triggers: tuple[Kind, ...]
    dated: tuple[Dated, ...]
    views: tuple[View, ...]
    war: bool = False

    @property
    def text(self) -> str:
        """The field of the report in which it stands."""
        return self.report.field(self.sentence.field)

    def clause_of(self, kind: Kind) -> Clause:
        """The clause in which the trigger starts."""
        return self.sentence.clause(self.sentence.index(kind.start))


@dataclass(slots=True)
class _Draft:
    """A claim in the making, with the mentions that it rests on by number."""

    place: Place
    kind: Kind
    scene: Scene
    modality: Modality
    days: Days
    numbers: list[int] = field(default_factory=list)


def make(report: Report, mentions: Sequence[Mention], timexes: Sequence[Timex]) -> tuple[list[Claim], list[Skip]]:
    """The claims of a report in reading order, and the skips; every mention stands in exactly one of either."""
    inside = roles.containers(report, mentions)
    seen = roles.views(report, mentions)
    reasons = {n: reason for n, view in enumerate(seen) if (reason := _set_aside(mentions[n], view, n in inside))}
    scenes = _scenes(report, seen, timexes)
    drafts = _drafts(scenes, mentions, seen, reasons)
    drafts = _dated_as_lead(_settled(_absorbed(drafts)))
    _join_containers(drafts, inside, reasons)
    held = {n for draft in drafts for n in draft.numbers}
    claims = [_claim(report, mentions, draft) for draft in drafts]
    skips = [
        Skip(mention=mention, reason=reasons.get(n, "no_event")) for n, mention in enumerate(mentions) if n not in held
    ]
    return _unique(claims), skips


def _set_aside(mention: Mention, view: View | None, container: bool) -> str:  # noqa: FBT001 - a fact, not an option
    """Why a mention cannot carry a happening, "" where it may."""
    if mention.role == "demonym":
        return "demonym"
    if mention.place is None:
        return "unresolved"
    if view is None:
        return "background"
    if container:
        return "country_container"
    if mention.role in {None, "place"}:
        return "too_wide" if view.wide and view.level != "country" else ""
    return str(mention.role)


def _scenes(report: Report, seen: Sequence[View | None], timexes: Sequence[Timex]) -> list[Scene]:
    scenes = []
    bodies = 0
    for sentence in read(report):
        bodies += sentence.part == "body"
        here = tuple(v for v in seen if v and v.sentence is sentence)
        dated = tuple(
            d
            for t in timexes
            if t.field == sentence.field and sentence.start <= t.start < sentence.end and (d := _dated(sentence, t))
        )
        triggers = (
            tuple(kinds.find(report.field(sentence.field), sentence.tokens)) if sentence.part != "furniture" else ()
        )
        scenes.append(Scene(report, sentence, bodies if sentence.part == "body" else 0, triggers, dated, here))
    words = (word for scene in scenes if scene.sentence.part != "furniture" for word in scene.sentence.words)
    war = kinds.is_war((k for scene in scenes for k in scene.triggers), words)
    return [replace(scene, war=war) for scene in scenes]


def _dated(sentence: Sentence, timex: Timex) -> Dated | None:
    if timex.days is None or timex.days.first_day is None and timex.days.last_day is None:
        return None
    if timex.type == "SET" or sentence.part in {"furniture", "label"}:
        return None
    index, last = sentence.index(timex.start), sentence.index(timex.end - 1) + 1
    return Dated(timex, timex.days, index, _dates_a_saying(sentence, index, last))


def _dates_a_saying(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a day belongs to a verb of saying: "said on Monday", "the White House on November 12 hailed"."""
    clause = sentence.clause(first)
    saying = lexicons.words("roles", "saying")
    left = sentence.words[max(clause.first, first - _SAID_LEFT) : first]
    right = sentence.words[last : min(clause.last, last + _SAID_RIGHT)]
    return not saying.isdisjoint(left) or not saying.isdisjoint(right)


def _drafts(
    scenes: Sequence[Scene], mentions: Sequence[Mention], seen: Sequence[View | None], reasons: dict[int, str]
) -> list[_Draft]:
    inside = {id(view) for n, view in enumerate(seen) if reasons.get(n) == "country_container"}
    numbers = {id(view): n for n, view in enumerate(seen) if view}
    drafts: list[_Draft] = []
    running = _Running()
    for scene in scenes:
        running.tell(scene)
        for view in scene.views:
            number = numbers[id(view)]
            place = mentions[number].place
            if number in reasons or place is None:
                continue
            kind = _kind_for(scene, view, inside)
            if kind is None:
                reasons[number] = "no_event"
                continue
            _add(drafts, scene, view, place, kind, running, number)
    _datelines(scenes, mentions, numbers, drafts, reasons, running)
    for before, scene in zip(scenes, scenes[1:], strict=False):
        _anaphora(before, scene, numbers, drafts, reasons, running)
    return drafts


def _add(
    drafts: list[_Draft], scene: Scene, view: View, place: Place, kind: Kind, running: _Running, number: int
) -> None:
    """One more draft, or one more mention of a draft of the same sentence, place and type."""
    for draft in drafts:
        if draft.scene is scene and draft.place.place_id == place.place_id and draft.kind.type == kind.type:
            draft.numbers.append(number)
            return
    mode = roles.modality(scene.sentence, scene.sentence.index(kind.start))
    if kind.type == "control" and mode != "denied" and _is_attempt(scene, kind):
        kind, mode = replace(kind, type="fighting", subtype=""), "actual"
    days, mode = _days(scene, view, kind, mode, running)
    drafts.append(_Draft(place, kind, scene, mode, days, [number]))


def _is_attempt(scene: Scene, kind: Kind) -> bool:
    """Whether a place is only fought for: "efforts to capture", "its push for full control of"."""
    at = scene.sentence.index(kind.start)
    before = scene.sentence.words[max(scene.clause_of(kind).first, at - 4) : at]
    tries = not lexicons.words("roles", "attempts").isdisjoint(before)
    return tries and scene.sentence.tokens[at].lower in lexicons.words("roles", "taking")


# --- which happening -------------------------------------------------------------------------------------------------


def _kind_for(scene: Scene, view: View, inside: Collection[int]) -> Kind | None:
    """The happening that the place name hangs on, None where there is none."""
    ranked = [(score, k) for k in scene.triggers if (score := _fit(scene, view, k, inside)) > 0]
    if not ranked:
        return None
    best = kinds.settle(max(ranked, key=lambda pair: (pair[0], -pair[1].start))[1], scene.triggers, war=scene.war)
    if best.score <= _VAGUE and not (scene.sentence.part == "title" or 0 < scene.number <= _LEAD):
        return None
    return best


def _fit(scene: Scene, view: View, kind: Kind, inside: Collection[int]) -> float:
    """How well a trigger fits the place name: its weight, less for another clause, more where it governs the name."""
    at = scene.sentence.index(kind.start)
    told = roles.modality(scene.sentence, at) == "actual"
    score = (_STATE if _is_state(scene, at) else kind.score) * (1.0 if told else _NOT_TOLD)
    own, other = view.clause, scene.clause_of(kind)
    if own == other or at < own.first < scene.sentence.index(kind.end - 1) + 1:
        return score + 0.6 * (told and _governs(scene, view, kind) and not _explains(scene, at))
    if any(v.clause == other and v is not view and v.level != "country" and id(v) not in inside for v in scene.views):
        return 0.0
    clauses = scene.sentence.clauses
    distance = abs(clauses.index(own) - clauses.index(other))
    if distance > _CLAUSES_OFF:
        return 0.0
    if own.opener in _SCENIC and other.opener == "":
        return score + 0.1
    if other.opener in _ABOUT_NAME and other.first == own.last and other.first - view.after() <= _BESIDE_NAME:
        return score
    aside = other.opener in _BACK_OPENERS | _AFTER and own.opener not in _BACK_OPENERS | _AFTER
    settled = own.opener == "" and any(k.names_it and scene.clause_of(k) == own for k in scene.triggers)
    return score - (0.2 if own.opener == other.opener == "" else 0.7) * distance - 0.6 * aside - 0.6 * settled


def _explains(scene: Scene, at: int) -> bool:
    """Whether the trigger only explains an earlier one: "rescue work at a school destroyed in the shelling of X"."""
    words = scene.sentence.words[max(0, at - _EXPLAINS_REACH) : at]
    return any(
        w.endswith("ed") and n in {"in", "by", "during"} for w, n in zip(words, words[1:], strict=False)
    ) and any(k.score >= _STRONG and scene.sentence.index(k.start) < at for k in scene.triggers)


def _is_state(scene: Scene, at: int) -> bool:
    """Whether the trigger is a participle before a noun, that tells no news: "in besieged X", "the captured city"."""
    words = scene.sentence.words
    return words[at].endswith("ed") and at > 0 and words[at - 1] in lexicons.words("roles", "before adjectives")


def _governs(scene: Scene, view: View, kind: Kind) -> bool:
    """Whether the name is the object of the trigger: "shelling of X", "a strike on X", "captured X"."""
    at = roles.governor(view)
    if at < 0:
        return False
    tokens = scene.sentence.tokens
    if tokens[at].end == kind.end:
        return True
    return view.word(at) in {"of", "on", "against"} and at > 0 and tokens[at - 1].end == kind.end


# --- on which days ---------------------------------------------------------------------------------------------------


class _Running:
    """The day last told in a paragraph, and for how many sentences it runs on."""

    def __init__(self) -> None:
        self._days: dict[tuple[str, int], tuple[Scene, Days]] = {}

    def tell(self, scene: Scene) -> None:
        """Remember the day that a sentence tells of a happening."""
        deeds = [
            d
            for d in scene.dated
            if not d.said
            and d.days.first_day == d.days.last_day
            and scene.sentence.clause(d.index).opener not in _BACK_OPENERS
        ]
        if deeds and scene.triggers:
            self._days[(scene.sentence.field, scene.sentence.paragraph)] = (scene, deeds[-1].days)

    def at(self, scene: Scene) -> Days | None:
        """The days that run on to this sentence: it tells of the same place, or the day was told of none."""
        told = self._days.get((scene.sentence.field, scene.sentence.paragraph))
        if told is None or scene.sentence.part != "body":
            return None
        before, days = told
        places = {v.mention.place.place_id for v in before.views if v.mention.place and v.mention.role == "place"}
        same = any(v.mention.place and v.mention.place.place_id in places for v in scene.views)
        return days if 0 < scene.number - before.number <= _RUNNING and (same or not places) else None


def _days(scene: Scene, view: View, kind: Kind, mode: Modality, running: _Running) -> tuple[Days, Modality]:
    """The days of a happening, and its modality once they are known."""
    published = scene.report.published_day
    told = _told(scene, kind, view, mode, published)
    if told is None and (days := running.at(scene)) and not _is_history(scene, kind):
        told = days
    if told is not None:
        settled = _mode_on(told, mode, published)
        return _clipped(told, published, settled), settled
    if mode in {"planned", "hypothetical"} or _is_history(scene, kind):
        return Days(), mode
    return published_days(published), mode


def _mode_on(days: Days, mode: Modality, published: date | None) -> Modality:
    """The modality on these days: what was to be on a day that is past has happened, what is to come has not."""
    if published is None or mode == "denied":
        return mode
    if mode == "planned" and days.last_day and days.last_day <= published:
        return "actual"
    return "planned" if days.first_day and days.first_day > published else mode


def published_days(published: date | None) -> Days:
    """The day of publication as the days of a happening that is told without any; unknown where undated."""
    if published is None:
        return Days()
    return Days(first_day=published, last_day=published, basis="published", edtf=published.isoformat())


def _clipped(days: Days, published: date | None, mode: Modality) -> Days:
    """The days without those after publication, for what is told as done."""
    late = published and mode != "planned" and days.last_day and days.last_day > published
    if not late or published is None or days.first_day is None or days.first_day > published:
        return days
    return replace(days, last_day=published)


def _told(scene: Scene, kind: Kind, view: View, mode: Modality, published: date | None) -> Days | None:
    """The days of the expression that belongs to the happening, None where the sentence has none."""
    usable = [d for d in scene.dated if not _ahead(d.days, published) or not _open_ended(scene, d)]
    at = scene.sentence.index(kind.start)
    clause = scene.sentence.clause(at)
    own = [d for d in usable if scene.sentence.clause(d.index) == clause and not (d.said and not _closer(d, at, scene))]
    if own:
        return _hours_after(scene, clause, min(own, key=lambda d: abs(d.index - at)).days)
    if view.clause != clause:
        near = [d for d in usable if scene.sentence.clause(d.index) == view.clause and not d.said]
        if near:
            return near[0].days
    history = _is_history(scene, kind)
    loose = [d for d in usable if not d.said and _shares(scene, d, mode, published)]
    if loose and not history:
        return min(loose, key=lambda d: abs(d.index - at)).days
    said = [d for d in usable if d.said and not _ahead(d.days, published)]
    if _hours_before(scene, clause):
        return _hours_after(scene, clause, said[0].days if said else published_days(published))
    if said and not history:
        return published_days(published) if said[0].days.last_day == published else said[0].days
    return None


def _shares(scene: Scene, dated: Dated, mode: Modality, published: date | None) -> bool:
    """Whether a day told in one clause may be that of a happening told in another."""
    clause = scene.sentence.clause(dated.index)
    if _ahead(dated.days, published) and mode == "actual":
        return False
    if clause.opener in _AFTER and clause.first > 0:
        return scene.sentence.words[clause.first - 1] in lexicons.words("roles", "at once")
    return clause.opener not in _BACK_OPENERS


def _open_ended(scene: Scene, dated: Dated) -> bool:
    """Whether a day is where something only begins or ends: "from August 1", "until Friday"."""
    before = scene.sentence.words[max(0, dated.index - 2) : dated.index]
    return not lexicons.words("roles", "open ended").isdisjoint(before)


def _ahead(days: Days, published: date | None) -> bool:
    first = days.first_day or days.last_day
    return published is not None and first is not None and first > published


def _closer(dated: Dated, at: int, scene: Scene) -> bool:
    """Whether the trigger stands nearer to the day than the verb of saying does."""
    words = scene.sentence.words
    saying = lexicons.words("roles", "saying")
    clause = scene.sentence.clause(dated.index)
    reach = [abs(i - dated.index) for i in range(clause.first, clause.last) if words[i] in saying]
    return bool(reach) and abs(at - dated.index) < min(reach)


def _hours_after(scene: Scene, clause: Clause, days: Days) -> Days:
    """The days of what went before by hours: "spoke hours after ..." reaches back into the night before."""
    if not _hours_before(scene, clause) or days.first_day is None or days.first_day != days.last_day:
        return days
    first = days.first_day - timedelta(days=1)
    return replace(days, first_day=first, basis="relative", edtf=f"{first}/{days.last_day}")


def _hours_before(scene: Scene, clause: Clause) -> bool:
    """Whether the clause, or one that it hangs on, tells of what happened hours before: "spoke hours after ..."."""
    words = scene.sentence.words
    return any(
        c.opener == "after" and c.first > 0 and words[c.first - 1] == "hours"
        for c in scene.sentence.clauses
        if c.first <= clause.first
    )


def _is_history(scene: Scene, kind: Kind) -> bool:
    """Whether a happening is told only to explain another: no day of its own is the day of the news."""
    clause = scene.clause_of(kind)
    words = scene.sentence.words[clause.first : clause.last]
    if clause.opener in _BACK_OPENERS:
        return lexicons.words("roles", "now").isdisjoint(words)
    if clause.opener in _AFTER:
        main = kinds.choose(k for k in scene.triggers if scene.clause_of(k).opener == "")
        return main is not None and main.type in _REACTION and kind.type not in _REACTION
    return False


# --- datelines, doubles, containers ----------------------------------------------------------------------------------


def _datelines(
    scenes: Sequence[Scene],
    mentions: Sequence[Mention],
    numbers: Mapping[int, int],
    drafts: list[_Draft],
    reasons: dict[int, str],
    running: _Running,
) -> None:
    """A dateline is a place where its report's first happening has no other: "CAPE TOWN (AP) -- A man was arrested"."""
    for number, scene in enumerate(scenes):
        view = next((v for v in scene.views if roles.is_dateline(v) and v.first == 0), None)
        if view is None:
            continue
        lead = _lead(scenes, number)
        place = view.mention.place
        kind = lead and (_main(lead) or kinds.choose(lead.triggers))
        if lead and kind and kind.names_it and place and not _has_place(lead, reasons, numbers):
            if not any(_rivals(d, lead, kind) for d in drafts):
                _add(drafts, lead, view, place, kind, running, numbers[id(view)])
                reasons.pop(numbers[id(view)], None)
        return


def _rivals(draft: _Draft, lead: Scene, kind: Kind) -> bool:
    """Whether a draft places the lead's own happening better than the dateline would."""
    near = 0 <= draft.scene.number - lead.number <= _NEAR_LEAD and draft.place.level != "country"
    return near and draft.modality == "actual" and draft.kind.type == kind.type != "other"


def _main(scene: Scene) -> Kind | None:
    """The happening of the sentence's main clause."""
    best = kinds.choose(k for k in scene.triggers if scene.clause_of(k).opener == "")
    return best if best and best.names_it else None


def _lead(scenes: Sequence[Scene], dateline: int) -> Scene | None:
    """The sentence that the dateline opens: the same one, or the next where the dateline stands alone."""
    short = len(scenes[dateline].sentence.tokens) < 10  # noqa: PLR2004 - a dateline by itself
    rest = [s for s in scenes[dateline + short :] if len(s.sentence.tokens) >= 6]  # noqa: PLR2004
    return rest[0] if rest else None


def _has_place(lead: Scene, reasons: Mapping[int, str], numbers: Mapping[int, int]) -> bool:
    """Whether the sentence has a scene of its own: a place, or a state that acts at home."""
    return any(
        numbers[id(v)] not in reasons or (reasons[numbers[id(v)]] == "actor" and _acts(v))
        for v in lead.views
        if not roles.is_dateline(v)
    )


def _acts(view: View) -> bool:
    """Whether the name is the subject of its clause, not a modifier of one ("U.S. Surgeon General")."""
    after = view.after()
    return view.clause.first == view.first and after < len(view.words) and not view.sentence.tokens[after].capital


def _anaphora(
    before: Scene,
    scene: Scene,
    numbers: Mapping[int, int],
    drafts: list[_Draft],
    reasons: dict[int, str],
    running: _Running,
) -> None:
    """ "The city" is a place where a sentence tells of nothing else: "the governor of X said ... shelling of the city"."""
    kind = kinds.choose(k for k in scene.triggers if k.score >= _STRONG)
    if kind is None or scene.sentence.part != "body" or any(d.scene is scene for d in drafts):
        return
    words = scene.sentence.words
    noun = next((i for i in range(1, len(words)) if words[i] in _LEVEL_OF and words[i - 1] == "the"), None)
    earlier = [v for v in before.views + scene.views if v.sentence is not scene.sentence or noun and v.first < noun]
    free = [v for v in earlier if reasons.get(numbers[id(v)]) in {"actor", "said", "target", "background", "no_event"}]
    if noun is None or words[noun + 1 : noun + 2] == ["of"] or not free:
        return
    place = _of_level(free[-1].mention, _LEVEL_OF[words[noun]])
    if place is not None:
        number = numbers[id(free[-1])]
        _add(drafts, scene, free[-1], place, kinds.settle(kind, scene.triggers, war=scene.war), running, number)
        reasons.pop(number)


def _of_level(mention: Mention, level: str) -> Place | None:
    """What the name means at this level: its place, or the best of the other candidates of the same country."""
    if mention.place is None or mention.place.level == level:
        return mention.place
    country = mention.place.country
    return next((c.place for c in mention.runners_up if c.place.level == level and c.place.country == country), None)


def _absorbed(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts without those that only repeat a finer one: a heading, or a region that a town of it tells better."""
    kept = []
    for draft in drafts:
        finer = next((d for d in drafts if d is not draft and _tells_better(d, draft)), None)
        if finer is None:
            kept.append(draft)
        elif finer.place.place_id == draft.place.place_id or draft.place.place_id in finer.place.parents:
            finer.numbers += draft.numbers
    return kept


def _tells_better(fine: _Draft, coarse: _Draft) -> bool:
    if coarse.scene.sentence.part == "label" and fine.scene.sentence.part != "label":
        return fine.place.level != "country"
    heads = coarse.scene.sentence.part == "title" or 0 < coarse.scene.number <= _LEAD
    if not heads or fine.scene.sentence.part == "label":
        return False
    within = coarse.place.place_id in fine.place.parents
    return within and fine.modality == coarse.modality and fine.kind.type == coarse.kind.type


def _settled(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts, with headline and lead of one type where both tell of one place: the heavier trigger gives it."""
    for draft in drafts:
        if draft.scene.sentence.part not in {"title", "label"}:
            continue
        other = next((d for d in drafts if _retells(d, draft)), None)
        if other is not None:
            best = draft.kind if draft.kind.score > other.kind.score else other.kind
            draft.kind = replace(best, start=draft.kind.start, end=draft.kind.end)
            other.kind = replace(best, start=other.kind.start, end=other.kind.end)
    return drafts


def _retells(lead: _Draft, title: _Draft) -> bool:
    """Whether the lead tells what the headline says of a place."""
    same = lead.place.place_id == title.place.place_id and lead.modality == title.modality
    return same and 0 < lead.scene.number <= _LEAD


def _dated_as_lead(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts, with the lead's days for a headline that tells none of its own."""
    lead = next((d for d in drafts if d.scene.number == 1 and d.days.basis in {"stated", "relative"}), None)
    for draft in drafts:
        title = draft.scene.sentence.part in {"title", "label"} and draft.days.basis == "published"
        if title and lead and lead.modality == draft.modality == "actual":
            draft.days = lead.days
    return drafts


def _join_containers(drafts: Iterable[_Draft], inside: Mapping[int, int], reasons: Mapping[int, str]) -> None:
    """Each container joins the claim at the place that it holds."""
    holder = {n: draft for draft in drafts for n in draft.numbers}
    for container, held in inside.items():
        while held in inside and held not in holder:
            held = inside[held]
        draft = holder.get(held)
        if draft is not None and reasons.get(container) == "country_container":
            draft.numbers.append(container)


# --- the claim -------------------------------------------------------------------------------------------------------


def _claim(report: Report, mentions: Sequence[Mention], draft: _Draft) -> Claim:
    sentence = draft.scene.sentence
    text = draft.scene.text[sentence.start : sentence.end]
    quote = Span(field=sentence.field, start=sentence.start, end=sentence.end, text=text)
    parts = (report.report_id, draft.place.place_id, quote.field, quote.start, quote.end, draft.kind.type)
    rest = sorted(draft.numbers[1:])
    return Claim(
        claim_id="c" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:15],
        report_id=report.report_id,
        place=draft.place,
        mentions=tuple(mentions[n] for n in (draft.numbers[0], *rest)),
        days=draft.days,
        type=draft.kind.type,
        subtype=draft.kind.subtype,
        trigger=draft.kind.trigger,
        quote=quote,
        modality=draft.modality,
        confidence=confidence(mentions[draft.numbers[0]], draft.days, draft.kind),
        counts=tuple(counts.find(text)),
        said_by=counts.said_by(text),
    )


def _unique(claims: Iterable[Claim]) -> list[Claim]:
    """The claims in reading order, those of one id joined."""
    found: dict[str, Claim] = {}
    for claim in claims:
        same = found.get(claim.claim_id)
        found[claim.claim_id] = replace(same, mentions=same.mentions + claim.mentions) if same else claim
    return sorted(found.values(), key=lambda c: (c.quote.field != "title", c.quote.start, c.mentions[0].start))


_BASIS: Final = {"stated": 1.0, "relative": 1.0, "published": 0.9, "none": 0.6}


def confidence(mention: Mention, days: Days, kind: Kind) -> float:
    """How likely a claim is right, 0 to 1: its place, the basis of its days, and how plainly its words tell the type."""
    place = mention.confidence if mention.confidence is not None else 0.6
    plain = 0.95 if kind.names_it else 0.75
    return round(place * _BASIS[days.basis] * plain, 4)
