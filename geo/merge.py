"""Claims to events, and back.

A **telling** is what one report says of one happening: its claims on the same place, of the same family of types, on
compatible days (`within`). Tellings of several reports are one event where a symmetric test links them, directly or
through others (`merge`): the result does not depend on the order, and adding a report touches only the events that
share a block with it. Nothing is lost in an event: `tellings(event)` gives back exactly what went in.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Final, TypeVar

from geo.distance import km
from geo.records import Claim, Count, Days, Event, EventType, Extraction, Place, Report

# Types that tell one happening in different words; the first of a family that occurs is the event's type.
FAMILIES: Final[tuple[tuple[EventType, ...], ...]] = (
    ("strike", "explosion", "damage"),
    ("fighting",),
    ("control",),
    ("violence",),
    ("arrest",),
    ("protest",),
    ("movement",),
    ("humanitarian",),
    ("disaster",),
    ("diplomacy",),
    ("other",),
)
FAMILY_OF: Final[dict[EventType, int]] = {t: i for i, family in enumerate(FAMILIES) for t in family}
# On one day at one exact place there is one such happening more often than two; of the other types there may be many
# (a capital has ten meetings a day), so those need words or figures in common as well.
SINGULAR: Final = frozenset({"strike", "explosion", "damage", "control", "disaster", "fighting"})
SHORT_DAYS: Final = 3  # days; of two spans as short as this, one must lie within the other
LIKE_DAYS: Final = 0.5  # Jaccard of two longer spans of days
SHARED_WORDS: Final = 0.3  # overlap coefficient of the content words of two tellings
AREA_WORDS: Final = 0.5  # the same, over an area
MANY_WORDS: Final = 0.6  # the same, over a country, between neighbouring places, and over a longer time
FEW: Final = 2  # content words that two tellings must share at least: one alone stands in every headline of a war
SAME_WORDS: Final = 0.8  # the same, where no report knows the day
WEEK: Final = timedelta(days=7)  # between two reports without a day that may tell the same
NEXT_TO_KM: Final = 10.0  # how far a settlement's radius counts at most
CELL_DEGREES: Final = 0.5
LONGEST_DAYS: Final = 31  # days; longer spans are blocked by month
DUPLICATE: Final = 0.5  # Jaccard of five-word shingles from which two texts are one
SHINGLE: Final = 5
CORROBORATION: Final = 0.75  # what each further origin leaves of the doubt

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NUMBER: Final = re.compile(r"(?<![\w.,/-])(?:\d{1,3}(?:,\d{3})+|\d{2,6})(?![\w,])")
_NO_FIGURES: Final = frozenset((*range(32), *range(1900, 2100)))  # days of months, hours, years
_BASIS_RANK: Final = {"stated": 0, "relative": 1, "published": 2, "none": 3}
_STOP: Final = frozenset(
    """about according added after against all also among and any are around because been before being between both
    but can could day days did down during each for from had has have her him his how into its itself just last late
    later like local made many may men more most near new news not now off one only other our out over part people
    region regional report reported reports said same saying says set she should since some such than that the their
    them then there these they this those three through today told two under until was well were what when where
    which while who will with within would year years yesterday you russian ukrainian russia ukraine city town
    village area""".split()
)

# Whom many quote, each of their own: these are no one source
_NOBODY: Final = frozenset(
    """a an the he she it they there this these local many some two three several officials official authorities
    authority police officers rescuers firefighters medics doctors witnesses eyewitnesses residents locals people
    neighbours survivors relatives soldiers troops military army governor mayor president minister spokesman
    spokeswoman spokesperson media reports report news sources data information casualties civilians occupiers
    invaders defenders emergency services service""".split()
)

Pair = frozenset[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What people decided of pairs of claims (by claim_id): tellings that hold both are kept apart, or together."""

    apart: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()


NO_DECISIONS: Final = Decisions()


def within(extraction: Extraction) -> list[Event]:
    """The tellings of one report, each as an event of its own, in reading order."""
    return _told(extraction.claims, extraction.report)


