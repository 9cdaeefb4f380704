"""The other parts of a review: days, type and role; merging and splitting; history; an event added by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from geo.app import deciding, history, words, words_review
from geo.app.desk import Desk
from geo.app.review_place import label
from geo.app.tell import days_told, span_told
from geo.escape import link, plain
from geo.evaluate.reviews import BY_HAND
from geo.filters import Filter
from geo.records import EVENT_TYPES, MODALITIES, ROLES, Claim, Days, Extraction, Mention, Query, Report, Span

if TYPE_CHECKING:
    from geo.records import Event, Place

NEAR_KM: Final = 50.0
NEAR_DAYS: Final = 3
MOST: Final = 30
SEEN: Final = 3  # lines of a list that is shown without scrolling
WIDTH: Final = 900  # pixels of a form
_EARLIEST, _LATEST = date(1000, 1, 1), date(9999, 12, 31)
_SENTENCE: Final = 160  # characters of a sentence in a list


def fields(event: Event) -> None:
    """Days, type, role and modality, each to be changed."""
    first = event.claims[0]
    with st.form("rv_fields", border=False):
        left, right = st.columns(2)
        first_day = day_input(left, words_review.FIRST_DAY, event.days.first_day)
        last_day = day_input(right, words_review.LAST_DAY, event.days.last_day)
        kind = choice(left, words_review.TYPE, EVENT_TYPES, event.type, words.TYPES)
        role = choice(right, words_review.ROLE, ROLES, first.role, words.ROLE_WORDS)
        modality = choice(left, words_review.MODALITY, MODALITIES, event.modality, words.MODALITY_WORDS)
        accept = right.checkbox(words_review.AND_ACCEPT, value=True)
        if st.form_submit_button(words_review.CHANGE, shortcut=words_review.KEYS["fields"]):
            told = changed(event, first_day, last_day, {"type": kind, "role": role, "modality": modality})
            _change(event, told, accept=accept)


def choice(where: Any, name: str, codes: Sequence[str], now: str, named: Mapping[str, str]) -> str:
    """A list of codes to choose from, by their words; `where` is a column."""
    chosen: str = where.selectbox(name, list(codes), list(codes).index(now), format_func=named.__getitem__)
    return chosen


def day_input(where: Any, name: str, now: date | None = None) -> date | None:
    """A day to be typed or chosen, or none; `where` is a column."""
    told = where.date_input(name, now, min_value=_EARLIEST, max_value=_LATEST, format="YYYY-MM-DD")
    return told if isinstance(told, date) else None


def changed(event: Event, first: date | None, last: date | None, chosen: dict[str, Any]) -> dict[str, Any] | None:
    """The fields that differ from the event's; None where the days run backwards."""
    was = {"type": event.type, "role": event.claims[0].role, "modality": event.modality}
    told = {name: value for name, value in chosen.items() if value != was[name]}
    if (first, last) != (event.days.first_day, event.days.last_day):
        first, last = first or last, last or first
        if first and last and first > last:
            return None
        told["days"] = days_of(first, last)
    return told


def days_of(first: date | None, last: date | None) -> Days:
    """Days that somebody has stated by hand."""
    if first is None or last is None:
        return Days()
    edtf = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    return Days(first_day=first, last_day=last, basis="stated", edtf=edtf)


def _change(event: Event, told: dict[str, Any] | None, *, accept: bool) -> None:
    if not told:
        st.text(words_review.DAYS_BACKWARDS if told is None else words_review.NOTHING_CHANGED)
    elif deciding.decide(action="correct", event_ids=(event.event_id,), accept=accept, why=deciding.why(), **told):
        deciding.open_event(event.event_id)
        st.rerun()


# --- merging and splitting -------------------------------------------------------------------------------------------


