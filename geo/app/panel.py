"""The panel of one event as HTML: what, where, when, how sure, and every report with its sentence marked.

All foreign words pass through `geo.escape`; everything else is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geo.app import words
from geo.app.tell import count_told, days_told, place_told, report_called, span_told
from geo.claims import SKIP_REASONS
from geo.escape import escaped, link
from geo.records import EVENT_TYPES, ROLES

if TYPE_CHECKING:
    from geo.records import Claim, Event, Extraction, Mention, Place, Report

Names = Callable[[str], "str | None"]

AROUND: Final = 1500  # characters of a long report shown around the sentence; the rest unfolds
MOST_TEXT: Final = 200_000  # what a browser still lays out quickly
POSSIBLE: Final = 0.08  # candidates below this score are not worth a reader's time


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    open: str
    close: str


def html(event: Event, extractions: Mapping[str, Extraction], name_of: Names) -> str:
    """The panel; `extractions` holds the event's reports by id, `name_of` gives a place_id's name."""
    by_report: dict[str, list[Claim]] = {}
    for claim in event.claims:
        by_report.setdefault(claim.report_id, []).append(claim)
    count = words.ANCHORS.format(reports=len(by_report), origins=len(event.origins))
    known = {r: extractions[r] for r in by_report if r in extractions}
    same = _same_origin(event, known)
    told = [_report(extraction, by_report[r], name_of, same.get(r, "")) for r, extraction in known.items()]
    parts = (_head(event, name_of), f"<h3>{count}</h3>", _key(known.values()), *told)
    return f'<article class="dl-panel">{"".join(parts)}</article>'


def report_html(extraction: Extraction, name_of: Names) -> str:
    """One report by itself: its text with the names in their roles, and why those that were set aside were."""
    aside = dict.fromkeys((skip.mention.text, SKIP_REASONS.get(skip.reason, skip.reason)) for skip in extraction.skips)
    rows = "".join(f"<dt>{_isolated(name)}</dt><dd>{escaped(why)}</dd>" for name, why in aside)
    why = f"<h3>{words.NUMBERS_NAMES}</h3><dl>{rows}</dl>" if rows else f"<p>{words.NUMBERS_NO_NAME}</p>"
    return f'<article class="dl-panel">{_report(extraction, (), name_of)}{_key([extraction])}{why}</article>'


def _same_origin(event: Event, known: Mapping[str, Extraction]) -> dict[str, str]:
    """For each report whose origin another one, told before it, shares: a word about that, as HTML."""
    told: dict[str, str] = {}
    for origin in event.origins:
        first, *others = [r for r in known if r in origin] or [""]
        told |= {r: words.SAME_ORIGIN.format(_isolated(report_called(known[first].report))) for r in others}
    return told


def _key(extractions: Iterable[Extraction]) -> str:
    """What the line under a name means, for the roles that these reports have."""
    found = {m.role or "background" for extraction in extractions for m in extraction.mentions}
    signs = [f'<span class="dl-sign dl-role-{role}">{words.ROLE_WORDS[role]}</span>' for role in ROLES if role in found]
    return f'<p class="dl-meta">{words.ROLES_KEY} {" · ".join(signs)}</p>' if signs else ""


def _head(event: Event, name_of: Names) -> str:
    modality = "" if event.modality == "actual" else f" · {words.MODALITY_WORDS[event.modality]}"
    status = "" if event.status == "unreviewed" else f" · {words.STATUS_WORDS[event.status]}"
    kind = EVENT_TYPES.index(event.type)
    facts = [
        (words.WHAT, _what(event)),
        (words.WHERE, _where(event, name_of)),
        (words.WHEN, _when(event)),
        (words.SURE, _sure(event)),
        (words.PEOPLE, "<br>".join(_people(event))),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    return (
        f'<p class="dl-kicker"><span class="dl-type dl-type-{kind}"></span>'
        f"{words.TYPES[event.type]}{modality}{status}</p>"
        f"<h2>{_isolated(event.place.name)}</h2><p class='dl-when'>{days_told(event.days)}</p><dl>{rows}</dl>"
    )


def _what(event: Event) -> str:
    finer = f" ({escaped(event.subtype.replace('_', ' '))})" if event.subtype else ""
    because = words.BECAUSE.format(_isolated(event.trigger)) if event.trigger else ""
    return f"{words.TYPES[event.type]}{finer}{', ' + because if because else ''}"


def _where(event: Event, name_of: Names) -> str:
    place = event.place
    parts = [_isolated(place_told(place, name_of)), words.LEVEL_WORDS[place.level]]
    if place.level != "country":
        parts.append(words.RADIUS.format(max(1, place.radius_km)))
    others = _others(event)
    if others:
        parts.append(words.ALSO.format("; ".join(_isolated(place_told(p, name_of)) for p in others)))
    return "<br>".join(parts)


def _others(event: Event) -> list[Place]:
    """Other places that the name may mean, from the event's first claim."""
    mention = event.claims[0].mentions[0]
    return [c.place for c in mention.runners_up if c.score >= POSSIBLE and c.place.place_id != event.place.place_id][:3]


