"""One report to its mentions: spans, the tagger's labels laid over them, the judge's two passes, the choice."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.gazetteer.names import fold
from geo.recognise import judge
from geo.recognise.facts import Names
from geo.recognise.judge import Seen, Weights
from geo.recognise.spans import BREAK, PLAIN, Span, Word, spans, words_of, written
from geo.records import Field, Mention, Report

if TYPE_CHECKING:
    from geo.gazetteer.local import LocalGazetteer

_NUMBERS: Final = frozenset(("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"))
_LONGEST_TAG: Final = 5
_TRIM_LEFT: Final = ("the ", "The ", "THE ", "a ", "A ", "an ", "An ")
_TRIM_RIGHT: Final = ("'s", "’s", "'", "’", ".", ",", "-", "s'")


_SEAT: Final = (
    r" capital(?: city)?\b(?!,? (?:of )?[A-Z]|['’]s [A-Z])"
    r"(?![- ](?:punishment|gains?|markets?|flows?|flight|goods|invest|control))"
)
_CAPITAL: Final = {True: re.compile(_SEAT), False: re.compile(rf"['’]s{_SEAT}")}
"""What makes a town of a people or a country, unless its name follows: "the Nigerian capital", "Nigeria's capital"."""
_OF_PEOPLE: Final = frozenset(("demonym", "country"))


Look = dict[Field, list[Seen]]
"""The spans of a report with their features, by field."""


class Tag(NamedTuple):
    """A name span of a tagger: offsets and label."""

    start: int
    end: int
    label: str


def known_names(gazetteer: LocalGazetteer) -> Names:
    """The gazetteer as the judge sees it."""
    return Names(gazetteer.parts)


def found(report: Report, seen: Look, weights: Weights) -> list[Mention]:
    """The mentions of a report among its spans."""
    decide(seen, weights)
    return [_mention(report, name, one) for name, part in seen.items() for one in judge.choose(part)]


def look(report: Report, names: Names, tags: Mapping[Field, Sequence[Tag]] | None) -> Look:
    """All spans of a report with their features; `tags` are the tagger's name spans, None where there is no tagger."""
    seen: Look = {}
    for name in ("title", "text"):
        text = report.field(name)
        parts = spans(text, names.knows)
        if tags is not None:
            parts = with_tags(text, parts, tags.get(name, ()), names)
        seen[name] = judge.look(text, parts, names, title=name == "title")
    return seen


def decide(seen: Mapping[Field, Sequence[Seen]], weights: Weights) -> None:
    """Judge all spans of a report: each by itself, then by what the same name is elsewhere."""
    together = [one for part in seen.values() for one in part]
    judge.first_pass(together, weights)
    judge.second_pass(together, weights)


def with_tags(text: str, parts: Sequence[Span], tags: Sequence[Tag], names: Names) -> list[Span]:
    """The spans with the labels of the tags that cover them, and a span for each tag that is none yet."""
    parts = list(parts)
    at = {(p.start, p.end) for p in parts}
    small = written(text) == "small"
    for tag in tags:
        if tag.label in _NUMBERS:
            continue
        start, end = _trimmed(text, tag.start, tag.end)
        if start < end and (start, end) not in at and (small or not text[start:end].islower()):
            span = _of_tag(text, start, end, parts, names)
            if span:
                parts.append(span)
                at.add((start, end))
    ordered = sorted(parts, key=lambda p: (p.start, p.end))
    _lay_over(text, ordered, tags)
    return ordered


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    for lead in _TRIM_LEFT:
        if text.startswith(lead, start):
            start += len(lead)
            break
    changed = True
    while changed and end > start:
        changed = False
        for tail in _TRIM_RIGHT:
            dotted = tail == "." and "." in text[start : end - 1]
            if text.endswith(tail, start, end) and not dotted:
                end -= len(tail)
                changed = True
    while end > start and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in ".)":
        end -= 1
    return start, end


def _of_tag(text: str, start: int, end: int, parts: Sequence[Span], names: Names) -> Span | None:
    """A span for a tag, in the run of capitalised words that it stands in where there is one."""
    key = fold(text[start:end])
    for part in parts:
        run = part.run
        if run[0].start <= start and end <= run[-1].end:
            inside = [i for i, w in enumerate(run) if w.start >= start and w.end <= end]
            if inside and run[inside[0]].start == start and run[inside[-1]].end == end:
                return Span(start, end, key, run, inside[0], inside[-1], names.knows(key))
    own = words_of(text, start, end)
    if not own or not key or len(own) > _LONGEST_TAG:
        return None
    run = [Word(s, e, k, PLAIN if i else BREAK, " ") for i, (s, e, k) in enumerate(own)]
    return Span(start, end, key, run, 0, len(run) - 1, names.knows(key))


def _lay_over(text: str, parts: Sequence[Span], tags: Sequence[Tag]) -> None:
    """Write on each span the label of the tag that overlaps it most, and how it lies in it."""
    first = 0
    for part in parts:
        while first < len(tags) and tags[first].end <= part.start:
            first += 1
        best, most = None, 0
        for tag in tags[first:]:
            if tag.start >= part.end:
                break
            overlap = min(part.end, tag.end) - max(part.start, tag.start)
            if overlap > most:
                best, most = tag, overlap
        if best is None:
            part.label = "O"
            continue
        start, end = _trimmed(text, best.start, best.end)
        part.label, part.outer = best.label, (start, end)
        part.within = _position(part, start, end)


def _position(part: Span, start: int, end: int) -> str:
    if part.start <= start and end <= part.end:
        return "=" if (part.start, part.end) == (start, end) else "+"
    if part.start < start or part.end > end:
        return "x"
    return "<" if part.start == start else ">" if part.end == end else "-"


def _mention(report: Report, name: Field, one: Seen) -> Mention:
    start, end = one.span.start, (not one.facts.demonym and one.span.reach) or one.span.end
    seat = _CAPITAL[one.facts.demonym].match(report.field(name), end) if one.facts.kind in _OF_PEOPLE else None
    end = seat.end() if seat else end
    text = report.field(name)[start:end]
    label = "demonym" if one.facts.demonym and not seat else one.span.label or "name"
    score = round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, one.logit)))), 4)
    return Mention(report_id=report.report_id, field=name, start=start, end=end, text=text, label=label, score=score)