def merge_split(shared: Desk, event: Event) -> None:
    """Merge with events near by, or take claims out."""
    near = neighbours(shared, event)
    if near:
        st.text(words_review.MERGE_WITH)
        picked = _ticked("rv_merge", near)
        st.button(
            words_review.MERGE, key="rv_merge_go", shortcut=words_review.KEYS["merge"], disabled=not picked,
            on_click=_merge, args=(event, picked),
        )  # fmt: skip
    else:
        st.text(words_review.NO_NEIGHBOURS)
    if len(event.claims) == 1:
        st.text(words_review.ONE_CLAIM)
        return
    told = {c.claim_id: _claim_told(shared, c) for c in event.claims}
    st.text(words_review.SPLIT_OUT)
    out = _ticked("rv_split", told)
    if len(out) == len(told):
        st.text(words_review.SPLIT_ALL)
    st.button(
        words_review.SPLIT, key="rv_split_go", shortcut=words_review.KEYS["split"],
        disabled=not 0 < len(out) < len(told), on_click=_split, args=(event, out),
    )  # fmt: skip


def _ticked(key: str, told: Mapping[str, str]) -> tuple[str, ...]:
    """What was ticked of a list whose lines can be read in full; the words are text, which a label is not."""
    ticked = []
    with st.container(height=220 if len(told) > SEEN else "content", border=len(told) > SEEN, key=f"{key}_list"):
        for name, line in told.items():
            left, right = st.columns([1, 14], gap="xxsmall")
            if left.checkbox(f"{key} {name}", key=f"{key}_{name}", label_visibility="collapsed"):
                ticked.append(name)
            right.text(line)
    return tuple(ticked)


def neighbours(shared: Desk, event: Event) -> dict[str, str]:
    """Events near in place and time, by id, in words."""
    place, days = event.place, event.days
    where: dict[str, Any] = {"around": (place.lon, place.lat, max(NEAR_KM, place.radius_km))}
    if place.level == "country":
        where = {"countries": (place.country,) if place.country else (), "levels": ("country",)}
    around = Filter(
        first_day=days.first_day and days.first_day - timedelta(days=NEAR_DAYS),
        last_day=days.last_day and days.last_day + timedelta(days=NEAR_DAYS),
        modalities=(),
        roles=(),
        **where,
    )
    table = shared.store.load(around, limit=MOST + 1)
    found = {}
    others = table[table["event_id"] != event.event_id]
    if days.first_day:
        away = (others["first_day"] - pd.Timestamp(days.first_day)).abs()
        others = others.loc[away.sort_values(kind="stable").index]
    for row in others.itertuples():
        when = span_told(row.first_day.date(), row.last_day.date()) if row.first_day == row.first_day else ""
        found[str(row.event_id)] = plain(f"{row.title} · {when} · {row.quote[:_SENTENCE]}")
    return found


def _claim_told(shared: Desk, claim: Claim) -> str:
    source = shared.store.report(claim.report_id).report.source or words.NO_OUTLET
    return plain(f"{source} · {days_told(claim.days)} · {claim.quote.text[:_SENTENCE]}")


def _merge(event: Event, others: tuple[str, ...]) -> None:
    if deciding.decide(action="merge", event_ids=(event.event_id, *others), why=deciding.why()):
        deciding.open_event(event.event_id)


def _split(event: Event, out: tuple[str, ...]) -> None:
    if deciding.decide(action="split", event_ids=(event.event_id,), claim_ids=out, why=deciding.why()):
        deciding.open_event(event.event_id)


# --- publishing ------------------------------------------------------------------------------------------------------


def publishing(shared: Desk, event: Event) -> None:
    """How coarse the event leaves in files for the public, where somebody says so by hand."""
    st.text(words_review.PUBLISH_HELP)
    codes = list(words_review.PUBLISH_AS)
    now = shared.store.hidden().get(event.event_id, "")
    how = st.radio(
        words_review.PUBLISH_HOW, codes, index=codes.index(now), key="rv_publish",
        format_func=words_review.PUBLISH_AS.__getitem__,
    )  # fmt: skip
    st.button(
        words_review.PUBLISH_GO, key="rv_publish_go", disabled=how == now, on_click=_hide, args=(event, how),
    )  # fmt: skip


def _hide(event: Event, how: str) -> None:
    if deciding.decide(action="hide", event_ids=(event.event_id,), hidden=how, why=deciding.why()):
        deciding.open_event(event.event_id)


# --- history ---------------------------------------------------------------------------------------------------------


