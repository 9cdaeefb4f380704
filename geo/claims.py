"""What a report says happened where, on which days: its placed mentions to claims, and every other one to a skip.

For each place name that a happening may hang on: the trigger that governs it gives the type, the expression nearest to
that trigger the days (same clause, sentence, running day of the paragraph, day of publication), the words before it
the modality. A day told of a saying ("said on Monday") dates the deed only where nothing else does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
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
    "no_event": "nothing is said to have happened there",
    "heading": "stands in a heading; the story names the place itself",
    "country_container": "only says in which country or region another place lies",
    "not_english": "the report is not in English",
}
_LIKELY: Final = 0.75
_POSSIBLE: Final = 0.45
_VAGUE: Final = 0.5  # the weight of a verb that tells little: "opened", "held"
_LEAD: Final = 2  # sentences of the text in which also a vague verb tells the news
_RUNNING: Final = 2  # sentences for which a paragraph's day runs on
_SAID_LEFT: Final = 5  # words between a verb of saying and the day that belongs to it
_SAID_RIGHT: Final = 3
_BACK_OPENERS: Final = frozenset({"since", "which", "who", "whom", "whose", "where", "when", "before", "until"})
_AFTER: Final = frozenset({"after", "following"})
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
    drafts = _settled(_absorbed(drafts))
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
    return "" if mention.role in {None, "place"} else str(mention.role)


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
    return scenes


def _dated(sentence: Sentence, timex: Timex) -> Dated | None:
    if timex.days is None or timex.days.first_day is None and timex.days.last_day is None:
        return None
    if timex.type in {"DURATION", "SET"}:
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
    numbers = {id(view): n for n, view in enumerate(seen) if view}
    drafts: list[_Draft] = []
    running = _Running()
    for scene in scenes:
        for view in scene.views:
            number = numbers[id(view)]
            place = mentions[number].place
            if number in reasons or place is None:
                continue
            kind = _kind_for(scene, view)
            if kind is None:
                reasons[number] = "no_event"
                continue
            _add(drafts, scene, view, place, kind, running, number)
    _datelines(scenes, mentions, numbers, drafts, reasons, running)
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
    days, mode = _days(scene, view, kind, mode, running)
    drafts.append(_Draft(place, kind, scene, mode, days, [number]))


# --- which happening -------------------------------------------------------------------------------------------------


def _kind_for(scene: Scene, view: View) -> Kind | None:
    """The happening that the place name hangs on, None where there is none."""
    ranked = [(score, k) for k in scene.triggers if (score := _fit(scene, view, k)) > 0]
    if not ranked:
        return None
    best = max(ranked, key=lambda pair: (pair[0], -pair[1].start))[1]
    best = kinds.settle(best, scene.triggers)
    if best.score <= _VAGUE and not (scene.sentence.part == "title" or 0 < scene.number <= _LEAD):
        return None
    return best


def _fit(scene: Scene, view: View, kind: Kind) -> float:
    """How well a trigger fits the place name: its weight, less for another clause, more where it governs the name."""
    score = kind.score
    if scene.sentence.part == "label":
        score -= 0.1
    own, other = view.clause, scene.clause_of(kind)
    if own == other:
        return score + 0.6 * _governs(scene, view, kind)
    if any(v.clause == other and v is not view and v.level != "country" for v in scene.views):
        return 0.0
    clauses = scene.sentence.clauses
    distance = abs(clauses.index(own) - clauses.index(other))
    return score - 0.7 * distance if distance <= 2 else 0.0  # noqa: PLR2004 - clauses further off tell other things


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
        self._days: dict[tuple[str, int], tuple[int, Days]] = {}

    def told(self, scene: Scene, days: Days) -> None:
        """Remember the days of a happening of this paragraph."""
        self._days[(scene.sentence.field, scene.sentence.paragraph)] = (scene.number, days)

    def at(self, scene: Scene) -> Days | None:
        """The days that run on to this sentence."""
        number, days = self._days.get((scene.sentence.field, scene.sentence.paragraph), (-9, None))
        return days if days and 0 < scene.number - number <= _RUNNING else None


def _days(scene: Scene, view: View, kind: Kind, mode: Modality, running: _Running) -> tuple[Days, Modality]:
    """The days of a happening, and its modality once they are known."""
    published = scene.report.published_day
    told = _told(scene, kind, view, mode, published)
    if told is not None:
        running.told(scene, told)
        settled = "actual" if mode == "planned" and published and told.last_day and told.last_day <= published else mode
        return _clipped(told, published, settled), settled
    if mode in {"planned", "hypothetical"} or _is_history(scene, kind):
        return Days(), mode
    if (days := running.at(scene)) and scene.sentence.part == "body":
        return _clipped(days, published, mode), mode
    return published_days(published), mode


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
    usable = [d for d in scene.dated if mode != "actual" or not _ahead(d.days, published)]
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
    loose = [d for d in usable if not d.said and scene.sentence.clause(d.index).opener not in _BACK_OPENERS | _AFTER]
    if loose and not history:
        return min(loose, key=lambda d: abs(d.index - at)).days
    said = [d for d in usable if d.said]
    if said and not history:
        return _hours_after(scene, clause, said[0].days)
    return None


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
    before = scene.sentence.words[max(0, clause.first - 2) : clause.first]
    if clause.opener != "after" or "hours" not in before or days.first_day is None:
        return days
    first = days.first_day - timedelta(days=1)
    return replace(days, first_day=first, basis="relative", edtf=f"{first}/{days.last_day}")


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
        kind = lead and kinds.choose(lead.triggers)
        if lead and kind and kind.names_it and place and not _has_place(lead, reasons, numbers):
            rival = any(d.kind.type == kind.type and d.place.level != "country" for d in drafts)
            if not rival:
                _add(drafts, lead, view, place, kind, running, numbers[id(view)])
                reasons.pop(numbers[id(view)], None)
        return


def _lead(scenes: Sequence[Scene], dateline: int) -> Scene | None:
    """The sentence that the dateline opens: the same one, or the next where the dateline stands alone."""
    short = len(scenes[dateline].sentence.tokens) < 10  # noqa: PLR2004 - a dateline by itself
    rest = [s for s in scenes[dateline + short :] if len(s.sentence.tokens) >= 6]  # noqa: PLR2004
    return rest[0] if rest else None


def _has_place(lead: Scene, reasons: Mapping[int, str], numbers: Mapping[int, int]) -> bool:
    """Whether the sentence has a scene of its own: a place, or a state that acts at home."""
    return any(
        numbers[id(v)] not in reasons or (reasons[numbers[id(v)]] == "actor" and v.clause.first == v.first)
        for v in lead.views
        if not roles.is_dateline(v)
    )


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
    if coarse.scene.sentence.part != "title" or fine.scene.sentence.part == "label":
        return False
    within = coarse.place.place_id in fine.place.parents
    return within and fine.modality == coarse.modality and fine.kind.type == coarse.kind.type


def _settled(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts, with headline and lead of one type where both tell of one place: the heavier trigger gives it."""
    for draft in drafts:
        if draft.scene.sentence.part not in {"title", "label"}:
            continue
        for other in drafts:
            same = other.place.place_id == draft.place.place_id and other.modality == draft.modality
            if same and 0 < other.scene.number <= _LEAD and other.kind.type != draft.kind.type:
                best = kinds.choose([draft.kind, other.kind]) if draft.kind.score != other.kind.score else other.kind
                draft.kind = replace(draft.kind, type=best.type, subtype=best.subtype) if best else draft.kind
                other.kind = replace(other.kind, type=best.type, subtype=best.subtype) if best else other.kind
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