def _when(event: Event) -> str:
    days = event.days
    parts = [days_told(days)]
    if days.words:
        parts.append(words.READ_FROM.format(_isolated(days.words)))
    parts.append(words.BASIS_WORDS[days.basis])
    if event.published:
        parts.append(words.PUBLISHED.format(span_told(event.published.date(), event.published.date())))
    return "<br>".join(parts)


def _sure(event: Event) -> str:
    reasons = dict.fromkeys(c.mentions[0].reason for c in event.claims if c.mentions[0].reason)
    return "<br>".join([f"{event.confidence:.0%}", *(_isolated(r) for r in list(reasons)[:3])])


def _people(event: Event) -> Iterable[str]:
    told = {(c.kind, c.low, c.high) for c in event.counts if c.said_by}
    for count in event.counts:
        if not count.said_by and (count.kind, count.low, count.high) in told:
            continue  # the same with a source follows
        by = f" ({words.SAID_BY.format(_isolated(count.said_by))})" if count.said_by else ""
        yield f"{escaped(count_told(count))}{by}"


def _report(extraction: Extraction, claims: Sequence[Claim], name_of: Names, same: str = "") -> str:
    report = extraction.report
    url = link(report.url)
    source = (
        f'<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">{words.SOURCE_LINK}</a>' if url else ""
    )
    outlet = _isolated(report.source or words.NO_OUTLET)
    meta = " · ".join(part for part in (outlet, _published(report), source, same) if part)
    title = _marked(report.title, "title", extraction, claims, name_of) or words.UNTITLED
    return (
        f'<section class="dl-report"><h4>{title}</h4><p class="dl-meta">{meta}</p>'
        f"{_text(extraction, claims, name_of)}</section>"
    )


def _published(report: Report) -> str:
    day = report.published_day
    return words.PUBLISHED.format(span_told(day, day)) if day else words.UNPUBLISHED


def _text(extraction: Extraction, claims: Sequence[Claim], name_of: Names) -> str:
    text = extraction.report.text[:MOST_TEXT]
    quotes = [c.quote for c in claims if c.quote.field == "text"]
    if len(text) <= 2 * AROUND:
        return f'<div class="dl-text">{_marked(text, "text", extraction, claims, name_of)}</div>'
    middle = quotes[0].start if quotes else 0
    low = max(0, min(middle - AROUND // 3, len(text) - AROUND))
    high = min(len(text), low + AROUND)
    part = _marked(text[:high], "text", extraction, claims, name_of, start=low)
    whole = _marked(text, "text", extraction, claims, name_of, anchored=False)
    return (
        f'<div class="dl-text">{"… " if low else ""}{part}{" …" if high < len(text) else ""}</div>'
        f'<details><summary>{words.WHOLE_TEXT}</summary><div class="dl-text">{whole}</div></details>'
    )


def _marked(
    text: str,
    field: str,
    extraction: Extraction,
    claims: Sequence[Claim],
    name_of: Names,
    *,
    start: int = 0,
    anchored: bool = True,
) -> str:
    """A field from `start` on as HTML: the sentences in <mark>, every place name in its role."""
    quote = '<mark class="dl-quote">' if anchored else '<mark class="dl-again">'
    spans = [_Span(c.quote.start, c.quote.end, quote, "</mark>") for c in claims if c.quote.field == field]
    names = [_name(m, name_of) for m in extraction.mentions if m.field == field]
    return _laid(text, _disjoint(spans), _disjoint(names), start)


def _name(mention: Mention, name_of: Names) -> _Span:
    role = mention.role or "background"
    where = place_told(mention.place, name_of) if mention.place else ""
    hint = escaped(f"{where + ': ' if where else ''}{words.ROLE_WORDS[role]}")
    return _Span(
        mention.start, mention.end, f'<span class="dl-name dl-role-{role}" tabindex="0" title="{hint}">', "</span>"
    )


def _disjoint(spans: Iterable[_Span]) -> list[_Span]:
    kept: list[_Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _laid(text: str, outer: Sequence[_Span], inner: Sequence[_Span], start: int) -> str:
    """The text with two layers of spans; where they cross, the inner one is closed and opened again."""
    cuts = sorted({start, len(text), *(v for s in (*outer, *inner) for v in (s.start, s.end) if start < v < len(text))})
    made: list[str] = []
    around: _Span | None = None
    for begin, end in pairwise(cuts):
        now = _at(outer, begin)
        if now is not around:
            made += [around.close if around else "", now.open if now else ""]
            around = now
        name = _at(inner, begin)
        piece = escaped(text[begin:end]).replace("\n", "<br>")
        made.append(f"{name.open}{piece}{name.close}" if name else piece)
    return "".join(made) + (around.close if around else "")


def _at(spans: Sequence[_Span], offset: int) -> _Span | None:
    return next((span for span in spans if span.start <= offset < span.end), None)


def _isolated(text: str) -> str:
    return f"<bdi>{escaped(text)}</bdi>"
