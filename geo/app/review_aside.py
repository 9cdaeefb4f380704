"""Names that made no event, with their reasons: what the machine missed is told of, or a name given its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from geo import claims
from geo.app import deciding, review_parts, words, words_review
from geo.app.desk import Desk
from geo.app.review_place import label
from geo.errors import NotFound
from geo.escape import plain
from geo.records import EVENT_TYPES, Query
from geo.store import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.inbox import Aside
    from geo.records import Mention, Place, Report

MOST: Final = 300
HEIGHT: Final = 620  # pixels of the list
AROUND: Final = 400  # characters of the report on each side of a name


def draw(shared: Desk) -> None:
    """Draw the list, and what can be done with the name that is chosen."""
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        chosen = _list(shared)
    with right:
        if chosen is None:
            st.text(words_review.ASIDE_HELP)
        else:
            _name(shared, chosen)


def _list(shared: Desk) -> Aside | None:
    counts = shared.counts().skipped
    first, second = st.columns(2)
    reasons = sorted(counts, key=lambda reason: -counts[reason])
    reason = first.selectbox(
        words_review.ASIDE_REASON, reasons, index=None, key="aside_reason",
        format_func=lambda r: f"{claims.SKIP_REASONS.get(r, r)} ({counts[r]:,})",
    )  # fmt: skip
    asked = second.text_input(words_review.ASIDE_WORDS, key="aside_words").strip()[:100]
    found = shared.store.set_aside(reason=reason, words=asked, limit=MOST)
    picked = st.dataframe(
        pd.DataFrame(
            {
                words_review.ASIDE_NAME: [plain(a.name) for a in found],
                words_review.ASIDE_REASON: [claims.SKIP_REASONS.get(a.reason, a.reason) for a in found],
                words_review.OUTLET: [plain(a.outlet or "") for a in found],
                words_review.ASIDE_DECIDED: [plain(a.decided or "") for a in found],
            }
        ),
        key=f"aside_{shared.version}_{reason}_{asked}", hide_index=True, on_select="rerun",
        selection_mode="single-row", height=HEIGHT,
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    return found[rows[0]] if rows and rows[0] < len(found) else None


def _name(shared: Desk, aside: Aside) -> None:
    try:
        told = shared.store.report(aside.report_id)
    except NotFound:
        st.text(words_review.GONE)
        return
    mention = next(m for m in told.mentions if f"{m.field}:{m.start}:{m.report_id}" == aside.key)
    st.subheader(words_review.NAME_TASK.format(name=plain(aside.name)))
    st.text(around(told.report, mention))
    asked = st.text_input(words_review.ADD_NAME, aside.name, key=f"aside_place_{aside.key}").strip()
    listed = shared.gazetteer.candidates([Query(name=asked[:80], limit=8)])[0] if asked else []
    held = [mention.place] if mention.place else []
    found = {p.place_id: p for p in (*held, *(c.place for c in listed))}
    if not found:
        st.text(words.NO_PLACE)
    with st.form(f"aside_form_{aside.key}", border=False):
        _decision(shared, aside, found)


def around(report: Report, mention: Mention) -> str:
    """The words of a report about a name, as text."""
    text = report.field(mention.field)
    start, end = max(0, mention.start - AROUND), min(len(text), mention.end + AROUND)
    return plain(f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}")


def _decision(shared: Desk, aside: Aside, found: Mapping[str, Place]) -> None:
    place_id = st.selectbox(words_review.ADD_PLACE, list(found), format_func=lambda p: label(shared, found[p]))
    columns = st.columns(3)
    kind = review_parts.choice(columns[0], words_review.TYPE, EVENT_TYPES, EVENT_TYPES[0], words.TYPES)
    first = review_parts.day_input(columns[1], words_review.FIRST_DAY)
    last = review_parts.day_input(columns[2], words_review.LAST_DAY)
    why = st.text_input(words_review.WHY)
    left, right = st.columns(2)
    tells = left.form_submit_button(words_review.TELL, type="primary", help=words_review.TELL_HELP)
    places = right.form_submit_button(words_review.PLACE_ONLY, help=words_review.PLACE_ONLY_HELP)
    if not (tells or places) or place_id is None:
        return
    given: dict[str, Any] = {"names": (aside.key,), "place": found[place_id], "why": why.strip()}
    if tells:
        given |= {"type": kind, "days": review_parts.days_of(first or last, last or first)}
    given["action"] = "tell" if tells else "correct"
    if deciding.attempt(lambda store, who: _carry_out(store, Decision(who=who, **given))):
        st.session_state["review_said"] = words_review.TOLD if tells else words_review.PLACED
    st.rerun()


def _carry_out(store: Any, decision: Decision) -> None:
    """The decision, and what it tells of accepted, for a person said so."""
    entry = store.review(decision)
    made = [r.partition(":")[2] for r in entry.changes or {} if r.startswith("made:")]
    if made:
        store.review(Decision(who=decision.who, action="accept", claim_ids=tuple(made), why=decision.why))