def log(shared: Desk, event: Event) -> None:
    """The history of an event in words, latest first."""
    entries = shared.store.log(event.event_id, limit=MOST)
    if not entries:
        st.text(words_review.NO_HISTORY)
    for entry in entries:
        head, *rest = history.entry_told(entry, event.event_id)
        st.text("\n".join([f"{words_review.ENTRY.format(n=entry.seq)} · {head}", *(f"    {line}" for line in rest)]))


# --- an event added by hand ------------------------------------------------------------------------------------------


def add(shared: Desk) -> None:
    """A form for an event that no machine read, with its source."""
    st.subheader(words_review.ADD)
    with st.container(width=WIDTH):
        name = st.text_input(words_review.ADD_NAME, key="by_hand_name").strip()
        asked = shared.gazetteer.candidates([Query(name=name[:80], limit=8)])[0] if name else []
        found = {c.place.place_id: c.place for c in asked}
        if name and not found:
            st.text(words.NO_PLACE)
        with st.form("by_hand", clear_on_submit=True, border=False):
            _form(shared, found)


def _form(shared: Desk, found: Mapping[str, Place]) -> None:
    place_id = None
    if found:
        place_id = st.selectbox(words_review.ADD_PLACE, list(found), format_func=lambda p: label(shared, found[p]))
    sentence = st.text_area(words_review.ADD_WORDS, height=80)
    columns = st.columns(3)
    kind = choice(columns[0], words_review.TYPE, EVENT_TYPES, EVENT_TYPES[0], words.TYPES)
    first = day_input(columns[1], words_review.FIRST_DAY)
    last = day_input(columns[2], words_review.LAST_DAY)
    published = day_input(columns[0], words_review.ADD_PUBLISHED)
    source = {
        "title": columns[1].text_input(words_review.ADD_TITLE),
        "source": columns[2].text_input(words_review.ADD_OUTLET),
        "url": st.text_input(words_review.ADD_URL),
        "published": published,
    }
    if st.form_submit_button(words_review.ADD_GO):
        days = days_of(first or last, last or first)
        _add(found.get(place_id or ""), sentence.strip(), kind, days, source)


def _add(place: Place | None, sentence: str, kind: str, days: Days, source: dict[str, Any]) -> None:
    told = {name: str(source[name]).strip() for name in ("title", "source", "url")}
    if place is None or not sentence or not any(told.values()):
        st.text(words_review.ADD_MISSING)
        return
    if told["url"] and link(told["url"]) is None:
        told["url"] = ""
    made = by_hand(place, sentence, kind, days, {**told, "published": source["published"]})
    claim_id = made.claims[0].claim_id

    def work(store: Any, who: str) -> None:
        from geo.store import Decision

        new = store.add([made])
        if new:
            store.review(Decision(who=who, action="accept", claim_ids=(claim_id,), why=words_review.ADD))
        st.session_state["review_said"] = words_review.ADDED if new else words_review.ADD_KNOWN

    if deciding.attempt(work):
        st.rerun()


def by_hand(place: Place, sentence: str, kind: str, days: Days, source: dict[str, Any]) -> Extraction:
    """What a person says happened, as if read from a report: its sentence is the text, its source the report's."""
    day: date | None = source["published"]
    given = "\x1f".join([sentence, place.place_id, kind, str(days.first_day), source["url"], source["source"]])
    key = hashlib.sha256(given.encode()).hexdigest()[:15]
    report = Report(
        report_id=f"{BY_HAND}{key}", text=sentence, title=source["title"], language="en",
        url=source["url"] or None, source=source["source"] or None,
        published=datetime.combine(day, time(), UTC) if day else None,
    )  # fmt: skip
    start = max(0, sentence.find(place.name))
    end = start + len(place.name) if sentence.startswith(place.name, start) else len(sentence)
    mention = Mention(
        report_id=report.report_id, field="text", start=start, end=end, text=sentence[start:end], label="hand",
        place=place, confidence=1.0, reason=words_review.BY_HAND, role="place",
    )  # fmt: skip
    claim = Claim(
        claim_id=f"c{key}", report_id=report.report_id, place=place, mentions=(mention,), days=days, type=kind,  # type: ignore[arg-type]
        trigger="", quote=Span(field="text", start=0, end=len(sentence), text=sentence), confidence=1.0,
    )  # fmt: skip
    return Extraction(report=report, mentions=(mention,), timexes=(), claims=(claim,), skips=())