def merge(events: Iterable[Event], reports: Mapping[str, Report], decisions: Decisions = NO_DECISIONS) -> list[Event]:
    """The events after every telling in these has been compared with those that share a block; in a stable order.

    `reports` maps the report_id of every claim to its report (for origins, outlets and days of publication).
    """
    told = sorted((t for e in events for t in tellings(e, reports)), key=lambda t: t.event_id)
    facts = [_Facts.of(t) for t in told]
    pairs = _pairs_in_blocks(facts, decisions)

    def same(a: _Facts, b: _Facts) -> bool:
        return _decided(a, b, decisions.together) or (_same(a, b) and not _decided(a, b, decisions.apart))

    linked = _components(facts, pairs, same)
    merged = [_event([c for f in group for c in f.telling.claims], reports) for group in linked]
    return sorted(merged, key=lambda e: e.event_id)


def tellings(event: Event, reports: Mapping[str, Report]) -> list[Event]:
    """What was merged into an event, exactly as it was: one event a report and happening."""
    by_report = _by_report(event.claims)
    return [telling for report_id, claims in by_report.items() for telling in _told(claims, reports[report_id])]


def split(event: Event, claim_ids: Collection[str], reports: Mapping[str, Report]) -> tuple[Event, Event]:
    """The event without these claims, and these claims as an event of their own; both must be left with one."""
    chosen = [c for c in event.claims if c.claim_id in claim_ids]
    rest = [c for c in event.claims if c.claim_id not in claim_ids]
    if not chosen or not rest:
        raise ValueError(f"a split of {event.event_id} must leave claims on both sides")
    return _event(rest, reports), _event(chosen, reports)


def blocks(event: Event) -> set[str]:
    """The keys of which two tellings must share one to be merged: their kind, a day or month, a half-degree cell."""
    first = event.days.first_day
    days = _day_keys(first, event.days) if first else _week_keys(event.published)
    kind = "/".join(_kind(event))
    return {f"{kind}/{day}/{cell}" for day in days for cell in _cell_keys(event.place)}


# --- is it the same happening? ---------------------------------------------------------------------------------------


