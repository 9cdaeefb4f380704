"""What a report says happened where, on which days: its placed mentions to claims, and every other one to a skip.

The place names come from the recogniser, their roles from `roles.py`; `scenes.py` finds the happening that each hangs
on, `when.py` its days, and `drafts.py` sees to it that one sentence tells one happening of a place once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from geo import counts
from geo.drafts import Draft, Drafting
from geo.records import Claim, Mention, Report, Skip, Span, Timex

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
LIKELY: Final = 0.75
"""The confidence from which an event is called likely."""
POSSIBLE: Final = 0.45
"""The confidence from which an event is called possible; below it is doubtful."""


def likelihood(confidence: float) -> str:
    """The plain word for a confidence: likely, possible or doubtful."""
    if confidence >= LIKELY:
        return "likely"
    return "possible" if confidence >= POSSIBLE else "doubtful"


def make(report: Report, mentions: Sequence[Mention], timexes: Sequence[Timex]) -> tuple[list[Claim], list[Skip]]:
    """The claims of a report in reading order, and the skips; every mention is in claims or in a skip, never both."""
    drafting = Drafting(report, mentions, timexes)
    drafts = drafting.draw()
    held = {n for draft in drafts for n in draft.numbers}
    skips = [
        Skip(mention=mention, reason=drafting.reasons.get(n, "no_event"))
        for n, mention in enumerate(mentions)
        if n not in held
    ]
    return _unique(_claim(report, mentions, draft) for draft in drafts), skips


def _claim(report: Report, mentions: Sequence[Mention], draft: Draft) -> Claim:
    sentence, kind = draft.scene.sentence, draft.kind
    text = report.field(sentence.field)[sentence.start : sentence.end]
    parts: tuple[object, ...] = (
        report.report_id,
        draft.place.place_id,
        sentence.field,
        sentence.start,
        sentence.end,
        kind.type,
    )
    parts += () if draft.role == "place" else (draft.role,)
    first, *rest = draft.numbers
    return Claim(
        claim_id="c" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:15],
        report_id=report.report_id,
        place=draft.place,
        mentions=tuple(mentions[n] for n in (first, *sorted(rest))),
        days=draft.days,
        type=kind.type,
        subtype=kind.subtype,
        trigger=kind.trigger,
        quote=Span(field=sentence.field, start=sentence.start, end=sentence.end, text=text),
        role=draft.role,
        modality=draft.modality,
        confidence=confidence(mentions[first], draft),
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


_UNPLACED: Final = 0.6  # the confidence of a place whose resolver gave none
# From the development gold (75 pins, five of them wrong): right is 0.6 of the pins whose place is doubtful, and nearly
# all whose place is sure; a day of publication and a vague verb cost a little, a happening without a day more.
_FLOOR: Final = 0.4
_SURE: Final = 0.57
_BASIS: Final[Mapping[str, float]] = {"stated": 1.0, "relative": 1.0, "published": 0.96, "none": 0.7}
_VAGUE: Final = 0.9


def confidence(mention: Mention, draft: Draft) -> float:
    """How likely a claim is right, 0 to 1: by its place, the basis of its days, and how plainly its words tell it."""
    place = mention.confidence if mention.confidence is not None else _UNPLACED
    plain = 1.0 if draft.kind.names_it else _VAGUE
    return round((_FLOOR + _SURE * place) * _BASIS[draft.days.basis] * plain, 4)