def _by_report(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[claim.report_id].append(claim)
    return grouped


def _told(claims: Sequence[Claim], report: Report) -> list[Event]:
    events = [_event(group, {report.report_id: report}) for group in _happenings(claims)]
    return sorted(events, key=lambda e: _reading_order(e.claims[0]))


def _happenings(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims of one report, grouped by happening; a claim of type "other" joins the first that it may belong to."""
    ordered = sorted(claims, key=_reading_order)
    groups = _components(ordered, combinations(range(len(ordered)), 2), _retold)
    named = [g for g in groups if g[0].type != "other"]
    vague = [g for g in groups if g[0].type == "other"]
    alone = []
    for group in vague:
        home = next((n for n in named if any(_one_scene(a, b) for a in n for b in group)), None)
        if home is None:
            alone.append(group)
        else:
            home += group
    return named + alone


def _retold(a: Claim, b: Claim) -> bool:
    """Whether two claims of one report tell the same happening."""
    return FAMILY_OF[a.type] == FAMILY_OF[b.type] and _one_scene(a, b)


def _one_scene(a: Claim, b: Claim) -> bool:
    alike = a.modality == b.modality and a.role == b.role
    return alike and _one_place(a.place, b.place) and _compatible(a.days, b.days)


def _one_place(a: Place, b: Place) -> bool:
    if a.place_id == b.place_id:
        return True
    return a.level == b.level == "point" and float(km(a.lon, a.lat, b.lon, b.lat)) < 1.0 and a.name == b.name


def _compatible(a: Days, b: Days) -> bool:
    """Whether two claims of one report may be of the same days: they overlap, or one only leans on the publication."""
    if a.first_day is None or b.first_day is None or "published" in (a.basis, b.basis):
        return True
    return _overlap(a, b) > 0


def _same(a: _Facts, b: _Facts) -> bool:
    """Whether two tellings of different reports are of one happening; symmetric."""
    x, y = a.telling, b.telling
    same_place = x.place.place_id == y.place.place_id
    if a.kind != b.kind or not (same_place or _next_to(x.place, y.place)):
        return False
    if x.days.first_day is None and y.days.first_day is None:
        alike = _shared(a.words, b.words) >= SAME_WORDS and not _other_tally(a, b)
        return alike and _one_week(x.published, y.published)
    figures = bool(a.figures & b.figures)
    return _same_days(x.days, y.days, figures=figures) and (figures or _told_alike(a, b, same_place=same_place))


def _told_alike(a: _Facts, b: _Facts, *, same_place: bool) -> bool:
    """Whether two tellings of like days, with no figure in common, share as many words as their place asks for."""
    x, y = a.telling, b.telling
    long = max(_length(x.days), _length(y.days)) > SHORT_DAYS
    point = x.place.level == y.place.level == "point"
    if (long or not point) and _other_tally(a, b):
        return False
    same_span = (x.days.first_day, _last(x.days)) == (y.days.first_day, _last(y.days))
    if same_place and same_span and point and x.type in SINGULAR:
        return True
    if long or not same_place or x.place.level == "country":
        return _shared(a.words, b.words) >= MANY_WORDS
    return _shared(a.words, b.words) >= (SHARED_WORDS if point else AREA_WORDS)


def _other_tally(a: _Facts, b: _Facts) -> bool:
    """Whether two totals differ: of one day in one town figures may conflict, but a total that has grown is another."""
    told = {kind for kind, _ in a.figures} & {kind for kind, _ in b.figures}
    return bool(told) and not a.figures & b.figures


def _same_days(a: Days, b: Days, *, figures: bool) -> bool:
    if a.first_day is None or b.first_day is None:
        return False
    common = _overlap(a, b)
    if common:
        lengths = (_length(a), _length(b))
        # One within the other: "over the past day" of two days in a row overlap, and tell of different days.
        nested = max(lengths) <= SHORT_DAYS and common == min(lengths)
        return nested or (max(lengths) > SHORT_DAYS and common / (sum(lengths) - common) >= LIKE_DAYS)
    # The news of the day after: only with the same figures, or a war's daily boilerplate would chain the days.
    day_after = abs((_last(a) - _last(b)).days) <= 1
    return figures and day_after and "published" in (a.basis, b.basis)


def _kind(event: Event) -> tuple[str, str, str]:
    """What two tellings must have in common, or there is nothing to compare."""
    return FAMILIES[FAMILY_OF[event.type]][0], event.modality, event.role


def _one_week(a: datetime | None, b: datetime | None) -> bool:
    """Whether two reports came within a week: a tally that is told again a month later is another one."""
    return a == b if a is None or b is None else abs(a - b) <= WEEK


def _next_to(a: Place, b: Place) -> bool:
    if a.level != "point" or b.level != "point":
        return False
    reach = min(a.radius_km, NEXT_TO_KM) + min(b.radius_km, NEXT_TO_KM)
    inside = a.place_id in b.parents or b.place_id in a.parents
    return inside or float(km(a.lon, a.lat, b.lon, b.lat)) <= reach


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    common = len(a & b)
    return common / min(len(a), len(b)) if common >= FEW else 0.0


def _decided(a: _Facts, b: _Facts, pairs: frozenset[Pair]) -> bool:
    return bool(pairs) and any(frozenset((p, q)) in pairs for p in a.claim_ids for q in b.claim_ids)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a telling is compared, worked out once."""

    telling: Event
    kind: tuple[str, str, str]
    words: frozenset[str]
    figures: frozenset[tuple[str, int]]
    claim_ids: frozenset[str]

    @classmethod
    def of(cls, telling: Event) -> _Facts:
        names = {w for c in telling.claims for m in c.mentions for w in _WORD.findall(m.text.casefold())}
        words = {w for c in telling.claims for w in _WORD.findall(c.quote.text.casefold())} - names - _STOP
        told = {int(n.replace(",", "")) for c in telling.claims for n in _NUMBER.findall(c.quote.text)}
        figures = {("", n) for n in told - _NO_FIGURES}
        figures |= {(c.kind, c.best) for c in telling.counts if c.best is not None and c.best > 2}
        stems = frozenset(w[:6] for w in words)
        ids = frozenset(c.claim_id for c in telling.claims)
        return cls(telling, _kind(telling), stems, frozenset(figures), ids)


# --- blocks and components -------------------------------------------------------------------------------------------


def _pairs_in_blocks(facts: Sequence[_Facts], decisions: Decisions) -> Iterator[tuple[int, int]]:
    by_block: dict[str, list[int]] = defaultdict(list)
    for i, fact in enumerate(facts):
        for key in blocks(fact.telling):
            by_block[key].append(i)
    for members in by_block.values():
        yield from combinations(members, 2)
    if decisions.together:
        holder = {claim_id: i for i, fact in enumerate(facts) for claim_id in fact.claim_ids}
        for a, b in (sorted(pair) for pair in decisions.together if len(pair) == 2):
            if a in holder and b in holder:
                yield holder[a], holder[b]


def _components(items: Sequence[T], pairs: Iterable[tuple[int, int]], linked: Callable[[T, T], bool]) -> list[list[T]]:
    """The items grouped so that linked ones are together (single linkage), in the order of their first items."""
    root = list(range(len(items)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for i, j in pairs:
        a, b = find(i), find(j)
        if a != b and linked(items[i], items[j]):
            root[max(a, b)] = min(a, b)
    groups: dict[int, list[T]] = defaultdict(list)
    for i, item in enumerate(items):
        groups[find(i)].append(item)
    return list(groups.values())


def _week_keys(published: datetime | None) -> list[str]:
    """For what has no day: the week of publication and the next, so that a week's neighbours share one."""
    if published is None:
        return ["undated"]
    week = published.date().toordinal() // 7
    return [f"undated {week}", f"undated {week + 1}"]


def _day_keys(first: date, days: Days) -> list[str]:
    last = days.last_day or first
    if days.basis == "published" and first > date.min:
        first -= timedelta(days=1)
    length = (last - first).days + 1
    if length <= LONGEST_DAYS:
        return [(first + timedelta(days=d)).isoformat() for d in range(length)]
    return [f"{days.first_day:%Y-%m}+", f"{last:%Y-%m}+"]


def _cell_keys(place: Place) -> list[str]:
    if place.level != "point":
        return [place.place_id]
    reach = min(place.radius_km, NEXT_TO_KM) / 111.0
    wide = reach / max(0.05, math.cos(math.radians(place.lat)))
    rows = range(math.floor((place.lat - reach) / CELL_DEGREES), math.floor((place.lat + reach) / CELL_DEGREES) + 1)
    columns = range(math.floor((place.lon - wide) / CELL_DEGREES), math.floor((place.lon + wide) / CELL_DEGREES) + 1)
    round_the_world = round(360 / CELL_DEGREES)
    return [f"{r},{c % round_the_world}" for r in rows for c in columns]


def _last(days: Days) -> date:
    return days.last_day or days.first_day or date.min


def _length(days: Days) -> int:
    return (_last(days) - (days.first_day or _last(days))).days + 1


def _overlap(a: Days, b: Days) -> int:
    """How many days two spans share; an open end counts as the one day that is known."""
    first = max(a.first_day or _last(a), b.first_day or _last(b))
    return max(0, (min(_last(a), _last(b)) - first).days + 1)


# --- what an event says ----------------------------------------------------------------------------------------------


def _event(claims: Iterable[Claim], reports: Mapping[str, Report]) -> Event:
    """The event of these claims; everything it says is worked out from them, whatever their order."""
    ordered = tuple(sorted(claims, key=lambda c: (_published(reports[c.report_id]), c.report_id, *_reading_order(c))))
    kind = _type(ordered)
    leading = next(c for c in ordered if c.type == kind)
    origins = _origins(ordered, reports)
    told_in = list(dict.fromkeys(c.report_id for c in ordered))
    published = [p for r in told_in if (p := reports[r].published)]
    return Event(
        event_id="e" + hashlib.sha256(min(c.claim_id for c in ordered).encode()).hexdigest()[:15],
        title=f"{kind.capitalize()}: {leading.place.name}",
        type=kind,
        subtype=leading.subtype,
        trigger=leading.trigger,
        modality=leading.modality,
        place=_place(ordered),
        days=_days(ordered),
        confidence=_confidence(ordered, origins),
        claims=ordered,
        origins=origins,
        counts=_counts(ordered),
        published=min(published) if published else None,
        outlets=tuple(dict.fromkeys(s for r in told_in if (s := reports[r].source))),
    )


def _published(report: Report) -> datetime:
    return report.published or datetime.max.replace(tzinfo=UTC)


def _reading_order(claim: Claim) -> tuple[bool, int, int, str]:
    return (claim.quote.field != "title", claim.quote.start, claim.mentions[0].start, claim.claim_id)


def _type(claims: Sequence[Claim]) -> EventType:
    """The type most claims give, "other" only if all do; at a tie the one that stands first in its family."""
    votes: Counter[EventType] = Counter(c.type for c in claims)
    if len(votes) > 1:
        del votes["other"]
    families = Counter[int]()
    for kind, n in votes.items():
        families[FAMILY_OF[kind]] += n
    family = min(families, key=lambda f: (-families[f], f))
    return next(t for t in FAMILIES[family] if t in votes)


def _place(claims: Sequence[Claim]) -> Place:
    """The place most claims name; at a tie the one with the smaller radius."""
    votes = Counter(c.place.place_id for c in claims)
    return min((c.place for c in claims), key=lambda p: (-votes[p.place_id], p.radius_km, p.place_id))


def _days(claims: Sequence[Claim]) -> Days:
    """The days of the best basis that most claims give; at a tie the shorter span, then the first told."""
    best = min(_BASIS_RANK[c.days.basis] for c in claims)
    told = [c.days for c in claims if _BASIS_RANK[c.days.basis] == best]
    votes = Counter((d.first_day, d.last_day) for d in told)
    return min(told, key=lambda d: (-votes[d.first_day, d.last_day], _length(d) if d.last_day else 0))


def _counts(claims: Sequence[Claim]) -> tuple[Count, ...]:
    """Every figure told, each once, side by side where they differ."""
    return tuple(dict.fromkeys(count for c in claims for count in c.counts))


def _confidence(claims: Sequence[Claim], origins: Sequence[Sequence[str]]) -> float:
    """How likely the event is right: the best claim's confidence, and each further origin takes a part of the doubt."""
    doubt = 1 - max(c.confidence for c in claims)
    return round(1 - doubt * CORROBORATION ** (len(origins) - 1), 4)


def _origins(claims: Sequence[Claim], reports: Mapping[str, Report]) -> tuple[tuple[str, ...], ...]:
    """The reports of some claims, grouped so that those with one source stand together.

    One source: one outlet, nearly the same text, the same speaker or agency named, or the outlet itself named.
    """
    told_in = sorted({c.report_id for c in claims})
    if len(told_in) == 1:
        return (tuple(told_in),)
    shingles = {r: _shingles(reports[r]) for r in told_in}
    speakers: dict[str, set[str]] = {r: set() for r in told_in}
    for claim in claims:
        if name := _speaker(claim.said_by):
            speakers[claim.report_id].add(name)
    outlets = {r: _outlet(reports[r]) for r in told_in}

    def one_source(a: str, b: str) -> bool:
        if outlets[a] and outlets[a] == outlets[b]:
            return True
        if speakers[a] & speakers[b] or outlets[a] in speakers[b] or outlets[b] in speakers[a]:
            return True
        both = len(shingles[a] | shingles[b])
        return bool(both) and len(shingles[a] & shingles[b]) / both >= DUPLICATE

    groups = _components(told_in, combinations(range(len(told_in)), 2), one_source)
    return tuple(tuple(g) for g in groups)


def _speaker(said_by: str) -> str:
    """Who has a name among those who said so: "Reuters", "Governor Ann Lee"; "" for officials, police and the like."""
    words = (word.strip(".,'\"’”") for word in said_by.split())
    named = [w.casefold() for w in words if w[:1].isupper()]
    return " ".join(w for w in named if w not in _NOBODY)


def _outlet(report: Report) -> str:
    """What an outlet is called in running text: "www.reuters.com" is Reuters."""
    return (report.source or "").casefold().removeprefix("www.").split(".")[0]


def _shingles(report: Report) -> frozenset[int]:
    words = _WORD.findall(f"{report.title} {report.text}".casefold()[:4000])
    return frozenset(hash(tuple(words[i : i + SHINGLE])) for i in range(max(1, len(words) - SHINGLE + 1)))
